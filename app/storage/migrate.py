"""Bringing a database up to date, and telling whether it is. The migrations ship inside the package."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.database import Database
from app.storage.engines import is_sqlite, postgresql_engine, sqlite_engine
from app.storage.failures import DatabaseOnbereikbaar
from app.storage.snapshot import Snapshot

_MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseVerouderd(Exception):
    """The database is not at the version that this program works with."""


def newest() -> str:
    """The version that this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the package ships at least one migration
    return head


async def migrate(url: str, version: str = "head") -> None:
    """Bring the database at a URL to a version, by default the newest; an empty one is built from nothing.

    All of it is one transaction: a migration that is cut off leaves the database as it was.
    """
    async with _connected(url, "BEGIN IMMEDIATE") as connection, connection.begin():
        await connection.run_sync(_upgrade, version)


async def check(url: str) -> None:
    """Refuse with `DatabaseVerouderd` a database that is older or newer than this program."""
    async with _connected(url, "BEGIN") as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    if current != newest():
        raise DatabaseVerouderd(
            f"The database is at version {current or 'none'}, this program works with {newest()}. "
            "Run 'overdracht migrate' first."
        )


async def is_reachable(database: Database) -> bool:
    """Whether the database answers; it may take as long as the database takes, or raise."""
    async with Snapshot(database) as snapshot:
        return bool(await snapshot.rows(text("SELECT 1")))


async def is_current(database: Database, wanted: str) -> bool:
    """Whether the database is at a version; it raises where it was never migrated."""
    async with Snapshot(database) as snapshot:
        return [row[0] for row in await snapshot.rows(text("SELECT version_num FROM alembic_version"))] == [wanted]


@asynccontextmanager
async def _connected(url: str, begin: str) -> AsyncIterator[AsyncConnection]:
    file = make_url(url).database
    if is_sqlite(url) and file and not Path(file).parent.is_dir():
        # Asked first: the driver's thread outlives a connection that it could not open.
        raise DatabaseOnbereikbaar(f"The database cannot be used: there is no directory for {file}.")
    engine = sqlite_engine(url, begin, 1, {}) if is_sqlite(url) else postgresql_engine(url, 1)
    try:
        async with engine.connect() as connection:
            yield connection
    except (DBAPIError, OSError) as error:
        raise DatabaseOnbereikbaar.because(error) from error
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, version: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
