"""Filling a migrated database with a register of many tasks, in minutes: indexes are made when all is there."""

import sqlite3
from collections.abc import Iterator

import asyncpg
from sqlalchemy import make_url

from app.storage.schema.tables import metadata
from tests.bench.filling import Filling, Row

_BATCH = 20_000


async def fill(url: str, filling: Filling) -> None:
    """Fill the database at a URL. On PostgreSQL its user must be one who may leave references unchecked."""
    if url.startswith("sqlite"):
        _fill_sqlite(url, filling)
    else:
        await _fill_postgresql(url, filling)


def _rows(filling: Filling) -> Iterator[tuple[str, list[Row]]]:
    """Tables with rows. Departments come last: their counters are known when their tasks are."""
    for batch in filling.batches(_BATCH):
        yield from batch.items()
    yield from filling.people().items()


def _fill_sqlite(url: str, filling: Filling) -> None:
    with sqlite3.connect(make_url(url).database or "", isolation_level=None) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-2000000", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        indexes = made.fetchall()
        connection.execute("BEGIN")
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for table, rows in _rows(filling):
            names = _columns(table)
            places = ", ".join("?" * len(names))
            insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - names of our own
            connection.executemany(insert, rows)
        for _, statement in indexes:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _columns(table: str) -> list[str]:
    """The names of the columns of a table, in the order of the rows; a migrated database has another order."""
    return [column.name for column in metadata.tables[table].columns]


async def _fill_postgresql(url: str, filling: Filling) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=60)
    try:
        indexes = await connection.fetch(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS statement FROM pg_index i "
            "JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = 'public' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        )
        await connection.execute("SET maintenance_work_mem = '1GB'")
        async with connection.transaction():
            # Neither references nor triggers: what a trigger would have added comes below.
            await connection.execute("SET LOCAL session_replication_role = replica")
            for index in indexes:
                await connection.execute(f"DROP INDEX {index['name']}")
            for table, rows in _rows(filling):
                await connection.copy_records_to_table(table, records=rows, columns=_columns(table), timeout=600)
            await connection.execute(_INZAGE)
            for index in indexes:
                await connection.execute(index["statement"], timeout=3600)
        await connection.execute("VACUUM ANALYZE", timeout=3600)
    finally:
        await connection.close()


_INZAGE = """
INSERT INTO inzage (taak_id, eenheid_id, klantcontact_id, geregistreerd_op, wachtend_sinds, status, rang, gedaan_op)
SELECT t.id, g.eenheid_id, t.klantcontact_id, t.geregistreerd_op, t.wachtend_sinds, t.status, t.rang, t.gedaan_op
FROM gebeurtenis g JOIN interne_taak t ON t.id = g.taak_id WHERE g.soort = 'DOORGESTUURD'
"""
