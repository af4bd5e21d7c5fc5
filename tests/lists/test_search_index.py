"""The index of words of either database finds what the rule of searching finds, for any text."""

import uuid
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy import text as sql

from app.domain.finding.filters import KlantcontactFilter, Page, Zoekvraag
from app.domain.finding.search import index, matches, read_zoektekst
from app.domain.model import Rol, Volgorde
from app.domain.rights import Scope
from app.domain.values.limits import MAX_INHOUD
from app.domain.values.text import is_allowed, normalised
from app.storage.lists.conditions import Target, klantcontact_conditions
from app.storage.lists.pages import ListPage
from app.storage.lists.paging import counted
from app.storage.lists.words import MAX_LOOKED_UP, may_have_words
from app.storage.schema.tables import klantcontact, registratie
from app.storage.sql.dialects import LONGEST_LEXEME
from tests.support.databases import connected, rows
from tests.support.template import Template

AT_ONCE = 128
"""SQLite's index takes so many rows at once."""

MOMENT = "2026-01-01T00:00:00.000Z"

TEXTS = (
    st.text(max_size=40)
    | st.text("aAbBéÉıİïĳßŠς 'Σ\u0301\u0308.-_%0٣\"*:&|!()\\", max_size=30)
    | st.text(st.characters(min_codepoint=0x300), max_size=12)
    # What is written together, or may be.
    | st.text("0136+-'. /()ab", max_size=30)
    # Letters that Unicode has had for a short while only, private ones, and marks that are words themselves.
    | st.text("\u1c89\ua7cb\U00010d50\U0001e030\ue000\u0903\u0488\u200d\U0001f600 a", max_size=12)
)
SEES_ALL = Scope(frozenset({Rol.TOEZICHTHOUDER}), frozenset())


class Searching:
    """A database whose index has all the contacts that are added."""

    def __init__(self, connection: Connection, who: str, eenheid: str) -> None:
        self._connection = connection
        self._who, self._eenheid = who, eenheid
        self._numbers = count(2 * 10**9)

    def add(self, texts: Sequence[str], size: int = AT_ONCE, moment: str = MOMENT) -> dict[str, str]:
        """So many contacts, by default as many as the index takes at once; the text of each by its id."""
        added = {str(uuid.uuid4()): texts[nth % len(texts)] for nth in range(size)}
        numbers = {id_: str(next(self._numbers)) for id_ in added}
        self._connection.execute(
            insert(registratie),
            [{"id": id_, "nummer": numbers[id_], "medewerker_id": self._who} for id_ in added],
        )
        self._connection.execute(
            insert(klantcontact),
            [self._contact(id_, numbers[id_], text, moment) for id_, text in added.items()],
        )
        return added

    def _contact(self, id_: str, nummer: str, text: str, moment: str) -> dict[str, Any]:
        return {
            "id": id_,
            "nummer": nummer,
            "geregistreerd_op": moment,
            "kanaal": "Telefoon",
            "medewerker_id": self._who,
            "eenheid_id": self._eenheid,
            "initiatiefnemer": "KLANT",
            "onderwerp": "-",
            "inhoud": text,
            "zoekwoorden": index(text),
        }

    def page(self, zoek: Zoekvraag, first: int) -> list[str]:
        """The ids of the newest contacts that have the words."""
        paged = ListPage(
            klantcontact_conditions(SEES_ALL, KlantcontactFilter(zoek=zoek)), Volgorde.NIEUWSTE_EERST, Page(first)
        )
        listed = select(klantcontact.c.id).where(*paged.where()).order_by(*paged.order_by()).limit(paged.limit())
        return list(self._connection.execute(listed, paged.values).scalars())[:first]

    def count(self, zoek: Zoekvraag) -> int:
        """How many contacts have the words, as a list tells it."""
        asked = counted(SEES_ALL, KlantcontactFilter(zoek=zoek))
        return int(self._connection.execute(asked.statement(), asked.values).scalar_one())

    def found(self, zoek: Zoekvraag, *, by_index_alone: bool = False) -> set[str]:
        """The ids of all contacts that have the words."""
        asked = klantcontact_conditions(SEES_ALL, KlantcontactFilter(zoek=zoek))
        compared = [] if by_index_alone else asked.where()
        statement = select(klantcontact.c.id).where(may_have_words("klantcontact", Target(klantcontact)), *compared)
        return set(self._connection.execute(statement, asked.values).scalars())


