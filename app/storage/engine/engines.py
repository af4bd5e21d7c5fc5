"""SQLAlchemy engines: how a process connects to SQLite and to PostgreSQL."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, NullPool, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.storage.engine.failures import is_unreachable

WAIT_SECONDS = 10.0
"""The default time limit, in seconds, for each of: connecting, getting a free connection, SQLite's lock, and an
answer of PostgreSQL.
"""

_CACHED_STATEMENTS = 512
"""How many prepared statements a connection caches, including those of compiled GraphQL documents."""


def is_sqlite(url: str) -> bool:
    """Whether a database URL points to a SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_engine(
    url: str, begin: str, size: int, pragmas: Mapping[str, str], *, wait_seconds: float = WAIT_SECONDS
) -> AsyncEngine:
    """An engine for a SQLite file whose transactions also cover statements that define tables.

    The driver's own transactions begin late and end before a CREATE TABLE. Here each begins with the statement
    `begin`.
    """
    # At DEBUG the driver logs every statement with its values, which contain what people typed.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=wait_seconds, hide_parameters=True
    )
    _prepare_connections(engine.sync_engine, pragmas, wait_seconds)

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def sqlite_thread_engine(url: str, pragmas: Mapping[str, str], *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """An engine for a SQLite file. Each connection belongs to the thread that created it. The engine begins and
    ends no transactions: the caller does that.
    """
    engine = create_engine(
        make_url(url).set(drivername="sqlite"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"cached_statements": _CACHED_STATEMENTS},
    )
    _prepare_connections(engine, pragmas, wait_seconds)
    return engine


def _prepare_connections(engine: Engine, pragmas: Mapping[str, str], wait_seconds: float) -> None:
    settings = {"busy_timeout": str(round(wait_seconds * 1000)), **pragmas}

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for name, value in settings.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()


def postgresql_engine(
    url: str | URL, size: int, *, wait_seconds: float = WAIT_SECONDS, is_limited: bool = False
) -> AsyncEngine:
    """An engine for a PostgreSQL server that may go away and come back. With `is_limited`, the server itself aborts
    statements that take longer than `wait_seconds`: it may not notice that the client has gone.
    """
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        hide_parameters=True,
        connect_args={"timeout": wait_seconds},
    )

    @event.listens_for(engine.sync_engine, "handle_error")
    def judge(context: ExceptionContext) -> None:
        if is_unreachable(context.original_exception):
            # This closes all pooled connections that are older than the error, so that a retry gets a fresh one.
            context.is_disconnect = True
        # PostgreSQL's detail quotes the row, and what people typed must not end up in the log.
        cause = context.original_exception.__cause__
        if getattr(cause, "detail", None):
            cause.detail = None  # type: ignore[union-attr]

    if is_limited:
        _limit_sessions(engine.sync_engine, wait_seconds)
    return engine


def _limit_sessions(engine: Engine, wait_seconds: float) -> None:
    statement = round(wait_seconds * 1000)
    # For a transaction whose client has given up, while it still holds row locks that others wait for.
    idle = statement + 1000

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _: Any) -> None:
        sql = f"SET statement_timeout = {statement}; SET idle_in_transaction_session_timeout = {idle}"
        connection.run_async(lambda raw: raw.execute(sql))
