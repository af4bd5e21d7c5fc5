"""Testing whether a database accepts writes, without leaving anything in it."""

import asyncio

from sqlalchemy import Engine, text

from app.storage.engine.database import Database
from app.storage.engine.engines import is_sqlite, sqlite_thread_engine
from app.storage.engine.failures import NotWritable, translating_errors
from app.storage.engine.transaction import Transaction

_TEST_BYTES = 262_144
"""How many bytes a test writes: more than a registration with its tasks takes."""

_LOCK_SECONDS = 1.0
"""How long a test waits for the write lock of a SQLite file."""

_FEW_PAGES = {"cache_size": "10"}
"""With a page cache this small, the connection writes pages to disk before the commit."""

_READ_ONLY = text("SELECT current_setting('transaction_read_only') = 'on'")
_TABLE = text("CREATE TEMPORARY TABLE overdracht_probe (room text) ON COMMIT DROP")
_FILL = text(
    "INSERT INTO overdracht_probe SELECT repeat(md5(n::text), 32) FROM generate_series(1, :kib) AS n"
).bindparams(kib=_TEST_BYTES // 1024)


class _RolledBack(Exception):
    """Ends a transaction that was only a test, so that it is rolled back."""


class WriteProbe:
    """Tests whether a database accepts writes. On SQLite the test writes data and rolls it back. PostgreSQL is only
    asked whether it is read-only, because each write test makes its catalogue grow; while writes fail, the test
    writes there as well.
    """

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._sqlite = sqlite_thread_engine(url, _FEW_PAGES, wait_seconds=_LOCK_SECONDS) if is_sqlite(url) else None

    async def __call__(self) -> None:
        """Raise `DatabaseOnbereikbaar` if nothing can be written now."""
        if self._sqlite is None:
            await self._try_postgresql()
        else:
            await self._database.tracking_availability(
                asyncio.to_thread(self._try_sqlite, self._sqlite), writing=True
            )

    @staticmethod
    def _try_sqlite(engine: Engine) -> None:
        # Closing the connection before a commit rolls everything back.
        with translating_errors(), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("CREATE TABLE overdracht_probe (room)")
            connection.exec_driver_sql("INSERT INTO overdracht_probe VALUES (zeroblob(?))", (_TEST_BYTES,))

    async def _try_postgresql(self) -> None:
        async def attempt(tx: Transaction) -> None:
            [[is_read_only]] = await tx.rows(_READ_ONLY)
            if is_read_only:
                raise NotWritable("The database cannot be used: it is read-only.")
            if not self._database.availability.takes_writes:
                await tx.rows(_TABLE)
                await tx.rows(_FILL)
            raise _RolledBack

        try:
            await self._database.writing(attempt)
        except _RolledBack:
            self._database.availability.worked(writing=True)
