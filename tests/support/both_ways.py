"""Asking the same of the same database in two ways: as it is answered, and as graphql-core alone answers it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import hypothesis
import orjson
from graphql import ExecutionResult, GraphQLSchema

from app.api.context import Context, UseCases
from app.api.errors import formatted
from app.api.transport.asked import Asked
from app.api.transport.documents import DocumentRefused
from app.api.transport.executor import DocumentExecutor, Operation
from app.api.transport.limits import LimitReached
from app.api.transport.results import response_body
from app.domain.model import Gebeurtenis
from app.domain.rights import Login
from app.domain.streams import Start, Stream, StreamKind
from app.parts import document_rules, open_database, open_live
from app.service.handle import Handle
from app.service.reading import Reading
from app.service.register import Register
from app.service.verwerkingenlog import Gevolgd, Regel, Verwerkingenlog
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from tests.support.generated.documents import Generated

_TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

_MOMENT = "2026-12-01T12:00:00.000Z"
"""When everything happens: later than whatever stands."""

Execute = Callable[[Context], Awaitable[bytes]]
Run = Callable[[Coroutine[Any, Any, None]], None]

UNHURRIED = hypothesis.settings(deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
"""Examples take as long as they take; how many there are is said by Hypothesis's profile."""


@dataclass(frozen=True)
class Answer:
    """What somebody gets, byte by byte, and what the processing log has of it. `why_not` is why it was not answered
    by a plan; None where it was.
    """

    body: bytes
    noted: list[Regel]
    why_not: str | None = field(default=None, compare=False)


class Process:
    """What a serving process answers by, on the database of its settings, without its transports."""

    def __init__(self, settings: Settings, schema: GraphQLSchema) -> None:
        self._database = open_database(settings)
        self._noted: list[Regel] = []
        log = Verwerkingenlog(self._noted.append, clock=lambda: _MOMENT)
        writer = Writer(self._database, nobody_listens, by_system=log.by_system)
        self._use_cases = UseCases(
            register=Register(writer, settings.kanalen, clock=lambda: _MOMENT),
            handle=Handle(writer, clock=lambda: _MOMENT),
            following=open_live(settings, self._database).following,
            follow=_nobody_follows,
            open_postvak=_nobody_follows,
            open_reading=lambda verwerking: Reading(self._database, verwerking),
            verwerkingenlog=log,
            kanalen=settings.kanalen,
            gevraagde_handelingen=settings.gevraagde_handelingen,
        )
        self._executor = DocumentExecutor(schema, document_rules(settings), seconds=60)

    async def operation(self, asked: Generated) -> Operation | None:
        """The operation that is asked for, of a valid document; None where it asks too much."""
        variables = dict(asked.variables)
        try:
            return await self._executor.prepare(Asked(asked.text, None, asked.operation_name, variables, None))
        except DocumentRefused as refused:
            if all(isinstance(error.original_error, LimitReached) for error in refused.errors):
                return None
            raise

    async def answered(self, operation: Operation, login: Login) -> Answer:
        """As it is answered."""

        async def execute(context: Context) -> bytes:
            return _body(await self._executor.answer(operation, context))

        return await self._noting(execute, self._context(operation, login), why_not="no plans yet")

    async def interpreted(self, operation: Operation, login: Login) -> Answer:
        """As graphql-core answers it."""

        async def execute(context: Context) -> bytes:
            return _body(await self._executor.execute(operation, context))

        return await self._noting(execute, self._context(operation, login))

    async def answered_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Answer:
        """What those who follow are given of a fact."""

        async def execute(context: Context) -> bytes:
            return _body(await self._executor.execute(operation, context, fact))

        return await self._noting(execute, self._of_fact(operation, login, fact), why_not="no plans yet")

    async def interpreted_fact(self, operation: Operation, login: Login, fact: Gebeurtenis) -> Answer:
        """What graphql-core selects of a fact."""

        async def execute(context: Context) -> bytes:
            return _body(await self._executor.execute(operation, context, fact))

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

    async def _noting(self, execute: Execute, context: Context, why_not: str | None = None) -> Answer:
        self._noted.clear()
        try:
            body = await execute(context)
        finally:
            await context.close()
        return Answer(body, list(self._noted), why_not)


@asynccontextmanager
async def process(settings: Settings, schema: GraphQLSchema) -> AsyncIterator[Process]:
    """A process, for as long as the context is open."""
    opened = Process(settings, schema)
    try:
        yield opened
    finally:
        await opened.close()


@contextmanager
def asking(settings: Settings, schema: GraphQLSchema) -> Iterator[tuple[Run, Process]]:
    """A process for the examples of a test that is no coroutine itself, and what runs coroutines."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(process(settings, schema)))
        try:
            yield runner.run, opened
        finally:
            runner.run(stack.aclose())


def _body(result: ExecutionResult) -> bytes:
    body: Any = response_body(result, formatted)
    return orjson.dumps(body)


def _nobody_follows(_: Gevolgd) -> NoReturn:
    raise AssertionError("no subscription begins here")
