"""The shape of the rows that a plan is handed, and shapes in the making, which tell where each value will stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class ListingKind(Enum):
    """What stands in the one value of a row that a listing has."""

    LIST = auto()
    """Rows of the records that hang on this one, all of them."""
    PAGE = auto()
    """Rows of a page of them, one more than asked where there are more, each with its position at its end."""
    COUNT = auto()
    """How many the page is taken from."""
    VALUE = auto()
    """A value that is reckoned from what hangs on this record."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Something that hangs on a record and is not one other record, by the name of its relation.

    `shape` is that of its rows, where it has rows. `page` is the number, among the pages that a plan asks, of the
    one that it is or counts. A list is taken to have `size` records; `asked` are the nodes that ask for it, each by
    its `id`.
    """

    kind: ListingKind
    relation: str
    shape: "Shape | None" = None
    page: int = -1
    size: int = 0
    asked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Which columns of a record are read, which records are joined to it by which relation, and what it lists.

    A row has the values of its columns; then those of each joined record in the same way, all null where there is
    none; then one value for each listing: JSON of an array of rows, a number, or the value. Within JSON a listing
    is an array, not a text. Two shapes are never equal, so that what was made for one can be kept beside it.
    """

    kind: str
    columns: tuple[str, ...]
    joined: tuple[tuple[str, "Shape"], ...] = ()
    listings: tuple[Listing, ...] = ()

    @property
    def width(self) -> int:
        """How many values a row has."""
        return len(self.columns) + sum(shape.width for _, shape in self.joined) + len(self.listings)

    @property
    def arrays(self) -> list[int]:
        """Where in a row arrays of rows stand."""
        places, place = [], len(self.columns)
        for _, shape in self.joined:
            places += [place + within for within in shape.arrays]
            place += shape.width
        return places + [place + number for number, one in enumerate(self.listings) if one.shape is not None]

    @property
    def widest(self) -> int:
        """How many values the widest row has, those of its lists included."""
        listed = [listing.shape.widest for listing in self.listings if listing.shape is not None]
        return max([self.width, *listed, *(shape.widest for _, shape in self.joined)])

    @property
    def joins(self) -> int:
        """How many records are joined to one, those within its lists included."""
        listed = sum(listing.shape.joins for listing in self.listings if listing.shape is not None)
        return sum(1 + shape.joins for _, shape in self.joined) + listed


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
    start: int = field(init=False)
    width: int = field(init=False)
    _listed_from: int = field(init=False)

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
