"""What a plan writes: the answer as a tree, whose leaves refer to places in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.plans.shapes import Draft, Slot


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a row. `is_flag` marks a Boolean, which a database may return as a number."""

    place: Slot
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every row."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """An object that is written from a record; null if there are values at `present` and all of them are NULL."""

    fields: Sequence[tuple[str, "Output"]]
    present: Sequence[Slot] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of records, each with a row of its own; the cost of a query assumes `size` of them. `sort_key` turns
    the values at `by` into a sort key. A `guarded` list is null if its value in the row is NULL.
    """

    place: Slot
    row: Draft
    item: Record
    size: int
    by: Sequence[Slot] = ()
    sort_key: Callable[..., Any] | None = None
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a page. Each is an object with the given fields: a node, a cursor, or a constant."""

    fields: Sequence[tuple[str, "Record | Constant | Cursor"]]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The cursor of an edge."""


@dataclass(frozen=True, slots=True)
class PageInfoOutput:
    """The `pageInfo` of a connection: its response keys with their values."""

    fields: Sequence[tuple[str, "PageFact | Constant"]]


@dataclass(frozen=True, slots=True)
class PageFact:
    """One of hasNextPage, hasPreviousPage, startCursor, endCursor."""

    name: str


@dataclass(frozen=True, slots=True)
class Total:
    """The total number of records in the list."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of records; `page` is its index in the requested pages. A page inside a row is at `place`, `parent` is
    the key of the record that it belongs to, and `counted` is the total number, if that is selected.
    """

    fields: Sequence[tuple[str, "Edges | PageInfoOutput | Total | Constant"]]
    row: Draft
    page: int
    place: Slot | None = None
    parent: Slot | None = None
    counted: Slot | None = None


Output = Leaf | Constant | Record | Items | Connection
