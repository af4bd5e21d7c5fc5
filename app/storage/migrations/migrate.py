"""Bringing a database up to date, and telling whether it is. The migrations ship inside the package."""

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
from app.storage.migrations.compatibility import DATABASE_STATE, DatabaseState, Program, compared
from app.storage.migrations.upgrading import Report, Upgrade
from app.storage.sql.prepared import Prepared, Template

_LOCK = 0x6F766572_64726163
"""PostgreSQL's advisory lock of who migrates."""

_LOCK_TIMEOUT = text("SET LOCAL lock_timeout = '3s'")
"""A statement that waits for a table holds up everybody who comes after it: it gives way, and tries again."""

_DATABASE_STATE = Prepared(lambda _: Template(DATABASE_STATE.text))
_ANSWERS = Prepared(lambda _: Template("SELECT 1"))

_ASK_AGAIN_SECONDS = 0.2
_SQLITE_WAIT_SECONDS = 1.0


def report_nothing(_: str) -> None:
    """Nobody wants to know how far it is."""


async def migrate(
    url: str, version: str = "head", *, tell: Report = report_nothing, program: Program | None = None
) -> None:
    """Bring the database at a URL to a version, by default the newest; an empty one is built from nothing.

    Each migration is a transaction, and so is each batch of rows that is filled after it: what is cut off goes on
    from there. Any number may do so at once: they wait for each other, for as long as that takes.
    `DatabaseVerouderd` where the database is newer and this program may not serve it.
    """
    async with _connected(url, "BEGIN IMMEDIATE", wait_seconds=_SQLITE_WAIT_SECONDS) as connection:
        await _Migrating(connection, Upgrade(program or Program(), version, tell), tell).run()


async def check(url: str, program: Program | None = None) -> str:
    """The version of a database that this program may serve. Refuse with `DatabaseVerouderd` one that is older than
    this program, or too new for it.
    """
    program = program or Program()
    async with _connected(url, "BEGIN") as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
        if program.knows_older(current):
            compared(program, DatabaseState(current))
        stand = DatabaseState(*(await connection.execute(DATABASE_STATE)).one())
    compared(program, stand)
    return str(stand.version)


async def is_reachable(database: Database) -> bool:
    """Whether the database answers; it may take as long as the database takes, or raise."""
    async with Snapshot(database) as snapshot:
        return bool(await snapshot.run(_ANSWERS))


async def is_newer(database: Database, program: Program) -> bool:
    """Whether the database is newer than the program, which may serve it. `DatabaseVerouderd` where it may not; it
    raises as well where the database was never migrated.
    """
    async with Snapshot(database) as snapshot:
        [found] = await snapshot.run(_DATABASE_STATE)
    return compared(program, DatabaseState(*found))


class _Migrating:
    """Takes the steps on a connection, one transaction each."""

    def __init__(self, connection: AsyncConnection, upgrade: Upgrade, tell: Report) -> None:
        self._connection = connection
        self._upgrade = upgrade
        self._tell = tell
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._waits = False

    async def run(self) -> None:
        """Take them all."""
        if not self._is_sqlite:
            await self._lock()
        went_on: bool | Indexing = True
        while went_on:
            began = time.monotonic()
            went_on = await self._step()
            if isinstance(went_on, Indexing):
                await self._index(went_on)
            elif self._is_sqlite:
                # One may write at a time: others get their turn as often.
                await asyncio.sleep(min(time.monotonic() - began, _ASK_AGAIN_SECONDS))

    async def _lock(self) -> None:
        """Be the only one who migrates, until the connection ends. Who waits holds no snapshot meanwhile: making an
        index beside others waits for everybody who has one.
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
            self._tell(f"Waiting: {because}.")
            self._waits = True
        await self._connection.rollback()
        await asyncio.sleep(_ASK_AGAIN_SECONDS)


@asynccontextmanager
async def _connected(url: str, begin: str, *, wait_seconds: float = 10) -> AsyncIterator[AsyncConnection]:
    file = make_url(url).database
    if is_sqlite(url) and file and not Path(file).parent.is_dir():
        # Asked first: the driver's thread outlives a connection that it could not open.
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
