"""Connections of a PostgreSQL server that are lent, and come back without a transaction on them or not at all."""

from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Executable, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.storage.engine.background import shielded_to_its_end
from app.storage.engine.failures import DatabaseOnbereikbaar, TransactionLost, raise_translated, translated
from app.storage.engine.transaction import Rows, Transaction
from app.storage.sql.prepared import Prepared, Values

T = TypeVar("T")

_NOT_SENT = "cannot switch to state"
"""What the driver says where it was told of an error between two commands, such as the end of the session: it has
sent nothing then."""


class PostgresqlTransaction(Transaction):
    """A connection that SQLAlchemy keeps and knows of no transaction on: it is begun and ended here."""

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
        """The rows of a statement of SQLAlchemy's."""
        with translated():
            result = await self._connection.execute(statement)
            return result.all() if result.returns_rows else []

    async def run(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a prepared statement."""
        text = prepared.postgresql
        return [tuple(row) for row in await self._translated(self._raw.fetch(text.sql, *text.values(values)))]

    async def run_many(self, prepared: Prepared, values: Sequence[Values]) -> None:
        """A prepared statement once for each of the values, in one round trip."""
        text = prepared.postgresql
        await self._translated(self._raw.executemany(text.sql, [text.values(given) for given in values]))

    async def command(self, sql: str) -> None:
        """A command without values, such as BEGIN."""
        await self._translated(self._raw.execute(sql))

    def throw_away(self) -> None:
        """Let nobody have the connection any more. What waits for it fails; this itself waits for nothing. Nothing
        is done where the transaction is over: it may be somebody else's by now.
        """
        if self._is_over:
            return
        if self._pooled.is_valid:
            self._pooled.invalidate(soft=True)
        self._raw.terminate()

    async def end(self, *, is_certain: bool) -> None:
        """Take back what was begun. Where that is not `is_certain`, since a command was broken off, it is taken
        back in any case; and where it does not succeed, or is broken off itself, the connection is thrown away.
        """
        if not self.is_lost and (self._raw.is_in_transaction() or not is_certain):
            is_certain = False
            try:
                with suppress(Exception):
                    await self._raw.execute("ROLLBACK")
                    is_certain = True
            finally:
                if not is_certain:
                    self.throw_away()
        self._is_over = True
        if self.is_lost:
            # SQLAlchemy finds out as well, and throws all connections away that were made before.
            with suppress(Exception):
                await self._connection.exec_driver_sql("SELECT 1")

    async def _translated(self, asked: Coroutine[Any, Any, T]) -> T:
        try:
            return await asked
        except Exception as error:
            if getattr(error, "detail", None):
                # PostgreSQL quotes the row: what people typed does not belong in the log.
                error.detail = None  # type: ignore[attr-defined]
            if self.is_lost:
                lost = TransactionLost if _NOT_SENT in str(error) else DatabaseOnbereikbaar
                raise lost.because(error) from error
            raise_translated(error)


@asynccontextmanager
async def lent(engine: AsyncEngine) -> AsyncIterator[PostgresqlTransaction]:
    """A connection of an engine, on which nothing was begun. Whatever is still open at its end is taken back."""
    with translated():
        async with _made(engine) as connection:
            transaction = PostgresqlTransaction(connection, await connection.get_raw_connection())
            is_certain = False
            try:
                yield transaction
                is_certain = True
            except Exception:
                # It was answered, if with an error.
                is_certain = True
                raise
            finally:
                await transaction.end(is_certain=is_certain)


@asynccontextmanager
async def _made(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of an engine. Who is cancelled meanwhile waits until it is made: PostgreSQL's driver leaves an
    exception that nobody takes where it is broken off in its beginning.
    """
    async with AsyncExitStack() as stack:
        yield await shielded_to_its_end(stack.enter_async_context(engine.connect()))
