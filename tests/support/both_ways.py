"""Executing an operation on the same database in two ways: as the server does, and with graphql-core alone."""

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
from app.service.calling_back.asking import AskToCallBack
from app.service.calling_back.contact_details import ContactDetails
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
"""The moment of everything that these operations do, later than everything in the database."""

Execute = Callable[[Context], Awaitable[ExecutionResult | bytes]]
Run = Callable[[Coroutine[Any, Any, None]], None]

UNHURRIED = hypothesis.settings(
    max_examples=hypothesis.settings().max_examples // len(KINDS),
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate],
)
"""Without shrinking: making a failing example shorter takes minutes. The profile's number of examples is divided
among the kinds of databases.
"""


@dataclass(frozen=True)
class Answer:
    """The body of an answer and its lines in the processing log. `ways` says how it was created, in the words of
    the executor's counter; it is not compared.
    """

    body: bytes
    noted: list[Regel]
    ways: list[str] = field(compare=False)


class Process:
    """The parts of a server that execute operations, without its transports."""

    def __init__(self, settings: Settings, schema: Schema) -> None:
        self._database = open_database(settings)
        self._noted: list[Regel] = []
        log = Verwerkingenlog(self._noted.append, clock=lambda: _MOMENT)
        recent = RecentCommits(keep_seconds=60)
        writer = Writer(self._database, nobody_listens, by_system=log.by_system, hand_over=recent.keep)
        self._use_cases = UseCases(
            register=Register(writer, settings.kanalen, clock=lambda: _MOMENT),
            handle=Handle(writer, clock=lambda: _MOMENT),
            contact_details=ContactDetails(writer, clock=lambda: _MOMENT),
            ask_to_call_back=AskToCallBack(writer, settings.terugbelhandeling, clock=lambda: _MOMENT),
            following=open_live(settings, self._database).following,
            follow=_nobody_follows,
            open_postvak=_nobody_follows,
            read_rows=ReadRows(self._database),
            recent=recent,
            verwerkingenlog=log,
            kanalen=settings.kanalen,
            gevraagde_handelingen=settings.gevraagde_handelingen,
            tijdzone=settings.tijdzone,
            clock=lambda: _MOMENT,
        )
        self._executor = DocumentExecutor(
            executable(schema),
            document_rules(settings, {}),
            SchemaDeclarations(schema),
            seconds=60,
            is_transient=is_transient,
        )

    async def operation(self, asked: Generated) -> Operation | None:
        """Prepare an operation of a valid document; None if it exceeds a limit."""
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
        """The answer in the way of the server."""

        async def execute(context: Context) -> ExecutionResult | bytes:
            return await self._executor.answer(operation, context)

        return await self._noting(execute, self._context(operation, login))

    async def interpreted(self, operation: Operation, login: Login) -> Answer:
        """The answer of graphql-core."""

        async def execute(context: Context) -> ExecutionResult:
            return await self._executor.execute(operation, context)

        return await self._noting(execute, self._context(operation, login))

    async def answered_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Answer:
        """The event of a fact for subscribers, in the way of the server."""

        async def execute(context: Context) -> ExecutionResult | bytes:
            return await self._executor.payload(operation, context, fact)

        return await self._noting(execute, self._of_fact(operation, login, fact))

    async def interpreted_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Answer:
        """The event of a fact for subscribers, from graphql-core."""

        async def execute(context: Context) -> ExecutionResult:
            return await self._executor.execute(operation, context, fact)

        return await self._noting(execute, self._of_fact(operation, login, fact))

    async def close(self) -> None:
        """Close the database."""
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
    """A `Process`, closed at the end of the context."""
    opened = Process(settings, schema)
    try:
        yield opened
    finally:
        await opened.close()


@contextmanager
def asking(settings: Settings, schema: Schema) -> Iterator[tuple[Run, Process]]:
    """A `Process` for a synchronous test with examples, and a function that runs its coroutines."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(process(settings, schema)))
        try:
            yield runner.run, opened
        finally:
            runner.run(stack.aclose())


def _ordered(line: Regel) -> Regel:
    """A line of the log, with the refusals of a query sorted: graphql-core executes the fields of a query
    concurrently, so that their order is random.
    """
    if line.get("bewerking") != "query":
        return line
    return {**line, "weigeringen": sorted(line["weigeringen"], key=lambda one: (one["reden"], one["id"] or ""))}


def _nobody_follows(_: Gevolgd) -> NoReturn:
    raise AssertionError("no subscription begins here")
