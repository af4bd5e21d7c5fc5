"""What the transports share: HTTP, WebSocket and server-sent events."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from app.api.transport.crowd import Crowd, CrowdLimits
from app.api.transport.delivery import Deliveries
from app.api.transport.executor import DocumentExecutor, Operation
from app.api.transport.origins import Origins
from app.api.transport.ports import Authenticate, FormatError, OperationContext, Passes
from app.api.transport.sharing import Selection
from app.api.transport.watch import Watch


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
    ) -> None:
        self.executor = executor
        self.authenticate = authenticate
        self.manners = manners
        self.format_error = format_error
        self.passes = passes
        self.origins = Origins(manners.allowed_origins)
        self.max_pending = manners.max_pending
        self.deliveries = Deliveries(retry_seconds=manners.retry_seconds)
        self.watch = Watch(silence_seconds=manners.silence_seconds)
        self.crowd = Crowd(manners.sockets)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connections can be served while this is open."""
        async with self.watch.running():
            yield
        await self.deliveries.ended()
        self.executor.documents.close()

    def selection(self, operation: Operation, context: OperationContext) -> Selection:
        """What a subscription takes from each event."""
        return Selection(self.executor, operation, context, format_error=self.format_error, passes=self.passes)
