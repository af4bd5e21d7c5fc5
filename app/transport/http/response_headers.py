"""What every response gets: a request id, a line in the access log, security headers, and CORS headers (the Fetch
standard), by which browsers let pages of other origins read the response.
"""

import logging
import re
import secrets
import time
from collections.abc import Collection, Mapping, Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs.ids import request_id
from app.transport.http.request_headers import ANY, Origins

log = logging.getLogger(__name__)

Raw = Sequence[tuple[bytes, bytes]]
"""Headers as ASGI has them: names (in lower case) and values."""

HEADER = b"x-request-id"
_HARMLESS = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_ANSWERS = ("http.response.start", "websocket.accept", "websocket.http.response.start")

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

_ALLOWED_HEADERS = ("authorization", "content-type", "last-event-id", "traceparent", "tracestate", "x-request-id")
_VARY = (b"vary", b"Origin")
_EXPOSED_HEADERS = ("retry-after", "www-authenticate", "x-request-id")


def with_request_id(scope: Scope, send: Send) -> Send:
    """Set the request id for the log: the client's own if it is harmless, otherwise a new one.

    Returns a `send` that adds it to the headers of the response.
    """
    sent = next((value for name, value in scope["headers"] if name == HEADER), b"")
    id_ = sent.decode() if _HARMLESS.fullmatch(sent) else secrets.token_hex(16)
    request_id.set(id_)
    header = HEADER, id_.encode()

    async def send_with_id(message: Message) -> None:
        if message["type"] in _ANSWERS:
            message["headers"] = [*message.get("headers", ()), header]
        await send(message)

    return send_with_id


def with_access_log(scope: Scope, send: Send, paths: Collection[str]) -> Send:
    """Return a `send` that logs the response to a request.

    Of the URL only the path is logged, and only if it is one of `paths`, otherwise `elsewhere`: any other part may
    hold what somebody typed. For the same reason an id at the end of the path is logged as `{id}`.
    """
    began = time.perf_counter()
    requested = scope["path"]
    with_id = f"{requested.rpartition('/')[0]}/{{id}}"
    path = requested if requested in paths else with_id if with_id in paths else "elsewhere"

    async def send_and_log(message: Message) -> None:
        if message["type"] == "http.response.start":
            seconds = time.perf_counter() - began
            log.info("%s %s %d in %.3f s", scope["method"], path, message["status"], seconds)
        await send(message)

    return send_and_log


class ProtectingHeaders:
    """Middleware that adds security headers to every response, except those that the response has itself: a page
    has a Content-Security-Policy of its own. Over https it adds Strict-Transport-Security for `hsts_seconds` (0 is
    off).
    """

    def __init__(self, app: ASGIApp, *, hsts_seconds: int) -> None:
        self._app = app
        self._over_http = _raw(_ALWAYS)
        self._over_https = _raw(
            _ALWAYS | ({"strict-transport-security": f"max-age={hsts_seconds}"} if hsts_seconds else {})
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an HTTP request, as an ASGI application."""
        headers = self._over_https if scope["scheme"] == "https" else self._over_http

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(headers, message)
            await send(message)

        await self._app(scope, receive, send_protected)


def _raw(headers: Mapping[str, str]) -> Raw:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _add(headers: Raw, message: Message) -> None:
    own: Raw = message.get("headers", ())
    names = {name for name, _ in own}
    message["headers"] = [*own, *(header for header in headers if header[0] not in names)]


class Cors(CORSMiddleware):
    """Answers preflight requests, and lets pages of the named origins read responses. Cookies are not used."""

    def __init__(self, app: ASGIApp, *, named: Collection[str], max_age: int) -> None:
        super().__init__(
            app,
            allow_origins=(ANY,) if ANY in named else (),
            allow_methods=("GET", "POST"),
            allow_headers=_ALLOWED_HEADERS,
            expose_headers=_EXPOSED_HEADERS,
            max_age=max_age,
        )
        self._origins = Origins(named)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request. One without an Origin header, as most are, bypasses Starlette's slower code."""
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _VARY]
            await send(message)

        await self.app(scope, receive, send_varying)

    def is_allowed_origin(self, origin: str) -> bool:
        """Whether an origin is one of the named origins, after normalisation."""
        return self._origins.is_named(origin)
