"""The database of a process: its connections and its transactions, whichever kind it is."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar, Protocol, TypeVar

from app.storage.engine.availability import Availability
from app.storage.engine.background import Background
from app.storage.engine.engines import WAIT_SECONDS, is_sqlite, postgresql_engine, sqlite_engine
from app.storage.engine.failures import DatabaseOnbereikbaar, translated
from app.storage.engine.postgresql import Postgresql
from app.storage.engine.sqlite import Sqlite
from app.storage.engine.transaction import PlainRows, Then, Waited, Work, nothing
from app.storage.sql.prepared import DatabaseKind, Prepared

T = TypeVar("T")

Synchronous = str
"""SQLite's pragma of that name: FULL survives a power cut, NORMAL survives a killed process."""


def _nobody_asks(_: str, __: float) -> None:
    """Nobody is told."""


class Steps(Protocol):
    """A snapshot that is read step by step."""

    async def run(self, prepared: Prepared, **values: Any) -> PlainRows:
        """The rows of a prepared SELECT."""

    def throw_away(self) -> None:
        """Break off what waits for it: nothing can be read any more."""


class Transactions(Protocol):
    """Does work in transactions of one kind of database. An answer of it comes in `answer_seconds`, or an error."""

    kind: ClassVar[DatabaseKind]
    answer_seconds: float

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """The work in a transaction that sees one moment."""

    async def writing(self, work: Work[T], then: Then[T]) -> T:
        """The work in a transaction that is committed."""

    def turn_to_read(self) -> AbstractAsyncContextManager[None]:
        """A place for reading step by step; who is cancelled while they wait for it gives it up."""

    def steps(self) -> AbstractAsyncContextManager[Steps]:
        """A snapshot for who has such a place; `TransactionLost` where its connection proves to be dead."""

    async def close(self) -> None:
        """Do what was asked to its end."""


class Database:
    """Does work in transactions: `reading` sees one moment throughout, `writing` commits at its end or not at all.

    Whoever reads step by step, as an operation goes on, takes a `turn_to_read` and its `steps`. Whoever asks is
    told within `wait_seconds`, unless a SQLite file is slow.
    """

    def __init__(
        self,
        url: str,
        *,
        readers: int = 8,
        synchronous: Synchronous = "FULL",
        wait_seconds: float = WAIT_SECONDS,
        waited: Waited = _nobody_asks,
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
        self.afterwards = Background()
        """What is ended when nobody waits for it any more."""

    async def reading(self, work: Work[T], *, alone: bool = False) -> T:
        """What the work returns, in a transaction that sees one moment and writes nothing; see `Work`.

        `alone` says that the work is one statement: it is of one moment by itself, and costs one round trip.
        """
        return await self.noting_availability(self._transactions.reading(work, alone=alone), writing=False)

    async def writing(self, work: Work[T], then: Then[T] = nothing) -> T:
        """What the work returns, in a transaction that commits at its end, and leaves nothing behind when the work
        raises; see `Work`. Who is cancelled does not know whether it was committed: what has not begun is not
        done, and what is being committed is done to its end, with what comes `then`.

        `TransactionLost` where the connection was lost in its midst, `DatabaseOnbereikbaar` where there was none in
        time: nothing is stored then. `CommitUnanswered` leaves open whether it was: who asks again finds out.
        """
        return await self.noting_availability(self._transactions.writing(work, then), writing=True)

    @property
    def kind(self) -> DatabaseKind:
        """Which database it is."""
        return self._transactions.kind

    @property
    def answer_seconds(self) -> float:
        """How long an answer of the database may take, from when it is asked; infinite where that has no limit."""
        return self._transactions.answer_seconds

    def turn_to_read(self) -> AbstractAsyncContextManager[None]:
        """A place for reading step by step, as long as it is open; `DatabaseOnbereikbaar` where none is free in
        time. Who is cancelled while they wait for it gives it up.
        """
        return self._transactions.turn_to_read()

    def steps(self) -> AbstractAsyncContextManager[Steps]:
        """One snapshot that is read step by step, for who has a place. `TransactionLost` where its connection
        proves to be dead.
        """
        return self._transactions.steps()

    async def noting_availability(self, asked: Awaitable[T], *, writing: bool) -> T:
        """What was asked; what became of it tells of the database."""
        try:
            with translated():
                found = await asked
        except DatabaseOnbereikbaar as error:
            self.availability.failed(error, writing=writing)
            raise
        self.availability.worked(writing=writing)
        return found

    async def close(self) -> None:
        """Do what was asked to its end, and close every connection."""
        try:
            await self._transactions.close()
            await self.afterwards.ended()
        finally:
            for engine in self._engines:
                await engine.dispose()
