"""The fragments of a generated document, and the types on which a fragment can be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLCompositeType, GraphQLSchema, is_abstract_type, is_composite_type


@dataclass(frozen=True)
class Fragment:
    """A generated fragment. `position` is the type of the field around every spread of it; `used` are the variables
    and `spreads` the fragments in it.
    """

    name: str
    on: str
    possible: frozenset[str]
    position: str
    text: str
    height: int
    size: int
    used: frozenset[str]
    spreads: frozenset[str]


class Fragments:
    """The fragments so far, and which of them were spread since `taken` was called."""

    def __init__(self) -> None:
        self._written: list[Fragment] = []
        self._begun = 0
        self._spreads: set[str] = set()

    def spread(self, one: Fragment) -> None:
        """Record that a fragment is spread."""
        self._spreads.add(one.name)

    def fitting(self, position: str, possible: frozenset[str], *, height: int, size: int) -> list[Fragment]:
        """The fragments that can be spread at a position on these types, and are not too deep or large."""
        return [
            one
            for one in self._written
            if one.position == position and one.height <= height and one.size <= size and possible & one.possible
        ]

    @contextmanager
    def begun(self) -> Iterator[Callable[..., Fragment]]:
        """Start a fragment; call the yielded function with its parts when it is complete."""
        name, outer, self._spreads = f"F{self._begun}", self._spreads, set()
        self._begun += 1

        def made(**parts: Any) -> Fragment:
            fragment = Fragment(name=name, spreads=frozenset(self._spreads), **parts)
            self._written.append(fragment)
            return fragment

        yield made
        self._spreads = outer

    def definitions(self) -> list[str]:
        """The definitions of all fragments."""
        return [f"fragment {one.name} on {one.on} {one.text}" for one in self._written]

    def taken(self) -> set[str]:
        """The variables in fragments that were spread since the last call, and in fragments that those spread."""
        spreads, self._spreads = self._spreads, set()
        used: set[str] = set()
        # A fragment only spreads fragments that were generated before it.
        for one in reversed(self._written):
            if one.name in spreads:
                spreads |= one.spreads
                used |= one.used
        return used


class Kinds:
    """The possible object types of the schema's types."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def possible(self, type_: GraphQLCompositeType) -> frozenset[str]:
        """The names of the object types that a type can be."""
        if is_abstract_type(type_):
            return frozenset(one.name for one in self._schema.get_possible_types(type_))
        return frozenset({type_.name})

    def conditions(self, on: GraphQLCompositeType) -> list[GraphQLCompositeType]:
        """The types that a fragment can have as its condition inside this type."""
        here = self.possible(on)
        return [
            type_
            for type_ in self._schema.type_map.values()
            if is_composite_type(type_) and not type_.name.startswith("__") and here & self.possible(type_)
        ]
