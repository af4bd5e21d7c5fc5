"""Requests of attackers: values that fit the schema, and among them values that do not.

More values are right than wrong, so that requests pass the first checks.
"""

from dataclasses import dataclass
from typing import Any

import hypothesis
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    is_required_input_field,
)
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.support.inputs import UNKNOWN
from tests.support.people import BURGERZAKEN, DESK, EVERYBODY, VERGUNNINGEN, Person

Anything = SearchStrategy[Any]


@dataclass(frozen=True)
class Known:
    """A value that only the running server knows: the id of an object, or the current versie of the named task."""

    kind: str
    number: int = 0


CODES = {
    "NIET_AANGEMELD",
    "NIET_BEVOEGD",
    "ONGELDIG_ARGUMENT",
    "CURSOR_ONGELDIG",
    "CURSOR_VERLOPEN",
    "DOCUMENT_ONGELDIG",
    "DOCUMENT_ONBEKEND",
    "LIMIET_OVERSCHREDEN",
}
"""The codes of errors that are the client's mistake."""

ODD_CHARACTERS = (
    "\x00\x07\x1b\x7f\x85\r\n\t \u00a0\u2028\u2029\u3000"  # control characters, spaces and line ends
    "\ud800\udfff\ud83d"  # halves of surrogate pairs
    "\u200b\u200d\u00ad\ufeff\u202e\u2066\u061c"  # format characters, some of which change the text's direction
    "\u0301\u0489\ufe0f\U000e0041\uffff\U0010ffff"  # combining characters, and code points that are no characters
    "אبनé😀👩ß'\"\\%_;$`{}<>&"
)


def texts(max_size: int = 40) -> SearchStrategy[str]:
    """Any text: odd characters, any code points, halves of surrogate pairs too, or texts that attackers use."""
    odd = st.text(ODD_CHARACTERS, min_size=1, max_size=max_size)
    anything = st.text(st.characters(exclude_categories=()), max_size=max_size)
    telling = st.sampled_from(
        ["", " ", "null", "NaN", "' OR 1=1 --", "../../etc/passwd", "${7*7}", "{{7*7}}", "%s%n"]
    )
    return st.one_of(odd, anything, telling)


HUGE = st.builds(lambda text, times: (text or "x") * times, texts(3), st.sampled_from([200, 201, 1001, 20_000]))

NUMBERS = st.one_of(
    st.integers(-2, 4),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, 2**63, 2**64, 10**400, 1e308, -0.0]),
)

MOMENTS = st.sampled_from(["2026-01-31T12:00:00+01:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "gisteren"])

ANYTHING: Anything = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, texts(10)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(10), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON value."""


def mostly(right: Anything, *wrong: Anything, times: int = 20) -> Anything:
    """Values of `right`, and one in `times` that is wrong."""
    # Not one_of, whose alternatives are all equally likely.
    return st.integers(0, times - 1).flatmap(lambda number: st.one_of(*wrong) if number == times - 1 else right)


def inputs(kind: GraphQLInputObjectType) -> Anything:
    """Values for an input type of the schema, in which ids and versies may be `Known`."""
    fields = {name: _field(name, field) for name, field in kind.fields.items()}
    required = {name: fields[name] for name, field in kind.fields.items() if is_required_input_field(field)}
    optional = {name: value for name, value in fields.items() if name not in required}
    whole = st.fixed_dictionaries(required, optional=optional)
    lacking = st.fixed_dictionaries({}, optional=fields)
    more = st.builds(lambda value, name, other: value | {name: other}, whole, texts(5), ANYTHING)
    return mostly(whole, lacking, more, ANYTHING, times=15)


def _field(name: str, field: GraphQLInputField) -> Anything:
    return _value(name, field.type)


def _value(name: str, kind: GraphQLInputType) -> Anything:
    if isinstance(kind, GraphQLNonNull):
        return mostly(_value(name, kind.of_type), st.none(), times=80)
    return mostly(_right(name, kind), ANYTHING, times=40)


def _right(name: str, kind: GraphQLInputType) -> Anything:
    if isinstance(kind, GraphQLList):
        return st.lists(_value(name, kind.of_type), max_size=3)
    if isinstance(kind, GraphQLInputObjectType):
        return inputs(kind)
    if isinstance(kind, GraphQLEnumType):
        return mostly(st.sampled_from(sorted(kind.values)), st.sampled_from(["KLAAR", "te_doen", "", 0]))
    assert hasattr(kind, "name")
    by_type = {"ID": _id(name), "String": _text(name), "Int": _int(name), "Boolean": st.booleans()}
    return by_type.get(kind.name, MOMENTS)


def _id(name: str) -> Anything:
    kinds = {"klantcontactId": "contact", "organisatorischeEenheidId": "eenheid", "medewerkerId": "medewerker"}
    known = st.builds(Known, st.just(kinds.get(name, "taak")), st.integers(0, 9))
    other = st.builds(Known, st.sampled_from(["contact", "taak", "eenheid", "medewerker"]), st.integers(0, 9))
    fresh = st.uuids(allow_nil=True).map(str)
    malformed = st.builds(
        lambda text, more: text + more, st.sampled_from([UNKNOWN, UNKNOWN[:-1], "{", ""]), texts(5)
    )
    return mostly(known, other, fresh, malformed, HUGE, st.integers(), times=6)


def _text(name: str) -> Anything:
    if name == "kanaal":
        return mostly(st.sampled_from(["Telefoon", "Balie", "E-mail", ""]), texts(), HUGE, times=6)
    plain = st.sampled_from(["Overname gesprek met klant", "Terugbellen", "Graag voor vijf uur."])
    return mostly(plain, texts(), HUGE, times=3)


def _int(name: str) -> Anything:
    right = st.just(Known("versie")) if name == "versie" else st.integers(0, 5)
    return mostly(right, NUMBERS, texts(5), times=5)


PEOPLE: SearchStrategy[Person] = mostly(
    st.sampled_from([DESK, VERGUNNINGEN, BURGERZAKEN]), st.sampled_from(EVERYBODY), times=4
)
"""The callers, mostly those who may do some of it."""


def examples(cost: int) -> hypothesis.settings:
    """Settings with the number of examples of the selected profile, divided by `cost`."""
    return hypothesis.settings(
        max_examples=max(1, hypothesis.settings().max_examples // cost),
        # Without the phase `explain`, which needs hundreds of examples more.
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
