"""What the transports share: HTTP, WebSocket and server-sent events."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from graphql import ExecutionResult, GraphQLError, GraphQLFormattedError
from starlette.types import ASGIApp

from app.api.transport.crowd import Crowd, CrowdLimits
from app.api.transport.delivery import Deliveries
from app.api.transport.executor import DocumentExecutor, Operation
from app.api.transport.limits import Limit
from app.api.transport.observer import Attempting, Observer, Unobserved, attempted
from app.api.transport.origins import Origins
from app.api.transport.ports import (
    Authenticate,
    Call,
    CallerSession,
    FormatError,
    OperationContext,
    Passes,
    SendsAway,
)
from app.api.transport.results import cause_in
from app.api.transport.sharing import Selection
from app.api.transport.watch import Watch
from app.logs.ids import trace_id


@dataclass(frozen=True, slots=True)
class Manners:
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
    retry_seconds: float
    max_pending: int
    """The bytes that may wait for a slow reader on one connection."""
    sockets: CrowdLimits


async def lasting(session: CallerSession) -> CallerSession:
    """A session on which something may last; a GraphQL error where it has expired. A request is let in a little
    longer, since clocks differ.
    """
    # It says so itself.
    return await session.renewed() if session.is_expired else session


class Serving:
    """The one way to execute, to let in, to deliver and to watch, whatever the transport."""

    def __init__(
        self,
        executor: DocumentExecutor,
        authenticate: Authenticate,
        manners: Manners,
        *,
        format_error: FormatError,
        passes: Passes,
        sends_away: SendsAway,
        observer: Observer | None = None,
    ) -> None:
        self.observer = observer or Unobserved()
        self.executor = executor
        self.authenticate = authenticate
        self.manners = manners
        self._format_error = format_error
        self.passes = passes
        self.sends_away = sends_away
        self.origins = Origins(manners.allowed_origins)
        self.max_pending = manners.max_pending
        self.deliveries = Deliveries(retry_seconds=manners.retry_seconds, observer=self.observer)
        self.watch = Watch(silence_seconds=manners.silence_seconds)
        self.crowd = Crowd(manners.sockets, self.observer.limit_refused)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connections can be served while this is open."""
        async with self.watch.running():
            yield
        await self.deliveries.ended()
        self.executor.documents.close()

    async def let_stay(self, authorization: object) -> CallerSession:
        """The session of a caller whose connection may last; a GraphQL error where he is not let in."""
        return await lasting(await self.authenticate(authorization))

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
        self.observer.told(code)
        limit = extensions.get("limiet")
        # Of connections the crowd tells, and more exactly.
        if limit is not None and limit != Limit.CONNECTIONS:
            self.observer.limit_refused(limit)
        return written

    def refuse_if_decided(self, result: ExecutionResult) -> None:
        """Raise what decides about a whole result, though parts of it may be there: its caller is not let in any
        more, or something cannot be had for now. What was done is found by who asks again.
        """
        decides = cause_in(result, self.sends_away) or cause_in(result, self.passes)
        if decides is not None:
            raise decides

    def selection(self, operation: Operation, context: OperationContext) -> Selection:
        """What a subscription takes from each event."""
        return Selection(self.executor, operation, context, format_error=self.format_error, passes=self.passes)
