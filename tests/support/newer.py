"""Programs that are newer than this one, as far as a database shows: those of tests/support/migrations."""

from pathlib import Path

from app.storage.migrations.compatibility import VERSIONS, Program

_MIGRATIONS = Path(__file__).parent / "migrations"

EXPANDED, CONTRACTED = "9001", "9002"


def expands(program: Program, version: str) -> bool:
    """Whether a migration says that the version before it may go on serving."""
    return getattr(program.migration(version), "oldest_serving", version) != version


def next_program() -> Program:
    """The next version: it expands, so that this program may serve beside it."""
    return Program((VERSIONS, _MIGRATIONS / "expanding"))


def program_after_next() -> Program:
    """The version after that: it removes what this program reads."""
    return Program((VERSIONS, _MIGRATIONS / "expanding", _MIGRATIONS / "contracting"))
