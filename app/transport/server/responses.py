"""Responses over HTTP that can be written to without a task of their own: a connection as `Pipe` in
`app.transport.connections.pipe` says.
"""

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
"""The length of a response that ends with its connection, for uvicorn, which counts down from it."""


class _Joining:
    """What the `cycle` of one request writes its response to: the head waits for the beginning of the body, so that
    they go by one call of the system and in one packet.
    """

    __slots__ = ("_cycle", "_head", "_transport")

    def __init__(self, cycle: RequestResponseCycle, transport: asyncio.Transport) -> None:
        self._cycle = cycle
        self._transport = transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        """Write, unless it is the head. What comes before that, to have a body sent, is written at once."""
        if self._head is None and self._cycle.response_started:
            self._head = data
        elif self._head:
            self._head, data = b"", self._head + data
            self._transport.write(data)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Write the head, if it still waits."""
        if self._head:
            self._head, head = b"", self._head
            self._transport.write(head)

    def step_aside(self) -> None:
        """The response has ended: what is done to its connection after that is done to the connection itself."""
        self._cycle.transport = self._transport

    def close(self) -> None:
        """Close the connection, behind all that was written."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection is closed, or will be."""
        return self._transport.is_closing()


class ResponsePipe(Counting, BoundedRequests):
    """An HTTP connection. What is written is one chunk of the response that was begun."""

    answers = False
    _answered: RequestResponseCycle
    """The request that is answered now. uvicorn's own `cycle` is the last that came; it may have to wait."""

    def on_message_begin(self) -> None:
        """Hand the application this pipe with its scope."""
        super().on_message_begin()
        self.scope["extensions"] = {PIPE: self}  # type: ignore[dict-item]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        self._joining = _Joining(cycle, self.transport)
        cycle.transport = self._joining  # type: ignore[assignment] # all of a transport that it uses
        super()._start_asgi_task(
            cycle, app if cycle.scope["http_version"] != "1.0" else _without_chunks(app, cycle)
        )

    def on_response_complete(self) -> None:
        """The response is there as a whole; one without a body is its head."""
        self._joining.flush()
        self._joining.step_aside()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the request that is answered as well, where others wait behind it."""
        super().connection_lost(exc)
        if self.cycle is not None:
            self._joining.step_aside()
        if (cycle := self.cycle and self._answered) and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()

    @property
    def has_request(self) -> bool:
        """Whether all of the request that is answered has come."""
        return not self._answered.more_body

    @property
    def is_open(self) -> bool:
        """Whether a response was begun and has not ended."""
        cycle = self._answered
        return cycle.response_started and not (cycle.response_complete or cycle.disconnected)

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write a chunk of messages, each of a head, a body and a tail, unless something waits and it would be more
        than `most` bytes with them.
        """
        message = b"".join(part for body in bodies for part in (head, body, tail))
        if self.pending and self.pending + len(message) > most:
            return False
        self.write(message)
        return True

    def write(self, message: bytes) -> None:
        """Write a chunk of the response, whatever waits already; nothing where it has ended."""
        if self.is_open:
            in_chunks = self._answered.chunked_encoding
            self.write_raw(b"%x\r\n%b\r\n" % (len(message), message) if in_chunks else message)

    def ping(self) -> None:
        """Keep the response from being taken for dead on its way: a comment of server-sent events."""
        self.write(_SSE_COMMENT)

    async def emptied(self) -> None:
        """Wait until nothing waits to be taken, or the connection is lost."""
        await self.flow.drain()

    def end(self, code: int, reason: str = "") -> None:
        """Break the response off. HTTP has no code for it; its client comes back as after any loss."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The server stops: let a request be answered, and send away whoever follows a stream."""
        self.is_stopping = True
        if self.is_endless:
            self.end(CloseCode.SERVICE_RESTART)
        else:
            super().shutdown()
            self.hurry()

    def left_to_peer(self) -> Left | None:
        """To send the rest of its request, or to take what was answered."""
        if self.transport.is_closing() or self.pending:
            return self.untaken
        return None if self.has_request else ("send", -self.heard)


def _without_chunks(app: ASGI3Application, cycle: RequestResponseCycle) -> ASGI3Application:
    """An application whose responses HTTP/1.0 understands: one that does not say how long it is ends with its
    connection, where uvicorn would send it in chunks.
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