def somebody(url: str) -> tuple[str, str]:
    """The ids of an employee and of their department."""
    found: Any = rows(url, "SELECT medewerker_id, eenheid_id FROM medewerker_eenheid")[0]
    return found[0], found[1]


@pytest.fixture(scope="module")
def searching(template: Template) -> Iterator[Searching]:
    with template.copy() as url, connected(url) as connection:
        yield Searching(connection, *somebody(url))


def allowed(text: str) -> str:
    """A text as a contact may have it."""
    kept = normalised(text)
    return kept if is_allowed(kept, several_lines=True) else "x"


@hypothesis.settings(max_examples=60, suppress_health_check=list(hypothesis.HealthCheck))
@given(st.lists(TEXTS, min_size=1, max_size=8), st.data())
def test_the_index_finds_exactly_where_each_word_that_is_looked_for_begins_a_word(
    searching: Searching, given_texts: list[str], data: st.DataObject
) -> None:
    texts = [allowed(text) for text in given_texts]
    added = searching.add(texts)
    known = sorted({word for text in texts for word in index(text).split()}) or ["x"]
    for _ in range(4):
        picked = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
        begun = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in picked)
        other = data.draw(st.just("") | TEXTS)[:19]
        zoek = Zoekvraag(read_zoektekst(begun).woorden + read_zoektekst(other).woorden)
        expected = {id_ for id_, text in added.items() if matches(zoek, text)}
        assert searching.found(zoek) & set(added) == expected, zoek
        assert searching.found(zoek, by_index_alone=True) & set(added) == expected, zoek


def test_a_word_that_is_longer_than_an_index_keeps_is_found_by_its_end(searching: Searching) -> None:
    long = "é" * (LONGEST_LEXEME + 100)
    widest = "\U0001f1e6a\U00010d50" + "\U00010d50" * (MAX_INHOUD - 3)
    texts = [long, long[:-1] + "e", long[:-1] + "z", widest]
    added = searching.add(texts)

    def found(text: str) -> set[str]:
        return {added[id_] for id_ in searching.found(Zoekvraag(((index(text).strip(),),))) if id_ in added}

    assert found(long) == {texts[0], texts[1]}
    assert found(texts[2]) == {texts[2]}
    assert found(long[:300]) == {texts[0], texts[1], texts[2]}
    assert found(widest) == {widest}


@pytest.mark.database("sqlite")
def test_what_sqlites_index_does_not_have_yet_is_found_as_well(template: Template) -> None:
    with template.copy() as url, connected(url) as connection:
        searching = Searching(connection, *somebody(url))
        for size in (1, AT_ONCE - 2, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1):
            before = len(searching.found(read_zoektekst("dakkapel")))
            searching.add(["dakkapel"], size)
            assert len(searching.found(read_zoektekst("dakkap"))) == before + size


@pytest.mark.database("sqlite")
def test_the_newest_of_more_than_are_looked_up_are_found_behind_a_thousand_others(template: Template) -> None:
    with template.copy() as url, connected(url) as connection:
        connection.execute(sql("BEGIN"))
        searching = Searching(connection, *somebody(url))
        searching.add(["dakkapel"], MAX_LOOKED_UP, "2026-01-01T00:00:00.000Z")
        newest = searching.add(["dakkapel"], 3, "2026-01-02T00:00:00.000Z")
        others = searching.add(["paspoort"], 1_001, "2026-01-03T00:00:00.000Z")
        assert searching.page(read_zoektekst("dakkapel"), 3) == sorted(newest, reverse=True)
        assert searching.page(read_zoektekst("paspoort"), 3) == sorted(others, reverse=True)[:3]
        # However many are looked up: all are counted.
        assert searching.count(read_zoektekst("dakkapel")) == MAX_LOOKED_UP + 3
        connection.execute(sql("ROLLBACK"))
