"""Rows of several tables that are stored together."""

from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import Table, insert

from app.storage.engine.transaction import Transaction
from app.storage.sql.prepared import DatabaseKind, Prepared, Template, Values


class Inserts:
    """Stores rows of tables, those of one table after those of another: on PostgreSQL by one statement for all of
    them, which is one round trip, on SQLite by one for each table. Each row has all columns.
    """

    def __init__(self, *tables: Table) -> None:
        self._tables = tables
        self._each = [Prepared.of(insert(table)) for table in tables]
        self._together = Prepared(self._template)

    async def __call__(self, tx: Transaction, *rows: Sequence[Values]) -> None:
        """Store the rows of each table. `ConstraintBroken` where one of them breaks a rule."""
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
    """Rows as the one value that `insert_from_json` takes."""
    return orjson.dumps(list(rows)).decode()


def insert_from_json(table: Table) -> str:
    """An INSERT of all rows of the JSON that is the parameter named as the table."""
    columns = ", ".join(column.name for column in table.columns)
    rows = f"json_populate_recordset(NULL::{table.name}, %({table.name})s::json)"
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {rows}"  # noqa: S608 - names of our own
