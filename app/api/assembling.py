"""Rows from records that are at hand: what hangs on them is at hand as well, or read by their keys, for all of them
at once.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import chain
from typing import Any

from app.plans.allowance import Allowance
from app.plans.declared import Joined, Listed, Reckoned
from app.plans.shapes import Listing, ListingKind, Shape
from app.service.at_hand import AtHand
from app.service.batches import Batches


class Missing(Exception):
    """Something is not at hand, and there is nothing to read it from."""


Relations = Mapping[tuple[str, str], Joined | Listed | Reckoned]
"""What fields declare of records that hang on others, by the kind of the record and the name of the relation."""

Row = list[Any]


class Assembler:
    """Makes rows. `at_hand` is asked first, by kind and key; `batches` may be None. `TooLong` where lists without a
    page bring more than the allowance allows.
    """

    def __init__(
        self, relations: Relations, at_hand: AtHand, batches: Batches | None, allowance: Allowance
    ) -> None:
        self._relations = relations
        self._at_hand = at_hand
        self._batches = batches
        self._allowance = allowance
        self._read: dict[tuple[str, Hashable], Any] = {}

    async def rows(self, shape: Shape, records: Sequence[Any]) -> list[Row]:
        """The rows of records; `Missing` where something cannot be read that must be."""
        rows = [[getattr(record, name) for name in shape.columns] for record in records]
        for relation, other in shape.joined:
            joined = await self._joined(self._relations[shape.kind, relation], other, records)
            for row, values in zip(rows, joined, strict=True):
                row += values
        for listing in shape.listings:
            listed = await self._listed(self._relations[shape.kind, listing.relation], listing, records)
            for row, value in zip(rows, listed, strict=True):
                row.append(value)
        return rows

    async def _joined(self, declared: Any, shape: Shape, records: Sequence[Any]) -> list[Row]:
        """For each record the row of the one that it refers to, all of it None where it refers to none."""
        assert isinstance(declared, Joined)  # noqa: S101 - so it was compiled
        keys = [declared.key(record) for record in records]
        known = list(dict.fromkeys(key for key in keys if key is not None))
        rows = await self.rows(shape, await self._ones(shape.kind, declared, known)) if known else []
        by_key = dict(zip(known, rows, strict=True))
        nothing = [None] * shape.width
        return [nothing if key is None else by_key[key] for key in keys]

    async def _listed(self, declared: Any, listing: Listing, records: Sequence[Any]) -> list[Any]:
        """For each record what it lists: rows, or one value that is reckoned."""
        assert isinstance(declared, Listed | Reckoned)  # noqa: S101 - so it was compiled
        found = await self._many(declared, [record.id for record in records])
        if listing.kind is ListingKind.VALUE or listing.shape is None:
            return found
        self._allowance.charge(listing.asked, sum(map(len, found)))
        rows = iter(await self.rows(listing.shape, list(chain.from_iterable(found))) if any(found) else ())
        return [[next(rows) for _ in items] for items in found]

    async def _ones(self, kind: str, declared: Joined, keys: Sequence[Hashable]) -> list[Any]:
        """The one record of each key."""
        found = {key: self._at_hand.get(kind, key) or self._read.get((kind, key)) for key in keys}
        if missing := [key for key, record in found.items() if record is None]:
            read = await declared.batch(self._needed)(missing)
            self._read |= {(kind, key): read[key] for key in missing}
            found |= read
        return [found[key] for key in keys]

    async def _many(self, declared: Listed | Reckoned, keys: Sequence[str]) -> list[Any]:
        """What hangs on the record of each key."""
        found = {key: self._at_hand.listed(declared.relation, key) for key in keys}
        if missing := [key for key, listed in found.items() if listed is None]:
            batch = declared.batch(self._needed)
            found |= await (
                batch(missing) if isinstance(declared, Reckoned) else batch(missing, self._allowance.most)
            )
        return [found[key] or () if isinstance(declared, Listed) else found[key] for key in keys]

    @property
    def _needed(self) -> Batches:
        """What reads, which there must be."""
        if self._batches is None:
            raise Missing
        return self._batches
