"""What a plan writes: the answer as a tree, each leaf with its place in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.plans.shapes import Draft, Slot


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a row. `is_flag` where it is a Boolean, which a database may give as a number."""

    place: Slot
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """The same for every row."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """An object written from a record; null where the value at `present` is."""

    fields: Sequence[tuple[str, "Output"]]
    present: Slot | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list of records, each of which has a row of its own; it is taken to have `size`. `arranged` sorts by the
    values at `by`.
    """

    place: Slot
    row: Draft
    item: Record
    size: int
    by: Sequence[Slot] = ()
    arranged: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a page, each an object of the given fields: a node, a cursor, or a constant."""

    fields: Sequence[tuple[str, "Record | Constant | Cursor"]]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The cursor of an edge."""


@dataclass(frozen=True, slots=True)
class PageInfoOutput:
    """What comes before and after a page: response keys and what stands there, a name below or a constant."""

    fields: Sequence[tuple[str, "PageFact | Constant"]]


@dataclass(frozen=True, slots=True)
class PageFact:
    """One of hasNextPage, hasPreviousPage, startCursor, endCursor."""

    name: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are whatever the page."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of records. It is number `page` of those asked; `parent` tells whose list it is, where it is within a
    row, at `place`; the total is at `counted` then, where it is asked.
    """

    fields: Sequence[tuple[str, "Edges | PageInfoOutput | Total | Constant"]]
    row: Draft
    page: int
    place: Slot | None = None
    parent: Slot | None = None
    counted: Slot | None = None


Output = Leaf | Constant | Record | Items | Connection
