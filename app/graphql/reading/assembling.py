"""Rows from records that a transaction already has. Related records come from there as well, or are read by their
keys, for all records at once.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from app.domain.relations import RELATIONS, Relation
from app.plans.allowance import Allowance
from app.plans.shapes import Listing, ListingKind, Shape
from app.service.committed_records import CommittedRecords
from app.service.reading import Key, Records

Row = list[Any]


class Missing(Exception):
    """A needed record is not among the committed records, and there is no reader to read it with."""


class Assembler:
    """Makes rows of records and their related records.

    Related records come from `committed_records` or, if they are not there, are read with `records`, which may be
    None. Raises `TooLong` if lists without pages have more items than the allowance permits.
    """

    def __init__(self, committed_records: CommittedRecords, records: Records | None, allowance: Allowance) -> None:
        self._committed = committed_records
        self._records = records
        self._allowance = allowance
        self._read: dict[tuple[str, Key], Any] = {}

    async def rows(self, shape: Shape, records: Sequence[Any]) -> list[Row]:
        """The rows of records in this shape; raises `Missing` if something must be read and there is no reader."""
        rows = [[getattr(record, name) for name in shape.columns] for record in records]
        for name, other in shape.joined:
            joined = await self._joined(RELATIONS[shape.kind][name], other, records)
            for row, values in zip(rows, joined, strict=True):
                row += values
        for listing in shape.listings:
            listed = await self._listed(shape.kind, listing, records)
            for row, value in zip(rows, listed, strict=True):
                row.append(value)
        return rows

    async def _joined(self, relation: Relation, shape: Shape, records: Sequence[Any]) -> list[Row]:
        """For each record the row of the record that it refers to; all values are None if it refers to none."""
        keys = [relation.key(record) for record in records]
        known = list(dict.fromkeys(key for key in keys if key is not None))
        rows = await self.rows(shape, await self._ones(relation, known)) if known else []
        by_key = dict(zip(known, rows, strict=True))
        nothing = [None] * shape.width
        return [nothing if key is None else by_key[key] for key in keys]

    async def _listed(self, kind: str, listing: Listing, records: Sequence[Any]) -> list[Any]:
        """For each record the rows of its list, or one computed value."""
        ids = [record.id for record in records]
        if listing.kind is ListingKind.VALUE or listing.shape is None:
            values = await self._reader.values(kind, listing.relation, ids)
            return [values[id_] for id_ in ids]
        lists = await self._many(RELATIONS[kind][listing.relation], records)
        listed = list(chain.from_iterable(items for items in lists if items))
        self._allowance.charge(listing.asked, len(listed))
        rows = iter(await self.rows(listing.shape, listed) if listed else ())
        return [None if items is None else [next(rows) for _ in items] for items in lists]

    async def _ones(self, relation: Relation, keys: Sequence[Key]) -> list[Any]:
        """The related record for each key."""
        kind = relation.kind
        by_key = {key: self._committed.get(kind, key) or self._read.get((kind, key)) for key in keys}
        if missing := [key for key, record in by_key.items() if record is None]:
            read = {
                key: one for key, found in (await self._related(relation, missing)).items() for one in found or ()
            }
            self._read |= {(kind, key): record for key, record in read.items()}
            by_key |= read
        return [by_key[key] for key in keys]

    async def _many(self, relation: Relation, records: Sequence[Any]) -> list[Sequence[Any] | None]:
        """The list of related records for each record; None for one that the caller may not see."""
        by_id = {record.id: self._committed.listed(relation.name, record.id) for record in records}
        keys = {key: record.id for record in records if (key := relation.key(record)) is not None}
        if missing := [key for key, id_ in keys.items() if by_id[id_] is None]:
            by_id |= {keys[key]: related for key, related in (await self._related(relation, missing)).items()}
        return [by_id[record.id] for record in records]

    async def _related(self, relation: Relation, keys: Sequence[Key]) -> dict[Key, list[Any] | None]:
        return await self._reader.related(relation, keys, self._allowance.most)

    @property
    def _reader(self) -> Records:
        """The reader; raises `Missing` if there is none."""
        if self._records is None:
            raise Missing
        return self._records
