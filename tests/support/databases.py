"""Databases for tests, of each kind that the product works on, and looking into one behind the server's back."""

import asyncio
import shutil
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, Row, create_engine, inspect, make_url, text

from tests.support.postgres import USER, Postgres

KINDS = ("sqlite", "postgresql")

_LOOKING = {"sqlite+aiosqlite": "sqlite", "postgresql+asyncpg": "postgresql+psycopg"}
"""By the product's driver the one that tests look with: it waits, so that it can be called from anywhere."""

_COMMIT_ORDER = {
    # Rows are numbered as they are written, and there is one writer at a time.
    "sqlite": "rowid",
    "postgresql": "pg_xact_commit_timestamp(xmin), volgnummer",
}

_REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refusing {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ],
    # It quotes what was typed, as PostgreSQL itself does when a constraint is broken.
    "postgresql": [
        "CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
        "MESSAGE = '{message}', DETAIL = NEW::text, ERRCODE = 'unique_violation'; END $$",
        "CREATE TRIGGER refusing {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refusing()",
    ],
}
_ALLOWING = {
    "sqlite": ["DROP TRIGGER refusing"],
    "postgresql": ["DROP FUNCTION refusing() CASCADE"],
}


class Databases(ABC):
    """Makes databases of one kind."""

    @abstractmethod
    def new(self, template: str | None = None) -> AbstractContextManager[str]:
        """The URL of a database for as long as the context is open: empty, or a copy of the one at a URL.

        Nobody may be connected to it, or to the one that is copied, when this is entered and left.
        """


class SqliteDatabases(Databases):
    """Files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = count()

    @contextmanager
    def new(self, template: str | None = None) -> Iterator[str]:
        """A file, which is not there yet where it is to be empty."""
        file = self._directory / f"{next(self._numbers)}.sqlite"
        if template is not None:
            shutil.copy(sqlite_file(template), file)
        yield sqlite_url(file)
        for left in self._directory.glob(f"{file.name}*"):
            left.unlink()


class PostgresqlDatabases(Databases):
    """Databases of a server."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._numbers = count()

    @contextmanager
    def new(self, template: str | None = None) -> Iterator[str]:
        """A database of the server; dropping it fails where a connection was left open."""
        name = f"overdracht_{next(self._numbers)}"
        copied = "" if template is None else f"TEMPLATE {make_url(template).database} STRATEGY file_copy"
        self._server.execute(f"CREATE DATABASE {name} OWNER {USER} {copied}")
        yield self._server.url(name)
        self._server.execute(f"DROP DATABASE {name}")


def sqlite_url(file: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


def sqlite_file(url: str) -> Path:
    """The file of a SQLite URL."""
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


def kind(url: str) -> str:
    """Which of the kinds a database is."""
    return make_url(url).get_backend_name()


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection whose statements are each committed at once."""
    with _engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """It keeps no connection, but what it found out about the server with the first one."""
    address = make_url(url)
    return create_engine(address.set(drivername=_LOOKING[address.drivername]), poolclass=NullPool)


def rows(url: str, statement: str, **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a statement, whose values are named like :this."""
    with connected(url) as connection:
        return connection.execute(text(statement), values).all()


def execute(url: str, *statements: str, **values: object) -> None:
    """Statements without rows."""
    with connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def counted(url: str, statement: str) -> int:
    """The one number that a statement finds."""
    [[number]] = rows(url, statement)
    return int(number)


def contents(url: str) -> list[str]:
    """Every row of every table as text, in an order that says nothing; but for leases, which come and go."""
    with connected(url) as connection:
        return sorted(
            f"{table} {tuple(row)}"
            for table in inspect(connection).get_table_names()
            # What SQLite's index of words holds stands in tables of its own.
            if table != "postvak_lease" and not table.endswith("_woorden")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - a name of our own
        )


def committed_volgnummers(url: str, eenheid_id: str) -> list[int]:
    """The numbers of a department's facts, in the order in which they were committed."""
    statement = f"SELECT volgnummer FROM gebeurtenis WHERE eenheid_id = :id ORDER BY {_COMMIT_ORDER[kind(url)]}"  # noqa: S608
    return [row[0] for row in rows(url, statement, id=eenheid_id)]


@asynccontextmanager
async def refusing(url: str, event: str, table: str, when: str, message: str) -> AsyncIterator[None]:
    """The database refuses a row as if its constraint was broken; `event` is AFTER INSERT and the like."""
    words = {"event": event, "table": table, "when": when, "message": message}
    statements = [statement.format(**words) for statement in _REFUSING[kind(url)]]
    # In a thread: they wait for whoever reads the table, which may be the server in this event loop.
    await asyncio.to_thread(execute, url, *statements)
    yield
    await asyncio.to_thread(execute, url, *_ALLOWING[kind(url)])


_HOLDING = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "BEGIN; LOCK TABLE organisatorische_eenheid IN EXCLUSIVE MODE",
}


@contextmanager
def held(url: str) -> Iterator[None]:
    """Meanwhile nobody else can number a fact: who writes waits."""
    with connected(url) as connection:
        for statement in _HOLDING[kind(url)].split("; "):
            connection.execute(text(statement))
        yield
        connection.execute(text("ROLLBACK"))


_WAITING_COMMITS = (
    "CREATE FUNCTION waiting() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$",
    "CREATE CONSTRAINT TRIGGER waiting AFTER UPDATE ON organisatorische_eenheid "
    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION waiting()",
)


def let_commits_wait(url: str) -> None:
    """From now on who has numbered a fact on PostgreSQL waits at the commit for as long as `commits_held`."""
    execute(url, *_WAITING_COMMITS)


def commits_waiting(url: str) -> int:
    """How many such commits wait."""
    return counted(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@contextmanager
def commits_held(url: str) -> Iterator[None]:
    """Meanwhile such commits wait."""
    with connected(url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        yield
