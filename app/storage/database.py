"""The database: its engines, the one writer of SQLite, and transactions."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Synchronous = str
"""SQLite's pragma of that name: FULL survives a power cut, NORMAL survives a killed process."""


class Database:
    """Opens transactions: `read` sees one snapshot throughout, `write` commits at its end or not at all.

    On SQLite all writers of a process pass one connection behind a fair lock, and begin IMMEDIATE: with a
    deferred begin two writers that have read wait for each other and fail.
    """

    def __init__(self, url: str, *, readers: int = 8, synchronous: Synchronous = "FULL") -> None:
        self.url = url
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        if self._sqlite:
            pragmas = {"journal_mode": "WAL", "synchronous": synchronous, "foreign_keys": "ON"}
            self._reader = sqlite_engine(url, "BEGIN", readers, {**pragmas, "query_only": "ON"})
            self._writer = sqlite_engine(url, "BEGIN IMMEDIATE", 1, pragmas)
            self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock()
        else:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self._writer = create_async_engine(url, pool_size=readers, hide_parameters=True)
            self._reader = self._writer.execution_options(**options)
            self._turn = nullcontext()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one snapshot and writes nothing."""
        async with self._reader.connect() as connection:
            # It begins with its first statement and is rolled back at its end: there is nothing to commit.
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at its end, and leaves nothing behind when it raises."""
        async with self._turn, self._writer.connect() as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()


def sqlite_engine(url: str, begin: str, size: int, pragmas: Mapping[str, str]) -> AsyncEngine:
    """An engine for a SQLite file whose transactions are real ones, of statements that define tables as well.

    The driver's own begin late and end before a CREATE TABLE; here they begin with the `begin` that is given.
    """
    engine = create_async_engine(url, pool_size=size, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for name, value in {"busy_timeout": "10000", **pragmas}.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
