"""One reading of the database: everything that is read through it is of the same moment."""

import asyncio
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.afterwards import to_its_end
from app.storage.database import Database
from app.storage.failures import DatabaseOnbereikbaar, translated
from app.storage.transaction import Rows, Transaction

T = TypeVar("T")


class SnapshotClosed(Exception):
    """Somebody still reads what is closed already: an operation that ended while a part of it was under way."""


class Snapshot:
    """A read transaction that begins with the first statement and ends with `close`, for good.

    Those who share it take turns, since a connection carries one statement at a time. Who is cancelled while he
    waits for a statement leaves it to its end: a statement that is broken off breaks the connection for all.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._stack = AsyncExitStack()
        self._turn = asyncio.Lock()
        self._is_closed = False

    async def rows(self, statement: Executable) -> Rows:
        """The rows of a SELECT."""
        return await to_its_end(self._rows(statement))

    async def _rows(self, statement: Executable) -> Rows:
        async with self._turn:
            if self._is_closed:
                raise SnapshotClosed
            if self._connection is None:
                return await self._first_rows(statement)
            return await self._heeded(self._connection, statement)

    async def _first_rows(self, statement: Executable) -> Rows:
        """Begin the snapshot with its first statement.

        Nothing was read yet, so a connection that proves to be dead is exchanged, once. Later it cannot be:
        another one would show another moment.
        """
        connection = await self._connect()
        with suppress(DatabaseOnbereikbaar):
            return await _executed(connection, statement)
        await self._disconnect()
        return await self._heeded(await self._connect(), statement)

    async def _heeded(self, connection: AsyncConnection, statement: Executable) -> Rows:
        """The rows of a statement; what became of it tells of the database."""
        try:
            found = await _executed(connection, statement)
        except DatabaseOnbereikbaar as error:
            self._database.availability.failed(error, writing=False)
            raise
        self._database.availability.worked(writing=False)
        return found

    async def _connect(self) -> AsyncConnection:
        self._connection = await self._stack.enter_async_context(self._database.read())
        return self._connection

    async def _disconnect(self) -> None:
        self._connection = None
        # What was read is read: a connection that is lost by now has nothing to be told.
        with suppress(DatabaseOnbereikbaar):
            await self._stack.aclose()

    async def close(self) -> None:
        """End the transaction, when the statement that is under way has ended."""
        self._is_closed = True
        if self._connection is not None or self._turn.locked():
            await to_its_end(self._close())

    async def _close(self) -> None:
        async with self._turn:
            await self._disconnect()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def _executed(connection: AsyncConnection, statement: Executable) -> Rows:
    with translated():
        return (await connection.execute(statement)).all()


Reader = Snapshot | Transaction
"""Whatever rows can be read from."""
