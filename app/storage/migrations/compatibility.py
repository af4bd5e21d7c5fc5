"""Whether this program may serve a database: one of its own version, or a newer one that allows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import TextClause, text

_MIGRATIONS = Path(__file__).parent
VERSIONS = _MIGRATIONS / "versions"
"""The folder with this program's migrations."""


class DatabaseVerouderd(Exception):
    """The database is older than this program, or so much newer that this program may not serve it."""


class Program:
    """A version of this program, described by its migrations: the versions of the database that it knows, oldest
    first.
    """

    def __init__(self, directories: Sequence[Path] = (VERSIONS,)) -> None:
        self._directories = tuple(directories)

    @cached_property
    def config(self) -> Config:
        """The configuration for Alembic."""
        return _config(self._directories)

    @property
    def _migrations(self) -> dict[str, ModuleType]:
        return _read(self._directories)

    @property
    def known(self) -> list[str]:
        """All versions of the database that the program knows, oldest first."""
        return list(self._migrations)

    @property
    def newest(self) -> str:
        """The version of the database that the program works with."""
        return self.known[-1]

    def migration(self, version: str) -> ModuleType:
        """The migration to a version that the program knows."""
        return self._migrations[version]

    def knows_older(self, version: str | None) -> bool:
        """Whether this program must migrate a database at a version; None is a database that was never migrated."""
        return version != self.newest and (version is None or version in self._migrations)


def _config(directories: tuple[Path, ...]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, directories)).replace("%", "%%"))
    return config


@cache
def _read(directories: tuple[Path, ...]) -> dict[str, ModuleType]:
    """Migrations by version, in order. Cached, because they do not change while a program runs."""
    scripts = ScriptDirectory.from_config(_config(directories))
    return {script.revision: script.module for script in reversed(list(scripts.walk_revisions()))}


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """How far a database has been migrated: its version, the oldest version that may serve it, and whether work
    after a migration is still to be done.
    """

    version: str | None
    oldest: str | None = None
    is_unfinished: bool = False


DATABASE_STATE: TextClause = text(
    "SELECT version_num, (SELECT revision FROM oldest_serving), EXISTS (SELECT * FROM backfill) "
    "FROM alembic_version"
)
"""Reads the `DatabaseState`; fails on a database that is older than the tables that it reads."""


def is_newer_than_program(program: Program, state: DatabaseState) -> bool:
    """Whether a database is newer than this program, which may serve it. Raises `DatabaseVerouderd` if it may not
    serve it.

    A program that knows the oldest version that may serve is not older than that version.
    """
    if state.version in program.known:
        if state.version != program.newest:
            raise _to_migrate(f"The database is at version {state.version}", program)
        if state.is_unfinished:
            raise _to_migrate(f"The migration of the database to version {state.version} is not finished", program)
        return False
    if state.version is None:
        raise _to_migrate("The database is at version none", program)
    if state.oldest not in program.known:
        raise DatabaseVerouderd(
            f"The database is at version {state.version}, which programs of version {state.oldest} and newer may "
            f"serve; this program works with {program.newest}. Install a newer one."
        )
    return True


def _to_migrate(state: str, program: Program) -> DatabaseVerouderd:
    return DatabaseVerouderd(f"{state}, this program works with {program.newest}. Run 'overdracht migrate' first.")
