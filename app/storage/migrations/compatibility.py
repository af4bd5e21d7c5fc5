"""Whether this program may serve a database: one of its own version, or a newer one that says so."""

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
"""Where this program's migrations stand."""


class DatabaseVerouderd(Exception):
    """The database is older than this program, or so much newer that this program may not serve it."""


class Program:
    """A program as its migrations make it: the versions of the database that it knows, the oldest first."""

    def __init__(self, directories: Sequence[Path] = (VERSIONS,)) -> None:
        self._directories = tuple(directories)

    @cached_property
    def config(self) -> Config:
        """What alembic is to know of it."""
        return _config(self._directories)

    @property
    def _migrations(self) -> dict[str, ModuleType]:
        return _read(self._directories)

    @property
    def known(self) -> list[str]:
        """Every version that it knows, in order."""
        return list(self._migrations)

    @property
    def newest(self) -> str:
        """The version that it works with."""
        return self.known[-1]

    def migration(self, version: str) -> ModuleType:
        """The migration that leads to a version that it knows."""
        return self._migrations[version]

    def knows_older(self, version: str | None) -> bool:
        """Whether a database at a version, None where it was never migrated, is to be migrated by this program."""
        return version != self.newest and (version is None or version in self._migrations)


def _config(directories: tuple[Path, ...]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, directories)).replace("%", "%%"))
    return config


@cache
def _read(directories: tuple[Path, ...]) -> dict[str, ModuleType]:
    """Migrations by version, in order: once, since they do not change while a program runs."""
    scripts = ScriptDirectory.from_config(_config(directories))
    return {script.revision: script.module for script in reversed(list(scripts.walk_revisions()))}


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """How far a database is: its version, the oldest version that may serve it, and whether rows are still to be
    filled after a migration.
    """

    version: str | None
    oldest: str | None = None
    is_unfinished: bool = False


DATABASE_STATE: TextClause = text(
    "SELECT version_num, (SELECT revision FROM oldest_serving), EXISTS (SELECT * FROM backfill) "
    "FROM alembic_version"
)
"""The stand of a database, but of one that is older than the tables that are asked."""


def compared(program: Program, stand: DatabaseState) -> bool:
    """Whether a database is newer than a program that may serve it; `DatabaseVerouderd` where it may not.

    A program that knows the oldest version that may serve is not older than that.
    """
    if stand.version in program.known:
        if stand.version != program.newest:
            raise _to_migrate(f"The database is at version {stand.version}", program)
        if stand.is_unfinished:
            raise _to_migrate(f"The migration of the database to version {stand.version} is not finished", program)
        return False
    if stand.version is None:
        raise _to_migrate("The database is at version none", program)
    if stand.oldest not in program.known:
        raise DatabaseVerouderd(
            f"The database is at version {stand.version}, which programs of version {stand.oldest} and newer may "
            f"serve; this program works with {program.newest}. Install a newer one."
        )
    return True


def _to_migrate(found: str, program: Program) -> DatabaseVerouderd:
    return DatabaseVerouderd(f"{found}, this program works with {program.newest}. Run 'overdracht migrate' first.")
