"""Migrating a database, and checking whether it is up to date. The migrations are part of the package."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.engine.database import Database
from app.storage.engine.engines import is_sqlite, postgresql_engine, sqlite_engine
from app.storage.engine.failures import DatabaseOnbereikbaar, is_busy
from app.storage.engine.snapshot import Snapshot
from app.storage.migrations.afterwards import Indexing
from app.storage.migrations.compatibility import DATABASE_STATE, DatabaseState, Program, is_newer_than_program
from app.storage.migrations.upgrading import Report, Upgrade
from app.storage.sql.prepared import Prepared, Template

_LOCK = 0x6F766572_64726163
"""The key of PostgreSQL's advisory lock for migrating."""

_LOCK_TIMEOUT = text("SET LOCAL lock_timeout = '3s'")
"""A statement that waits for a table lock blocks everybody behind it in the queue. So it gives up after 3 seconds
and is retried.
"""

_DATABASE_STATE = Prepared(lambda _: Template(DATABASE_STATE.text))
_ANSWERS = Prepared(lambda _: Template("SELECT 1"))

_RETRY_SECONDS = 0.2
_SQLITE_WAIT_SECONDS = 1.0


def report_nothing(_: str) -> None:
    """The default for `tell`: progress is not reported."""


async def migrate(
    url: str, version: str = "head", *, tell: Report = report_nothing, program: Program | None = None
) -> None:
    """Migrate the database at a URL to a version, by default the newest. An empty database is built from nothing.

    Each migration is a transaction, and so is each batch of rows after it: after an interruption the next run
    continues from there. Several processes may migrate at once: they wait for each other, as long as it takes.
    `tell` is called with each line of progress. Raises `DatabaseVerouderd` if the database is newer and this
    program may not serve it.
    """
    async with _connected(url, "BEGIN IMMEDIATE", wait_seconds=_SQLITE_WAIT_SECONDS) as connection:
        await _Migrating(connection, Upgrade(program or Program(), version, tell), tell).run()


async def check(url: str, program: Program | None = None) -> str:
    """Return the version of a database that this program may serve. Raises `DatabaseVerouderd` if the database is
    older than this program, or too new for it.
    """
    program = program or Program()
    async with _connected(url, "BEGIN") as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
        if program.knows_older(current):
            is_newer_than_program(program, DatabaseState(current))
        state = DatabaseState(*(await connection.execute(DATABASE_STATE)).one())
    is_newer_than_program(program, state)
    return str(state.version)


async def is_reachable(database: Database) -> bool:
    """Whether the database answers. It may take as long as the database allows, or raise."""
    async with Snapshot(database) as snapshot:
        return bool(await snapshot.run(_ANSWERS))


async def is_newer(database: Database, program: Program) -> bool:
    """Whether the database is newer than the program, which may serve it. Raises `DatabaseVerouderd` if it may not
    serve it, and also raises if the database was never migrated.
    """
    async with Snapshot(database) as snapshot:
        [row] = await snapshot.run(_DATABASE_STATE)
    return is_newer_than_program(program, DatabaseState(*row))


class _Migrating:
    """Runs the steps of an upgrade on a connection, each in a transaction of its own."""

    def __init__(self, connection: AsyncConnection, upgrade: Upgrade, tell: Report) -> None:
        self._connection = connection
        self._upgrade = upgrade
        self._report = tell
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._waits = False

    async def run(self) -> None:
        """Run all steps."""
        if not self._is_sqlite:
            await self._lock()
        outcome: bool | Indexing = True
        while outcome:
            began = time.monotonic()
            outcome = await self._step()
            if isinstance(outcome, Indexing):
                await self._index(outcome)
            elif self._is_sqlite:
                # SQLite has one writer at a time: pause as long as the step took, so that others can write.
                await asyncio.sleep(min(time.monotonic() - began, _RETRY_SECONDS))

    async def _lock(self) -> None:
        """Get the lock for migrating, until the connection ends. There is no open snapshot while waiting: creating
        an index concurrently waits for everyone who has one.
        """
        while not await self._connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
            await self._wait("another program is migrating this database")
        await self._connection.commit()

    async def _step(self) -> bool | Indexing:
        while True:
            try:
                async with self._connection.begin():
                    if not self._is_sqlite:
                        await self._connection.execute(_LOCK_TIMEOUT)
                    return await self._connection.run_sync(self._upgrade.step)
            except DBAPIError as error:
                if not is_busy(error.orig):
                    raise
            await self._wait("others are using what is to be changed")

    async def _index(self, work: Indexing) -> None:
        await self._connection.execution_options(isolation_level="AUTOCOMMIT")
        await self._connection.run_sync(work.build)
        await self._connection.commit()
        await self._connection.execution_options(isolation_level="READ COMMITTED")
        async with self._connection.begin():
            await self._connection.run_sync(self._upgrade.indexed)

    async def _wait(self, because: str) -> None:
        if not self._waits:
            self._report(f"Waiting: {because}.")
            self._waits = True
        await self._connection.rollback()
        await asyncio.sleep(_RETRY_SECONDS)


@asynccontextmanager
async def _connected(url: str, begin: str, *, wait_seconds: float = 10) -> AsyncIterator[AsyncConnection]:
    file = make_url(url).database
    if is_sqlite(url) and file and not Path(file).parent.is_dir():
        # Checked first, because the thread of the driver does not end when it fails to open a connection.
        raise DatabaseOnbereikbaar(f"The database cannot be used: there is no directory for {file}.")
    if is_sqlite(url):
        engine = sqlite_engine(url, begin, 1, {}, wait_seconds=wait_seconds)
    else:
        engine = postgresql_engine(url, 1)
    try:
        async with engine.connect() as connection:
            yield connection
    except (DBAPIError, OSError) as error:
        raise DatabaseOnbereikbaar.because(error) from error
    finally:
        await engine.dispose()
