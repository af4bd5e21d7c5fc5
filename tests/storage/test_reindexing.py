"""What earlier programs indexed is found by the rule as it is: after the migration, and after they are gone."""

from typing import Any

import pytest
from sqlalchemy import insert, inspect, select, update

from app.domain.finding.filters import KlantcontactFilter, TaakFilter
from app.domain.finding.search import VERSION, read_zoektekst
from app.domain.model import InterneTaak, Klantcontact
from app.storage.engine.database import Database
from app.storage.migrations.migrate import migrate
from app.storage.migrations.reindexing import catch_up, reindex
from app.storage.schema.tables import SEARCHED, interne_taak, klantcontact, metadata
from tests.bench.filling import Filling
from tests.support.databases import connected, rows
from tests.support.records import Listed, records_of

TEXTS = ("Bel 06-12345678", "Mevrouw d'Hondt, 3512 AE", "De heer Søren Łęcki", "Een dakkapel")
FOUND = {"0612345678": 1, "+31 6 1234": 1, "dhondt 3512ae": 1, "soren lecki": 1, "dakkapel": 1, "06": 1}


def stored_by_an_earlier_program(url: str, tasks: int, *, has_version: bool) -> None:
    """Contacts with a task each, whose words an earlier program indexed: each by itself, with its strokes."""
    filling = Filling(tasks)
    batches = [*filling.batches(tasks)]
    with connected(url) as connection:
        for name, of_table in [*filling.people().items(), *(pair for batch in batches for pair in batch.items())]:
            table = metadata.tables[name]
            values = [dict(zip(table.columns.keys(), row, strict=True)) for row in of_table]
            for nth, row in enumerate(values):
                if "zoekwoorden" in row:
                    row["zoekwoorden"] = f" {row['nummer']} {_words(nth)}"
                    row["zoekversie"] = None
                    if not has_version:
                        del row["zoekversie"]
                if name == "klantcontact":
                    row["onderwerp"], row["inhoud"] = _text(nth), None
            # An earlier version has fewer columns.
            has = {column["name"] for column in inspect(connection).get_columns(name)}
            connection.execute(insert(table), [{key: row[key] for key in row if key in has} for row in values])


def _text(nth: int) -> str:
    return TEXTS[nth] if nth < len(TEXTS) else "Iets anders"


def _words(nth: int) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in _text(nth).lower()).split())


async def found(url: str) -> dict[str, Any]:
    """For each search text how many contacts and tasks it finds, and how many contacts are counted."""
    database = Database(url)
    try:
        async with records_of(database) as records:
            answers = {}
            for text in FOUND:
                zoek = read_zoektekst(text)
                contacts = Listed(KlantcontactFilter(zoek=zoek))
                page = await records.page(Klantcontact, contacts)
                tasks = await records.page(InterneTaak, Listed(TaakFilter(zoek=zoek)))
                counted = await records.count(contacts)
                answers[text] = (len(page.items), len(tasks.items), counted)
            return answers
    finally:
        await database.close()


EVERYTHING = {text: (many, many, many) for text, many in FOUND.items()}


@pytest.mark.parametrize("tasks", [100, 1300])
async def test_what_was_stored_before_is_found_in_every_spelling(empty_url: str, tasks: int) -> None:
    await migrate(empty_url, "0004")
    stored_by_an_earlier_program(empty_url, tasks, has_version=False)
    await migrate(empty_url)
    assert await found(empty_url) == EVERYTHING
    assert rows(empty_url, "SELECT DISTINCT zoekversie FROM klantcontact") == [(VERSION,)]
    assert rows(empty_url, "SELECT DISTINCT zoekversie FROM interne_taak") == [(VERSION,)]


async def test_what_an_older_program_stores_meanwhile_is_found_by_its_rule_and_after_catching_up_by_the_new_one(
    empty_url: str,
) -> None:
    await migrate(empty_url)
    stored_by_an_earlier_program(empty_url, 1300, has_version=True)
    before = await found(empty_url)
    assert (before["dakkapel"], before["06"], before["soren lecki"]) == ((1, 1, 1), (1, 1, 1), (0, 0, 0))
    await migrate(empty_url)
    assert await found(empty_url) == EVERYTHING


async def test_what_an_earlier_rule_indexed_is_indexed_anew_also_where_it_says_so(empty_url: str) -> None:
    await migrate(empty_url)
    stored_by_an_earlier_program(empty_url, 100, has_version=True)
    with connected(empty_url) as connection:
        for name, table in SEARCHED.items():
            connection.execute(update(table).values(zoekversie=VERSION - 1))
            reindex(connection, name, "", "~")
    assert await found(empty_url) == EVERYTHING


async def test_catching_up_again_does_nothing(empty_url: str) -> None:
    await migrate(empty_url)
    stored_by_an_earlier_program(empty_url, 100, has_version=True)
    with connected(empty_url) as connection:
        assert catch_up(connection) == 200
        assert catch_up(connection) == 0


async def test_what_is_indexed_by_the_rule_as_it_is_does_not_wait(empty_url: str) -> None:
    await migrate(empty_url)
    stored_by_an_earlier_program(empty_url, 100, has_version=True)
    with connected(empty_url) as connection:
        for table in (klantcontact, interne_taak):
            connection.execute(update(table).values(zoekversie=VERSION))
        words = connection.execute(select(klantcontact.c.zoekwoorden)).all()
        assert catch_up(connection) == 0
        assert connection.execute(select(klantcontact.c.zoekwoorden)).all() == words
