"""Plans as they are executed: to the bytes of an answer's body."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import orjson
from graphql import FieldNode
from graphql.execution.values import VariableValues

from app.plans.allowance import Allowance
from app.plans.answers import AnswerField, RecordField
from app.plans.code import Notes
from app.plans.steps import Arguments, RecordStep, Running, Step

T = TypeVar("T")


class PlanContext(Protocol):
    """The context of an operation, as far as a plan goes. `allowance` is what its lists may bring, `is_done` tells
    whether a deed was done, as opposed to refused.
    """

    allowance: Allowance
    is_done: bool

    @property
    def notes(self) -> Notes:
        """The books in which is noted what is written."""

    def begin_again(self) -> None:
        """Forget what was noted: what was begun is executed anew, in another way."""

    async def read(self, work: Callable[[Any], Awaitable[T]], *, alone: bool) -> T:
        """What work returns that reads, handed a reader of one snapshot; `alone` where it reads once at most."""


class DeedFailed(Exception):
    """A deed, or the reading of its answer, broke off: why, at which nodes, and where in the answer."""

    def __init__(self, cause: Exception, nodes: Sequence[FieldNode], path: list[str | int]) -> None:
        super().__init__()
        self.cause = cause
        self.nodes = nodes
        self.path = path


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The plan of a query. Whatever it raises, nothing was done: it can be executed in another way."""

    steps: Sequence[tuple[str, Step]]

    async def answer(self, context: PlanContext, variables: VariableValues) -> bytes:
        """The body of the answer."""
        reads = sum(step.reads for _, step in self.steps)

        async def work(reader: Any) -> bytes:
            running = Running(context, variables, context.notes, reader)
            return _body({key: await step(running) for key, step in self.steps})

        return await (context.read(work, alone=reads == 1) if reads else work(None))


@dataclass(frozen=True, slots=True)
class EventPlan:
    """The plan of a subscription, executed for one event."""

    key: str
    record: RecordStep

    async def payload(self, context: PlanContext, variables: VariableValues, event: Any) -> bytes:
        """The body of the payload."""
        return _body({self.key: await _record(self.record, context, variables, event)})


@dataclass(frozen=True, slots=True)
class DeedPlan:
    """The plan of a mutation with one deed. Nothing was done before its arguments were read."""

    key: str
    nodes: Sequence[FieldNode]
    run: Callable[..., Awaitable[Any]]
    arguments: Arguments
    branches: Mapping[str, Sequence[tuple[str, AnswerField]]]
    type_name: Callable[[object], str]

    async def answer(self, context: PlanContext, variables: VariableValues, arguments: Mapping[str, Any]) -> bytes:
        """The body of the answer to the deed; `DeedFailed` where it or the reading of its answer failed."""
        path: list[str | int] = [self.key]
        try:
            answer = await self.run(context, **arguments)
            written: dict[str, Any] = {}
            for key, field in self.branches[self.type_name(answer)]:
                path = [self.key, key]
                written[key] = await self._written(field, context, variables, answer)
        except Exception as error:
            raise DeedFailed(error, self.nodes, path) from error
        return _body({self.key: written})

    async def _written(
        self, field: AnswerField, context: PlanContext, variables: VariableValues, answer: Any
    ) -> Any:
        if not isinstance(field, RecordField):
            return field(answer)
        return await _record(field.step, context, variables, field.get(answer))


Plan = QueryPlan | EventPlan | DeedPlan


async def _record(step: RecordStep, context: PlanContext, variables: VariableValues, record: Any) -> Any:
    """A record as it is written: from the values at hand where they suffice."""
    found = await step(Running(context, variables, context.notes), record)
    if found is not None:
        return found
    return await context.read(
        lambda reader: step(Running(context, variables, context.notes, reader), record),
        alone=step.read is not None,
    )


def _body(data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"data": data})
