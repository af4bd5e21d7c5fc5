"""What every answer has: an id, a line in the log, headers by which browsers protect who calls, and those of
cross-origin resource sharing, by which browsers let pages of other origins read (the Fetch standard).
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
"""Headers as ASGI has them, their names in lower case."""

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

_READ = ("authorization", "content-type", "last-event-id", "traceparent", "tracestate", "x-request-id")
_VARY = (b"vary", b"Origin")
_SHOWN = ("retry-after", "www-authenticate", "x-request-id")


def identified(scope: Scope, send: Send) -> Send:
    """Have what is served from here on logged under an id: the client's own where it is harmless.

    The `send` that is returned tells it with the response.
    """
    given = next((value for name, value in scope["headers"] if name == HEADER), b"")
    found = given.decode() if _HARMLESS.fullmatch(given) else secrets.token_hex(16)
    request_id.set(found)
    told = HEADER, found.encode()

    async def tell(message: Message) -> None:
        if message["type"] in _ANSWERS:
            message["headers"] = [*message.get("headers", ()), told]
        await send(message)

    return tell


def recorded(scope: Scope, send: Send, paths: Collection[str]) -> Send:
    """The `send` that is returned logs the answer to a request.

    Of its URL nothing but the path is told, and that only where something is served: the rest is what people typed.
    So is an id at its end.
    """
    began = time.perf_counter()
    asked = scope["path"]
    with_id = f"{asked.rpartition('/')[0]}/{{id}}"
    path = asked if asked in paths else with_id if with_id in paths else "elsewhere"

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            seconds = time.perf_counter() - began
            log.info("%s %s %d in %.3f s", scope["method"], path, message["status"], seconds)
        await send(message)

    return tell


class ProtectingHeaders:
    """Adds headers to every response of an application. What a response says itself stays: a page has a
    Content-Security-Policy of its own. Over https, browsers are told to come by https only for `hsts_seconds`.
    """

    def __init__(self, app: ASGIApp, *, hsts_seconds: int) -> None:
        self._app = app
        self._over_http = _raw(_ALWAYS)
        self._over_https = _raw(
            _ALWAYS | ({"strict-transport-security": f"max-age={hsts_seconds}"} if hsts_seconds else {})
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in, over HTTP."""
        headers = self._over_https if scope["scheme"] == "https" else self._over_http

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(headers, message)
            await send(message)

        await self._app(scope, receive, send_protected)


def _raw(headers: Mapping[str, str]) -> Raw:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _add(headers: Raw, message: Message) -> None:
    said: Raw = message.get("headers", ())
    names = {name for name, _ in said}
    message["headers"] = [*said, *(header for header in headers if header[0] not in names)]


class Cors(CORSMiddleware):
    """Answers preflights, and lets pages of the named origins read answers. No cookies: a caller brings a token."""

    def __init__(self, app: ASGIApp, *, named: Collection[str], max_age: int) -> None:
        super().__init__(
            app,
            allow_origins=(ANY,) if ANY in named else (),
            allow_methods=("GET", "POST"),
            allow_headers=_READ,
            expose_headers=_SHOWN,
            max_age=max_age,
        )
        self._origins = Origins(named)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in. What is no page of another origin, as most are not, is served in short."""
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), _VARY]
            await send(message)

        await self.app(scope, receive, send_varying)

    def is_allowed_origin(self, origin: str) -> bool:
        """Whether an origin is named, however it is written."""
        return self._origins.is_named(origin)
