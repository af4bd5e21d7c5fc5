"""What the three transports share: HTTP, WebSocket and server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from graphql import ExecutionResult, GraphQLError, GraphQLFormattedError
from starlette.types import ASGIApp

from app.common.outage import PartlyDone
from app.logs.ids import trace_id
from app.transport.connections.answer_budget import AnswerBudget, AnswerBudgetLimits
from app.transport.connections.attendance import Attendance
from app.transport.connections.connection_counter import ConnectionCounter, ConnectionLimits
from app.transport.connections.idle_watch import IdleWatch
from app.transport.delivery.groups import Deliveries
from app.transport.delivery.sharing import Selection
from app.transport.execution.executor import DocumentExecutor
from app.transport.execution.operation import Answer, Operation, Written, answer_too_large, find_cause, written
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
"""Starts delivery from an event source. It is called right after the source is opened, without an await in between,
so that the source is always closed.
"""


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """The limits and timeouts of connections."""

    page: ASGIApp | None
    """The page for a browser that opens the endpoint's URL without a query; None for no page."""
    allowed_origins: Sequence[str]
    """The origins whose pages may call, beside the server's own."""
    max_body_bytes: int
    max_query_bytes: int
    """The most bytes of the query in a URL."""
    request_seconds: float
    """The timeout for the body of a request."""
    connection_init_seconds: float
    """The timeout for connection_init after a socket is opened."""
    silence_seconds: float
    """After how long without a sign of life a connection is closed."""
    ping_seconds: float
    """How often the client is pinged on a socket whose user's presence matters."""
    answer_seconds: float
    """After how long without a message that user counts as absent."""
    retry_seconds: float
    """How long to wait before delivery is retried after a transient error."""
    max_pending: int
    """The most bytes of events that may wait for a slow reader on one connection."""
    budget: AnswerBudgetLimits
    sockets: ConnectionLimits


async def unexpired(session: CallerSession) -> CallerSession:
    """The session, if its token is not expired; otherwise a GraphQLError is raised.

    For connections that stay open. A single request may use a token a little longer, because clocks differ.
    """
    # If the token has expired, `renewed` raises the error.
    return await session.renewed() if session.is_expired else session


attempted: ContextVar[Attempt | None] = ContextVar("attempted", default=None)
"""The request that the current task answers."""


class AttemptContext:
    """A context in which one request of a client is answered; on exit the observer's `ended` is called."""

    # Not a generator-based context manager: each request has one of these, and a class is faster.
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
    """What every transport uses: execution, authentication, delivery of events, limits and observation."""

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
        """Connections can be served while this context is open."""
        async with self.idle_watch.running(), self.attendance.running():
            yield
        await self.deliveries.ended()
        self.executor.documents.close()

    async def open_session(self, authorization: object) -> CallerSession:
        """Authenticate the caller of a connection that stays open. Raises a GraphQLError if that fails."""
        return await unexpired(await self.authenticate(authorization))

    def attempt(self, traceparent: object = None) -> AttemptContext:
        """A context in which one request of a client is answered; `traceparent` is the client's, unchecked."""
        return AttemptContext(self.observer, traceparent)

    def open_context(self, session: CallerSession, call: Call) -> OperationContext:
        """A new context for an operation, whose execution begins now."""
        context = session.open_context(call)
        trace_id.set(call.trace_id)
        attempt = attempted.get()
        # `attempt.call` is set if a subscription is opened again, because its caller's rights changed meanwhile.
        if attempt is not None and attempt.call is None:
            attempt.call, attempt.context = call, context
            self.observer.began(attempt)
        return context

    def format_error(self, error: GraphQLError) -> GraphQLFormattedError:
        """Format an error for clients, and record its code and limit."""
        written = self._format_error(error)
        extensions = written.get("extensions", {})
        code = extensions.get("code", "")
        if (attempt := attempted.get()) is not None:
            attempt.codes.append(code)
        self.observer.error_sent(code)
        limit = extensions.get("limiet")
        # The connection counter records its limits itself, and more precisely.
        if limit is not None and limit != Limit.CONNECTIONS:
            self.observer.limit_refused(limit)
        return written

    @property
    def pending(self) -> int:
        """The bytes that wait in memory: not yet read by the clients, or not yet written to a connection."""
        pipes = {*self.idle_watch.pipes, *self.budget.pipes}
        return sum(pipe.pending for pipe in pipes) + self.budget.made

    def written(self, operation: Operation, context: OperationContext, result: Answer) -> Written:
        """Serialise the answer to an operation; an answer that is too large is replaced by an error.

        Raises the error that makes the whole result useless: see `raise_if_fatal`.
        """
        if isinstance(result, ExecutionResult):
            self.raise_if_fatal(result, is_done=context.is_done)
        answer = written(result, self.format_error)
        most = self.budget.bounds.answer
        if len(answer.body) <= most:
            return answer
        return written(answer_too_large(operation, context, Limit.ANSWER, most), self.format_error)

    def raise_if_fatal(self, result: ExecutionResult, *, is_done: bool = False) -> None:
        """Raise the error in a result that concerns all of it, even if there is partial data: the caller lost
        access, or the error is transient.

        If a deed was done, a transient error becomes `PartlyDone`, so that the client does not retry the mutation.
        """
        decides = find_cause(result, self.is_unauthorized) or find_cause(result, self.is_transient)
        if decides is None:
            return
        if is_done and self.is_transient(decides):
            raise PartlyDone from decides
        raise decides

    def selection(self, operation: Operation, context: OperationContext) -> Selection:
        """The selection of a subscription: it makes the payload of each event."""
        return Selection(self.executor, operation, context, write=self.written, is_transient=self.is_transient)


async def follow(
    transport: Transport, session: CallerSession, operation: Operation, call: Call, begin: Begin[T]
) -> T | ExecutionResult:
    """Start a subscription: returns what `begin` returns, or the result with the errors if it cannot start."""
    context = transport.open_context(session, call)
    try:
        source = await transport.executor.subscribe(operation, context)
        if isinstance(source, ExecutionResult):
            return source
        return begin(source, transport.selection(operation, context))
    finally:
        await context.close()
