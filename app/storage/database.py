"""The database of a process: its connections and its transactions, whichever kind it is."""

import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.availability import Availability
from app.storage.engines import WAIT_SECONDS, is_sqlite, postgresql_engine, sqlite_engine
from app.storage.failures import DatabaseOnbereikbaar, translated
from app.storage.postgresql import Postgresql
from app.storage.sqlite import Sqlite
from app.storage.transaction import Then, Waited, Work, nothing

T = TypeVar("T")

Synchronous = str
"""SQLite's pragma of that name: FULL survives a power cut, NORMAL survives a killed process."""


def _nobody_asks(_: str, __: float) -> None:
    """Nobody is told."""


class Transactions(Protocol):
    """Does work in transactions of one kind of database."""

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """The work in a transaction that sees one moment."""

    async def writing(self, work: Work[T], then: Then[T]) -> T:
        """The work in a transaction that is committed."""

    async def close(self) -> None:
        """Do what was asked to its end."""


class Database:
    """Does work in transactions: `reading` sees one moment throughout, `writing` commits at its end or not at all.

    Whoever reads step by step, as an operation goes on, opens a `read`.
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
        self._waited = waited
        self._transactions: Transactions
        if is_sqlite(url):
            pragmas = {"journal_mode": "WAL", "synchronous": synchronous, "foreign_keys": "ON"}
            reading = {**pragmas, "query_only": "ON"}
            self._engines = [sqlite_engine(url, "BEGIN", readers, reading, wait_seconds=wait_seconds)]
            self._reader = self._engines[0]
            self._transactions = Sqlite(url, pragmas, readers=readers, wait_seconds=wait_seconds, waited=waited)
        else:
            reader, writer = (postgresql_engine(url, readers, wait_seconds=wait_seconds) for _ in "rw")
            self._engines = [reader, writer]
            self._reader = reader.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._transactions = Postgresql(reader, writer, waited)

    async def reading(self, work: Work[T], *, alone: bool = False) -> T:
        """What the work returns, in a transaction that sees one moment and writes nothing; see `Work`.

        `alone` says that the work is one statement: it is of one moment by itself, and costs one round trip.
        """
        return await self.heeded(self._transactions.reading(work, alone=alone), writing=False)

    async def writing(self, work: Work[T], then: Then[T] = nothing) -> T:
        """What the work returns, in a transaction that commits at its end, and leaves nothing behind when the work
        raises; see `Work`. Who is cancelled does not know whether it was committed: what has not begun is not
        done, and what is being committed is done to its end, with what comes `then`.

        `TransactionLost` where the connection was lost in its midst. `DatabaseOnbereikbaar` at its end leaves
        open whether it was committed: who asks again finds out.
        """
        return await self.heeded(self._transactions.writing(work, then), writing=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one snapshot and writes nothing."""
        began = time.perf_counter()
        try:
            with translated():
                async with self._reader.connect() as connection:
                    self._waited("read", time.perf_counter() - began)
                    # It begins with its first statement and is rolled back at its end: there is nothing to commit.
                    yield connection
        except DatabaseOnbereikbaar as error:
            self.availability.failed(error, writing=False)
            raise

    async def heeded(self, asked: Awaitable[T], *, writing: bool) -> T:
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
        await self._transactions.close()
        for engine in self._engines:
            await engine.dispose()
