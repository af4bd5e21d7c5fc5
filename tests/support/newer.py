"""Newer versions of the program, as far as the database is concerned: those in tests/support/migrations."""

from pathlib import Path

from app.storage.migrations.compatibility import VERSIONS, Program

_MIGRATIONS = Path(__file__).parent / "migrations"

EXPANDED, CONTRACTED = "9001", "9002"


def expands(program: Program, version: str) -> bool:
    """Whether a migration says that servers of the previous version can keep running."""
    return getattr(program.migration(version), "oldest_serving", version) != version


def next_program() -> Program:
    """The next version: it only adds, so that servers of this version can keep running."""
    return Program((VERSIONS, _MIGRATIONS / "expanding"))


def program_after_next() -> Program:
    """The version after the next: it removes what this version reads."""
    return Program((VERSIONS, _MIGRATIONS / "expanding", _MIGRATIONS / "contracting"))
