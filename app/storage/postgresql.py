"""Transactions of a PostgreSQL server on the driver alone: BEGIN, the statements and COMMIT, a round trip each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.failures import DatabaseOnbereikbaar, TransactionLost, raise_as_told, translated
from app.storage.prepared import Prepared, Values
from app.storage.transaction import Rows, Transaction, Waited, Work

T = TypeVar("T")

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
                raise DatabaseOnbereikbaar.because(error) from error
            raise_as_told(error)


class Postgresql:
    """The connections of a PostgreSQL server. Readers and writers have a pool each, so that who writes in the midst
    of a reading never waits for readers who wait to write.
    """

    def __init__(self, reader: AsyncEngine, writer: AsyncEngine, waited: Waited) -> None:
        self._reader = reader.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = writer.execution_options(isolation_level="AUTOCOMMIT")
        self._waited = waited
        self._under_way: set[asyncio.Task[Any]] = set()

    async def reading(self, work: Work[T], *, alone: bool) -> T:
        """The work in a snapshot; without one where it is alone, since a statement is of one moment by itself."""
        return await self._to_its_end(self._reading(work, None if alone else _READ))

    async def writing(self, work: Work[T]) -> T:
        """The work in a transaction that is committed."""
        return await self._to_its_end(self._writing(work))

    async def close(self) -> None:
        """Wait for what is under way. The engines are closed by who made them."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _to_its_end(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Who asked may be gone, and nobody left to take its exception.
            task.exception()

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

    async def _writing(self, work: Work[T]) -> T:
        async with self._connected(self._writer, "write") as transaction:
            await _before_the_commit(transaction.command("BEGIN"))
            found = await _before_the_commit(work(transaction))
            await transaction.command("COMMIT")
            return found

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine, access: str) -> AsyncIterator[PostgresqlTransaction]:
        """A connection that is given back without a transaction on it."""
        began = perf_counter()
        with translated():
            async with engine.connect() as connection:
                self._waited(access, perf_counter() - began)
                raw = (await connection.get_raw_connection()).driver_connection
                assert raw is not None  # noqa: S101 - it was just connected
                transaction = PostgresqlTransaction(connection, raw)
                try:
                    yield transaction
                except BaseException:
                    await _given_up(connection, raw)
                    raise


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
