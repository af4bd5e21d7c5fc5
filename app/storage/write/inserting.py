"""Inserting rows into several tables together."""

from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import Table, insert

from app.storage.engine.transaction import Transaction
from app.storage.sql.prepared import DatabaseKind, Prepared, Template, Values


class Inserts:
    """Inserts rows into tables, in the order of the tables. PostgreSQL gets one statement for all tables, which is
    one round trip; SQLite gets one for each. Each row must have all columns.
    """

    def __init__(self, *tables: Table) -> None:
        self._tables = tables
        self._each = [Prepared.of(insert(table)) for table in tables]
        self._together = Prepared(self._template)

    async def __call__(self, tx: Transaction, *rows: Sequence[Values]) -> None:
        """Insert the rows of each table. Raises `ConstraintViolated` if one of them violates a constraint."""
        if tx.kind == "postgresql":
            named = zip(self._tables, rows, strict=True)
            await tx.run(self._together, **{table.name: as_json(of_table) for table, of_table in named})
        else:
            for prepared, of_table in zip(self._each, rows, strict=True):
                if of_table:
                    await tx.run_many(prepared, of_table)

    def _template(self, _: DatabaseKind) -> Template:
        inserts = [f"i{place} AS ({insert_from_json(table)})" for place, table in enumerate(self._tables)]
        return Template(f"WITH {', '.join(inserts)} SELECT 1 WHERE false")


def as_json(rows: Iterable[Values]) -> str:
    """Rows as the JSON that `insert_from_json` expects."""
    return orjson.dumps(list(rows)).decode()


def insert_from_json(table: Table) -> str:
    """An INSERT of all rows in the JSON parameter that has the name of the table."""
    columns = ", ".join(column.name for column in table.columns)
    rows = f"json_populate_recordset(NULL::{table.name}, %({table.name})s::json)"
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {rows}"  # noqa: S608 - names of our own
