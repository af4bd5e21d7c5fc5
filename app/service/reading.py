"""Reading for one operation: rows for a plan, or records step by step for graphql-core.

A record is a row in full, as the domain has it. Records of contacts and tasks are noted for the processing log.
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
    """The records of what one operation reads."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def read(self, read: Callable[..., Awaitable[PlainRows]], kind: type[R], **arguments: Any) -> list[R]:
        """The records of a kind that one of the methods of `Rows` reads."""
        name = kind.__name__
        return self._noted(name, await read(self._rows, stored.FULL[name], (), **arguments))

    async def look_up(self, read: Callable[..., Awaitable[PlainRows]], kind: type[R], **arguments: Any) -> R | None:
        """The one record that is read so; None where it is not there."""
        found = await self.read(read, kind, **arguments)
        return found[0] if found else None

    async def kind_of(self, id: str) -> str | None:
        """Which kind of object has an id."""
        return await self._rows.kind_of(id)

    async def page(self, kind: type[R], filter_: ListRequest) -> Found[R]:
        """A page of records of a kind, each with its position."""
        shape, first = stored.FULL[kind.__name__], filter_.page.first
        found = await self._rows.page(shape, [filter_])
        positions = [tuple(row[shape.width :]) for row in found[:first]]
        records: list[R] = self._noted(kind.__name__, found[:first])
        return Found(list(zip(records, positions, strict=True)), has_next=len(found) > first)

    async def count(self, filter_: ListRequest) -> int:
        """How many there are under the filter of a page."""
        return await self._rows.count(filter_)

    async def related(self, relation: Relation, keys: Sequence[Key], most: int) -> dict[Key, list[Any]]:
        """What hangs on records that were found, by their keys. Lists are `TooLong` that have more than `most`
        items together.
        """
        found = await self._rows.related(stored.FULL[relation.kind], relation, keys, most)
        hanging = [self._noted(relation.kind, rows) for rows in found]
        if relation.arranged is not None:
            hanging = [sorted(records, key=lambda one: _arranged(relation, one)) for records in hanging]
        return dict(zip(keys, hanging, strict=True))

    async def values(self, kind: str, name: str, ids: Sequence[str]) -> dict[str, Any]:
        """A value that is reckoned from what hangs on records of a kind, by their ids."""
        return await self._rows.values(kind, name, ids)

    def _noted(self, kind: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
        records = [stored.record(kind, row) for row in rows]
        self._rows.gelezen(records)
        return records


def _arranged(relation: Relation, record: Any) -> Any:
    assert relation.arranged is not None  # noqa: S101 - asked before
    return relation.arranged(*(getattr(record, name) for name in relation.columns))


class Reading:
    """What an operation reads step by step: `records` of one moment, until it is closed."""

    def __init__(self, database: Database, shapes: RowReader, verwerking: Verwerking) -> None:
        self._snapshot = Snapshot(database)
        self.records = Records(Rows(self._snapshot, shapes, verwerking))

    async def close(self) -> None:
        """Let go of the snapshot."""
        await self._snapshot.close()


class ReadRows:
    """Reads rows: all that one work reads, or one operation step by step, is of one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shapes = RowReader()

    async def __call__(
        self, verwerking: Verwerking, work: Callable[[Rows], Awaitable[T]], *, alone: bool, stretch: int
    ) -> T:
        """What the work returns, whose reading is noted; `alone` where it asks one statement at most. Of a list
        without a page are read so many times as many as it is taken to have, and one more where there are more.
        """

        async def read(tx: Transaction) -> T:
            return await work(Rows(tx, self._shapes, verwerking, stretch))

        return await self._database.reading(read, alone=alone)

    def step_by_step(self, verwerking: Verwerking) -> Reading:
        """What an operation reads as it goes on; it must be closed."""
        return Reading(self._database, self._shapes, verwerking)
