"""Asking the same of the same database in two ways: as it is answered, and as graphql-core alone answers it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import hypothesis
import orjson
from graphql import ExecutionResult
from strawberry import Schema

from app.domain.model import Gebeurtenis
from app.domain.rights import Login
from app.domain.streams import Start, Stream, StreamKind
from app.graphql.context import Context, UseCases
from app.graphql.errors import formatted, is_transient
from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import executable
from app.service.committed_records import RecentCommits
from app.service.handle import Handle
from app.service.reading import ReadRows
from app.service.register import Register
from app.service.verwerkingenlog import Gevolgd, Regel, Verwerkingenlog
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.transport.execution.documents import DocumentRefused
from app.transport.execution.executor import DocumentExecutor
from app.transport.execution.operation import Operation, response_body
from app.transport.execution.request import GraphQLRequest
from app.transport.limits import LimitReached
from app.wiring.parts import open_database, open_live
from app.wiring.transports import document_rules
from tests.support.databases import KINDS
from tests.support.generated.documents import Generated

_TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

_MOMENT = "2026-12-01T12:00:00.000Z"
"""When everything happens: later than whatever stands."""

Execute = Callable[[Context], Awaitable[ExecutionResult | bytes]]
Run = Callable[[Coroutine[Any, Any, None]], None]

UNHURRIED = hypothesis.settings(
    max_examples=hypothesis.settings().max_examples // len(KINDS),
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate],
)
"""One that fails is shown as it is: making it shorter takes minutes. How
many there are on all kinds of databases together is said by Hypothesis's profile.
"""


@dataclass(frozen=True)
class Answer:
    """What somebody gets, byte by byte, and what the processing log has of it; and in which way it was made, as the
    executor counts them.
    """

    body: bytes
    noted: list[Regel]
    ways: list[str] = field(compare=False)


class Process:
    """What a serving process answers by, on the database of its settings, without its transports."""

    def __init__(self, settings: Settings, schema: Schema) -> None:
        self._database = open_database(settings)
        self._noted: list[Regel] = []
        log = Verwerkingenlog(self._noted.append, clock=lambda: _MOMENT)
        recent = RecentCommits(keep_seconds=60)
        writer = Writer(self._database, nobody_listens, by_system=log.by_system, hand_over=recent.keep)
        self._use_cases = UseCases(
            register=Register(writer, settings.kanalen, clock=lambda: _MOMENT),
            handle=Handle(writer, clock=lambda: _MOMENT),
            following=open_live(settings, self._database).following,
            follow=_nobody_follows,
            open_postvak=_nobody_follows,
            read_rows=ReadRows(self._database),
            recent=recent,
            verwerkingenlog=log,
            kanalen=settings.kanalen,
            gevraagde_handelingen=settings.gevraagde_handelingen,
        )
        self._executor = DocumentExecutor(
            executable(schema),
            document_rules(settings, {}),
            SchemaDeclarations(schema),
            seconds=60,
            is_transient=is_transient,
        )

    async def operation(self, asked: Generated) -> Operation | None:
        """The operation that is asked for, of a valid document; None where it asks too much."""
        variables = dict(asked.variables)
        try:
            return await self._executor.prepare(
                GraphQLRequest(asked.text, None, asked.operation_name, variables, None)
            )
        except DocumentRefused as refused:
            if all(isinstance(error.original_error, LimitReached) for error in refused.errors):
                return None
            raise

    async def answered(self, operation: Operation, login: Login) -> Answer:
        """As it is answered."""

        async def execute(context: Context) -> ExecutionResult | bytes:
            return await self._executor.answer(operation, context)

        return await self._noting(execute, self._context(operation, login))

    async def interpreted(self, operation: Operation, login: Login) -> Answer:
        """As graphql-core answers it."""

        async def execute(context: Context) -> ExecutionResult:
            return await self._executor.execute(operation, context)

        return await self._noting(execute, self._context(operation, login))

    async def answered_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Answer:
        """What those who follow are given of a fact."""

        async def execute(context: Context) -> ExecutionResult | bytes:
            return await self._executor.payload(operation, context, fact)

        return await self._noting(execute, self._of_fact(operation, login, fact))

    async def interpreted_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Answer:
        """What graphql-core selects of a fact."""

        async def execute(context: Context) -> ExecutionResult:
            return await self._executor.execute(operation, context, fact)

        return await self._noting(execute, self._of_fact(operation, login, fact))

    async def close(self) -> None:
        """Let go of the database."""
        self._executor.documents.close()
        await self._database.close()

    def _context(self, operation: Operation, login: Login) -> Context:
        return Context(self._use_cases, login.scope, login, operation.call(_TRACEPARENT))

    def _of_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Context:
        context = self._context(operation, login)
        context.following(Start(Stream(StreamKind.POSTVAK, fact.eenheid_id), 0, fact.volgnummer))
        return context.of_fact(fact)

    async def _noting(self, execute: Execute, context: Context) -> Answer:
        self._noted.clear()
        before = self._executor.executed.copy()
        try:
            result = await execute(context)
        finally:
            await context.close()
        body = result if isinstance(result, bytes) else orjson.dumps(response_body(result, formatted))
        return Answer(
            body, [_ordered(line) for line in self._noted], [way for _, way in self._executor.executed - before]
        )


@asynccontextmanager
async def process(settings: Settings, schema: Schema) -> AsyncIterator[Process]:
    """A process, for as long as the context is open."""
    opened = Process(settings, schema)
    try:
        yield opened
    finally:
        await opened.close()


@contextmanager
def asking(settings: Settings, schema: Schema) -> Iterator[tuple[Run, Process]]:
    """A process for the examples of a test that is no coroutine itself, and what runs coroutines."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(process(settings, schema)))
        try:
            yield runner.run, opened
        finally:
            runner.run(stack.aclose())


def _ordered(line: Regel) -> Regel:
    """A line of the log, in which the refusals of a query stand in an order of their own: graphql-core executes the
    fields of a query beside each other, so they come as each happens to end.
    """
    if line.get("bewerking") != "query":
        return line
    return {**line, "weigeringen": sorted(line["weigeringen"], key=lambda one: (one["reden"], one["id"] or ""))}


def _nobody_follows(_: Gevolgd) -> NoReturn:
    raise AssertionError("no subscription begins here")
