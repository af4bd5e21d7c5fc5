"""Work that is done after a migration, while others write. A migration lists it, in order, in its `afterwards`."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, text

Place = str | int
"""A value of the column by which rows are ordered."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """Fills existing rows of `table` in batches of `rows`, in the order of its unique column `key`.

    `fill` gets a connection in a transaction and two values of the key. It changes the rows whose key is above the
    first and not above the second, and may safely be repeated for the same rows. `before` sorts before every key.

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
        """How many rows have a key above `after`; None means from the beginning."""
        statement = text(f"SELECT count(*) FROM {self.table} WHERE {self.key} > :after")  # noqa: S608
        return int(connection.scalar(statement, {"after": self._from(after)}) or 0)

    def batch(self, connection: Connection, after: Place | None) -> tuple[Place, int] | None:
        """Fill the next batch of rows with a key above `after`. Returns the last key and the number of rows; None
        if there are no more.
        """
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
    """Creates an index on a large table. On PostgreSQL others can write meanwhile; SQLite blocks all writes until
    the index exists. `definition` is what follows the table's name: columns, `USING gin (…)`, a WHERE.
    """

    name: str
    table: str
    definition: str

    def build(self, connection: Connection) -> None:
        """Create the index, on a connection without a transaction. The remains of an interrupted attempt are
        dropped first.
        """
        concurrently = "CONCURRENTLY " if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP INDEX {concurrently}IF EXISTS {self.name}")
        connection.exec_driver_sql(f"CREATE INDEX {concurrently}{self.name} ON {self.table} {self.definition}")


FollowUp = Backfill | Indexing
"""One piece of work after a migration."""
