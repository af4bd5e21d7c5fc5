"""What a migration leaves to be done after it, while others write: declared in its `afterwards`, in this order."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, text

Place = str | int
"""A value of the column by which rows are taken in order."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """Fills rows that stand, `rows` of `table` at a time, in the order of its unique column `key`.

    `fill` is handed a connection in a transaction, and changes the rows whose key is above the first place and not
    above the second; asked twice for the same rows it does no harm. `before` comes before every key.

        def _fill(connection: Connection, after: Place, upto: Place) -> None:
            connection.execute(_UPDATE, {"after": after, "upto": upto})

        afterwards = (Backfill("versions that overwrote", "interne_taak", _fill),)
    """

    name: str
    table: str
    fill: Callable[[Connection, Place, Place], None]
    key: str = "id"
    before: Place = ""
    rows: int = 1000

    def left(self, connection: Connection, after: Place | None) -> int:
        """How many rows there are after a place, the beginning if None."""
        statement = text(f"SELECT count(*) FROM {self.table} WHERE {self.key} > :after")  # noqa: S608
        return int(connection.scalar(statement, {"after": self._from(after)}) or 0)

    def batch(self, connection: Connection, after: Place | None) -> tuple[Place, int] | None:
        """Fill the rows that come after a place: up to which, and how many; None where there are none."""
        rows = text(
            f"SELECT max(k), count(*) FROM (SELECT {self.key} AS k FROM {self.table} "  # noqa: S608 - names of our own
            f"WHERE {self.key} > :after ORDER BY {self.key} LIMIT :rows) AS next_rows"
        )
        upto, count = connection.execute(rows, {"after": self._from(after), "rows": self.rows}).one()
        if not count:
            return None
        self.fill(connection, self._from(after), upto)
        return upto, count

    def _from(self, after: Place | None) -> Place:
        return self.before if after is None else after


@dataclass(frozen=True, slots=True)
class Indexing:
    """Makes an index on a large table. On PostgreSQL others write meanwhile; SQLite lets nobody write until it is
    made. `definition` is what follows the table's name: columns, `USING gin (…)`, a WHERE.
    """

    name: str
    table: str
    definition: str

    def build(self, connection: Connection) -> None:
        """Make it, on a connection without a transaction: what was left of one that was broken off goes first."""
        concurrently = "CONCURRENTLY " if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP INDEX {concurrently}IF EXISTS {self.name}")
        connection.exec_driver_sql(f"CREATE INDEX {concurrently}{self.name} ON {self.table} {self.definition}")


Background = Backfill | Indexing
"""One thing that is done after a migration."""
