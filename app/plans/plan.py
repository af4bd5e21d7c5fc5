"""Plans that can be executed. They return the body of the answer as bytes."""

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
    """What a plan needs of the context of an operation. `allowance` limits its lists. `is_done` says whether a
    mutation was done, as opposed to refused.
    """

    allowance: Allowance
    is_done: bool

    @property
    def notes(self) -> Notes:
        """The callbacks that log which records are read."""

    def begin_again(self) -> None:
        """Discard what was logged: the operation is executed again, in another way."""

    async def read(self, work: Callable[[Any], Awaitable[T]], *, alone: bool) -> T:
        """Return the result of the work, which gets a reader of one snapshot. `alone` says that it reads at most
        once.
        """


class MutationFailed(Exception):
    """A mutation, or reading its answer, failed: the cause, the nodes, and the path in the answer."""

    def __init__(self, cause: Exception, nodes: Sequence[FieldNode], path: list[str | int]) -> None:
        super().__init__()
        self.cause = cause
        self.nodes = nodes
        self.path = path


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The plan of a query. After any exception it can be executed again in another way, because it changes
    nothing.
    """

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
        """The body of the payload for an event."""
        return _body({self.key: await _record(self.record, context, variables, event)})


@dataclass(frozen=True, slots=True)
class MutationPlan:
    """The plan of a mutation with one root field. Nothing is changed before its arguments have been read."""

    key: str
    nodes: Sequence[FieldNode]
    run: Callable[..., Awaitable[Any]]
    arguments: Arguments
    branches: Mapping[str, Sequence[tuple[str, AnswerField]]]
    type_name: Callable[[object], str]

    async def answer(self, context: PlanContext, variables: VariableValues, arguments: Mapping[str, Any]) -> bytes:
        """Do the mutation and return the body of its answer. Raises `MutationFailed` if it, or reading its answer,
        fails.
        """
        path: list[str | int] = [self.key]
        try:
            answer = await self.run(context, **arguments)
            written: dict[str, Any] = {}
            for key, field in self.branches[self.type_name(answer)]:
                path = [self.key, key]
                written[key] = await self._written(field, context, variables, answer)
        except Exception as error:
            raise MutationFailed(error, self.nodes, path) from error
        return _body({self.key: written})

    async def _written(
        self, field: AnswerField, context: PlanContext, variables: VariableValues, answer: Any
    ) -> Any:
        if not isinstance(field, RecordField):
            return field(answer)
        return await _record(field.step, context, variables, field.get(answer))


Plan = QueryPlan | EventPlan | MutationPlan


async def _record(step: RecordStep, context: PlanContext, variables: VariableValues, record: Any) -> Any:
    """Write a record: from the values in memory if they suffice, otherwise by reading."""
    written = await step(Running(context, variables, context.notes), record)
    if written is not None:
        return written
    return await context.read(
        lambda reader: step(Running(context, variables, context.notes, reader), record),
        alone=step.read is not None,
    )


def _body(data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"data": data})
