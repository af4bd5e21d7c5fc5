"""A snapshot of the database: everything that is read through it is of the same moment."""

import asyncio
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Self

from app.storage.engine.background import shielded
from app.storage.engine.database import Database, SnapshotConnection
from app.storage.engine.failures import DatabaseOnbereikbaar, TransactionLost, nothing_stored
from app.storage.engine.limited import WithDeadline, no_answer
from app.storage.engine.transaction import PlainRows, Transaction
from app.storage.sql.prepared import DatabaseKind, Prepared, Values


class SnapshotClosed(Exception):
    """Something was read from a closed snapshot: an operation ended while a part of it was still running."""


class Snapshot:
    """A read transaction that begins with the first statement and ends for good with `close`.

    Several callers may share it: they take turns, because a connection runs one statement at a time. If a caller is
    cancelled, its statement runs to its end: an aborted statement would break the connection for all. When the
    database does not answer in time, nothing more can be read from the snapshot.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._steps: SnapshotConnection | None = None
        self._place, self._connection = AsyncExitStack(), AsyncExitStack()
        self._turn = asyncio.Lock()
        self._queueing: asyncio.Task[Any] | None = None
        self._has_begun = self._is_closed = False
        self._broken: DatabaseOnbereikbaar | None = None

    @property
    def kind(self) -> DatabaseKind:
        """Which kind of database this is."""
        return self._database.kind

    async def run(self, prepared: Prepared, **values: Any) -> PlainRows:
        """Return the rows of a prepared SELECT. Raises `DatabaseOnbereikbaar` if they do not come in time."""
        until = asyncio.get_running_loop().time() + self._database.answer_seconds
        limited = WithDeadline(self._run(prepared, values), until=until, late=self._late)
        return await self._database.tracking_availability(limited.answer, writing=False)

    def _late(self) -> Exception:
        self._broken = no_answer()
        if self._steps is not None:
            self._steps.discard()
        return self._broken

    async def _run(self, prepared: Prepared, values: Values) -> PlainRows:
        async with self._turn:
            if self._is_closed:
                raise SnapshotClosed
            if self._broken is not None:
                raise DatabaseOnbereikbaar(*self._broken.args)
            try:
                if self._steps is None:
                    return await self._run_first(prepared, values)
                return await self._steps.run(prepared, **values)
            except DatabaseOnbereikbaar as error:
                self._broken = error
                raise

    async def _run_first(self, prepared: Prepared, values: Values) -> PlainRows:
        """Begin the snapshot with its first statement.

        Nothing was read yet, so a connection that turns out to be dead is replaced, once. Later that is impossible:
        another connection would show another moment.
        """
        self._has_begun = True
        await self._queue()
        with suppress(TransactionLost):
            open_snapshot = await self._connect()
            with nothing_stored():
                return await open_snapshot.run(prepared, **values)
        await self._disconnect()
        return await (await self._connect()).run(prepared, **values)

    async def _queue(self) -> None:
        """Wait for a free place at the database. Closing the snapshot meanwhile ends the wait."""
        self._queueing = asyncio.current_task()
        try:
            await self._place.enter_async_context(self._database.reading_place())
        except asyncio.CancelledError:
            if self._is_closed:
                raise SnapshotClosed from None
            raise
        finally:
            self._queueing = None

    async def _connect(self) -> SnapshotConnection:
        self._steps = await self._connection.enter_async_context(self._database.open_snapshot())
        return self._steps

    async def _disconnect(self) -> None:
        self._steps = None
        # Everything was read already, so it does no harm if the connection is lost by now.
        with suppress(DatabaseOnbereikbaar):
            await self._connection.aclose()

    async def close(self) -> None:
        """End the transaction, after the statement that is running."""
        self._is_closed = True
        if self._queueing is not None:
            self._queueing.cancel()
        if not self._has_begun:
            return
        if self._broken is not None:
            # In the background: closing a broken connection may take long, and the caller must not wait for it.
            self._database.background.start(self._close())
        else:
            await shielded(self._close())

    async def _close(self) -> None:
        async with self._turn:
            try:
                await self._disconnect()
            finally:
                await self._place.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


Reader = Snapshot | Transaction
"""Anything that rows can be read from."""
