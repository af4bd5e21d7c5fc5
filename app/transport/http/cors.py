"""Cross-origin resource sharing: what browsers let pages of other origins do (the Fetch standard)."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.transport.http.origins import ANY, Origins

_READ = ("authorization", "content-type", "last-event-id", "traceparent", "tracestate", "x-request-id")
_VARY = (b"vary", b"Origin")
_SHOWN = ("retry-after", "www-authenticate", "x-request-id")


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
