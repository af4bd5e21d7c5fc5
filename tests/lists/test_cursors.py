"""Cursors: of one list in one order, whatever a client makes of them; anything else is refused."""

import base64
import json
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.graphql.types.cursors import CursorBroken, CursorCodec, Values
from tests.support.each import each
from tests.support.filling import the_list
from tests.support.people import TOEZICHTHOUDER
from tests.support.server import Server

INTERNE_TAKEN = """
query ($volgorde: Volgorde! = LANGST_WACHTEND_EERST, $after: String) {
  list: interneTaken(volgorde: $volgorde, after: $after) {
    pageInfo { hasPreviousPage } edges { cursor node { id } }
  }
}
"""

KLANTCONTACTEN = """
query ($volgorde: Volgorde! = NIEUWSTE_EERST, $after: String) {
  list: klantcontacten(volgorde: $volgorde, after: $after) {
    pageInfo { hasPreviousPage } edges { cursor node { id } }
  }
}
"""

POSTVAK = """
query ($eenheid: ID!, $volgorde: Volgorde! = LANGST_WACHTEND_EERST, $after: String) {
  postvak(organisatorischeEenheidId: $eenheid) {
    list: interneTaken(volgorde: $volgorde, after: $after) {
      pageInfo { hasPreviousPage } edges { cursor node { id } }
    }
  }
}
"""

ORDERS = ["LANGST_WACHTEND_EERST", "NIEUWSTE_EERST", "LAATST_GEDAAN_EERST"]
DOCUMENTS = [INTERNE_TAKEN, POSTVAK, KLANTCONTACTEN]
LISTS = pytest.mark.parametrize("document", DOCUMENTS, ids=["interneTaken", "postvak", "klantcontacten"])


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode(errors="surrogatepass")).decode().rstrip("=")


MALFORMED = {
    "empty": "",
    "a space": " ",
    "a word": "cursor",
    "an id": "99999999-9999-4999-8999-999999999999",
    "no base64": "€%\0",
    "a lone surrogate": "\ud800",
    "very long": "A" * 100_000,
    "no JSON": encoded("cursor"),
    "no text": base64.urlsafe_b64encode(b"\xff\xfe\xfd").decode(),
    "no list": encoded("{}"),
    "an empty list": encoded("[]"),
    "deep": encoded("[" * 300),
    "a number too long": encoded("9" * 370),
    "no number": encoded('["interneTaken","LANGST_WACHTEND_EERST",NaN,"x","y"]'),
}


async def test_a_malformed_cursor_is_refused(server: Server) -> None:
    client, eenheid = server.as_(TOEZICHTHOUDER), server.eenheden["VER"]
    for document in DOCUMENTS:
        for kind, after in MALFORMED.items():
            found = await client.codes(document, eenheid=eenheid, after=after)
            assert found == ["CURSOR_ONGELDIG"], (document, kind)


async def test_a_cursor_is_of_one_list_and_one_order(full: Server) -> None:
    client = full.as_(TOEZICHTHOUDER)
    lists = {
        "interneTaken": (INTERNE_TAKEN, {}),
        "klantcontacten": (KLANTCONTACTEN, {}),
        "VER": (POSTVAK, {"eenheid": full.eenheden["VER"]}),
        "BUR": (POSTVAK, {"eenheid": full.eenheden["BUR"]}),
    }
    asked = {
        (name, volgorde): (document, {**variables, "volgorde": volgorde})
        for name, (document, variables) in lists.items()
        for volgorde in ORDERS
    }
    for its_own, (document, variables) in asked.items():
        page = await the_list(client, document, **variables)
        after = page["edges"][0]["cursor"]
        for other, (other_document, other_variables) in asked.items():
            found = await client.codes(other_document, **other_variables, after=after)
            assert found == ([] if other == its_own else ["CURSOR_ONGELDIG"]), (its_own, other)


async def test_a_cursor_that_is_null_is_as_if_left_out(full: Server) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    for document in DOCUMENTS:
        found = await the_list(client, document, eenheid=eenheid, after=None)
        assert found == await the_list(client, document, eenheid=eenheid)
        assert found["pageInfo"] == {"hasPreviousPage": False}


@LISTS
async def test_a_cursor_that_was_changed_or_cut_is_refused_or_is_a_place_and_breaks_nothing(
    full: Server, document: str
) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    cursor = (await the_list(client, document, eenheid=eenheid))["edges"][0]["cursor"]
    for place in each(range(0, len(cursor), 5)):
        assert await client.codes(document, eenheid=eenheid, after=cursor[:place]) == ["CURSOR_ONGELDIG"]
        changed = f"{cursor[:place]}{'B' if cursor[place] == 'A' else 'A'}{cursor[place + 1 :]}"
        assert await client.codes(document, eenheid=eenheid, after=changed) in ([], ["CURSOR_ONGELDIG"])


CODEC = CursorCodec("interneTaken", "LANGST_WACHTEND_EERST", (int, str, str))
PLAIN = st.text("0123456789abcdefXYZ:.-", max_size=40)
POSITIONS = st.tuples(st.integers(-(2**31) + 1, 2**31 - 1), PLAIN, PLAIN)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def read(cursor: str) -> Values | None:
    """The position of a cursor, None where it is refused; anything else that is raised fails the test."""
    try:
        return CODEC.read(cursor)
    except CursorBroken:
        return None


@given(POSITIONS)
def test_a_position_is_read_as_it_was_written(position: Values) -> None:
    cursor = CODEC.write(position)
    assert CODEC.read(cursor) == position
    assert cursor.isascii()


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_is_a_cursor_by_chance(text: str) -> None:
    assert read(text) is None


@given(st.binary())
def test_no_bytes_are_a_cursor_by_chance(content: bytes) -> None:
    assert read(base64.urlsafe_b64encode(content).decode()) is None


@given(JSON_VALUES)
def test_no_json_is_a_cursor_by_chance(value: Any) -> None:
    assert read(encoded(json.dumps(value))) is None


def could_be_a_key(value: Any, kind: type) -> bool:
    if type(value) is int:
        return kind is int and abs(value) < 2**31
    return type(value) is kind is str and all(c.isascii() and (c.isalnum() or c in ":.-") for c in value)


@given(
    st.lists(JSON_VALUES | PLAIN, max_size=4)
    | st.lists(st.integers(-(2**70), 2**70) | PLAIN, min_size=3, max_size=3)
    | st.tuples(st.integers(-(2**70), 2**70) | st.booleans(), PLAIN | JSON_VALUES, PLAIN).map(list)
)
def test_a_tampered_position_is_read_exactly_where_each_value_could_be_at_its_place(
    tampered: list[Any],
) -> None:
    fits = len(tampered) == 3 and all(map(could_be_a_key, tampered, CODEC.shape))
    expected = tuple(tampered) if fits else None
    assert read(encoded(json.dumps([CODEC.name, CODEC.order, *tampered]))) == expected


@given(POSITIONS, st.sampled_from(["interneTaken", "klantcontacten", "postvak:x", ""]), st.sampled_from(ORDERS))
def test_a_cursor_of_another_list_or_order_is_refused(position: Values, name: str, order: str) -> None:
    hypothesis.assume((name, order) != (CODEC.name, CODEC.order))
    assert read(CursorCodec(name, order, CODEC.shape).write(position)) is None


@given(POSITIONS, st.data())
def test_a_cursor_that_is_cut_off_anywhere_is_refused(position: Values, data: st.DataObject) -> None:
    cursor = CODEC.write(position)
    assert read(cursor[: data.draw(st.integers(0, len(cursor) - 1))]) is None
