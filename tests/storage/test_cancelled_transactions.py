"""Whoever is cancelled in a transaction, and again while it is being ended, leaves no part of it to anybody else.

What is cleaned up after a cancellation waits for the database, and can be cancelled itself.
"""

import asyncio

import pytest
from sqlalchemy import func, select, update

from app.storage.engine.database import Database
from app.storage.engine.engines import postgresql_engine
from app.storage.engine.lending import borrowed_connection
from app.storage.engine.snapshot import Snapshot
from app.storage.engine.transaction import Transaction
from app.storage.schema.tables import organisatorische_eenheid
from app.storage.sql.prepared import Prepared
from tests.support.client import PATIENCE
from tests.support.databases import commits_held, commits_waiting, let_commits_wait, rows
from tests.support.each import each
from tests.support.postgres import Postgres
from tests.support.template import Template
from tests.support.waiting import turns, until

pytestmark = pytest.mark.database("postgresql")

ROUNDS = 100

NUMBER = organisatorische_eenheid.c.laatste_volgnummer
RAISE = Prepared.of(update(organisatorische_eenheid).values({NUMBER: NUMBER + 1}))
NAMES = Prepared.of(select(organisatorische_eenheid.c.naam))
SESSION = select(func.pg_backend_pid())
STATES = """
SELECT state FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
STORED = "SELECT DISTINCT laatste_volgnummer FROM organisatorische_eenheid"


class Stored:
    """Work in a transaction that stops before its last statement until it may go on, and who is told at its end."""

    def __init__(self) -> None:
        self.raised, self.go_on = asyncio.Event(), asyncio.Event()
        self.told = 0

    async def __call__(self, tx: Transaction) -> None:
        await tx.run(RAISE)
        self.raised.set()
        await self.go_on.wait()
        await tx.run(RAISE)

    async def then(self, _: None) -> None:
        await asyncio.sleep(0)
        self.told += 1


def opened(url: str, wait_seconds: float = PATIENCE) -> Database:
    """With one connection for reading and one for writing: whoever comes next gets what was left."""
    return Database(url, readers=1, wait_seconds=wait_seconds)


async def cancelled(task: asyncio.Future[None], between: int) -> None:
    """Cancel it again and again, with so many turns of the loop between."""
    for _ in range(3):
        task.cancel()
        await turns(between)


async def read_names(tx: Transaction) -> None:
    await tx.run(NAMES)


def stored(url: str) -> int:
    """How often every number was raised."""
    [[number]] = rows(url, STORED)
    return int(number)


@pytest.mark.parametrize("between", range(10))
async def test_nobody_commits_what_another_began(own: Template, postgres: Postgres, between: int) -> None:
    database = opened(own.url)
    for _ in range(ROUNDS // 10):
        work = Stored()
        deed = asyncio.ensure_future(database.writing(work, work.then))
        await work.raised.wait()
        with postgres.hanging():
            work.go_on.set()
            await turns(3)
            await cancelled(deed, between)
        await asyncio.wait([deed])
        await database.writing(read_names)
        assert (stored(own.url), work.told) == (0, 0)
    await database.close()


@pytest.mark.parametrize("between", range(10))
async def test_what_is_broken_off_while_it_ends_is_ended_by_nobody_else(
    own: Template, postgres: Postgres, between: int
) -> None:
    """Whatever the cancellation hits: waiting for a connection, BEGIN, a statement, COMMIT, or what comes then."""
    database, told = opened(own.url), 0
    for round_ in range(ROUNDS // 10):
        work = Stored()
        work.go_on.set()
        deed = asyncio.ensure_future(database.writing(work, work.then))
        with postgres.hanging():
            # Each round a few turns further, as far as a server that says nothing lets it come.
            await turns(round_)
            await cancelled(deed, between)
        await asyncio.wait([deed])
        await database.writing(read_names)
        assert stored(own.url) == 2 * told + 2 * work.told
        told += work.told
    await database.close()


@pytest.mark.parametrize("between", range(5))
async def test_a_commit_that_is_under_way_is_done_to_its_end_and_told_of(
    own: Template, postgres: Postgres, between: int
) -> None:
    let_commits_wait(own.url)
    database, works = opened(own.url), [Stored() for _ in range(ROUNDS // 5)]
    for number, work in enumerate(each(works), 1):
        work.go_on.set()
        with commits_held(own.url):
            deed = asyncio.ensure_future(database.writing(work, work.then))
            await until(lambda: asyncio.to_thread(commits_waiting, own.url))
            await cancelled(deed, between)
            await asyncio.wait([deed])
            assert deed.cancelled()
        await database.writing(read_names)
        assert stored(own.url) == 2 * number
    await database.close()
    assert [work.told for work in works] == [1] * len(works)


@pytest.mark.parametrize("between", range(5))
async def test_a_reading_that_is_broken_off_leaves_no_moment_behind_for_the_next(
    own: Template, postgres: Postgres, between: int
) -> None:
    database = opened(own.url)
    for round_ in range(ROUNDS // 5):
        reading = asyncio.ensure_future(database.reading(read_names))
        steps = asyncio.ensure_future(by_steps(database))
        with postgres.hanging():
            await turns(round_)
            await cancelled(reading, between)
            await cancelled(steps, between)
        await asyncio.wait([reading, steps])
        await database.writing(raise_numbers)
        assert await database.reading(numbers, alone=True) == {round_ + 1}
    await database.close()


async def by_steps(database: Database) -> None:
    async with Snapshot(database) as snapshot:
        await asyncio.gather(*(snapshot.run(Prepared.of(select(NUMBER))) for _ in range(3)))


async def raise_numbers(tx: Transaction) -> None:
    await tx.run(RAISE)


async def numbers(tx: Transaction) -> set[int]:
    return {row[0] for row in await tx.rows(select(NUMBER))}


async def test_a_transaction_that_is_over_throws_away_no_connection_that_somebody_else_may_have(
    own: Template,
) -> None:
    engine = postgresql_engine(own.url, 1, wait_seconds=PATIENCE, is_limited=True)
    async with borrowed_connection(engine) as first:
        [[session]] = await first.rows(SESSION)
    async with borrowed_connection(engine) as second:
        first.discard()
        assert await second.rows(SESSION) == [(session,)]
    await engine.dispose()


@pytest.mark.parametrize("further", range(10))
async def test_no_connection_that_waits_for_the_next_is_in_a_transaction(
    own: Template, postgres: Postgres, further: int
) -> None:
    """Whatever the cancellation hits: while one idles in a transaction, PostgreSQL cannot clean up its tables."""
    database = opened(own.url)
    await database.writing(read_names)
    with postgres.hanging():
        deed = asyncio.ensure_future(database.writing(read_names))
        await turns(further)
        await cancelled(deed, 0)
    await asyncio.wait([deed])
    await until(lambda: asyncio.to_thread(are_idle, own.url))
    await database.close()


def are_idle(url: str) -> bool:
    """Whether every other session of the database waits for a command, in no transaction."""
    return {row.state for row in rows(url, STATES)} == {"idle"}
