"""What passes by itself in a database is told alike on each kind, and harms nobody who comes after."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count

import pytest
from sqlalchemy import insert, select, text, update

from app.service.writing import Done, Writer, nobody_listens
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.engine.failures import ConstraintViolated, DatabaseOnbereikbaar
from app.storage.engine.snapshot import Snapshot
from app.storage.engine.transaction import Transaction
from app.storage.schema.tables import organisatorische_eenheid
from app.storage.sql.prepared import Prepared
from tests.support.arrange import stored
from tests.support.client import PATIENCE
from tests.support.databases import connected, execute, rows
from tests.support.statements import statements_and_ends
from tests.support.template import Template

NAMES = select(organisatorische_eenheid.c.naam)
RAISE = update(organisatorische_eenheid).values(
    {organisatorische_eenheid.c.laatste_volgnummer: organisatorische_eenheid.c.laatste_volgnummer + 1}
)

UNKNOWN = "99999999-9999-4999-8999-999999999999"

# But for who ends them: as if the server closed the connections of a process one by one. Each has ended then.
END_SESSIONS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


@asynccontextmanager
async def database(
    settings: Settings, *, readers: int = 8, wait_seconds: float = PATIENCE
) -> AsyncIterator[Database]:
    """The database as a process opens it."""
    opened = Database(settings.database_url, readers=readers, synchronous="NORMAL", wait_seconds=wait_seconds)
    try:
        yield opened
    finally:
        await opened.close()


async def read(database: Database) -> int:
    """How many departments a reading of its own finds."""
    async with Snapshot(database) as snapshot:
        return len(await snapshot.run(Prepared.of(NAMES)))


async def rename(database: Database, naam: str) -> None:
    """Give every department this name."""
    await database.writing(lambda tx: tx.rows(update(organisatorische_eenheid).values(naam=naam)))


async def raise_numbers(database: Database, settings: Settings, *, lost_at_step: int | None) -> None:
    """Four deeds at once that raise every department's number. All lose their connection while the first of them is
    at a step, once, and none is being committed: what became of such a one could not be known.
    """
    writer, all_began, first_holds_them = Writer(database, nobody_listens), asyncio.Barrier(4), asyncio.Event()
    attempt, step = count(), count()

    def maybe_lost() -> None:
        if next(step) == lost_at_step:
            execute(settings.database_url, END_SESSIONS)

    async def first(tx: Transaction) -> Done[None]:
        if next(attempt) == 0:
            await all_began.wait()
        maybe_lost()
        await tx.rows(RAISE)
        first_holds_them.set()
        await tx.rows(NAMES)
        maybe_lost()
        # It learns of it before it asks for the commit.
        await tx.rows(NAMES)
        return Done(None)

    async def other(tx: Transaction) -> Done[None]:
        if not first_holds_them.is_set():
            await all_began.wait()
            await first_holds_them.wait()
        await tx.rows(RAISE)
        return Done(None)

    await asyncio.gather(writer.run(first), *(writer.run(other) for _ in range(3)))


async def test_who_finds_no_free_connection_in_time_is_told_so_and_may_ask_again(settings: Settings) -> None:
    async with database(settings, readers=1, wait_seconds=1) as db:
        async with Snapshot(db) as first:
            await first.run(Prepared.of(NAMES))
            with pytest.raises(DatabaseOnbereikbaar):
                await read(db)
        assert await read(db) == 4


async def test_who_writes_in_the_midst_of_a_reading_waits_for_no_reader(settings: Settings) -> None:
    async with database(settings, readers=1) as db, Snapshot(db) as snapshot:
        await snapshot.run(Prepared.of(NAMES))
        await rename(db, "Anders")
        assert "Anders" not in {row[0] for row in await snapshot.run(Prepared.of(NAMES))}


@pytest.mark.database("sqlite")
async def test_a_writer_who_waits_too_long_for_another_process_is_told_so(settings: Settings) -> None:
    async with database(settings, wait_seconds=1) as db:
        with connected(settings.database_url) as other:
            other.execute(text("BEGIN IMMEDIATE"))
            with pytest.raises(DatabaseOnbereikbaar):
                await rename(db, "Anders")
            other.execute(text("ROLLBACK"))
        await rename(db, "Anders")


@pytest.mark.database("sqlite")
async def test_however_many_wait_for_another_process_all_are_told_so_together(settings: Settings) -> None:
    async with database(settings, wait_seconds=0.3) as db:
        await rename(db, "Anders")
        with connected(settings.database_url) as other, statements_and_ends() as executed:
            other.execute(text("BEGIN IMMEDIATE"))
            asked = (rename(db, "Nog anders") for _ in range(400))
            answers = await asyncio.gather(*asked, return_exceptions=True)
            other.execute(text("ROLLBACK"))
        assert {type(answer) for answer in answers} == {DatabaseOnbereikbaar}
        # They wait at the same time, not one group after another.
        assert executed.count("BEGIN IMMEDIATE") < 4
        assert rows(settings.database_url, "SELECT DISTINCT naam FROM organisatorische_eenheid") == [("Anders",)]
        await rename(db, "Weer anders")


async def read_in_one_go(database: Database) -> int:
    """How many departments one piece of work finds."""
    return len(await database.reading(lambda tx: tx.rows(NAMES)))


async def read_alone(database: Database) -> int:
    """How many departments one statement finds."""
    return len(await database.reading(lambda tx: tx.rows(NAMES), alone=True))


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("one", [read, read_in_one_go, read_alone])
async def test_a_reading_that_begins_on_a_dead_connection_gets_a_fresh_one(
    settings: Settings, one: Callable[[Database], Awaitable[int]]
) -> None:
    async with database(settings) as db:
        await asyncio.gather(*(one(db) for _ in range(8)))
        # Nothing lets this process notice before it reads again.
        execute(settings.database_url, END_SESSIONS)
        assert await asyncio.gather(*(one(db) for _ in range(8))) == [4] * 8


@pytest.mark.database("postgresql")
async def test_a_reading_that_lost_its_moment_never_goes_on_with_another(settings: Settings) -> None:
    async with database(settings) as db:
        async with Snapshot(db) as snapshot:
            await snapshot.run(Prepared.of(NAMES))
            execute(settings.database_url, END_SESSIONS)
            for _ in range(2):
                with pytest.raises(DatabaseOnbereikbaar):
                    await snapshot.run(Prepared.of(NAMES))
        assert await read(db) == 4


@pytest.mark.database("postgresql")
async def test_a_deed_that_loses_its_connection_before_the_commit_is_done_again(settings: Settings) -> None:
    async with database(settings) as db:
        for step in (None, 0, 1):
            await raise_numbers(db, settings, lost_at_step=step)
    numbers = rows(settings.database_url, "SELECT laatste_volgnummer FROM organisatorische_eenheid")
    assert {row.laatste_volgnummer for row in numbers} == {12}


@pytest.mark.database("postgresql")
async def test_a_write_that_loses_its_connection_leaves_nothing(settings: Settings) -> None:
    before = stored(settings)

    async def lose_it_before_the_end(tx: Transaction) -> None:
        await tx.rows(update(organisatorische_eenheid).values(naam="Anders"))
        execute(settings.database_url, END_SESSIONS)

    async with database(settings) as db:
        with pytest.raises(DatabaseOnbereikbaar):
            await db.writing(lose_it_before_the_end)
        assert stored(settings) == before
        await rename(db, "Anders")


@pytest.mark.database("postgresql")
async def test_of_two_deeds_that_wait_for_each_other_one_is_done_again(
    settings: Settings, template: Template
) -> None:
    ends = [template.eenheden["VER"], template.eenheden["BUR"]]
    both_hold_one = asyncio.Barrier(2)
    attempts: list[str] = []

    async def hold(db: Database, order: Sequence[str]) -> None:
        async def work(tx: Transaction) -> Done[None]:
            attempts.append(order[0])
            for eenheid_id in order:
                eenheid = organisatorische_eenheid.c
                await tx.rows(select(eenheid.id).where(eenheid.id == eenheid_id).with_for_update())
                if len(attempts) <= 2 and eenheid_id == order[0]:
                    await both_hold_one.wait()
            return Done(None)

        await Writer(db, nobody_listens).run(work)

    async with database(settings) as db:
        await asyncio.gather(hold(db, ends), hold(db, ends[::-1]))
    assert len(attempts) >= 3
    assert set(attempts) == set(ends)


@pytest.mark.database("postgresql")
async def test_a_row_that_postgresql_quotes_in_an_error_is_handed_on_to_nobody(settings: Settings) -> None:
    secret = "Mevrouw de Vries"
    lacking = Prepared.of(insert(organisatorische_eenheid).values(id=UNKNOWN, naam=secret))
    async with database(settings) as db:
        with pytest.raises(ConstraintViolated) as refused:
            await db.writing(lambda tx: tx.run(lacking))
    assert secret not in "".join(traceback.format_exception(refused.value))


@pytest.mark.database("postgresql")
@pytest.mark.parametrize(
    "sqlstate",
    [
        pytest.param("08006", id="the connection failed"),
        pytest.param("28P01", id="the password is another one now"),
        pytest.param("3D000", id="there is no such database"),
        pytest.param("53200", id="it has no memory left"),
        pytest.param("53300", id="it has too many connections"),
        pytest.param("57P03", id="it is starting up"),
    ],
)
async def test_that_postgresql_cannot_serve_anybody_now_is_told_as_what_passes_by_itself(
    settings: Settings, sqlstate: str
) -> None:
    refusal = text(f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$")
    async with database(settings) as db:
        with pytest.raises(DatabaseOnbereikbaar):
            await db.reading(lambda tx: tx.rows(refusal))
        assert await read(db) == 4


@pytest.mark.database("sqlite")
async def test_who_asks_a_file_that_was_closed_is_told_so_and_does_not_wait(settings: Settings) -> None:
    async with database(settings) as db:
        await rename(db, "Anders")
    async with asyncio.timeout(PATIENCE / 2):
        with pytest.raises(DatabaseOnbereikbaar, match="closed"):
            await rename(db, "Nog anders")
        with pytest.raises(DatabaseOnbereikbaar, match="closed"):
            await db.reading(lambda tx: tx.rows(NAMES), alone=True)
