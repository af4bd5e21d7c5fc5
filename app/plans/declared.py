"""The declarations beside the fields of a schema, which say where their values come from. Plans and resolvers both
follow them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

PLAN = "plan"
"""The key of the declaration in the metadata of a field."""

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A value of the record itself."""

    name: str


@dataclass(frozen=True, slots=True)
class BelongsTo:
    """The one record that this record refers to by a relation."""

    relation: str


@dataclass(frozen=True, slots=True)
class HasMany:
    """The records that refer to this one; the cost of a query assumes `size` of them. If the database cannot sort
    them, `sort_key` turns the named `columns` of a record into its sort key. A `guarded` list is null for some
    callers, and in an event.
    """

    relation: str
    size: int
    columns: tuple[str, ...] = ()
    sort_key: Callable[..., Any] | None = None
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """An object of values of the record itself, by their names in the schema; null if all of these are."""

    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that is computed from related records. In an event it is null unless it is `lasting`."""

    relation: str
    lasting: bool = True


class PageRequest(Protocol):
    """A requested page of a list."""

    @property
    def first(self) -> int:
        """The maximum number of rows."""

    @property
    def has_previous(self) -> bool:
        """Whether the page starts after a cursor."""

    def begin(self, parent: Any) -> None:
        """Set the record that the page belongs to, by the value of the declared column. Raises if the cursor is of
        another list.
        """

    def cursor(self, position: Sequence[Any]) -> str:
        """The cursor of a row, from its position."""


MakePageRequest = Callable[..., PageRequest]
"""From the context and the arguments to the requested page; raises if an argument is wrong."""


@dataclass(frozen=True, slots=True)
class HasPage:
    """A page of the records that refer to this one, as a connection. The column `parent` identifies the record in
    cursors, so that a cursor of another record's list is refused.
    """

    relation: str
    parent: str
    ask: MakePageRequest


@dataclass(frozen=True, slots=True)
class ReadField:
    """A root field that reads records: `read(reader, shape, pages, **arguments)`. Their rows always have the named
    columns. If it is a list, the cost of a query assumes `size` records; 0 if it has an argument `first`. `reads`
    is how many statements it executes.
    """

    read: Callable[..., Awaitable[Sequence[Row]]]
    columns: tuple[str, ...] = ()
    size: int = 0
    reads: int = 1


@dataclass(frozen=True, slots=True)
class PageField:
    """A root field that reads a page: `read(reader, page, shape, pages)` and `count(reader, page)`."""

    ask: MakePageRequest
    read: Callable[..., Awaitable[Sequence[Row]]]
    count: Callable[..., Awaitable[int]]


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A root field of an abstract type: `which(reader, **arguments)` returns the name of the type of the object, or
    None if there is no object. `read` says how each type is read.
    """

    which: Callable[..., Awaitable[str | None]]
    read: Mapping[str, ReadField]


@dataclass(frozen=True, slots=True)
class ContextField:
    """A value from the context, by a function of the context."""

    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ObjectField:
    """An object that only groups other root fields."""


@dataclass(frozen=True, slots=True)
class MutationField:
    """A root field of a mutation: `run(context, **arguments)` does it and returns one of the types of its union."""

    run: Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """A record in an attribute of the answer of a mutation. If it is selected it is logged as read with `is_noted`;
    else the mutation itself does that.
    """

    attribute: str
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class EventField:
    """A root field of a subscription, executed for each event. The event is the record and never changes; related
    records are read as they are now: `read(reader, shape, pages, event)`.
    """

    read: Callable[..., Awaitable[Sequence[Row]]]


OfRecord = Column | Part | BelongsTo | HasMany | Computed | HasPage
OfRoot = ReadField | PageField | ChoiceField | ContextField | ObjectField | MutationField | EventField
Declared = OfRecord | OfRoot | AnswerRecord
