"""What stands beside a field of a schema: where its value comes from. Both ways of executing follow it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

PLAN = "plan"
"""Under this name the metadata of a field has its declaration."""

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A value of the record itself."""

    name: str


@dataclass(frozen=True, slots=True)
class BelongsTo:
    """The one record that this one refers to by a relation."""

    relation: str


@dataclass(frozen=True, slots=True)
class HasMany:
    """The records that hang on this one; they are taken to be `size`. `arranged` puts them in order by the named
    columns of theirs, where the database cannot: `columns` of a record to what is sorted by.
    """

    relation: str
    size: int
    columns: tuple[str, ...] = ()
    arranged: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A value reckoned from what hangs on the record; in an event it is null where it is not `lasting`."""

    relation: str
    lasting: bool = True


class PageRequest(Protocol):
    """A page of a list as it is asked for."""

    @property
    def first(self) -> int:
        """How many at most."""

    @property
    def has_previous(self) -> bool:
        """Whether it was asked from a place on."""

    def begin(self, parent: Any) -> None:
        """Its rows hang on this record, by the value of the declared column; refuses a cursor of another list."""

    def cursor(self, position: Sequence[Any]) -> str:
        """The cursor of a row."""


AskPage = Callable[..., PageRequest]
"""From the context and the arguments to the page; refuses those that are wrong."""


@dataclass(frozen=True, slots=True)
class HasPage:
    """A page of the records that hang on this one, as a connection. The column tells one record's list from
    another's.
    """

    relation: str
    parent: str
    ask: AskPage


@dataclass(frozen=True, slots=True)
class ReadField:
    """A root field that reads records: `read(reader, shape, pages, **arguments)`. Their rows have the named
    columns, whatever is selected. A list of them is taken to have `size`.
    """

    read: Callable[..., Awaitable[Sequence[Row]]]
    columns: tuple[str, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class PageField:
    """A root field that reads a page: `read(reader, page, shape, pages)` and `count(reader, page)`."""

    ask: AskPage
    read: Callable[..., Awaitable[Sequence[Row]]]
    count: Callable[..., Awaitable[int]]


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A root field whose type is abstract: `which(reader, **arguments)` names the type of what is there, None for
    nothing; each type is read as it says.
    """

    which: Callable[..., Awaitable[str | None]]
    read: Mapping[str, ReadField]


@dataclass(frozen=True, slots=True)
class ContextField:
    """A value that the context has, by a function of it."""

    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ObjectField:
    """An object that has root fields of its own and is nothing else."""


@dataclass(frozen=True, slots=True)
class DeedField:
    """A root field that does something: `run(context, **arguments)` answers with one of the types of its union."""

    run: Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Answered:
    """The record that the answer of a deed has in an attribute."""

    attribute: str


@dataclass(frozen=True, slots=True)
class EventField:
    """A root field of a subscription, executed for one event, which is the record and never changes. What hangs on
    it is read as it is now: `read(reader, shape, pages, event)`.
    """

    read: Callable[..., Awaitable[Sequence[Row]]]


OfRecord = Column | BelongsTo | HasMany | Computed | HasPage
OfRoot = ReadField | PageField | ChoiceField | ContextField | ObjectField | DeedField | EventField
Declared = OfRecord | OfRoot | Answered
