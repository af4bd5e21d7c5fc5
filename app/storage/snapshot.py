"""One reading of the database: everything that is read through it is of the same moment."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.database import Database

Rows = Sequence[Row[*tuple[Any, ...]]]


class Snapshot:
    """A read transaction that begins with the first statement and ends with `close`.

    Those who share it take turns, since a connection carries one statement at a time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._stack = AsyncExitStack()
        self._turn = asyncio.Lock()

    async def rows(self, statement: Executable) -> Rows:
        """The rows of a SELECT."""
        async with self._turn:
            if self._connection is None:
                self._connection = await self._stack.enter_async_context(self._database.read())
            return (await self._connection.execute(statement)).all()

    async def close(self) -> None:
        """End the transaction. What is read afterwards begins a new one."""
        async with self._turn:
            self._connection = None
            await self._stack.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Transaction:
    """The same manner of reading inside a write transaction, so that look-ups serve both."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def rows(self, statement: Executable) -> Rows:
        """The rows of a statement."""
        return (await self.connection.execute(statement)).all()


Reader = Snapshot | Transaction
"""Whatever rows can be read from."""
