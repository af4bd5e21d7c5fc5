"""The metrics endpoint, in Prometheus' text format."""

import hmac
from collections.abc import Awaitable, Callable

from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from app.monitoring.families import Families

ReadFamilies = Callable[[], Awaitable[list[Metric]]]
"""Collects all metric families."""


class Metrics:
    """Shows the metrics to callers who send the token as bearer token. Everyone else gets 404."""

    def __init__(self, token: str, families: ReadFamilies) -> None:
        self._token = token.encode()
        self._families = families
        self._show_nothing = PlainTextResponse("Not Found", status_code=404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        is_shown = scope["method"] in ("GET", "HEAD") and self._is_allowed(scope)
        response = await self._shown(scope) if is_shown else self._show_nothing
        await response(scope, receive, send)

    async def _shown(self, scope: Scope) -> Response:
        encode, content_type = choose_encoder(Headers(scope=scope).get("accept", ""))
        body = encode(Families(await self._families()))
        return Response(body, headers={"content-type": content_type, "cache-control": "no-store"})

    def _is_allowed(self, scope: Scope) -> bool:
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        # Starlette decodes the bytes of headers as Latin-1.
        return hmac.compare_digest(token.strip().encode("latin-1"), self._token) and scheme.lower() == "bearer"
