"""The database as a process uses it: its connections and transactions, for SQLite and PostgreSQL alike."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar, Protocol, TypeVar

from app.storage.engine.availability import Availability
from app.storage.engine.background import Background
from app.storage.engine.engines import WAIT_SECONDS, is_sqlite, postgresql_engine, sqlite_engine
from app.storage.engine.failures import DatabaseOnbereikbaar, translating_errors
from app.storage.engine.postgresql import Postgresql
from app.storage.engine.sqlite import Sqlite
from app.storage.engine.transaction import AfterCommit, PlainRows, Waited, Work, nothing
from app.storage.sql.prepared import DatabaseKind, Prepared

T = TypeVar("T")

Synchronous = str
"""The value of SQLite's pragma `synchronous`: FULL survives a power cut, NORMAL survives a killed process."""


def _ignore_waiting(_: str, __: float) -> None:
    """The default for `waited`: waiting times are not recorded."""


class SnapshotConnection(Protocol):
    """A snapshot that is read with one statement at a time."""

    async def run(self, prepared: Prepared, **values: Any) -> PlainRows:
        """Return the rows of a prepared SELECT."""

    def discard(self) -> None:
        """Abort the statement that is running. After this, nothing can be read any more."""


class Transactions(Protocol):
    """Runs work in transactions of one kind of database. Every call returns or raises within `answer_seconds`."""

    kind: ClassVar[DatabaseKind]
    answer_seconds: float

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """Run the work in a transaction that sees one moment."""

    async def writing(self, work: Work[T], then: AfterCommit[T]) -> T:
        """Run the work in a transaction, and commit it."""

    def reading_place(self) -> AbstractAsyncContextManager[None]:
        """Hold a place in the queue of readers for reading step by step. A caller that is cancelled while waiting
        leaves the queue.
        """

    def open_snapshot(self) -> AbstractAsyncContextManager[SnapshotConnection]:
        """Open a snapshot. The caller must hold a place, see `reading_place`. Raises `TransactionLost` if the
        connection turns out to be dead.
        """

    async def close(self) -> None:
        """Wait until all work that was requested has ended."""


class Database:
    """Runs work in transactions: `reading` sees one moment throughout, `writing` commits at its end or not at all.

    Code that reads step by step, while an operation runs, first takes a place with `reading_place` and then opens
    `open_snapshot`. A caller gets a result or an error within `wait_seconds`, unless a SQLite file is slow.
    """

    def __init__(
        self,
        url: str,
        *,
        readers: int = 8,
        synchronous: Synchronous = "FULL",
        wait_seconds: float = WAIT_SECONDS,
        waited: Waited = _ignore_waiting,
    ) -> None:
        self.availability = Availability()
        self._transactions: Transactions
        if is_sqlite(url):
            pragmas = {"journal_mode": "WAL", "synchronous": synchronous, "foreign_keys": "ON"}
            reading = {**pragmas, "query_only": "ON"}
            engine = sqlite_engine(url, "BEGIN", readers, reading, wait_seconds=wait_seconds)
            self._engines = [engine]
            self._transactions = Sqlite(
                url, engine, pragmas, readers=readers, wait_seconds=wait_seconds, waited=waited
            )
        else:
            reader, writer = (
                postgresql_engine(url, readers, wait_seconds=wait_seconds, is_limited=True) for _ in "rw"
            )
            self._engines = [reader, writer]
            self._transactions = Postgresql(reader, writer, size=readers, wait_seconds=wait_seconds, waited=waited)
        self.background = Background()
        """Work that runs on when its caller has gone; `close` waits for it."""

    async def reading(self, work: Work[T], *, alone: bool = False) -> T:
        """Run the work in a transaction that sees one moment and writes nothing, and return what it returns; see
        `Work`.

        `alone` says that the work is a single statement. That sees one moment by itself, without a transaction, and
        costs one round trip.
        """
        return await self.tracking_availability(self._transactions.reading(work, alone=alone), writing=False)

    async def writing(self, work: Work[T], then: AfterCommit[T] = nothing) -> T:
        """Run the work in a transaction that commits at its end, and return what it returns; see `Work`. When the
        work raises, nothing is stored. A caller that is cancelled does not know whether it was committed: work that
        has not begun is not done, and a commit that has begun is completed, followed by `then`.

        Raises `TransactionLost` if the connection was lost halfway and `DatabaseOnbereikbaar` if there was no
        connection in time: in both cases nothing is stored. After `CommitUnanswered` it is unknown whether it was
        stored; a retry finds out.
        """
        return await self.tracking_availability(self._transactions.writing(work, then), writing=True)

    @property
    def kind(self) -> DatabaseKind:
        """Which kind of database this is."""
        return self._transactions.kind

    @property
    def answer_seconds(self) -> float:
        """How long an answer of the database may take, in seconds since the request; infinite without a limit."""
        return self._transactions.answer_seconds

    def reading_place(self) -> AbstractAsyncContextManager[None]:
        """Hold a place in the queue of readers while this context is open, for reading step by step. Raises
        `DatabaseOnbereikbaar` if no place is free in time. A caller that is cancelled while waiting leaves the
        queue.
        """
        return self._transactions.reading_place()

    def open_snapshot(self) -> AbstractAsyncContextManager[SnapshotConnection]:
        """Open one snapshot that is read step by step. The caller must hold a place, see `reading_place`. Raises
        `TransactionLost` if the connection turns out to be dead.
        """
        return self._transactions.open_snapshot()

    async def tracking_availability(self, operation: Awaitable[T], *, writing: bool) -> T:
        """Return the result of an operation, and record in `availability` whether it succeeded."""
        try:
            with translating_errors():
                result = await operation
        except DatabaseOnbereikbaar as error:
            self.availability.failed(error, writing=writing)
            raise
        self.availability.worked(writing=writing)
        return result

    async def close(self) -> None:
        """Wait for all work that was requested, and close every connection."""
        try:
            await self._transactions.close()
            await self.background.ended()
        finally:
            for engine in self._engines:
                await engine.dispose()
