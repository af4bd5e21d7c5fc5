"""The fragments of a document that is being written, and on which types a fragment can be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLCompositeType, GraphQLSchema, is_abstract_type, is_composite_type


@dataclass(frozen=True)
class Fragment:
    """A fragment that was written. `position` is the type of the field around it, wherever it is spread; `used` are
    the variables in it, `spreads` the fragments.
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
    """Keeps them, and which were spread since that was last taken."""

    def __init__(self) -> None:
        self._written: list[Fragment] = []
        self._begun = 0
        self._spreads: set[str] = set()

    def spread(self, one: Fragment) -> None:
        """Note that one is spread."""
        self._spreads.add(one.name)

    def fitting(self, position: str, possible: frozenset[str], *, height: int, size: int) -> list[Fragment]:
        """Those that can be spread in a position on such objects, and are not too high or large."""
        return [
            one
            for one in self._written
            if one.position == position and one.height <= height and one.size <= size and possible & one.possible
        ]

    @contextmanager
    def begun(self) -> Iterator[Callable[..., Fragment]]:
        """One is being written; what is yielded keeps it when it is."""
        name, outer, self._spreads = f"F{self._begun}", self._spreads, set()
        self._begun += 1

        def made(**parts: Any) -> Fragment:
            fragment = Fragment(name=name, spreads=frozenset(self._spreads), **parts)
            self._written.append(fragment)
            return fragment

        yield made
        self._spreads = outer

    def definitions(self) -> list[str]:
        """The definitions of all."""
        return [f"fragment {one.name} on {one.on} {one.text}" for one in self._written]

    def taken(self) -> set[str]:
        """The variables in those that were spread since this was last asked, and in those spread in them."""
        spreads, self._spreads = self._spreads, set()
        used: set[str] = set()
        # What is spread in a fragment was written before it.
        for one in reversed(self._written):
            if one.name in spreads:
                spreads |= one.spreads
                used |= one.used
        return used


class Kinds:
    """Which objects can be where a type is."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def possible(self, type_: GraphQLCompositeType) -> frozenset[str]:
        """The object types that a type can be."""
        if is_abstract_type(type_):
            return frozenset(one.name for one in self._schema.get_possible_types(type_))
        return frozenset({type_.name})

    def conditions(self, on: GraphQLCompositeType) -> list[GraphQLCompositeType]:
        """The types on which a fragment can be where a type is."""
        here = self.possible(on)
        return [
            type_
            for type_ in self._schema.type_map.values()
            if is_composite_type(type_) and not type_.name.startswith("__") and here & self.possible(type_)
        ]
