"""Transactions on a PostgreSQL server, using the driver alone: BEGIN, each statement and COMMIT are one round trip
each.

Each runs in a task of its own, which ends its transaction even when the caller has gone. When the server does not
answer in time, the task is cancelled and its connection closed.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, ClassVar, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from app.storage.engine.background import Background
from app.storage.engine.failures import (
    CommitUnanswered,
    DatabaseOnbereikbaar,
    TransactionLost,
    nothing_stored,
    unanswered,
)
from app.storage.engine.lending import PostgresqlTransaction, borrowed_connection
from app.storage.engine.limited import ConnectionQueue, WithDeadline, no_answer
from app.storage.engine.transaction import AfterCommit, Waited, Work
from app.storage.sql.prepared import DatabaseKind

T = TypeVar("T")

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_COMMIT_SECONDS = 1.0
"""A COMMIT is waited for at least this long, even past the deadline, so that its outcome is known."""


class _Attempt:
    """The state of work that is running: its connection, and whether it is committing."""

    def __init__(self) -> None:
        self.transaction: PostgresqlTransaction | None = None
        self.limited: WithDeadline[Any] | None = None
        self.commits = False

    def begin_commit(self) -> None:
        """Mark the work as committing: from now on it is only aborted if no answer comes."""
        self.commits = True
        if self.limited is not None:
            self.limited.extend_deadline(asyncio.get_running_loop().time() + _COMMIT_SECONDS)

    def late(self) -> DatabaseOnbereikbaar:
        """Called when the server has not answered in time: close the connection, and return the error to raise."""
        if self.transaction is not None:
            self.transaction.discard()
        return CommitUnanswered(*no_answer().args) if self.commits else no_answer()


class Postgresql:
    """The connections of a PostgreSQL server. Readers and writers have a pool each, so that a write that starts
    during a read never waits for readers that themselves wait to write.
    """

    kind: ClassVar[DatabaseKind] = "postgresql"

    def __init__(
        self, reader: AsyncEngine, writer: AsyncEngine, *, size: int, wait_seconds: float, waited: Waited
    ) -> None:
        """`size` is the size of each pool. `wait_seconds` is the time limit from request to answer."""
        self.answer_seconds = wait_seconds
        self._reader = reader.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = writer.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = ConnectionQueue(size, "read", wait_seconds, waited)
        self._writers = ConnectionQueue(size, "write", wait_seconds, waited)
        self._background = Background()
        self._under_way: set[asyncio.Task[Any]] = set()

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """Run the work in a snapshot, or without one if it is `alone`: a single statement sees one moment by
        itself. If the caller is cancelled, work that has begun runs to its end.
        """
        until = self._until()
        await self._readers.take()
        attempt = _Attempt()
        reading = self._read(work, None if alone else _READ, attempt)
        return await self._started(reading, attempt, self._readers, until).answer

    async def writing(self, work: Work[T], then: AfterCommit[T]) -> T:
        """Run the work in a transaction, and commit it. If the caller is cancelled the work is aborted, unless it
        is committing.
        """
        until = self._until()
        await self._writers.take()
        attempt = _Attempt()
        limited = self._started(self._write(work, attempt), attempt, self._writers, until)
        try:
            result = await limited.answer
        except asyncio.CancelledError:
            if not attempt.commits:
                limited.task.cancel()
            self._background.start(_after_commit(limited.task, then))
            raise
        await then(result)
        return result

    def reading_place(self) -> AbstractAsyncContextManager[None]:
        """Hold a place for reading step by step while this context is open."""
        return self._readers.taken()

    @asynccontextmanager
    async def open_snapshot(self) -> AsyncIterator[PostgresqlTransaction]:
        """Open a snapshot that is read step by step; it is rolled back at the end. The caller must hold a place."""
        async with borrowed_connection(self._reader) as transaction:
            with nothing_stored():
                await transaction.command(_READ)
            yield transaction

    async def close(self) -> None:
        """Wait for work that is running or being aborted. After this, the engines can close all connections."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._background.ended()

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self.answer_seconds

    def _started(
        self, work: Coroutine[Any, Any, T], attempt: _Attempt, places: ConnectionQueue, until: float
    ) -> WithDeadline[T]:
        """Start work that holds a place; the place is freed when the work ends. Nothing is awaited before that is
        certain.
        """
        limited = attempt.limited = WithDeadline(work, until=until, late=attempt.late)
        self._under_way.add(limited.task)
        limited.task.add_done_callback(self._under_way.discard)
        limited.task.add_done_callback(lambda _: places.leave())
        return limited

    async def _read(self, work: Work[T], begin: str | None, attempt: _Attempt) -> T:
        # Nothing has been returned yet, so if the connection turns out to be dead the work is retried once.
        with suppress(TransactionLost):
            return await self._read_once(work, begin, attempt)
        return await self._read_once(work, begin, attempt)

    async def _read_once(self, work: Work[T], begin: str | None, attempt: _Attempt) -> T:
        async with borrowed_connection(self._reader) as attempt.transaction:
            with nothing_stored():
                if begin is None:
                    return await work(attempt.transaction)
                await attempt.transaction.command(begin)
                result = await work(attempt.transaction)
            await attempt.transaction.command("COMMIT")
            return result

    async def _write(self, work: Work[T], attempt: _Attempt) -> T:
        async with borrowed_connection(self._writer) as attempt.transaction:
            with nothing_stored():
                await attempt.transaction.command("BEGIN")
                result = await work(attempt.transaction)
            attempt.begin_commit()
            with unanswered():
                await attempt.transaction.command("COMMIT")
            return result


async def _after_commit(task: asyncio.Task[T], then: AfterCommit[T]) -> None:
    """Run `then` after a commit that nobody waits for any more."""
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is None:
        with suppress(Exception):
            await then(task.result())
