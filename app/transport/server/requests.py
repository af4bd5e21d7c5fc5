"""Limits on HTTP requests while they are parsed; uvicorn's protocol for httptools has none.

All data of a read is parsed without a pause, so everything that causes a callback of the parser is counted.
Requests that a proxy before this server could understand differently are refused (request smuggling): RFC 9112 and
RFC 9110 have more rules for headers than the parser checks.
"""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

_MOST_HEADERS = 100
_MOST_WAITING = 16
"""The most pipelined requests that may wait on one connection behind the one that is being answered."""
_MOST_PIECES = 8_192
"""The most pieces (chunks) of a body: about 30 bytes each for a body of the largest size allowed by default."""

_TEXTS = {
    400: b"This is not HTTP.",
    408: b"The request did not come in time.",
    414: b"The URL is too long.",
    431: b"The headers of the request are too long, or too many.",
    501: b"A body comes as it is, or in chunks.",
}

BAD_REQUEST = 400
NOT_IMPLEMENTED = 501

Headers = Sequence[tuple[bytes, bytes]]
"""Headers in their original order, with names in lower case."""

_ONCE = (b"host", b"authorization", b"content-type", b"content-length", b"transfer-encoding", b"origin")
"""Headers that may occur only once."""
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


@dataclass(frozen=True, slots=True)
class RequestBounds:
    """`head_bytes` is the most bytes of the head of a request (request line and headers). `seconds` is the timeout
    for the head of a request, and for a client that reads nothing of a response.
    """

    head_bytes: int
    seconds: float


class _OutOfBounds(Exception):
    """Stops the parser, because a limit is exceeded or the headers are wrong."""


class BoundedRequests(HttpToolsProtocol):
    """An HTTP connection that is closed when a request exceeds a limit."""

    is_endless = False
    """Whether the response is an event stream, whose connection the idle watch checks instead of this class."""

    _in_head = False
    _in_body = False
    _fed = _fresh = _counted = _headers = _pieces = 0
    _refusal_status = 400
    _request_timer: asyncio.TimerHandle | None = None
    _answer_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, bounds: RequestBounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bounds = bounds

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Start the timeout for the first request."""
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timers."""
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse a read, as uvicorn does, but without its log lines, which any client could cause."""
        self._unset_keepalive_if_required()
        if self._in_head:
            self._fed += len(data)
        # If a body ends within this read, it is unknown where in it the next head begins.
        self._fresh = 0 if self._in_head or self._in_body else len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
        except httptools.HttpParserError:
            self._refuse(self._refusal_status)
        else:
            self._look_at_head()

    def on_message_begin(self) -> None:
        """Reset the counters, because a head begins."""
        self._in_head, self._in_body = True, False
        self._fed, self._fresh = self._fresh, 0
        self._counted = self._headers = self._pieces = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count a part of the URL."""
        self._count(len(url), 414)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header. A trailer (after the body) is dropped: uvicorn would treat it as a normal header."""
        self._headers += 1
        self._count(len(name) + len(value), 431)
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check the complete head, and have the request answered."""
        self._in_head, self._in_body = False, True
        self._stop_waiting()
        if len(self.pipeline) >= _MOST_WAITING:
            raise _OutOfBounds
        if (status := wrong_head(self.parser.get_http_version(), self.url, self.headers)) is not None:
            self._refusal_status = status
            raise _OutOfBounds
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count a piece of the body, and pass it on."""
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise _OutOfBounds
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Cancel the timeout: the request is complete."""
        self._in_body = False
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Start the timeout for the rest of the body, if the response was sent before its end."""
        super().on_response_complete()
        if self._in_body and self._is_idle and not self.transport.is_closing():
            self._await_request()

    def handle_websocket_upgrade(self) -> None:
        """Pass the connection on to the WebSocket protocol; abort it if a response is still being sent."""
        if self._is_idle:
            self._stop_waiting()
            self._stop_watching()
            super().handle_websocket_upgrade()
            # Both refer to this object and are unused from now on: break the reference cycle, see
            # `app.common.garbage`.
            self.parser = self.scope = None  # type: ignore[assignment] # as uvicorn does in connection_lost
        else:
            self.transport.abort()

    def pause_writing(self) -> None:
        """The client does not read: start checking whether that changes."""
        super().pause_writing()
        self._stop_watching()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has read everything: stop checking."""
        self._stop_watching()
        super().resume_writing()

    @property
    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _look_at_head(self) -> None:
        """Check the size of an incomplete head (the parser reports only complete headers); start its
        timeout.
        """
        if self._in_head and self._fed > self._bounds.head_bytes:
            self._refuse(431)
        elif self._in_head or (self._is_idle and not self.transport.is_closing()):
            self._await_request()

    def _count(self, size: int, status: int) -> None:
        self._counted += size
        if self._counted > self._bounds.head_bytes or self._headers > _MOST_HEADERS:
            self._refusal_status = status
            raise _OutOfBounds

    def _refuse(self, status: int) -> None:
        """Close the connection; with an error response, unless another response is being sent."""
        if not self._is_idle:
            self.transport.abort()
            return
        text = _TEXTS[status]
        head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(
            text
        )
        self.transport.write(STATUS_LINE[status] + head + text)
        self.transport.close()

    def _await_request(self) -> None:
        if self._request_timer is None:
            self._request_timer = self.loop.call_later(self._bounds.seconds, self._waited_for_request)

    def _waited_for_request(self) -> None:
        self._request_timer = None
        if self.transport.is_closing():
            return
        if not self._is_idle:
            # A response is still being sent; the next request on the connection gets more time.
            self._await_request()
        elif self._in_head:
            self._refuse(408)
        else:
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None

    def _watch(self, pending: int) -> None:
        self._answer_timer = self.loop.call_later(self._bounds.seconds, self._look, pending)

    def _look(self, before: int) -> None:
        """Abort the connection if the client read nothing of the response since the last check."""
        pending = self.transport.get_write_buffer_size()
        if pending >= before and not self.is_endless:
            self.transport.abort()
        else:
            self._watch(pending)

    def _stop_watching(self) -> None:
        if self._answer_timer is not None:
            self._answer_timer.cancel()
            self._answer_timer = None


def wrong_head(version: str, target: bytes, headers: Headers) -> int | None:
    """The status for a request with a wrong head; None if the head is correct.

    `version` is the HTTP version, such as "1.1"; `target` is the text between the method and the version.
    """
    values = {name: [value for other, value in headers if other == name] for name in _ONCE}
    if any(len(occurrences) > 1 for occurrences in values.values()):
        return BAD_REQUEST
    return _wrong_host(version, target, values[b"host"]) or _wrong_coding(version, values[b"transfer-encoding"])


def _wrong_host(version: str, target: bytes, hosts: Collection[bytes]) -> int | None:
    """Check the Host header: required except in HTTP/1.0, and equal to the host in the target if that has one."""
    if not hosts:
        return None if version == "1.0" else BAD_REQUEST
    (host,) = hosts
    authority = target.partition(b"://")[2].partition(b"/")[0] if not target.startswith(b"/") else host
    return None if _HOST.fullmatch(host) and authority.lower() == host.lower() else BAD_REQUEST


def _wrong_coding(version: str, codings: Collection[bytes]) -> int | None:
    """Check Transfer-Encoding: only `chunked` is supported, and not in HTTP/1.0."""
    if not codings:
        return None
    (coding,) = codings
    if coding.strip().lower() != b"chunked":
        return NOT_IMPLEMENTED
    return BAD_REQUEST if version == "1.0" else None
