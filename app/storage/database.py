"""The database of a process: its connections, the one writer of SQLite, and transactions."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.engines import WAIT_SECONDS, is_sqlite, postgresql_engine, sqlite_engine
from app.storage.failures import TransactionLost, translated

Synchronous = str
"""SQLite's pragma of that name: FULL survives a power cut, NORMAL survives a killed process."""

Waited = Callable[[str, float], None]
"""Is told for what somebody waited, `read` or `write`, and for how many seconds."""


def _nobody_asks(_: str, __: float) -> None:
    """Nobody is told."""


class Database:
    """Opens transactions: `read` sees one snapshot throughout, `write` commits at its end or not at all.

    On SQLite all writers of a process pass one connection behind a fair lock, and begin IMMEDIATE: with a
    deferred begin two writers that have read wait for each other and fail. On PostgreSQL readers and writers
    have a pool each, so that who writes in the midst of a reading never waits for readers who wait to write.
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
        self._waited = waited
        self._turn: AbstractAsyncContextManager[Any]
        if is_sqlite(url):
            pragmas = {"journal_mode": "WAL", "synchronous": synchronous, "foreign_keys": "ON"}
            reading = {**pragmas, "query_only": "ON"}
            self._reader = sqlite_engine(url, "BEGIN", readers, reading, wait_seconds=wait_seconds)
            self._writer = sqlite_engine(url, "BEGIN IMMEDIATE", 1, pragmas, wait_seconds=wait_seconds)
            self._turn = asyncio.Lock()
        else:
            self._reader = postgresql_engine(url, readers, wait_seconds=wait_seconds).execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._writer = postgresql_engine(url, readers, wait_seconds=wait_seconds)
            self._turn = nullcontext()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one snapshot and writes nothing."""
        began = time.perf_counter()
        with translated():
            async with self._reader.connect() as connection:
                self._waited("read", time.perf_counter() - began)
                # It begins with its first statement and is rolled back at its end: there is nothing to commit.
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at its end, and leaves nothing behind when it raises.

        `TransactionLost` where the connection was lost in its midst. `DatabaseOnbereikbaar` at its end leaves
        open whether it was committed: who asks again finds out.
        """
        began = time.perf_counter()
        with translated():
            async with self._turn, _connected(self._writer) as connection, connection.begin():
                self._waited("write", time.perf_counter() - began)
                with translated(TransactionLost):
                    yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of an engine. Who is cancelled meanwhile waits until it is made: PostgreSQL's driver leaves an
    exception that nobody takes where it is broken off in its beginning.
    """
    async with AsyncExitStack() as stack:
        making = asyncio.ensure_future(stack.enter_async_context(engine.connect()))
        # Whoever was cancelled takes no exception of it.
        making.add_done_callback(lambda made: made.cancelled() or made.exception())
        try:
            await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait([making])
            raise
        yield making.result()
