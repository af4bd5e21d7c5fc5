"""Databases for tests, of each supported kind, and direct access to them, without the server."""

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
"""The synchronous driver with which tests access a database, by the product's asynchronous driver."""

_COMMIT_ORDER = {
    # Rows are numbered when they are written, by one writer at a time.
    "sqlite": "rowid",
    "postgresql": "pg_xact_commit_timestamp(xmin), volgnummer",
}

_REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refusing {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ],
    # The error quotes the row, as PostgreSQL itself does when a constraint is violated.
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
    """Creates databases of one kind."""

    @abstractmethod
    def new(self, template: str | None = None) -> AbstractContextManager[str]:
        """A database inside this context, by its URL: empty, or a copy of the database at the URL `template`.

        There may be no connections to either of them at the start and the end of the context.
        """


class SqliteDatabases(Databases):
    """SQLite files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._numbers = count()

    @contextmanager
    def new(self, template: str | None = None) -> Iterator[str]:
        """A file, which does not exist yet if it is to be empty."""
        file = self._directory / f"{next(self._numbers)}.sqlite"
        if template is not None:
            shutil.copy(sqlite_file(template), file)
        yield sqlite_url(file)
        for left in self._directory.glob(f"{file.name}*"):
            left.unlink()


class PostgresqlDatabases(Databases):
    """Databases of a PostgreSQL server."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._numbers = count()

    @contextmanager
    def new(self, template: str | None = None) -> Iterator[str]:
        """A database of the server; dropping it fails if a connection is still open."""
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
    """The kind of a database, one of `KINDS`."""
    return make_url(url).get_backend_name()


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection with autocommit."""
    with _engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """An engine without a pool. It is cached because its first connection inspects the server."""
    address = make_url(url)
    return create_engine(address.set(drivername=_LOOKING[address.drivername]), poolclass=NullPool)


def rows(url: str, statement: str, **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a statement; its parameters are written as `:name`."""
    with connected(url) as connection:
        return connection.execute(text(statement), values).all()


def execute(url: str, *statements: str, **values: object) -> None:
    """Execute statements that return no rows."""
    with connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def counted(url: str, statement: str) -> int:
    """The single number that a statement returns."""
    [[number]] = rows(url, statement)
    return int(number)


def contents(url: str) -> list[str]:
    """Every row of every table as sorted text; without leases, which change all the time."""
    with connected(url) as connection:
        return sorted(
            f"{table} {tuple(row)}"
            for table in inspect(connection).get_table_names()
            # Without the tables in which SQLite stores its full-text index.
            if table != "postvak_lease" and not table.endswith("_woorden")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - a name of our own
        )


def committed_volgnummers(url: str, eenheid_id: str) -> list[int]:
    """The numbers of a department's facts, in the order in which they were committed."""
    statement = f"SELECT volgnummer FROM gebeurtenis WHERE eenheid_id = :id ORDER BY {_COMMIT_ORDER[kind(url)]}"  # noqa: S608
    return [row[0] for row in rows(url, statement, id=eenheid_id)]


@asynccontextmanager
async def refusing(url: str, event: str, table: str, when: str, message: str) -> AsyncIterator[None]:
    """Make the database refuse rows, as if they violated a constraint; `event` is AFTER INSERT and the like."""
    words = {"event": event, "table": table, "when": when, "message": message}
    statements = [statement.format(**words) for statement in _REFUSING[kind(url)]]
    # In a thread: they may wait for readers of the table, which may be the server in this event loop.
    await asyncio.to_thread(execute, url, *statements)
    yield
    await asyncio.to_thread(execute, url, *_ALLOWING[kind(url)])


_HOLDING = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "BEGIN; LOCK TABLE organisatorische_eenheid IN EXCLUSIVE MODE",
}


@contextmanager
def held(url: str) -> Iterator[None]:
    """Inside this context no other transaction can number a fact: writers wait."""
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
    """On PostgreSQL, make commits of transactions that number a fact wait during `commits_held`."""
    execute(url, *_WAITING_COMMITS)


def commits_waiting(url: str) -> int:
    """How many commits wait because of `commits_held`."""
    return counted(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@contextmanager
def commits_held(url: str) -> Iterator[None]:
    """Make these commits wait inside this context."""
    with connected(url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        yield
