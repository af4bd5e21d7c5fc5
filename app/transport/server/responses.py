"""HTTP connections as a `Pipe`: the body of a response can be written without waiting."""

import asyncio
import sys
from collections.abc import Sequence

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.transport.connections.pipe import PIPE, CloseCode
from app.transport.server.connection import Counting, Left
from app.transport.server.requests import BoundedRequests

_SSE_COMMENT = b":\n\n"
_BOUNDLESS = sys.maxsize
"""The content length for a response that ends with its connection: uvicorn counts down from it."""


class _Joining:
    """A transport for the response of one request. It holds the head back until the body begins, so that both are
    written with one system call and sent in one packet.
    """

    __slots__ = ("_cycle", "_head", "_transport")

    def __init__(self, cycle: RequestResponseCycle, transport: asyncio.Transport) -> None:
        self._cycle = cycle
        self._transport = transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        """Write data; the head is held back. An interim response (100 Continue) is written immediately."""
        if self._head is None and self._cycle.response_started:
            self._head = data
        elif self._head:
            self._head, data = b"", self._head + data
            self._transport.write(data)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Write the head, if it is still held back."""
        if self._head:
            self._head, head = b"", self._head
            self._transport.write(head)

    def step_aside(self) -> None:
        """Give the cycle its original transport back, because the response has ended."""
        self._cycle.transport = self._transport

    def close(self) -> None:
        """Close the connection, after everything that was written."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection is closed or being closed."""
        return self._transport.is_closing()


class ResponsePipe(Counting, BoundedRequests):
    """An HTTP connection. Each write is a chunk of the current response's body."""

    answers = False
    _answered: RequestResponseCycle
    """The request that is being answered. uvicorn's own `cycle` is the last one that came, which may be
    waiting.
    """

    def on_message_begin(self) -> None:
        """Put this pipe into the scope of the request."""
        super().on_message_begin()
        self.scope["extensions"] = {PIPE: self}  # type: ignore[dict-item]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        self._joining = _Joining(cycle, self.transport)
        cycle.transport = self._joining  # type: ignore[assignment] # it has all methods that uvicorn calls
        super()._start_asgi_task(
            cycle, app if cycle.scope["http_version"] != "1.0" else _without_chunks(app, cycle)
        )

    def on_response_complete(self) -> None:
        """Write the head of a response without a body, and clean up after the response."""
        self._joining.flush()
        self._joining.step_aside()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Notify the request that is being answered; uvicorn notifies only the last one that came."""
        super().connection_lost(exc)
        if self.cycle is not None:
            self._joining.step_aside()
        if (cycle := self.cycle and self._answered) and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()

    @property
    def has_request(self) -> bool:
        """Whether the request that is being answered has been received completely."""
        return not self._answered.more_body

    @property
    def is_open(self) -> bool:
        """Whether a response was started and has not ended."""
        cycle = self._answered
        return cycle.response_started and not (cycle.response_complete or cycle.disconnected)

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write one message for each body (the head, the body and the tail), all in one chunk.

        Returns False, and writes nothing, if bytes wait already and there would be more than `most` with these.
        """
        message = b"".join(part for body in bodies for part in (head, body, tail))
        if self.pending and self.pending + len(message) > most:
            return False
        self.write(message)
        return True

    def write(self, message: bytes) -> None:
        """Write a chunk of the response, however much waits already. Does nothing if the response has ended."""
        if self.is_open:
            in_chunks = self._answered.chunked_encoding
            self.write_raw(b"%x\r\n%b\r\n" % (len(message), message) if in_chunks else message)

    def ping(self) -> None:
        """Write a comment of server-sent events, so that proxies do not time the response out."""
        self.write(_SSE_COMMENT)

    async def drained(self) -> None:
        """Wait until no written bytes wait any more, or the connection is lost."""
        await self.flow.drain()

    def end(self, code: int, reason: str = "") -> None:
        """Abort the connection. HTTP has no close codes; the client reconnects as after any lost connection."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The server stops: finish the response to a request, but abort an event stream."""
        self.is_stopping = True
        if self.is_endless:
            self.end(CloseCode.SERVICE_RESTART)
        else:
            super().shutdown()
            self.hurry()

    def left_to_peer(self) -> Left | None:
        """The client has to send the rest of its request, or to read the response."""
        if self.transport.is_closing() or self.pending:
            return self.untaken
        return None if self.has_request else ("send", -self.heard)


def _without_chunks(app: ASGI3Application, cycle: RequestResponseCycle) -> ASGI3Application:
    """Wrap an application for HTTP/1.0, which has no chunks: a response without Content-Length is sent unchunked,
    and the end of the connection is its end.
    """

    async def whole(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        has_length = True

        async def send_whole(message: ASGISendEvent) -> None:
            nonlocal has_length
            if message["type"] == "http.response.start":
                has_length = any(name == b"content-length" for name, _ in message.get("headers", ()))
                if not has_length:
                    cycle.chunked_encoding, cycle.expected_content_length = False, _BOUNDLESS
            elif message["type"] == "http.response.body" and not (has_length or message.get("more_body", False)):
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        await app(scope, receive, send_whole)

    return whole
