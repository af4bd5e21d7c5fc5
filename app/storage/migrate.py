"""Bringing a database up to date, and telling whether it is. The migrations ship inside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

_MIGRATIONS = Path(__file__).parent / "migrations"


class DatabaseVerouderd(Exception):
    """The database is not at the version that this program works with."""


def newest() -> str:
    """The version that this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the package ships at least one migration
    return head


async def migrate(url: str, version: str = "head") -> None:
    """Bring the database at a URL to a version, by default the newest; an empty one is built from nothing."""
    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, version)
    finally:
        await engine.dispose()


async def check(url: str) -> None:
    """Refuse with `DatabaseVerouderd` a database that is older or newer than this program."""
    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_revision()
            )
    finally:
        await engine.dispose()
    if current != newest():
        raise DatabaseVerouderd(
            f"The database is at version {current or 'none'}, this program works with {newest()}. "
            "Run 'overdracht migrate' first."
        )


def _upgrade(connection: Connection, version: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
