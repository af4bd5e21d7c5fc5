"""Transactions of a PostgreSQL server on the driver alone: BEGIN, the statements and COMMIT, a round trip each.

Each is a task of its own, which ends its transaction whatever becomes of who asked; and each is thrown away with
its connection when the server has not answered in time.
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
from app.storage.engine.lending import PostgresqlTransaction, lent
from app.storage.engine.limited import Limited, Places, no_answer
from app.storage.engine.transaction import Then, Waited, Work
from app.storage.sql.prepared import DatabaseKind

T = TypeVar("T")

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_COMMIT_SECONDS = 1.0
"""So long a commit is waited for in any case, however late it was asked: what becomes of it should be known."""


class _Attempt:
    """What is known of work that is under way: the connection that it has, and whether it commits."""

    def __init__(self) -> None:
        self.transaction: PostgresqlTransaction | None = None
        self.limited: Limited[Any] | None = None
        self.commits = False

    def begin_commit(self) -> None:
        """It is not broken off from now on, unless no answer comes."""
        self.commits = True
        if self.limited is not None:
            self.limited.last_until(asyncio.get_running_loop().time() + _COMMIT_SECONDS)

    def late(self) -> DatabaseOnbereikbaar:
        """The server has not answered in time: whatever waits for it fails."""
        if self.transaction is not None:
            self.transaction.throw_away()
        return CommitUnanswered(*no_answer().args) if self.commits else no_answer()


class Postgresql:
    """The connections of a PostgreSQL server. Readers and writers have a pool each, so that who writes in the midst
    of a reading never waits for readers who wait to write.
    """

    kind: ClassVar[DatabaseKind] = "postgresql"

    def __init__(
        self, reader: AsyncEngine, writer: AsyncEngine, *, size: int, wait_seconds: float, waited: Waited
    ) -> None:
        """`size` is that of each pool. `wait_seconds` are those between asking and being told."""
        self.answer_seconds = wait_seconds
        self._reader = reader.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = writer.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = Places(size, "read", wait_seconds, waited)
        self._writers = Places(size, "write", wait_seconds, waited)
        self._afterwards = Background()
        self._under_way: set[asyncio.Task[Any]] = set()

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """The work in a snapshot; without one where it is alone, since a statement is of one moment by itself. Who
        is cancelled leaves it to its end where it has begun.
        """
        until = self._until()
        await self._readers.take()
        attempt = _Attempt()
        reading = self._read(work, None if alone else _READ, attempt)
        return await self._started(reading, attempt, self._readers, until).answer

    async def writing(self, work: Work[T], then: Then[T]) -> T:
        """The work in a transaction that is committed. Who is cancelled breaks it off, but for the commit."""
        until = self._until()
        await self._writers.take()
        attempt = _Attempt()
        limited = self._started(self._write(work, attempt), attempt, self._writers, until)
        try:
            found = await limited.answer
        except asyncio.CancelledError:
            if not attempt.commits:
                limited.task.cancel()
            self._afterwards.start(_alone(limited.task, then))
            raise
        await then(found)
        return found

    def turn_to_read(self) -> AbstractAsyncContextManager[None]:
        """A place for a reading step by step, as long as it is open."""
        return self._readers.taken()

    @asynccontextmanager
    async def steps(self) -> AsyncIterator[PostgresqlTransaction]:
        """A snapshot that is read step by step, by who has a place; it is taken back at its end."""
        async with lent(self._reader) as transaction:
            with nothing_stored():
                await transaction.command(_READ)
            yield transaction

    async def close(self) -> None:
        """Wait for what is under way or being broken off: who made the engines can close all connections then."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._afterwards.ended()

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self.answer_seconds

    def _started(self, work: Coroutine[Any, Any, T], attempt: _Attempt, places: Places, until: float) -> Limited[T]:
        """Work that has a place, and leaves it when it has ended. Nothing is awaited before that is certain."""
        limited = attempt.limited = Limited(work, until=until, late=attempt.late)
        self._under_way.add(limited.task)
        limited.task.add_done_callback(self._under_way.discard)
        limited.task.add_done_callback(lambda _: places.leave())
        return limited

    async def _read(self, work: Work[T], begin: str | None, attempt: _Attempt) -> T:
        # Nothing of it is told yet, so where a connection proves to be dead it is done again on another, once.
        with suppress(TransactionLost):
            return await self._read_once(work, begin, attempt)
        return await self._read_once(work, begin, attempt)

    async def _read_once(self, work: Work[T], begin: str | None, attempt: _Attempt) -> T:
        async with lent(self._reader) as attempt.transaction:
            with nothing_stored():
                if begin is None:
                    return await work(attempt.transaction)
                await attempt.transaction.command(begin)
                found = await work(attempt.transaction)
            await attempt.transaction.command("COMMIT")
            return found

    async def _write(self, work: Work[T], attempt: _Attempt) -> T:
        async with lent(self._writer) as attempt.transaction:
            with nothing_stored():
                await attempt.transaction.command("BEGIN")
                found = await work(attempt.transaction)
            attempt.begin_commit()
            with unanswered():
                await attempt.transaction.command("COMMIT")
            return found


async def _alone(task: asyncio.Task[T], then: Then[T]) -> None:
    """What comes after a commit that nobody waits for any more."""
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is None:
        with suppress(Exception):
            await then(task.result())
