"""What the transports share: HTTP, WebSocket and server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from graphql import ExecutionResult, GraphQLError, GraphQLFormattedError
from starlette.types import ASGIApp

from app.common.outage import DoneInPart
from app.logs.ids import trace_id
from app.transport.connections.answer_budget import AnswerBudget, AnswerBudgetLimits
from app.transport.connections.attendance import Attendance
from app.transport.connections.connection_counter import ConnectionCounter, ConnectionLimits
from app.transport.connections.idle_watch import IdleWatch
from app.transport.delivery.groups import Deliveries
from app.transport.delivery.sharing import Selection
from app.transport.execution.executor import DocumentExecutor
from app.transport.execution.operation import Answer, Operation, Written, cause_in, too_much, written
from app.transport.limits import Limit
from app.transport.ports import (
    Attempt,
    Authenticate,
    Call,
    CallerSession,
    EventSource,
    FormatError,
    IsTransient,
    IsUnauthorized,
    NoObserver,
    Observer,
    OperationContext,
)

T = TypeVar("T")

Begin = Callable[[EventSource, Selection], T]
"""Begins to follow. Nothing is awaited before it: what was opened is always closed by somebody."""


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """How connections are treated."""

    page: ASGIApp | None
    """What a browser is shown that comes without a question."""
    allowed_origins: Sequence[str]
    max_body_bytes: int
    max_query_bytes: int
    request_seconds: float
    """How long the body of a request may take."""
    connection_init_seconds: float
    silence_seconds: float
    ping_seconds: float
    """How often a socket is asked whether anybody is there, where that is of interest."""
    answer_seconds: float
    """After how long without a word nobody is."""
    retry_seconds: float
    max_pending: int
    """The bytes of events that may wait for a slow reader on one connection."""
    budget: AnswerBudgetLimits
    sockets: ConnectionLimits


async def unexpired(session: CallerSession) -> CallerSession:
    """A session on which something may last; a GraphQL error where it has expired. A request is let in a little
    longer, since clocks differ.
    """
    # It says so itself.
    return await session.renewed() if session.is_expired else session


attempted: ContextVar[Attempt | None] = ContextVar("attempted", default=None)
"""What is being answered now."""


class Attempting:
    """What a client asks is being answered while this is open; the observer is told when it ends."""

    # Each request has one: no generator for it.
    __slots__ = ("_attempt", "_before", "_observer", "_trace_before")

    def __init__(self, observer: Observer, traceparent: object) -> None:
        self._observer = observer
        self._attempt = Attempt(traceparent)

    def __enter__(self) -> None:
        self._before = attempted.set(self._attempt)
        self._trace_before = trace_id.set(None)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            is_left = issubclass(kind, asyncio.CancelledError)
            self._attempt.is_left, self._attempt.is_broken = is_left, not is_left
        self._observer.ended(self._attempt)
        trace_id.reset(self._trace_before)
        attempted.reset(self._before)


class Transport:
    """The one way to execute, to let in, to deliver and to watch, whatever the transport."""

    def __init__(
        self,
        executor: DocumentExecutor,
        authenticate: Authenticate,
        settings: TransportSettings,
        *,
        format_error: FormatError,
        is_transient: IsTransient,
        is_unauthorized: IsUnauthorized,
        observer: Observer | None = None,
    ) -> None:
        self.observer = observer or NoObserver()
        self.executor = executor
        self.authenticate = authenticate
        self.settings = settings
        self._format_error = format_error
        self.is_transient = is_transient
        self.is_unauthorized = is_unauthorized
        self.max_pending = settings.max_pending
        self.deliveries = Deliveries(retry_seconds=settings.retry_seconds, observer=self.observer)
        self.idle_watch = IdleWatch(silence_seconds=settings.silence_seconds)
        self.budget = AnswerBudget(settings.budget)
        self.attendance = Attendance(
            ping_seconds=settings.ping_seconds, answer_seconds=settings.answer_seconds, most=settings.max_pending
        )
        self.connection_counter = ConnectionCounter(settings.sockets, self.observer.limit_refused)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connections can be served while this is open."""
        async with self.idle_watch.running(), self.attendance.running():
            yield
        await self.deliveries.ended()
        self.executor.documents.close()

    async def open_session(self, authorization: object) -> CallerSession:
        """The session of a caller whose connection may last; a GraphQL error where he is not let in."""
        return await unexpired(await self.authenticate(authorization))

    def attempt(self, traceparent: object = None) -> Attempting:
        """What a client asks is being answered while what is returned is open."""
        return Attempting(self.observer, traceparent)

    def open_context(self, session: CallerSession, call: Call) -> OperationContext:
        """A fresh context for an operation, which begins now."""
        context = session.open_context(call)
        trace_id.set(call.trace_id)
        attempt = attempted.get()
        # A subscription whose caller's rights change while it begins is opened again.
        if attempt is not None and attempt.call is None:
            attempt.call, attempt.context = call, context
            self.observer.began(attempt)
        return context

    def format_error(self, error: GraphQLError) -> GraphQLFormattedError:
        """An error as clients get it."""
        written = self._format_error(error)
        extensions = written.get("extensions", {})
        code = extensions.get("code", "")
        if (attempt := attempted.get()) is not None:
            attempt.codes.append(code)
        self.observer.error_sent(code)
        limit = extensions.get("limiet")
        # Of connections the crowd tells, and more exactly.
        if limit is not None and limit != Limit.CONNECTIONS:
            self.observer.limit_refused(limit)
        return written

    @property
    def pending(self) -> int:
        """The bytes that wait to be taken on all connections, or to be written to them."""
        pipes = {*self.idle_watch.pipes, *self.budget.pipes}
        return sum(pipe.pending for pipe in pipes) + self.budget.made

    def written(self, operation: Operation, context: OperationContext, result: Answer) -> Written:
        """The answer to an operation as it goes over the wire: one that is too large is refused. Raises what
        decides about all of it.
        """
        if isinstance(result, ExecutionResult):
            self.refuse_if_decided(result, is_done=context.is_done)
        answer = written(result, self.format_error)
        most = self.budget.bounds.answer
        if len(answer.body) <= most:
            return answer
        return written(too_much(operation, context, Limit.ANSWER, most), self.format_error)

    def refuse_if_decided(self, result: ExecutionResult, *, is_done: bool = False) -> None:
        """Raise what decides about a whole result, though parts of it may be there: its caller is not let in any
        more, or something cannot be had for now. Where a deed was done, nobody is told to ask the same again.
        """
        decides = cause_in(result, self.is_unauthorized) or cause_in(result, self.is_transient)
        if decides is None:
            return
        if is_done and self.is_transient(decides):
            raise DoneInPart from decides
        raise decides

    def selection(self, operation: Operation, context: OperationContext) -> Selection:
        """What a subscription takes from each event."""
        return Selection(self.executor, operation, context, write=self.written, is_transient=self.is_transient)


async def follow(
    serving: Transport, session: CallerSession, operation: Operation, call: Call, begin: Begin[T]
) -> T | ExecutionResult:
    """What `begin` returns for the events of a subscription; or the result that says why there are none."""
    context = serving.open_context(session, call)
    try:
        source = await serving.executor.subscribe(operation, context)
        if isinstance(source, ExecutionResult):
            return source
        return begin(source, serving.selection(operation, context))
    finally:
        await context.close()
