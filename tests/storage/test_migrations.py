"""Migrations: from nothing to the newest, once and again; they agree with the tables and ship with the package."""

import asyncio
import tomllib
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect

import app
from app.domain.finding.filters import TaakFilter
from app.domain.finding.search import read_zoektekst
from app.domain.model import InterneTaak
from app.domain.organisation import NieuweEenheid
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.engine.failures import DatabaseOnbereikbaar
from app.storage.migrations.compatibility import DatabaseVerouderd, Program
from app.storage.migrations.migrate import check, migrate
from app.storage.schema.tables import metadata
from app.wiring.asgi import create_app
from tests.bench.filling import RARE, Filling
from tests.support.arrange import command_line, stored
from tests.support.commands import ROOT, run
from tests.support.databases import Databases, connected, execute, held, kind, refusing, rows
from tests.support.each import each
from tests.support.newer import EXPANDED, next_program
from tests.support.records import Listed, records_of
from tests.support.server import settings_on
from tests.support.waiting import until

OF_THE_INDEX_OF_WORDS = ("_woorden", "_zoekregel", "_zoekvector")
"""It is made by its migration alone, each database's in its own way."""


def differences(url: str) -> list[Any]:
    """What a new migration would have to change in a database, for it to be as the code's tables."""

    def is_compared(_: Any, name: str | None, *__: Any) -> bool:
        return not any(part in (name or "") for part in OF_THE_INDEX_OF_WORDS)

    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_compared})
        return list(compare_metadata(context, metadata))


async def test_an_empty_database_is_migrated_to_the_tables_of_the_code(empty_url: str) -> None:
    await migrate(empty_url)
    await check(empty_url)
    assert differences(empty_url) == []


INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def indexes(url: str) -> dict[str, str]:
    """The indexes of a database by name, as it tells them: with what they are narrowed to."""
    found = rows(url, INDEXES[kind(url)])
    return {row[0]: row[1] for row in found if not any(part in row[0] for part in OF_THE_INDEX_OF_WORDS)}


async def test_indexes_have_the_rows_that_the_code_says(empty_url: str, databases: Databases) -> None:
    await migrate(empty_url)
    with databases.new() as of_the_code:
        with connected(of_the_code) as connection:
            metadata.create_all(connection)
        of_migrations = indexes(empty_url)
        of_migrations.pop("alembic_version_pkc", None)
        assert of_migrations == indexes(of_the_code)


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_interne_taak_klantcontact_id",
        "ALTER TABLE klantcontact DROP COLUMN inhoud",
        "ALTER TABLE medewerker ADD COLUMN telefoon VARCHAR(20)",
        "DROP TABLE gebeurtenis",
    ],
)
async def test_a_database_that_is_not_as_the_code_is_noticed(empty_url: str, change: str) -> None:
    await migrate(empty_url)
    execute(empty_url, change)
    assert differences(empty_url) != []


async def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(empty_url: str) -> None:
    # The last table of the first migration: what comes before it is undone with it.
    execute(empty_url, "CREATE TABLE gebeurtenis (id VARCHAR(36))")
    with pytest.raises(DatabaseOnbereikbaar):
        await migrate(empty_url)
    execute(empty_url, "DROP TABLE gebeurtenis")
    await migrate(empty_url)
    assert differences(empty_url) == []


async def test_so_does_one_that_fails_after_an_index_was_made(empty_url: str) -> None:
    await migrate(empty_url, "0006")
    execute(empty_url, "ALTER TABLE gebeurtenis ADD COLUMN leeg VARCHAR(20)")
    with pytest.raises(DatabaseOnbereikbaar):
        await migrate(empty_url, program=next_program())
    assert rows(empty_url, "SELECT version_num FROM alembic_version") == [(Program().newest,)]
    execute(empty_url, "ALTER TABLE gebeurtenis DROP COLUMN leeg")
    await migrate(empty_url, program=next_program())
    await check(empty_url, next_program())


async def test_any_number_may_migrate_at_once(empty_url: str) -> None:
    ended = await asyncio.gather(*(run(empty_url, "migrate") for _ in range(5)))
    assert [(ran.code, ran.err) for ran in ended] == [(0, "")] * 5
    assert {ran.out.splitlines()[-1] for ran in ended} == {f"The database is at version {Program().newest}."}
    assert differences(empty_url) == []
    # Each step was taken by one of them.
    assert sorted(taken([line for ran in ended for line in ran.out.splitlines()])) == Program().known


