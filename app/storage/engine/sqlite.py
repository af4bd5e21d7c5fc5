"""Transactions of a SQLite file, each in one hop: readers in a few threads, all writing in one.

The one writer commits in groups: who waits while it is busy shares the next BEGIN IMMEDIATE and COMMIT, each in a
savepoint of his own. With a deferred begin two writers that have read wait for each other and fail.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from math import inf
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.engine.background import Background
from app.storage.engine.engines import sqlite_thread_engine
from app.storage.engine.failures import NotWritable, TransactionLost, raise_translated, translated
from app.storage.engine.lanes import Job, Jobs, ThreadLane
from app.storage.engine.limited import Places
from app.storage.engine.transaction import PlainRows, Rows, Then, Transaction, Waited, Work
from app.storage.sql.prepared import DatabaseKind, Prepared, Values

T = TypeVar("T")

_READERS = 4
"""How many threads read at most: SQLite works beside Python, and Python does one thing at a time."""

_WRITER_KIB = 65_536
"""How many KiB of the file the writer keeps: a registration changes pages all over it, and with SQLite's own 2 MiB
one at a time took a sixth more of the processor, in a register of 10,000 tasks."""

_GROUP = 64
"""How many transactions share a commit at most, so that the first of them does not wait long for the last."""


class SqliteTransaction(Transaction):
    """A connection of a thread, in a transaction or between two."""

    kind = "sqlite"

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        raw = self._connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the one driver of the engine
        self.raw: sqlite3.Connection = raw

    async def rows(self, statement: Executable) -> Rows:
        """The rows of a statement of SQLAlchemy's."""
        with translated():
            result = self._connection.execute(statement)
            return result.all() if result.returns_rows else []

    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a prepared statement."""
        text = prepared.sqlite
        try:
            return self.raw.execute(text.sql, text.values(values)).fetchall()
        except sqlite3.Error as error:
            raise_translated(error)

    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """A prepared statement once for each of the values."""
        text = prepared.sqlite
        try:
            self.raw.executemany(text.sql, [text.values(given) for given in values])
        except sqlite3.Error as error:
            raise_translated(error)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class SqliteSteps:
    """A connection of SQLAlchemy's pool, whose transaction begins with its first statement."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, prepared: Prepared, **values: Any) -> PlainRows:
        """The rows of a prepared SELECT."""
        text = prepared.sqlite
        with translated():
            return (await self._connection.exec_driver_sql(text.sql, text.values(values))).all()

    def throw_away(self) -> None:
        """Nothing: a file is not silent, and no answer of it is late."""


class Sqlite:
    """The threads of a SQLite file, and an engine for who reads step by step."""

    kind: ClassVar[DatabaseKind] = "sqlite"
    answer_seconds = inf

    def __init__(
        self,
        url: str,
        engine: AsyncEngine,
        pragmas: Mapping[str, str],
        *,
        readers: int,
        wait_seconds: float,
        waited: Waited,
    ) -> None:
        self._engine = engine
        self._wait_seconds = wait_seconds
        self._places = Places(readers, "read", wait_seconds, waited)
        self._afterwards = Background()
        reading = sqlite_thread_engine(url, {**pragmas, "query_only": "ON"}, wait_seconds=wait_seconds)
        kept = {**pragmas, "cache_size": str(-_WRITER_KIB)}
        writing = sqlite_thread_engine(url, kept, wait_seconds=wait_seconds)
        self._readers = ThreadLane(
            partial(SqliteTransaction, reading), self._read, partial(waited, "read"), threads=min(readers, _READERS)
        )
        self._writer = ThreadLane(
            partial(SqliteTransaction, writing), _write, partial(waited, "write"), together=_GROUP
        )

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """The work in a snapshot; without one where it is alone, since a statement is of one moment by itself."""
        job = self._readers.ask(work, alone=alone)
        job.give_up_after(self._wait_seconds)
        try:
            return await job.answer
        finally:
            job.drop()

    async def writing(self, work: Work[T], then: Then[T]) -> T:
        """The work in a transaction that is committed. Who is cancelled leaves it to its end where it was begun."""
        job = self._writer.ask(work)
        job.give_up_after(self._wait_seconds)
        try:
            found = await asyncio.shield(job.answer)
        except asyncio.CancelledError:
            if not job.drop():
                self._afterwards.start(_finished(job.answer, then))
            raise
        await then(found)
        return found

    def turn_to_read(self) -> AbstractAsyncContextManager[None]:
        """A place for a reading step by step, as long as it is open."""
        return self._places.taken()

    @asynccontextmanager
    async def steps(self) -> AsyncIterator[SqliteSteps]:
        """A snapshot that is read step by step, by who has a place. It is taken back at its end."""
        with translated():
            async with self._engine.connect() as connection:
                yield SqliteSteps(connection)

    async def close(self) -> None:
        """Do what was asked, and close the connections."""
        await self._readers.close()
        await self._writer.close()
        await self._afterwards.ended()

    @staticmethod
    def _read(transaction: SqliteTransaction, jobs: Jobs[SqliteTransaction]) -> None:
        [job] = jobs
        if not job.begin():
            return
        if job.alone:
            job.do(transaction)
            return
        transaction.raw.execute("BEGIN")
        try:
            job.do(transaction)
        finally:
            transaction.raw.execute("ROLLBACK")


async def _finished(answer: asyncio.Future[T], then: Then[T]) -> None:
    """What comes after a commit that nobody waits for any more."""
    with suppress(Exception):
        await then(await answer)


def _write(transaction: SqliteTransaction, jobs: Jobs[SqliteTransaction]) -> None:
    """Do the jobs and commit what went well; where the commit fails nothing did."""
    raw = transaction.raw
    if not any(job.is_wanted for job in jobs):
        # Nobody waits any more: nor does who comes next, for another process that writes.
        return
    with translated():
        try:
            raw.execute("BEGIN IMMEDIATE")
            for job in jobs:
                if job.begin():
                    _write_one(transaction, job)
            raw.execute("COMMIT")
        finally:
            if raw.in_transaction:
                with suppress(sqlite3.Error):
                    raw.execute("ROLLBACK")


def _write_one(transaction: SqliteTransaction, job: Job[SqliteTransaction, Any]) -> None:
    """A job that goes wrong leaves nothing behind, and harms no other of its group."""
    raw = transaction.raw
    raw.execute("SAVEPOINT job")
    if not job.do(transaction):
        if not raw.in_transaction:
            # Some errors end the whole transaction: nothing of the group is stored. Where the disk is full the
            # others need not try again.
            if isinstance(job.error, NotWritable):
                raise job.error
            raise TransactionLost("The database cannot be used: it broke a transaction off.")
        raw.execute("ROLLBACK TO job")
    raw.execute("RELEASE job")
