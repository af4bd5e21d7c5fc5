"""Reading for one operation: rows for a compiled plan, or records step by step for graphql-core.

A record is a complete row as an object of the domain model. Contacts and tasks that are read are added to the
processing log.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from app.domain.finding.filters import Found
from app.domain.relations import Relation
from app.service.rows import ListRequest, Rows
from app.service.verwerking import Verwerking
from app.storage.engine.database import Database
from app.storage.engine.snapshot import Snapshot
from app.storage.engine.transaction import PlainRows, Transaction
from app.storage.read import rows as stored
from app.storage.read.row_reader import RowReader

R = TypeVar("R")
T = TypeVar("T")

Key = tuple[Any, ...]


class Records:
    """Reads records for one operation."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def read(self, read: Callable[..., Awaitable[PlainRows]], kind: type[R], **arguments: Any) -> list[R]:
        """The records of a kind that a method of `Rows` reads; `arguments` are the method's own."""
        name = kind.__name__
        return self._noted(name, await read(self._rows, stored.FULL_SHAPES[name], (), **arguments))

    async def look_up(self, read: Callable[..., Awaitable[PlainRows]], kind: type[R], **arguments: Any) -> R | None:
        """The first record that a method of `Rows` reads; None if there is none."""
        records = await self.read(read, kind, **arguments)
        return records[0] if records else None

    async def kind_of(self, id: str) -> str | None:
        """The kind of the object with this id; None if no object has it."""
        return await self._rows.kind_of(id)

    async def page(self, kind: type[R], request: ListRequest) -> Found[R]:
        """A page of records of a kind, each with its position."""
        shape, first = stored.FULL_SHAPES[kind.__name__], request.page.first
        rows = await self._rows.page(shape, [request])
        positions = [tuple(row[shape.width :]) for row in rows[:first]]
        records: list[R] = self._noted(kind.__name__, rows[:first])
        return Found(list(zip(records, positions, strict=True)), has_next=len(rows) > first)

    async def count(self, request: ListRequest) -> int:
        """How many objects meet the filter of a page."""
        return await self._rows.count(request)

    async def related(self, relation: Relation, keys: Sequence[Key], most: int) -> dict[Key, list[Any] | None]:
        """The related records of records that were already read, by their keys (`Relation.key`); None for a guarded
        list that the caller may not see.

        Raises `TooLong` if the lists have more than `most` items together.
        """
        rows_by_key = await self._rows.related(stored.FULL_SHAPES[relation.kind], relation, keys, most)
        related = [rows and self._noted(relation.kind, rows) for rows in rows_by_key]
        if relation.sort_key is not None:
            related = [
                records and sorted(records, key=lambda record: _sort_key(relation, record)) for records in related
            ]
        return dict(zip(keys, related, strict=True))

    async def values(self, kind: str, name: str, ids: Sequence[str]) -> dict[str, Any]:
        """A value that is computed from related records, for each of these records of a kind, by id."""
        return await self._rows.values(kind, name, ids)

    def _noted(self, kind: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
        records = [stored.record(kind, row) for row in rows]
        self._rows.gelezen(records)
        return records


def _sort_key(relation: Relation, record: Any) -> Any:
    assert relation.sort_key is not None  # noqa: S101 - checked by the caller
    return relation.sort_key(*(getattr(record, name) for name in relation.columns))


class Reading:
    """Reads records step by step for one operation, all from one snapshot, until `close`."""

    def __init__(self, database: Database, shapes: RowReader, verwerking: Verwerking) -> None:
        self._snapshot = Snapshot(database)
        self.records = Records(Rows(self._snapshot, shapes, verwerking))

    async def close(self) -> None:
        """Release the snapshot."""
        await self._snapshot.close()


class ReadRows:
    """Reads rows. Everything that one call or one operation reads comes from one snapshot of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shapes = RowReader()

    async def __call__(
        self, verwerking: Verwerking, work: Callable[[Rows], Awaitable[T]], *, alone: bool, max_factor: int
    ) -> T:
        """Call `work` and return its result; what it reads is added to `verwerking`.

        `alone` says that it executes at most one SQL statement. `max_factor` multiplies the expected length of
        lists without pages: of a longer list only one item more than that is read.
        """

        async def read(tx: Transaction) -> T:
            return await work(Rows(tx, self._shapes, verwerking, max_factor))

        return await self._database.reading(read, alone=alone)

    def step_by_step(self, verwerking: Verwerking) -> Reading:
        """A reader for one operation; the caller must close it."""
        return Reading(self._database, self._shapes, verwerking)
