"""The shape of the rows that a plan reads, and drafts of shapes, which determine the place of each value in
a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class ListingKind(Enum):
    """What a listing adds to a row, as one value."""

    LIST = auto()
    """The rows of all related records."""
    PAGE = auto()
    """The rows of a page of related records, plus one row if more follow. Each ends with its position in
    the list.
    """
    COUNT = auto()
    """The total number of records in the list of a page."""
    VALUE = auto()
    """A value that is computed from related records."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Something that is related to a record, except one joined record, by the name of its relation.

    `shape` is the shape of its rows, if it has rows. For a page or a count, `page` is the index of the page in the
    requested pages of the plan. The cost of a query assumes `size` records in a list; `asked` has the `id` of each
    node that selects it.
    """

    kind: ListingKind
    relation: str
    shape: "Shape | None" = None
    page: int = -1
    size: int = 0
    asked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Which columns of a record are read, which records are joined to it by which relation, and its listings.

    A row has the values of the columns; then the values of each joined record in the same way, all NULL if there is
    none; then one value for each listing: JSON text of an array of rows, a number, or the value. A listing inside
    JSON is an array, not a text. Shapes are compared by identity, so that they can be keys of a cache.
    """

    kind: str
    columns: tuple[str, ...]
    joined: tuple[tuple[str, "Shape"], ...] = ()
    listings: tuple[Listing, ...] = ()

    @property
    def width(self) -> int:
        """The number of values in a row."""
        return len(self.columns) + sum(shape.width for _, shape in self.joined) + len(self.listings)

    @property
    def arrays(self) -> list[int]:
        """The indexes in a row of the values that are arrays of rows."""
        places, place = [], len(self.columns)
        for _, shape in self.joined:
            places += [place + within for within in shape.arrays]
            place += shape.width
        return places + [place + number for number, item in enumerate(self.listings) if item.shape is not None]

    @property
    def widest(self) -> int:
        """The number of values in the widest row, including the rows of its lists."""
        listed = [listing.shape.widest for listing in self.listings if listing.shape is not None]
        return max([self.width, *listed, *(shape.widest for _, shape in self.joined)])

    @property
    def joins(self) -> int:
        """The number of joined records, including those in its lists."""
        listed = sum(listing.shape.joins for listing in self.listings if listing.shape is not None)
        return sum(1 + shape.joins for _, shape in self.joined) + listed


@dataclass(eq=False, slots=True)
class Draft:
    """A draft of the shape of one record. A column that is selected twice is read once.

    `start` is the index of its first value in the row that it is part of, and `width` the number of its values;
    both are known after `lay_out`.
    """

    kind: str
    columns: dict[str, int] = field(default_factory=dict)
    joined: dict[str, "Draft"] = field(default_factory=dict)
    listings: list["DraftListing"] = field(default_factory=list)
    start: int = field(init=False)
    width: int = field(init=False)
    _listed_from: int = field(init=False)

    def column(self, name: str) -> "Slot":
        """The slot of a column's value."""
        return Slot(self, self.columns.setdefault(name, len(self.columns)), is_listing=False)

    def join(self, relation: str, kind: str) -> "Draft":
        """The draft of the record that a relation joins."""
        return self.joined.setdefault(relation, Draft(kind))

    def listing(self, kind: ListingKind, relation: str, of: "Draft | None" = None, **others: Any) -> "Slot":
        """The slot of the value of a listing; `others` are the other fields of `Listing`."""
        self.listings.append(DraftListing(kind, relation, of, others))
        return Slot(self, len(self.listings) - 1, is_listing=True)

    def lay_out(self, start: int = 0) -> int:
        """Determine all places, starting at an index of the row; returns the index after the last value."""
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
        """The index in the row of a column or a listing."""
        return (self._listed_from if is_listing else self.start) + number

    def shape(self) -> Shape:
        """The finished shape."""
        return Shape(
            self.kind,
            tuple(self.columns),
            tuple((relation, draft.shape()) for relation, draft in self.joined.items()),
            tuple(
                Listing(listed.kind, listed.relation, listed.of.shape() if listed.of else None, **listed.others)
                for listed in self.listings
            ),
        )


@dataclass(frozen=True, slots=True)
class DraftListing:
    """A draft of a listing."""

    kind: ListingKind
    relation: str
    of: Draft | None
    others: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value in a row; its index is known once the row is laid out."""

    draft: Draft
    number: int
    is_listing: bool

    @property
    def index(self) -> int:
        """The index in the row."""
        return self.draft.at(self.number, is_listing=self.is_listing)
