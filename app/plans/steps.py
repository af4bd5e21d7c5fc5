"""Executing a plan: each root field is a step, which returns the value of the field in the answer."""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import FieldNode, GraphQLField, get_argument_values
from graphql.execution.values import VariableValues

from app.plans.allowance import within
from app.plans.code import Notes, Write
from app.plans.declared import MakePageRequest, PageRequest, Row
from app.plans.shapes import Shape
from app.plans.variables import has_variables


class RecordMissing(Exception):
    """A record is missing that may not be null; graphql-core then executes the operation and reports the error."""


@dataclass(frozen=True, slots=True)
class Running:
    """One execution of a plan: the context of the operation, its variables, the callbacks that log what is read,
    and the reader, or None if nothing is read.
    """

    context: Any
    variables: VariableValues
    notes: Notes
    reader: Any = None

    @property
    def max_factor(self) -> int:
        """How many times its assumed size a list without pagination may be."""
        max_factor: int = self.context.allowance.max_factor
        return max_factor


class Arguments:
    """The arguments of a field in a document. `read` converts coerced GraphQL values to Python. Arguments without
    variables are read once.
    """

    def __init__(
        self, field: GraphQLField, node: FieldNode, read: Callable[[GraphQLField, dict[str, Any]], dict[str, Any]]
    ) -> None:
        self._field = field
        self._node = node
        self._read = read
        self._are_constant = not has_variables(node.arguments or ())
        self._constant: dict[str, Any] | None = None if field.args else {}

    def __call__(self, variables: VariableValues) -> dict[str, Any]:
        """The values by name. Raises GraphQLError if one is wrong."""
        if self._constant is not None:
            return self._constant
        values = self._read(self._field, get_argument_values(self._field, self._node, variables))
        if self._are_constant:
            self._constant = values
        return values


@dataclass(frozen=True, slots=True)
class PageSelection:
    """A page that a document selects, inside a row or as a root field."""

    ask: MakePageRequest
    arguments: Arguments

    def __call__(self, running: Running) -> PageRequest:
        """The requested page, with the values of this execution."""
        return self.ask(running.context, **self.arguments(running.variables))


MakeRow = Callable[[Any, Any, Shape, Any], Awaitable[Row | None]]
"""From the context, the reader, a shape and a record in memory to the row of the record; None if something must be
read and there is no reader.
"""


class Step(Protocol):
    """One root field."""

    @property
    def reads(self) -> int:
        """The maximum number of statements that it executes."""

    async def __call__(self, running: Running) -> Any:
        """The value of the field, for orjson."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The compiled selection on a record: the shape of its rows, the pages inside it, and the function that writes
    it.
    """

    shape: Shape
    pages: Sequence[PageSelection]
    write: Write

    def asked(self, running: Running) -> list[PageRequest]:
        """The requested pages inside it, with the values of this execution."""
        return [page(running) for page in self.pages]


@dataclass(frozen=True, slots=True)
class ConstantStep:
    """A field that always has the same value."""

    value: Any
    reads: int = 0

    async def __call__(self, running: Running) -> Any:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class ContextStep:
    """A value that is computed from the context."""

    read: Callable[[Any], Any]
    reads: int = 0

    async def __call__(self, running: Running) -> Any:
        """The value."""
        return self.read(running.context)


@dataclass(frozen=True, slots=True)
class GroupStep:
    """An object whose fields are steps."""

    steps: Sequence[tuple[str, Step]]

    @property
    def reads(self) -> int:
        """The sum over its steps."""
        return sum(step.reads for _, step in self.steps)

    async def __call__(self, running: Running) -> Any:
        """The object."""
        return {key: await step(running) for key, step in self.steps}


@dataclass(frozen=True, slots=True)
class RowsStep:
    """Reads records: a list whose cost assumes `size` records, or one record, which may be missing only if it is
    nullable.
    """

    read: Callable[..., Awaitable[Sequence[Row]]]
    arguments: Arguments
    selected: Selected
    is_list: bool
    is_nullable: bool
    size: int
    reads: int = 1

    async def __call__(self, running: Running) -> Any:
        """The list, the one object, or None."""
        pages = self.selected.asked(running)
        arguments = self.arguments(running.variables)
        rows = await self.read(running.reader, self.selected.shape, pages, **arguments)
        if self.size:
            within(rows, self.size * running.max_factor)
        written = self.selected.write(rows, running.notes, pages, None, running.max_factor)
        return written if self.is_list else one(written, is_nullable=self.is_nullable)


def one(items: Sequence[Any], *, is_nullable: bool) -> Any:
    """The first item, or None. Raises `RecordMissing` if there is no item and None is not allowed."""
    if items:
        return items[0]
    if is_nullable:
        return None
    raise RecordMissing


@dataclass(frozen=True, slots=True)
class PageStep:
    """Reads a page of records, which is the first of the requested pages. Counts the records if the total is
    selected.
    """

    read: Callable[..., Awaitable[Sequence[Row]]]
    count: Callable[..., Awaitable[int]] | None
    selected: Selected

    @property
    def reads(self) -> int:
        """One statement, and a second one to count."""
        return 1 if self.count is None else 2

    async def __call__(self, running: Running) -> Any:
        """The connection."""
        pages = self.selected.asked(running)
        rows = await self.read(running.reader, pages[0], self.selected.shape, pages)
        total = None if self.count is None else await self.count(running.reader, pages[0])
        return self.selected.write(rows, running.notes, pages, total, running.max_factor)


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """Determines the type of an object, and reads it as that type."""

    which: Callable[..., Awaitable[str | None]]
    arguments: Arguments
    of_types: Mapping[str, Step]
    reads: int = 2

    async def __call__(self, running: Running) -> Any:
        """The object, or None."""
        kind = await self.which(running.reader, **self.arguments(running.variables))
        return None if kind is None else await self.of_types[kind](running)


@dataclass(frozen=True, slots=True)
class RecordStep:
    """The record of an answer or of an event. The record itself is in memory; related records may have to be read:
    in one statement with `read`, or otherwise by the keys in the record.
    """

    selected: Selected
    row: MakeRow
    read: Callable[..., Awaitable[Sequence[Row]]] | None = None

    async def __call__(self, running: Running, record: Any) -> Any:
        """The object; None if something must be read and there is no reader."""
        pages = self.selected.asked(running)
        if self.read is not None and running.reader is not None:
            rows = await self.read(running.reader, self.selected.shape, pages, record)
            return self.selected.write(rows, running.notes, pages, None, running.max_factor)[0]
        row = None if pages else await self.row(running.context, running.reader, self.selected.shape, record)
        # No limit here: each list was checked when it was added to the row.
        return None if row is None else self.selected.write([row], running.notes, pages, None, sys.maxsize)[0]