async def test_any_number_may_migrate_an_older_database_at_once_and_fill_its_rows_once(empty_url: str) -> None:
    await migrate(empty_url, "0004")
    fill(empty_url)
    said: list[list[str]] = [[] for _ in range(5)]
    await asyncio.gather(*(migrate(empty_url, program=next_program(), tell=lines.append) for lines in said))
    assert rows(empty_url, "SELECT count(*) FROM interne_taak WHERE gevuld = nummer") == [(400,)]
    assert rows(empty_url, "SELECT count(*) FROM backfill") == [(0,)]
    assert Counter(line.partition(" ")[0] for lines in said for line in lines)["0005"] == 1


def taken(said: list[str]) -> list[str]:
    """The migrations that were told to be made, each with its seconds; other lines tell how far rows are filled."""
    return [line.partition(" ")[0] for line in said if line[0].isdigit() and line.endswith(" s)")]


async def test_migrating_tells_how_far_it_is(empty_url: str) -> None:
    said: list[str] = []
    await migrate(empty_url, tell=said.append)
    assert taken(said) == Program().known
    fill(empty_url)
    said.clear()
    await migrate(empty_url, program=next_program(), tell=said.append)
    assert said[0].startswith(f"{EXPANDED} A next version that only adds (")
    assert said[1] == f"{EXPANDED} numbers again: 0 of 400 rows"
    assert f"{EXPANDED} numbers again: 400 of 400 rows" in said
    assert said[-1] == f"{EXPANDED} ix_interne_taak_gevuld: the index is being made"


async def test_each_of_several_fillings_of_a_migration_begins_at_the_beginning(empty_url: str) -> None:
    await migrate(empty_url)
    fill(empty_url)
    await migrate(empty_url, program=next_program())
    assert rows(empty_url, "SELECT count(*) FROM interne_taak WHERE daarna = nummer") == [(400,)]


async def test_a_filling_that_is_broken_off_goes_on_where_it_was(empty_url: str) -> None:
    await migrate(empty_url)
    fill(empty_url)
    [[stuck]] = rows(empty_url, "SELECT id FROM interne_taak ORDER BY id LIMIT 1 OFFSET 200")
    async with refusing(empty_url, "BEFORE UPDATE", "interne_taak", f"NEW.id = '{stuck}'", "no"):
        with pytest.raises(DatabaseOnbereikbaar):
            await migrate(empty_url, program=next_program())
    [[filled]] = rows(empty_url, "SELECT count(*) FROM interne_taak WHERE gevuld IS NOT NULL")
    assert 190 < filled <= 200
    with pytest.raises(DatabaseVerouderd, match="not finished"):
        await check(empty_url, next_program())
    said: list[str] = []
    await migrate(empty_url, program=next_program(), tell=said.append)
    assert said[0] == f"{EXPANDED} numbers again: 0 of {400 - filled} rows"
    assert rows(empty_url, "SELECT count(*) FROM interne_taak WHERE gevuld = nummer") == [(400,)]
    await check(empty_url, next_program())


async def test_who_migrates_waits_for_as_long_as_others_use_what_is_to_be_changed(empty_url: str) -> None:
    await migrate(empty_url)
    said: list[str] = []

    with held(empty_url):
        migrating = asyncio.create_task(migrate(empty_url, program=next_program(), tell=said.append))
        await until(lambda: said)
        assert said == ["Waiting: others are using what is to be changed."]
        assert not migrating.done()
    await migrating
    await check(empty_url, next_program())


async def test_migrating_again_changes_nothing_and_keeps_what_is_stored(settings: Settings) -> None:
    async with command_line(settings) as (eenheden, _):
        await eenheden.add(NieuweEenheid("Wijkbeheer"))
    before = stored(settings)
    await migrate(settings.database_url)
    assert stored(settings) == before
    assert any("Wijkbeheer" in line for line in before)


