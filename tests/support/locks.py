"""Locks on rows of a PostgreSQL database, and transactions that wait for them."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import text

from app.settings import Settings
from tests.support.databases import connected, rows
from tests.support.waiting import until

_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def numbers_held_back(settings: Settings, eenheid_id: str) -> AbstractContextManager[None]:
    """Lock a department's counter: a deed waits before it numbers its fact, with all its own locks."""
    return held(settings, "organisatorische_eenheid", eenheid_id)


def held(settings: Settings, table: str, row: object, key: str = "id") -> AbstractContextManager[None]:
    """Lock a row inside this context."""
    hold = f"SELECT 1 FROM {table} WHERE {key} = :row FOR NO KEY UPDATE"  # noqa: S608 - names of our own
    return holding(settings, hold, row=row)


def changing(settings: Settings, statement: str, **values: object) -> AbstractContextManager[None]:
    """Execute a statement, and commit it at the end of the context."""
    return holding(settings, statement, end="COMMIT", **values)


@contextmanager
def holding(settings: Settings, statement: str, *, end: str = "ROLLBACK", **values: object) -> Iterator[None]:
    """Execute a statement in a separate transaction, which ends with the context."""
    with connected(settings.database_url) as holder:
        holder.execute(text("BEGIN"))
        assert holder.execute(text(statement), values).rowcount
        yield
        holder.execute(text(end))


def is_free(settings: Settings, table: str, row: object) -> bool:
    """Whether a row is not locked at this moment."""
    look = f"SELECT 1 FROM {table} WHERE id = :row FOR NO KEY UPDATE SKIP LOCKED"  # noqa: S608 - names of our own
    return bool(rows(settings.database_url, look, row=row))


async def waits_or_is_over(settings: Settings, deed: asyncio.Future[Any], waiting: int) -> None:
    """Wait until `waiting` transactions wait for a lock, or the deed has ended."""
    with connected(settings.database_url) as looking:
        await until(lambda: deed.done() or looking.execute(text(_WAITING)).scalar_one() >= waiting)
