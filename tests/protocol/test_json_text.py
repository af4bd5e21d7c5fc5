"""JSON as it comes from outside: whatever Python's json reads is read as it reads it, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transport.execution.request import NotJson, read_json

NUMBERS = st.integers() | st.integers(-(10**25), 10**25) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)
NEARLY = st.text('{}[]",:0123456789eE.+-tfnul \\u dDcC\n\x00\ufeff\ud800é')


def read(text: str | bytes) -> str:
    """What is read, written so that 1 and 1.0 differ; or that it is refused."""
    try:
        return repr(read_json(text))
    except NotJson:
        return "refused"


def read_by_json(text: str) -> str:
    def refused(constant: str) -> None:
        raise ValueError(constant)

    try:
        return repr(json.loads(text, parse_constant=refused))
    except ValueError:
        return "refused"


@given(VALUES, st.booleans())
def test_every_value_is_read_as_it_was_written(value: object, is_ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii)
    assert read(text) == repr(value)
    if is_ascii:
        assert read(text.encode()) == repr(value)


@given(NEARLY)
def test_what_is_nearly_json_is_read_or_refused_as_by_json(text: str) -> None:
    assert read(text) == read_by_json(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("18446744073709551616", 2**64),
        ("-9223372036854775809", -(2**63) - 1),
        ('"\\ud800"', "\ud800"),
        ("1e400", float("inf")),
        ("-0", 0),
    ],
)
def test_odd_json_is_read_as_it_stands(text: str, value: object) -> None:
    assert read(text) == read(text.encode()) == repr(value)


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "\ufeff{}", "[" * 900, '"\t"', "", "[]" * 2])
def test_what_is_no_json_is_refused(text: str) -> None:
    assert read(text) == read(text.encode()) == "refused"


def test_text_in_another_encoding_and_more_objects_than_are_read_are_refused() -> None:
    assert read('"é"'.encode("latin-1")) == "refused"
    assert read("[" + "{}," * 10_000 + "{}]") == "refused"
    assert read("[" * 900 + "]" * 900) != "refused"
