"""Headers by which browsers protect who calls, on every answer over HTTP."""

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Raw = Sequence[tuple[bytes, bytes]]
"""Headers as ASGI has them, their names in lower case."""

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
