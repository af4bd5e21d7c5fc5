"""Holding rows of PostgreSQL, so that what comes next waits where it is, and looking at who waits."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.settings import Settings
from tests.support.client import PATIENCE
from tests.support.databases import connected, rows

_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_DEPARTMENT = "SELECT id FROM organisatorische_eenheid WHERE id = :id FOR NO KEY UPDATE"


@contextmanager
def holding(settings: Settings, statement: str, end: str = "ROLLBACK", **values: object) -> Iterator[None]:
    """Meanwhile somebody else has executed a statement, in a transaction that ends thereafter."""
    with connected(settings.database_url) as holder:
        holder.execute(text("BEGIN"))
        holder.execute(text(statement), values)
        yield
        holder.execute(text(end))


@contextmanager
def numbers_held_back(settings: Settings, eenheid_id: str) -> Iterator[None]:
    """No fact of a department gets its number: a deed that wrote all else waits, with all that it holds."""
    with holding(settings, _DEPARTMENT, id=eenheid_id):
        yield


def is_free(settings: Settings, eenheid_id: str) -> bool:
    """Whether nobody holds a department."""
    try:
        rows(settings.database_url, f"{_DEPARTMENT} NOWAIT", id=eenheid_id)
    except OperationalError:
        return False
    return True


async def waits_or_is_over(settings: Settings, deed: asyncio.Future[Any], waiting: int) -> None:
    """Wait until so many transactions wait for a lock, or the deed is over."""

    async def look() -> None:
        while not deed.done() and rows(settings.database_url, _WAITING)[0][0] < waiting:
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), PATIENCE)
