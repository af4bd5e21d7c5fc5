"""Rows from records that are at hand: what hangs on them is at hand as well, or read by their keys, for all of them
at once.
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
    """Something is not at hand, and there is nothing to read it from."""


class Assembler:
    """Makes rows of records, with what hangs on them: from `committed_records` where it is there, else it is read
    with `records`, which may be None. `TooLong` where lists without a page bring more than the allowance allows.
    """

    def __init__(self, committed_records: CommittedRecords, records: Records | None, allowance: Allowance) -> None:
        self._at_hand = committed_records
        self._records = records
        self._allowance = allowance
        self._read: dict[tuple[str, Key], Any] = {}

    async def rows(self, shape: Shape, records: Sequence[Any]) -> list[Row]:
        """The rows of records; `Missing` where something cannot be read that must be."""
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
        """For each record the row of the one that it refers to, all of it None where it refers to none."""
        keys = [relation.key(record) for record in records]
        known = list(dict.fromkeys(key for key in keys if key is not None))
        rows = await self.rows(shape, await self._ones(relation, known)) if known else []
        by_key = dict(zip(known, rows, strict=True))
        nothing = [None] * shape.width
        return [nothing if key is None else by_key[key] for key in keys]

    async def _listed(self, kind: str, listing: Listing, records: Sequence[Any]) -> list[Any]:
        """For each record what it lists: rows, or one value that is reckoned."""
        ids = [record.id for record in records]
        if listing.kind is ListingKind.VALUE or listing.shape is None:
            values = await self._needed.values(kind, listing.relation, ids)
            return [values[id_] for id_ in ids]
        found = await self._many(RELATIONS[kind][listing.relation], records)
        self._allowance.charge(listing.asked, sum(map(len, found)))
        rows = iter(await self.rows(listing.shape, list(chain.from_iterable(found))) if any(found) else ())
        return [[next(rows) for _ in items] for items in found]

    async def _ones(self, relation: Relation, keys: Sequence[Key]) -> list[Any]:
        """The one record of each key."""
        kind = relation.kind
        found = {key: self._at_hand.get(kind, key) or self._read.get((kind, key)) for key in keys}
        if missing := [key for key, record in found.items() if record is None]:
            read = {key: one for key, [one] in (await self._related(relation, missing)).items()}
            self._read |= {(kind, key): one for key, one in read.items()}
            found |= read
        return [found[key] for key in keys]

    async def _many(self, relation: Relation, records: Sequence[Any]) -> list[Sequence[Any]]:
        """What hangs on each record."""
        found = {record.id: self._at_hand.listed(relation.name, record.id) for record in records}
        keys = {key: record.id for record in records if (key := relation.key(record)) is not None}
        if missing := [key for key, id_ in keys.items() if found[id_] is None]:
            found |= {keys[key]: listed for key, listed in (await self._related(relation, missing)).items()}
        return [found[record.id] or () for record in records]

    async def _related(self, relation: Relation, keys: Sequence[Key]) -> dict[Key, list[Any]]:
        return await self._needed.related(relation, keys, self._allowance.most)

    @property
    def _needed(self) -> Records:
        """What reads, which there must be."""
        if self._records is None:
            raise Missing
        return self._records
