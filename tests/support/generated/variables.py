"""The variables and literals of a generated document."""

import json
import re
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_nullable_type,
)

from tests.support.client import JSON
from tests.support.generated.drawing import Drawn

Place = tuple[str, str]
"""The place of a value: the field or input type, and its argument or field."""

_WRONG: tuple[JSON, ...] = ("x", 2**31, 1.5, True, None, [], {"a": 1}, "2026-01-01")
_NAME = re.compile(r"\$(v[0-9]+)")
_OFTEN, _SELDOM = 35, 2


@dataclass(frozen=True)
class _Variable:
    name: str
    definition: str
    fits: object


class Values:
    """Generates values as literals or variables; `given` has the values of the variables.

    `used` are the names of the variables that were used since it was last replaced.
    """

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self._variables: list[_Variable] = []
        self.given: dict[str, JSON] = {}
        self.used: set[str] = set()

    def written(self, value: JSON, type_: GraphQLInputType, place: Place, default: Any = Undefined) -> str:
        """A value as a literal, or as a variable with this value or another value of the same type."""
        if self._drawn.chance(_OFTEN):
            return self._variable(value, type_, place, has_default=default is not Undefined)
        return self._literal(value, type_)

    def use_again(self, written: str) -> None:
        """Record that a generated text is used again, with its variables."""
        self.used |= set(_NAME.findall(written))

    def definitions(self, names: set[str]) -> str:
        """The definitions of these variables for an operation, with parentheses; empty if there are none."""
        defined = [one.definition for one in self._variables if one.name in names]
        return f"({', '.join(defined)})" if defined else ""

    def _literal(self, value: JSON, type_: GraphQLInputType) -> str:
        inner: Any = get_nullable_type(type_)
        if value is None:
            return "null"
        if isinstance(inner, GraphQLList):
            return f"[{', '.join(self._literal(one, inner.of_type) for one in value)}]"
        if isinstance(inner, GraphQLInputObjectType):
            return "{" + ", ".join(self._field(name, one, inner) for name, one in value.items()) + "}"
        return str(value) if isinstance(inner, GraphQLEnumType) else json.dumps(value, ensure_ascii=False)

    def _field(self, name: str, value: JSON, of: GraphQLInputObjectType) -> str:
        field = of.fields[name]
        return f"{name}: {self.written(value, field.type, (of.name, name), field.default_value)}"

    def _variable(self, value: JSON, type_: GraphQLInputType, place: Place, *, has_default: bool) -> str:
        fits = (place, str(type_), has_default)
        known = [one for one in self._variables if one.fits == fits]
        if known and self._drawn.chance(30):
            one = self._drawn.pick(known)
        else:
            one = self._new(value, type_, fits, has_default=has_default)
        self.used.add(one.name)
        return f"${one.name}"

    def _new(self, value: JSON, type_: GraphQLInputType, fits: object, *, has_default: bool) -> _Variable:
        drawn, name = self._drawn, f"v{len(self._variables)}"
        is_required = isinstance(type_, GraphQLNonNull)
        nullable = get_nullable_type(type_)
        own_default = drawn.chance(25) and value is not None
        # A nullable variable is allowed for a non-null argument if the argument or the variable has a default.
        may_be_null = (not is_required and drawn.chance(80)) or (
            is_required and (own_default or has_default) and drawn.chance(50)
        )
        as_ = nullable if may_be_null else GraphQLNonNull(nullable)
        definition = f"${name}: {as_}" + (f" = {self._constant(value, type_)}" if own_default else "")
        is_left_out = (may_be_null or own_default) and drawn.chance(30)
        if not is_left_out:
            if drawn.chance(_SELDOM):
                value = drawn.pick(_WRONG)
            elif may_be_null and drawn.chance(10):
                value = None
            self.given[name] = value
        one = _Variable(name, definition, fits)
        self._variables.append(one)
        return one

    def _constant(self, value: JSON, type_: GraphQLInputType) -> str:
        """A literal without variables, as a default value must be."""
        inner: Any = get_nullable_type(type_)
        if value is None:
            return "null"
        if isinstance(inner, GraphQLInputObjectType):
            fields = (f"{name}: {self._constant(one, inner.fields[name].type)}" for name, one in value.items())
            return "{" + ", ".join(fields) + "}"
        if isinstance(inner, GraphQLList):
            return f"[{', '.join(self._constant(one, inner.of_type) for one in value)}]"
        return self._literal(value, type_)
