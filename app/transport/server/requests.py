"""Bounds on what comes in over HTTP before anything looks at it; uvicorn's protocol for httptools has none.

Everything that somebody sends at once is parsed in one go, so whatever makes a callback of it is counted. Of a
request that two readers could understand in two ways, one of them a proxy before this server, nothing is answered:
RFC 9112 and RFC 9110 say more of its head than its parser looks at.
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
"""How many requests may wait on one connection behind the one that is answered."""
_MOST_PIECES = 8_192
"""In how many pieces a body may come: some 30 bytes each, where it is as long as it may be by default."""

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
"""Headers in the order in which they came, their names in lower case."""

_ONCE = (b"host", b"authorization", b"content-type", b"content-length", b"transfer-encoding", b"origin")
"""Headers of which the second one contradicts the first."""
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


@dataclass(frozen=True, slots=True)
class RequestBounds:
    """How many bytes the head of a request may have; and for how many seconds a client may keep the server waiting
    for the end of a head, or take nothing of an answer.
    """

    head_bytes: int
    seconds: float


class _OutOfBounds(Exception):
    """Ends parsing."""


class BoundedRequests(HttpToolsProtocol):
    """An HTTP connection on which requests stay within bounds, or it is closed."""

    is_endless = False
    """Whether the response is watched over by whoever streams it."""

    _in_head = False
    _in_body = False
    _fed = _fresh = _counted = _headers = _pieces = 0
    _wrong = 400
    _request_timer: asyncio.TimerHandle | None = None
    _answer_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, bounds: RequestBounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bounds = bounds

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to wait for any more."""
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, as uvicorn does but for its log, which strangers would fill."""
        self._unset_keepalive_if_required()
        if self._in_head:
            self._fed += len(data)
        # Behind the end of a body it is not known where a head begins.
        self._fresh = 0 if self._in_head or self._in_body else len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
        except httptools.HttpParserError:
            self._refuse(self._wrong)
        else:
            self._look_at_head()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head, self._in_body = True, False
        self._fed, self._fresh = self._fresh, 0
        self._counted = self._headers = self._pieces = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Keep a part of the URL."""
        self._count(len(url), 414)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header. One behind a body is counted and left out: it would be read as if it came before."""
        self._headers += 1
        self._count(len(name) + len(value), 431)
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there: have the request answered."""
        self._in_head, self._in_body = False, True
        self._stop_waiting()
        if len(self.pipeline) >= _MOST_WAITING:
            raise _OutOfBounds
        if (wrong := wrong_head(self.parser.get_http_version(), self.url, self.headers)) is not None:
            self._wrong = wrong
            raise _OutOfBounds
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand on a piece of the body."""
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise _OutOfBounds
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        self._in_body = False
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the rest of a body that was answered before its end."""
        super().on_response_complete()
        if self._in_body and self._is_idle and not self.transport.is_closing():
            self._await_request()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over, unless an answer is under way on it."""
        if self._is_idle:
            self._stop_waiting()
            self._stop_watching()
            super().handle_websocket_upgrade()
            # Both lead back here, and nobody uses them any more: no circle, see `app.common.garbage`.
            self.parser = self.scope = None  # type: ignore[assignment] # as uvicorn does where it is lost
        else:
            self.transport.abort()

    def pause_writing(self) -> None:
        """The client takes nothing just now: watch whether that changes."""
        super().pause_writing()
        self._stop_watching()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It has taken everything."""
        self._stop_watching()
        super().resume_writing()

    @property
    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _look_at_head(self) -> None:
        """Wait for the rest of a head no longer than is allowed. A header that has not ended is not counted yet."""
        if self._in_head and self._fed > self._bounds.head_bytes:
            self._refuse(431)
        elif self._in_head or (self._is_idle and not self.transport.is_closing()):
            self._await_request()

    def _count(self, size: int, status: int) -> None:
        self._counted += size
        if self._counted > self._bounds.head_bytes or self._headers > _MOST_HEADERS:
            self._wrong = status
            raise _OutOfBounds

    def _refuse(self, status: int) -> None:
        """Close the connection, with an answer unless it would stand in the midst of another one."""
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
            # What began behind a request costs nothing more while that one is answered.
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
        """Break off an answer of which nothing was taken since the last look."""
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
    """The status of the answer to a request whose head is wrong; None where it is as it should be.

    `version` is that of HTTP, as 1.1; `target` is what stands between the method and that.
    """
    values = {name: [value for other, value in headers if other == name] for name in _ONCE}
    if any(len(found) > 1 for found in values.values()):
        return BAD_REQUEST
    return _wrong_host(version, target, values[b"host"]) or _wrong_coding(version, values[b"transfer-encoding"])


def _wrong_host(version: str, target: bytes, hosts: Collection[bytes]) -> int | None:
    """Every request names its host, but those of HTTP/1.0; where the target names one as well it is the same."""
    if not hosts:
        return None if version == "1.0" else BAD_REQUEST
    (host,) = hosts
    authority = target.partition(b"://")[2].partition(b"/")[0] if not target.startswith(b"/") else host
    return None if _HOST.fullmatch(host) and authority.lower() == host.lower() else BAD_REQUEST


def _wrong_coding(version: str, codings: Collection[bytes]) -> int | None:
    """A body is sent as it is or in chunks, which HTTP/1.0 does not know."""
    if not codings:
        return None
    (coding,) = codings
    if coding.strip().lower() != b"chunked":
        return NOT_IMPLEMENTED
    return BAD_REQUEST if version == "1.0" else None
