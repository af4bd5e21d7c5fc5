"""Shapes in the making, and where in a row each value will stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.plans.shapes import Listing, ListingKind, Shape


@dataclass(eq=False, slots=True)
class Draft:
    """The shape of one record in the making. What is asked twice is read once.

    `start` is where its values begin in the row that it is part of, and `width` how many there are; they are known
    when the row is laid out.
    """

    kind: str
    columns: dict[str, int] = field(default_factory=dict)
    joined: dict[str, "Draft"] = field(default_factory=dict)
    listings: list["Listed"] = field(default_factory=list)
    start: int = 0
    width: int = 0
    _listed_from: int = 0

    def column(self, name: str) -> "Place":
        """Where a column's value will stand."""
        return Place(self, self.columns.setdefault(name, len(self.columns)), is_listing=False)

    def join(self, relation: str, kind: str) -> "Draft":
        """The record that a relation joins."""
        return self.joined.setdefault(relation, Draft(kind))

    def listing(self, kind: ListingKind, relation: str, of: "Draft | None" = None, **asked: Any) -> "Place":
        """Where the value of a listing will stand; `asked` is what else a `Listing` has."""
        self.listings.append(Listed(kind, relation, of, asked))
        return Place(self, len(self.listings) - 1, is_listing=True)

    def lay_out(self, start: int = 0) -> int:
        """Fix where everything stands, from a place in the row on; the place behind it."""
        self.start = start
        place = start + len(self.columns)
        for draft in self.joined.values():
            place = draft.lay_out(place)
        self._listed_from = place
        for listed in self.listings:
            if listed.of is not None:
                listed.of.lay_out()
        self.width = place + len(self.listings) - start
        return start + self.width

    def at(self, number: int, *, is_listing: bool) -> int:
        """Where a column or a listing stands."""
        return (self._listed_from if is_listing else self.start) + number

    def shape(self) -> Shape:
        """The finished shape."""
        return Shape(
            self.kind,
            tuple(self.columns),
            tuple((relation, draft.shape()) for relation, draft in self.joined.items()),
            tuple(
                Listing(listed.kind, listed.relation, listed.of.shape() if listed.of else None, **listed.asked)
                for listed in self.listings
            ),
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing in the making."""

    kind: ListingKind
    relation: str
    of: Draft | None
    asked: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a row, once that is laid out."""

    draft: Draft
    number: int
    is_listing: bool

    @property
    def index(self) -> int:
        """The index in the row."""
        return self.draft.at(self.number, is_listing=self.is_listing)
