"""Rows of a PostgreSQL server that somebody holds, and who waits for them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import text

from app.settings import Settings
from tests.support.client import PATIENCE
from tests.support.databases import connected, rows

_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@asynccontextmanager
async def numbers_held_back(settings: Settings, eenheid_id: str) -> AsyncIterator[None]:
    """No fact of a department gets its number: a deed that wrote all else waits, with all that it holds."""
    with held(settings, "organisatorische_eenheid", eenheid_id):
        yield


@contextmanager
def held(settings: Settings, table: str, row: object, key: str = "id") -> Iterator[None]:
    """Nobody else changes or locks a row meanwhile."""
    hold = f"SELECT 1 FROM {table} WHERE {key} = :row FOR NO KEY UPDATE"  # noqa: S608 - names of our own
    with connected(settings.database_url) as holder:
        holder.execute(text("BEGIN"))
        assert holder.execute(text(hold), {"row": row}).all()
        yield
        holder.execute(text("ROLLBACK"))


@contextmanager
def changing(settings: Settings, statement: str, **values: object) -> Iterator[None]:
    """A statement is executed at once, and committed when this is left."""
    with connected(settings.database_url) as holder:
        holder.execute(text("BEGIN"))
        holder.execute(text(statement), values)
        yield
        holder.execute(text("COMMIT"))


def is_free(settings: Settings, table: str, row: object) -> bool:
    """Whether nobody holds a row at this moment."""
    look = f"SELECT 1 FROM {table} WHERE id = :row FOR NO KEY UPDATE SKIP LOCKED"  # noqa: S608 - names of our own
    return bool(rows(settings.database_url, look, row=row))


async def waits_or_is_over(settings: Settings, deed: asyncio.Task[object], waiting: int) -> None:
    """Wait until so many transactions wait for a lock, or the deed is over."""

    async def look() -> None:
        while not deed.done() and rows(settings.database_url, _WAITING)[0][0] < waiting:
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), PATIENCE)
