"""PostgreSQL connections that are borrowed from a pool. They return without an open transaction, or are closed."""

from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Executable, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.engine.background import shielded_to_its_end
from app.storage.engine.failures import DatabaseOnbereikbaar, TransactionLost, raise_translated, translating_errors
from app.storage.engine.transaction import Rows, Transaction
from app.storage.sql.prepared import Prepared, Values

T = TypeVar("T")

_NOT_SENT = "cannot switch to state"
"""The driver's message when it received an error between two commands, such as the end of the session: the command
was not sent.
"""


class PostgresqlTransaction(Transaction):
    """A pooled connection of SQLAlchemy, which knows of no transaction on it: this class begins and ends them."""

    kind = "postgresql"

    def __init__(self, connection: AsyncConnection, pooled: PoolProxiedConnection) -> None:
        self._connection = connection
        self._pooled = pooled
        self._raw: Any = pooled.driver_connection
        self._is_over = False

    @property
    def is_lost(self) -> bool:
        """Whether the connection is broken."""
        return bool(self._raw.is_closed())

    async def rows(self, statement: Executable) -> Rows:
        """Run a statement of SQLAlchemy and return its rows."""
        with translating_errors():
            result = await self._connection.execute(statement)
            return result.all() if result.returns_rows else []

    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """Run a prepared statement and return its rows."""
        text = prepared.postgresql
        return [tuple(row) for row in await self._translated(self._raw.fetch(text.sql, *text.values(values)))]

    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """Run a prepared statement once for each of the values, in one round trip."""
        text = prepared.postgresql
        await self._translated(self._raw.executemany(text.sql, [text.values(given) for given in values]))

    async def command(self, sql: str) -> None:
        """Run a command without values, such as BEGIN."""
        await self._translated(self._raw.execute(sql))

    def discard(self) -> None:
        """Close the connection at once, without waiting; statements that wait for it fail. Does nothing when the
        transaction is over: the connection may be in use by another by then.
        """
        if self._is_over:
            return
        if self._pooled.is_valid:
            self._pooled.invalidate(soft=True)
        self._raw.terminate()

    async def end(self, *, is_certain: bool) -> None:
        """Roll back a transaction that is still open. `is_certain` is False if a command was interrupted: it is
        unknown whether a transaction is open, so ROLLBACK is always sent. If ROLLBACK fails or is interrupted, the
        connection is closed.
        """
        if not self.is_lost and (self._raw.is_in_transaction() or not is_certain):
            is_certain = False
            try:
                with suppress(Exception):
                    await self._raw.execute("ROLLBACK")
                    is_certain = True
            finally:
                if not is_certain:
                    self.discard()
        self._is_over = True
        if self.is_lost:
            # This makes SQLAlchemy notice the loss too, so that it discards all older connections of the pool.
            with suppress(Exception):
                await self._connection.exec_driver_sql("SELECT 1")

    async def _translated(self, operation: Coroutine[Any, Any, T]) -> T:
        try:
            return await operation
        except Exception as error:
            if getattr(error, "detail", None):
                # PostgreSQL's detail quotes the row, and what people typed must not end up in the log.
                error.detail = None  # type: ignore[attr-defined]
            if self.is_lost:
                lost = TransactionLost if _NOT_SENT in str(error) else DatabaseOnbereikbaar
                raise lost.because(error) from error
            raise_translated(error)


@asynccontextmanager
async def borrowed_connection(engine: AsyncEngine) -> AsyncIterator[PostgresqlTransaction]:
    """Borrow a connection of an engine, without a transaction on it. A transaction that is still open at the end is
    rolled back.
    """
    with translating_errors():
        async with _connection(engine) as connection:
            transaction = PostgresqlTransaction(connection, await connection.get_raw_connection())
            is_certain = False
            try:
                yield transaction
                is_certain = True
            except Exception:
                # The command was answered, even if with an error: the state of the connection is known.
                is_certain = True
                raise
            finally:
                await transaction.end(is_certain=is_certain)


@asynccontextmanager
async def _connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a connection of an engine. A caller that is cancelled waits until it is open: if connecting is
    interrupted early, PostgreSQL's driver leaves an exception that nobody retrieves.
    """
    async with AsyncExitStack() as stack:
        yield await shielded_to_its_end(stack.enter_async_context(engine.connect()))
