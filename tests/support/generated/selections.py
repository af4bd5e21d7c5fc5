"""Generating random selections with fields, nested fragments and directives; always valid, of limited size."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
    is_union_type,
)

from tests.support.generated.arguments import Arguments
from tests.support.generated.drawing import Drawn
from tests.support.generated.fragments import Fragment, Fragments, Kinds
from tests.support.generated.keys import Keys
from tests.support.generated.variables import Values


@dataclass(frozen=True)
class Spot:
    """The place of a selection: the type of the surrounding field, the type that the selection is on, how deep
    fields may be nested in it, and the department whose inbox it is in, if known.
    """

    position: GraphQLCompositeType
    on: GraphQLCompositeType
    depth: int
    eenheid_id: str | None = None


class Selections:
    """Generates the selections of one document, with about `size` fields in total."""

    def __init__(
        self, drawn: Drawn, schema: GraphQLSchema, arguments: Arguments, values: Values, *, size: int
    ) -> None:
        self._drawn = drawn
        self._schema = schema
        self._arguments = arguments
        self._values = values
        self._left = size
        self._keys = Keys(drawn)
        self._kinds = Kinds(schema)
        self._fragments = Fragments()

    def selection(self, spot: Spot) -> str:
        """A selection set with its braces."""
        count = 1 if self._left <= 0 else self._drawn.how_many(1, 3) + 2 * is_abstract_type(spot.on)
        return "{ " + " ".join(self._part(spot) for _ in range(count)) + " }"

    def field(self, name: str, given: str, spot: Spot, *, always: bool = False) -> str:
        """A field with these arguments (as text); with `always` it has no directives."""
        field: GraphQLField = spot.on.fields[name]  # type: ignore[union-attr]
        key = self._keys.of(spot.position.name, (name, given, str(field.type)))
        named = get_named_type(field.type)
        self._left -= 1
        below = ""
        if is_composite_type(named):
            below = " " + self.selection(Spot(named, named, spot.depth - 1, spot.eenheid_id))
        directives = "" if always else self._directives()
        return f"{'' if key == name else key + ': '}{name}{given}{directives}{below}"

    def fragments(self) -> list[str]:
        """The definitions of all fragments."""
        return self._fragments.definitions()

    def taken(self) -> set[str]:
        """The variables that were used since the last call, also in fragments that were spread."""
        used, self._values.used = self._values.used, set()
        return used | self._fragments.taken()

    def _part(self, spot: Spot) -> str:
        is_union = is_union_type(spot.on)
        if is_union and (self._left <= 0 or self._drawn.chance(10)):
            return self._typename(spot)
        if self._left > 0 and (is_union or self._drawn.chance(85 if is_abstract_type(spot.on) else 12)):
            return self._spread(spot) if self._drawn.chance(40) else self._inline(spot)
        return self._any_field(spot)

    def _typename(self, spot: Spot) -> str:
        self._left -= 1
        key = self._keys.of(spot.position.name, ("__typename", "", "String!"))
        return f"{'' if key == '__typename' else key + ': '}__typename{self._directives()}"

    def _any_field(self, spot: Spot) -> str:
        fields: dict[str, GraphQLField] = spot.on.fields  # type: ignore[union-attr]
        leaves = [name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))]
        names = list(fields) if spot.depth > 1 and self._left > 0 else leaves
        if not names or self._drawn.chance(6):
            return self._typename(spot)
        # Half of the time a field with subfields, if there is one.
        deeper = [name for name in names if name not in leaves]
        name = self._drawn.pick(deeper if deeper and self._drawn.chance(50) else names)
        given, eenheid_id = self._given(name, fields[name], spot)
        return self.field(name, given, Spot(spot.position, spot.on, spot.depth, eenheid_id))

    def _given(self, name: str, field: GraphQLField, spot: Spot) -> tuple[str, str | None]:
        """The arguments of a field as text, and the department whose inbox its subfields are in."""
        current = self._keys.current(spot.position.name, name)
        if field.args and current and self._drawn.chance(25):
            given = self._drawn.pick(current)
            self._values.use_again(given)
            return given, spot.eenheid_id
        values: dict[str, Any] = {}
        for argument_name, argument in field.args.items():
            if argument_name != "after" and (is_required_argument(argument) or self._drawn.chance(30)):
                values[argument_name] = self._drawn.of(self._arguments.of(argument.type, (name, argument_name)))
        if "after" in field.args and self._drawn.chance(20):
            order = values.get("volgorde") or field.args["volgorde"].default_value.value
            strategy = self._arguments.after(f"{spot.on.name}.{name}", order, spot.eenheid_id)
            values["after"] = self._drawn.of(strategy)
        eenheid_id = values.get("organisatorischeEenheidId", spot.eenheid_id)
        return self.arguments(name, field, values), eenheid_id

    def arguments(self, name: str, field: GraphQLField, values: dict[str, Any]) -> str:
        """Arguments with these values as text, with parentheses."""
        written = [
            f"{one}: {self._values.written(values[one], argument.type, (name, one), argument.default_value)}"
            for one, argument in field.args.items()
            if one in values
        ]
        return f"({', '.join(written)})" if written else ""

    def _inline(self, spot: Spot) -> str:
        self._left -= 1
        conditions = self._kinds.conditions(spot.on)
        if not is_union_type(spot.on) and self._drawn.chance(20):
            return f"...{self._directives()} {self.selection(spot)}"
        if is_union_type(spot.on) and self._drawn.chance(70):
            # Mostly member types, not other unions that share one.
            conditions = [one for one in conditions if not is_union_type(one)]
        on = self._drawn.pick(conditions)
        directives = self._directives()
        return (
            f"... on {on.name}{directives} {self.selection(Spot(spot.position, on, spot.depth, spot.eenheid_id))}"
        )

    def _spread(self, spot: Spot) -> str:
        possible = self._kinds.possible(spot.on)
        fitting = self._fragments.fitting(spot.position.name, possible, height=spot.depth, size=self._left)
        if fitting and self._drawn.chance(50):
            one = self._drawn.pick(fitting)
            self._left -= one.size
        else:
            one = self._new_fragment(spot)
        self._fragments.spread(one)
        return f"...{one.name}{self._directives()}"

    def _new_fragment(self, spot: Spot) -> Fragment:
        self._left -= 1
        on, before = self._drawn.pick(self._kinds.conditions(spot.on)), self._left
        outer, self._values.used = self._values.used, set()
        with self._fragments.begun() as begun:
            text = self.selection(Spot(spot.position, on, spot.depth))
            made = begun(
                on=on.name,
                possible=self._kinds.possible(on),
                position=spot.position.name,
                text=text,
                height=spot.depth,
                size=before - self._left,
                used=frozenset(self._values.used),
            )
        self._values.used = outer
        return made

    def _directives(self) -> str:
        """Mostly none; else @include, @skip or both."""
        return "".join(self._directive(name) for name in ("include", "skip") if self._drawn.chance(6))

    def _directive(self, name: str) -> str:
        directive = self._schema.get_directive(name)
        assert directive is not None
        value = self._drawn.chance(70) == (name == "include")
        return f" @{name}(if: {self._values.written(value, directive.args['if'].type, (name, 'if'), Undefined)})"
