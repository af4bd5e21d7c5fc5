"""Running a plan: each root field is a step that gives what stands under it in the answer."""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import FieldNode, GraphQLField, get_argument_values
from graphql.execution.values import VariableValues

from app.plans.allowance import within
from app.plans.code import Notes, Write
from app.plans.declared import AskPage, Page, Row
from app.plans.shapes import Shape
from app.plans.variables import has_variables


class NothingThere(Exception):
    """A record is missing that cannot be: graphql-core says what follows."""


@dataclass(frozen=True, slots=True)
class Running:
    """One execution: the context of its operation, its variables, the books in which what is written is noted, and
    what it reads from, where it reads at all.
    """

    context: Any
    variables: VariableValues
    notes: Notes
    reader: Any = None

    @property
    def stretch(self) -> int:
        """How many times as long as it is taken to be each list without a page may be."""
        stretch: int = self.context.allowance.stretch
        return stretch


class Arguments:
    """The arguments of a field as they stand in a document: `read` makes Python's values of GraphQL's. Those that
    depend on no variable are read once.
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
        """Their values by name; a GraphQLError where one is wrong."""
        if self._constant is not None:
            return self._constant
        found = self._read(self._field, get_argument_values(self._field, self._node, variables))
        if self._are_constant:
            self._constant = found
        return found


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A page that a document asks, in the midst of a row or as a root field."""

    ask: AskPage
    arguments: Arguments

    def __call__(self, running: Running) -> Page:
        """The page, with the values of this execution."""
        return self.ask(running.context, **self.arguments(running.variables))


MakeRow = Callable[[Any, Any, Shape, Any], Awaitable[Row | None]]
"""From the context, the reader, a shape and a record at hand to its row; None where there is no reader, and
something must be read.
"""


class Step(Protocol):
    """One root field. `reads` is how many statements it needs at most."""

    @property
    def reads(self) -> int:
        """How many times it goes to the database at most."""

    async def __call__(self, running: Running) -> Any:
        """What stands under its key, for orjson."""


@dataclass(frozen=True, slots=True)
class Selected:
    """What is taken of a record: the shape of its rows, the pages within it, and the function that writes it."""

    shape: Shape
    pages: Sequence[PageAsked]
    write: Write

    def asked(self, running: Running) -> list[Page]:
        """The pages within it, with the values of this execution."""
        return [page(running) for page in self.pages]


@dataclass(frozen=True, slots=True)
class ConstantStep:
    """The same always."""

    value: Any
    reads: int = 0

    async def __call__(self, running: Running) -> Any:
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class KnownStep:
    """What the context knows."""

    read: Callable[[Any], Any]
    reads: int = 0

    async def __call__(self, running: Running) -> Any:
        """The value."""
        return self.read(running.context)


@dataclass(frozen=True, slots=True)
class GroupStep:
    """An object of steps."""

    steps: Sequence[tuple[str, Step]]

    @property
    def reads(self) -> int:
        """Those of its steps."""
        return sum(step.reads for _, step in self.steps)

    async def __call__(self, running: Running) -> Any:
        """The object."""
        return {key: await step(running) for key, step in self.steps}


@dataclass(frozen=True, slots=True)
class RowsStep:
    """Reads records: a list of them, taken to have `size`, or one, which may be missing only where that is
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
            within(rows, self.size * running.stretch)
        found = self.selected.write(rows, running.notes, pages, None, running.stretch)
        return found if self.is_list else one(found, is_nullable=self.is_nullable)


def one(found: Sequence[Any], *, is_nullable: bool) -> Any:
    """The one that was found; `NothingThere` where nothing was and something must be."""
    if found:
        return found[0]
    if is_nullable:
        return None
    raise NothingThere


@dataclass(frozen=True, slots=True)
class PageStep:
    """Reads a page of records; its own page is the first of those asked. Counts them where that is selected."""

    read: Callable[..., Awaitable[Sequence[Row]]]
    count: Callable[..., Awaitable[int]] | None
    selected: Selected

    @property
    def reads(self) -> int:
        """One, and one more to count."""
        return 1 if self.count is None else 2

    async def __call__(self, running: Running) -> Any:
        """The connection."""
        pages = self.selected.asked(running)
        rows = await self.read(running.reader, pages[0], self.selected.shape, pages)
        total = None if self.count is None else await self.count(running.reader, pages[0])
        return self.selected.write(rows, running.notes, pages, total, running.stretch)


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """Finds out of which type it is and reads that."""

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
    """The record of an answer or of an event: it is at hand itself, and what hangs on it may have to be read: with
    `read` in one statement, without it by the keys that the record has.
    """

    selected: Selected
    row: MakeRow
    read: Callable[..., Awaitable[Sequence[Row]]] | None = None

    async def __call__(self, running: Running, record: Any) -> Any:
        """The object; None where there is nothing to read from, and something must be read."""
        pages = self.selected.asked(running)
        if self.read is not None and running.reader is not None:
            rows = await self.read(running.reader, self.selected.shape, pages, record)
            return self.selected.write(rows, running.notes, pages, None, running.stretch)[0]
        row = None if pages else await self.row(running.context, running.reader, self.selected.shape, record)
        # Each list in it was counted when it was put there.
        return None if row is None else self.selected.write([row], running.notes, pages, None, sys.maxsize)[0]
