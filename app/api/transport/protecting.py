"""Headers by which browsers protect who calls, on every answer over HTTP."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class ProtectingHeaders:
    """Adds headers to every response of an application. What a response says itself stays: a page has a
    Content-Security-Policy of its own. Over https, browsers are told to come by https only for `hsts_seconds`.
    """

    def __init__(self, app: ASGIApp, *, hsts_seconds: int) -> None:
        self._app = app
        self._over_https = _ALWAYS | (
            {"strict-transport-security": f"max-age={hsts_seconds}"} if hsts_seconds else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in, over HTTP."""
        headers = self._over_https if scope["scheme"] == "https" else _ALWAYS

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(headers, message)
            await send(message)

        await self._app(scope, receive, send_protected)


def _add(headers: Mapping[str, str], message: Message) -> None:
    message.setdefault("headers", [])
    found = MutableHeaders(scope=message)
    for name, value in headers.items():
        found.setdefault(name, value)
