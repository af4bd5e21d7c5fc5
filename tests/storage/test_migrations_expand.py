"""A migration that lets the version before go on serving takes nothing away from it: see app.storage.migrations."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import String, inspect

from app.storage.migrations.compatibility import Program
from app.storage.migrations.migrate import migrate
from tests.support.databases import connected, execute
from tests.support.each import each
from tests.support.newer import CONTRACTED, EXPANDED, expands, next_program, program_after_next

Tables = dict[str, dict[str, Any]]
"""By table: its columns by name, its keys, and what is unique in it."""


def tables(url: str) -> Tables:
    """Every table of a database, as it is there."""
    with connected(url) as connection:
        found = inspect(connection)
        return {
            table: {
                "columns": {column["name"]: column for column in found.get_columns(table)},
                "unique": {
                    *(tuple(one["column_names"]) for one in found.get_unique_constraints(table)),
                    *(tuple(one["column_names"]) for one in found.get_indexes(table) if one["unique"]),
                },
                "checks": {one["sqltext"] for one in found.get_check_constraints(table)},
                "references": {
                    (*one["constrained_columns"], one["referred_table"]) for one in found.get_foreign_keys(table)
                },
            }
            for table in found.get_table_names()
        }


def taken_away(before: Tables, after: Tables) -> Iterator[str]:
    """What a program that worked with the tables of before can no longer read or write."""
    for table, was in before.items():
        if table not in after:
            yield f"{table} is gone"
            continue
        is_ = after[table]
        for name, column in was["columns"].items():
            if name not in is_["columns"]:
                yield f"{table}.{name} is gone"
            elif _narrower(column, is_["columns"][name]):
                yield f"{table}.{name} takes less"
        for name, column in is_["columns"].items():
            if name not in was["columns"] and not column["nullable"] and column["default"] is None:
                yield f"{table}.{name} must be given"
        for rule in ("unique", "checks", "references"):
            # A new rule may be about new columns, which older programs leave alone.
            yield from (
                f"{table} has a new rule about {new}"
                for new in is_[rule] - was[rule]
                if rule == "checks" or any(name in was["columns"] for name in new)
            )


def _narrower(was: dict[str, Any], is_: dict[str, Any]) -> bool:
    if was["nullable"] and not is_["nullable"]:
        return True
    if isinstance(was["type"], String) and isinstance(is_["type"], String):
        return (is_["type"].length or 10**9) < (was["type"].length or 10**9)
    return str(was["type"]) != str(is_["type"])


def test_every_migration_since_the_database_tells_who_may_serve_it_says_who_may() -> None:
    program = Program()
    for version in each(program.known[program.known.index("0005") :]):
        place = program.known.index(version)
        oldest = program.known.index(program.migration(version).oldest_serving)
        before = getattr(program.migration(program.known[place - 1]), "oldest_serving", "0005")
        # No newer than itself, and no older than that of the migration before.
        assert program.known.index(before) <= oldest <= place, version


async def test_a_migration_that_lets_the_version_before_serve_takes_nothing_away_from_it(empty_url: str) -> None:
    program = next_program()
    for before, version in each(zip(program.known, program.known[1:], strict=False)):
        await migrate(empty_url, before, program=program)
        was = tables(empty_url)
        await migrate(empty_url, version, program=program)
        if expands(program, version):
            assert list(taken_away(was, tables(empty_url))) == [], version
    assert expands(program, EXPANDED)


CHANGES = {
    "DROP TABLE postvak_lease": "postvak_lease is gone",
    "ALTER TABLE klantcontact DROP COLUMN inhoud": "klantcontact.inhoud is gone",
    "ALTER TABLE klantcontact RENAME COLUMN inhoud TO tekst": "klantcontact.inhoud is gone",
    "ALTER TABLE postvak_lease ADD COLUMN nieuw INTEGER DEFAULT 1 NOT NULL": None,
    "ALTER TABLE klantcontact ADD COLUMN nieuw INTEGER": None,
    "CREATE TABLE nieuw (id INTEGER NOT NULL UNIQUE CHECK (id > 0))": None,
    "CREATE INDEX nieuw ON klantcontact (kanaal)": None,
    "CREATE UNIQUE INDEX nieuw ON klantcontact (onderwerp)": "klantcontact has a new rule about ('onderwerp',)",
}
ONLY_ON_POSTGRESQL = {
    "ALTER TABLE postvak_lease ADD COLUMN nieuw INTEGER NOT NULL": "postvak_lease.nieuw must be given",
    "ALTER TABLE klantcontact ALTER COLUMN inhoud SET NOT NULL": "klantcontact.inhoud takes less",
    "ALTER TABLE klantcontact ALTER COLUMN kanaal TYPE VARCHAR(50)": "klantcontact.kanaal takes less",
    "ALTER TABLE klantcontact ALTER COLUMN kanaal TYPE VARCHAR(250)": None,
    "ALTER TABLE gebeurtenis ALTER COLUMN volgnummer TYPE TEXT": "gebeurtenis.volgnummer takes less",
    "ALTER TABLE gebeurtenis ADD CHECK (versie < 5)": "gebeurtenis has a new rule about versie < 5",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_takes_something_away_from_the_version_before_is_noticed(empty_url: str, change: str) -> None:
    await is_noticed(empty_url, change, CHANGES[change])


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("change", ONLY_ON_POSTGRESQL)
async def test_what_only_postgresql_can_take_away_is_noticed(empty_url: str, change: str) -> None:
    await is_noticed(empty_url, change, ONLY_ON_POSTGRESQL[change])


async def is_noticed(url: str, change: str, said: str | None) -> None:
    await migrate(url)
    before = tables(url)
    execute(url, change)
    assert list(taken_away(before, tables(url))) == ([] if said is None else [said])


async def test_a_migration_that_takes_something_away_does_not_let_the_version_that_read_it_serve(
    empty_url: str,
) -> None:
    program = program_after_next()
    await migrate(empty_url, EXPANDED, program=program)
    before = tables(empty_url)
    await migrate(empty_url, program=program)
    assert list(taken_away(before, tables(empty_url))) != []
    assert program.migration(CONTRACTED).oldest_serving not in Program().known