def fill(url: str) -> None:
    """Departments with tasks, some of which were forwarded, and some registered at another department's contact."""
    filling = Filling(400)
    batches = list(filling.batches(150))
    with connected(url) as connection:
        for table, rows in [*filling.people().items(), *(pair for batch in batches for pair in batch.items())]:
            names = list(metadata.tables[table].columns.keys())
            values = [dict(zip(names, row, strict=True)) for row in rows]
            if table == "klantcontact":
                for row in values[::7]:
                    row["eenheid_id"] = filling.eenheden[1]
            # An earlier version has fewer columns.
            has = {column["name"] for column in inspect(connection).get_columns(table)}
            values = [{name: value for name, value in row.items() if name in has} for row in values]
            connection.execute(insert(metadata.tables[table]), values)


async def test_what_was_stored_before_may_be_seen_and_is_found_as_what_is_stored_now(
    databases: Databases, empty_url: str
) -> None:
    with databases.new() as other_url:
        await migrate(empty_url, "0003")
        fill(empty_url)
        await migrate(empty_url)
        await migrate(other_url)
        fill(other_url)
        assert differences(empty_url) == []
        for url in (empty_url, other_url):
            found = await of_others(url)
            assert len(found) > 20
        assert await of_others(empty_url) == await of_others(other_url)


WITHDRAW = """
UPDATE interne_taak SET status = 'GEDAAN', rang = 0 WHERE status = 'TE_DOEN' AND medewerker_id IS NULL AND
"""
"""As a process of version 0004 does it, where a citizen is on the line."""


async def test_what_is_withdrawn_does_not_stand_first_whichever_version_withdrew_it(empty_url: str) -> None:
    """A process of the version before may have done it, and may serve for a while yet."""
    await migrate(empty_url, "0004")
    fill(empty_url)
    execute(empty_url, WITHDRAW + "substr(nummer, 10) < '5'")
    await migrate(empty_url)
    execute(empty_url, WITHDRAW + "substr(nummer, 10) >= '5'")
    of_taken = rows(empty_url, "SELECT status, rang FROM interne_taak WHERE medewerker_id IS NULL")
    assert len(of_taken) > 20
    assert {tuple(row) for row in of_taken} == {("GEDAAN", 1)}
    seen = rows(
        empty_url,
        "SELECT DISTINCT i.status, i.rang FROM inzage i JOIN interne_taak t ON t.id = i.taak_id "
        "WHERE t.medewerker_id IS NULL",
    )
    assert [tuple(row) for row in seen] == [("GEDAAN", 1)]


async def of_others(url: str) -> list[Any]:
    """Which departments may see what is not in their inbox and they did not register, and what a search finds."""
    seen = rows(url, "SELECT * FROM inzage ORDER BY taak_id, eenheid_id")
    database = Database(url)
    try:
        async with records_of(database) as records:
            page = await records.page(InterneTaak, Listed(TaakFilter(zoek=read_zoektekst(RARE[:5]))))
    finally:
        await database.close()
    return [*map(tuple, seen), *(taak.id for taak, _ in page.items)]


async def test_a_server_starts_on_a_database_that_is_up_to_date(settings: Settings) -> None:
    server = create_app(settings)
    async with server.router.lifespan_context(server):
        await check(settings.database_url)


async def test_a_server_refuses_an_empty_database_and_says_what_to_do(empty_url: str) -> None:
    server = create_app(settings_on(empty_url))
    with pytest.raises(DatabaseVerouderd, match="overdracht migrate"):
        async with server.router.lifespan_context(server):
            pass


async def test_a_server_refuses_a_database_of_a_newer_program(settings: Settings) -> None:
    execute(settings.database_url, "UPDATE alembic_version SET version_num = '9999'")
    execute(settings.database_url, "UPDATE oldest_serving SET revision = '9998'")
    server = create_app(settings)
    with pytest.raises(DatabaseVerouderd, match=f"9999.*{Program().newest}"):
        async with server.router.lifespan_context(server):
            pass


def test_all_that_the_package_needs_ships_with_it() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert built["packages"]["find"] == {"include": ["app*"], "namespaces": False}
    package = Path(app.__file__).parent
    # What pages are built of does not ship; what is built of it does.
    built_of = {package / "web" / page for page in ("graphiql", "screens")}
    files = [
        path
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and built_of.isdisjoint(path.parents)
    ]
    assert package / "storage" / "migrations" / "versions" / "0001_first_tables.py" in files
    for path in each(files):
        if path.suffix == ".py":
            assert (path.parent / "__init__.py") in files, path
        else:
            inside = path.relative_to(package).as_posix()
            assert any(fnmatch(inside, pattern) for pattern in built["package-data"]["app"]), path
