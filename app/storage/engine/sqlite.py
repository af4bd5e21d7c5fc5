"""Transactions on a SQLite file, each run whole in a thread: a few threads for reading, one for all writing.

The writer commits in groups: jobs that wait while it is busy share the next BEGIN IMMEDIATE and COMMIT, each in a
savepoint of its own. With a deferred BEGIN, two writers that have both read would wait for each other and fail.
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
from app.storage.engine.failures import NotWritable, TransactionLost, raise_translated, translating_errors
from app.storage.engine.lanes import Job, Jobs, ThreadLane
from app.storage.engine.limited import ConnectionQueue
from app.storage.engine.transaction import AfterCommit, PlainRows, Rows, Transaction, Waited, Work
from app.storage.sql.prepared import DatabaseKind, Prepared, Values

T = TypeVar("T")

_READERS = 4
"""The maximum number of reading threads: SQLite itself runs in parallel, but Python code runs one thread at a time.
"""

_WRITER_KIB = 65_536
"""The size of the writer's page cache in KiB. A registration changes pages all over the file: with SQLite's default
of 2 MiB, single registrations took a sixth more processor time in a register of 10,000 tasks.
"""

_GROUP = 64
"""The maximum number of transactions that share a commit, so that the first does not wait long for the last."""


class SqliteTransaction(Transaction):
    """A connection of a thread, inside or between transactions."""

    kind = "sqlite"

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect()
        raw = self._connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the one driver of the engine
        self.raw: sqlite3.Connection = raw

    async def rows(self, statement: Executable) -> Rows:
        """Run a statement of SQLAlchemy and return its rows."""
        with translating_errors():
            result = self._connection.execute(statement)
            return result.all() if result.returns_rows else []

    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """Run a prepared statement and return its rows."""
        text = prepared.sqlite
        try:
            return self.raw.execute(text.sql, text.values(values)).fetchall()
        except sqlite3.Error as error:
            raise_translated(error)

    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """Run a prepared statement once for each of the values."""
        text = prepared.sqlite
        try:
            self.raw.executemany(text.sql, [text.values(given) for given in values])
        except sqlite3.Error as error:
            raise_translated(error)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class SqliteSnapshot:
    """A pooled connection of SQLAlchemy, whose transaction begins with its first statement."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, prepared: Prepared, **values: Any) -> PlainRows:
        """Return the rows of a prepared SELECT."""
        text = prepared.sqlite
        with translating_errors():
            return (await self._connection.exec_driver_sql(text.sql, text.values(values))).all()

    def discard(self) -> None:
        """Do nothing: a file has no time limit on its answers."""


class Sqlite:
    """The threads of a SQLite file, and an engine for reading step by step."""

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
        self._places = ConnectionQueue(readers, "read", wait_seconds, waited)
        self._background = Background()
        reading = sqlite_thread_engine(url, {**pragmas, "query_only": "ON"}, wait_seconds=wait_seconds)
        with_cache = {**pragmas, "cache_size": str(-_WRITER_KIB)}
        writing = sqlite_thread_engine(url, with_cache, wait_seconds=wait_seconds)
        self._readers = ThreadLane(
            partial(SqliteTransaction, reading), self._read, partial(waited, "read"), threads=min(readers, _READERS)
        )
        self._writer = ThreadLane(
            partial(SqliteTransaction, writing), _write, partial(waited, "write"), together=_GROUP
        )

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """Run the work in a snapshot, or without one if it is `alone`: a single statement sees one moment by
        itself.
        """
        job = self._readers.ask(work, alone=alone)
        job.give_up_after(self._wait_seconds)
        try:
            return await job.answer
        finally:
            job.drop()

    async def writing(self, work: Work[T], then: AfterCommit[T]) -> T:
        """Run the work in a transaction, and commit it. If the caller is cancelled, work that has begun runs to its
        end.
        """
        job = self._writer.ask(work)
        job.give_up_after(self._wait_seconds)
        try:
            result = await asyncio.shield(job.answer)
        except asyncio.CancelledError:
            if not job.drop():
                self._background.start(_after_commit(job.answer, then))
            raise
        await then(result)
        return result

    def reading_place(self) -> AbstractAsyncContextManager[None]:
        """Take one of the places for reading while this context is open; a snapshot needs one."""
        return self._places.taken()

    @asynccontextmanager
    async def open_snapshot(self) -> AsyncIterator[SqliteSnapshot]:
        """Open a snapshot that is read step by step; it is rolled back at the end. The caller must hold a place."""
        with translating_errors():
            async with self._engine.connect() as connection:
                yield SqliteSnapshot(connection)

    async def close(self) -> None:
        """Wait for all jobs, and close the connections."""
        await self._readers.close()
        await self._writer.close()
        await self._background.ended()

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


async def _after_commit(answer: asyncio.Future[T], then: AfterCommit[T]) -> None:
    """Run `then` after a commit that nobody waits for any more."""
    with suppress(Exception):
        await then(await answer)


def _write(transaction: SqliteTransaction, jobs: Jobs[SqliteTransaction]) -> None:
    """Run the jobs and commit those that succeeded. If the commit fails, nothing is stored."""
    raw = transaction.raw
    if not any(job.is_wanted for job in jobs):
        # All jobs were dropped: do not make the next group wait for another process's write lock.
        return
    with translating_errors():
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
    """Run one job in a savepoint: if it fails it leaves nothing behind, and the other jobs of its group go on."""
    raw = transaction.raw
    raw.execute("SAVEPOINT job")
    if not job.do(transaction):
        if not raw.in_transaction:
            # Some errors end the whole transaction: nothing of the group is stored. If the disk is full, a retry
            # of the other jobs makes no sense.
            if isinstance(job.error, NotWritable):
                raise job.error
            raise TransactionLost("The database cannot be used: it broke a transaction off.")
        raw.execute("ROLLBACK TO job")
    raw.execute("RELEASE job")
