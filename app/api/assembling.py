"""Rows from records that are at hand: what hangs on one is at hand as well, or read by its key."""

from collections.abc import Hashable, Mapping
from typing import Any

from app.plans.declared import Joined, Listed, Reckoned
from app.plans.shapes import ListingKind, Shape
from app.service.at_hand import AtHand
from app.service.batches import Batches


class Missing(Exception):
    """Something is not at hand, and there is nothing to read it from."""


Relations = Mapping[tuple[str, str], Joined | Listed | Reckoned]
"""What fields declare of records that hang on others, by the kind of the record and the name of the relation."""


class Assembler:
    """Makes rows. `at_hand` is asked first, by kind and key; `batches` may be None."""

    def __init__(self, relations: Relations, at_hand: AtHand, batches: Batches | None) -> None:
        self._relations = relations
        self._at_hand = at_hand
        self._batches = batches
        self._read: dict[tuple[str, Hashable], Any] = {}

    async def row(self, shape: Shape, record: Any) -> list[Any]:
        """The row of a record; `Missing` where something cannot be read that must be."""
        values = [getattr(record, name) for name in shape.columns]
        for relation, other in shape.joined:
            declared = self._relations[shape.kind, relation]
            assert isinstance(declared, Joined)  # noqa: S101 - so it was compiled
            key = declared.key(record)
            if key is None:
                values += [None] * other.width
            else:
                values += await self.row(other, await self._one(other.kind, declared, key))
        for listing in shape.listings:
            declared = self._relations[shape.kind, listing.relation]
            assert isinstance(declared, Listed | Reckoned)  # noqa: S101 - so it was compiled
            found = await self._many(declared, record.id)
            if listing.kind is ListingKind.VALUE or listing.shape is None:
                values.append(found)
            else:
                values.append([await self.row(listing.shape, one) for one in found or ()])
        return values

    async def _one(self, kind: str, declared: Joined, key: Hashable) -> Any:
        """The one record with a key."""
        found = self._at_hand.get(kind, key)
        if found is None:
            found = self._read.get((kind, key))
        if found is None:
            found = self._read[kind, key] = (await self._batch(declared)([key]))[key]
        return found

    async def _many(self, declared: Listed | Reckoned, key: str) -> Any:
        """What hangs on the record with a key; None for nothing."""
        if (listed := self._at_hand.listed(declared.relation, key)) is not None:
            return listed
        return (await self._batch(declared)([key])).get(key)

    def _batch(self, declared: Joined | Listed | Reckoned) -> Any:
        if self._batches is None:
            raise Missing
        return declared.batch(self._batches)
