"""Transactions of a PostgreSQL server on the driver alone: BEGIN, the statements and COMMIT, a round trip each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.afterwards import Afterwards, to_its_end
from app.storage.failures import DatabaseOnbereikbaar, TransactionLost, raise_as_told, translated
from app.storage.prepared import Prepared, Values
from app.storage.transaction import Rows, Then, Transaction, Waited, Work

T = TypeVar("T")

_NOT_SENT = "cannot switch to state"
"""What the driver says where it was told of an error between two commands, such as the end of the session: it has
sent nothing then."""

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresqlTransaction(Transaction):
    """A connection that SQLAlchemy keeps and knows of no transaction on: it is begun and ended here."""

    kind = "postgresql"

    def __init__(self, connection: AsyncConnection, raw: Any) -> None:
        self._connection = connection
        self._raw = raw

    @property
    def is_lost(self) -> bool:
        """Whether the connection is broken."""
        return bool(self._raw.is_closed())

    async def rows(self, statement: Executable) -> Rows:
        """The rows of a statement of SQLAlchemy's."""
        with translated():
            result = await self._connection.execute(statement)
            return result.all() if result.returns_rows else []

    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a prepared statement."""
        text = prepared.postgresql
        return [tuple(row) for row in await self._told(self._raw.fetch(text.sql, *text.values(values)))]

    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """A prepared statement once for each of the values, in one round trip."""
        text = prepared.postgresql
        await self._told(self._raw.executemany(text.sql, [text.values(given) for given in values]))

    async def command(self, sql: str) -> None:
        """A command without values, such as BEGIN."""
        await self._told(self._raw.execute(sql))

    async def _told(self, asked: Coroutine[Any, Any, T]) -> T:
        try:
            return await asked
        except Exception as error:
            if getattr(error, "detail", None):
                # PostgreSQL quotes the row: what people typed does not belong in the log.
                error.detail = None  # type: ignore[attr-defined]
            if self.is_lost:
                lost = TransactionLost if _NOT_SENT in str(error) else DatabaseOnbereikbaar
                raise lost.because(error) from error
            raise_as_told(error)


class Postgresql:
    """The connections of a PostgreSQL server. Readers and writers have a pool each, so that who writes in the midst
    of a reading never waits for readers who wait to write.
    """

    def __init__(self, reader: AsyncEngine, writer: AsyncEngine, waited: Waited) -> None:
        self._reader = reader.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = writer.execution_options(isolation_level="AUTOCOMMIT")
        self._waited = waited
        self._afterwards = Afterwards()
        self._under_way: set[asyncio.Task[Any]] = set()

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """The work in a snapshot; without one where it is alone, since a statement is of one moment by itself."""
        return await to_its_end(self._reading(work, None if alone else _READ))

    async def writing(self, work: Work[T], then: Then[T]) -> T:
        """The work in a transaction that is committed. Who is cancelled breaks it off, but for the commit."""
        async with self._connected(self._writer, "write") as transaction:
            await _before_the_commit(transaction.command("BEGIN"))
            found = await _before_the_commit(work(transaction))
            committing = asyncio.ensure_future(transaction.command("COMMIT"))
            try:
                await asyncio.shield(committing)
            except asyncio.CancelledError:
                await asyncio.wait([committing])
                if committing.exception() is None:
                    self._afterwards.start(_alone(then(found)))
                raise
        await then(found)
        return found

    async def close(self) -> None:
        """Wait for what is under way or being broken off: who made the engines can close all connections then."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._afterwards.ended()

    async def _reading(self, work: Work[T], begin: str | None) -> T:
        # Nothing of it is told yet, so where a connection proves to be dead it is done again on another, once.
        with suppress(TransactionLost):
            return await self._read_once(work, begin)
        return await self._read_once(work, begin)

    async def _read_once(self, work: Work[T], begin: str | None) -> T:
        async with self._connected(self._reader, "read") as transaction:
            if begin is None:
                return await _before_the_commit(work(transaction))
            await _before_the_commit(transaction.command(begin))
            found = await _before_the_commit(work(transaction))
            await transaction.command("COMMIT")
            return found

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine, access: str) -> AsyncIterator[PostgresqlTransaction]:
        """A connection that is given back without a transaction on it."""
        began, task = perf_counter(), asyncio.current_task()
        assert task is not None  # noqa: S101 - this is a coroutine
        self._under_way.add(task)
        with translated(), ExitStack() as leaving:
            leaving.callback(self._under_way.discard, task)
            async with _made(engine) as connection:
                self._waited(access, perf_counter() - began)
                raw = (await connection.get_raw_connection()).driver_connection
                assert raw is not None  # noqa: S101 - it was just connected
                transaction = PostgresqlTransaction(connection, raw)
                try:
                    yield transaction
                except BaseException:
                    await _given_up(connection, raw)
                    raise


@asynccontextmanager
async def _made(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
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


async def _alone(then: Coroutine[Any, Any, None]) -> None:
    """What comes after a commit that nobody waits for any more."""
    with suppress(Exception):
        await then


async def _before_the_commit(asked: Awaitable[T]) -> T:
    """What is asked of a transaction that can still be done anew."""
    try:
        return await asked
    except TransactionLost:
        raise
    except DatabaseOnbereikbaar as error:
        raise TransactionLost(*error.args) from error


async def _given_up(connection: AsyncConnection, raw: Any) -> None:
    """End a transaction that went wrong."""
    if raw.is_in_transaction() and not raw.is_closed():
        with suppress(Exception):
            await raw.execute("ROLLBACK")
    if raw.is_closed():
        # SQLAlchemy finds out as well, and throws all connections away that were made before.
        with suppress(Exception):
            await connection.exec_driver_sql("SELECT 1")
