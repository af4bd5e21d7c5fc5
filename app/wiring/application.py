"""The ASGI application: what every answer has, and the way past that for WebSockets."""

import sys
from collections.abc import Collection, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from app.storage.engine.failures import DatabaseOnbereikbaar
from app.storage.migrations.compatibility import DatabaseVerouderd
from app.transport.connections.pipe import PIPE
from app.transport.http.request_headers import Hosts
from app.transport.http.response_headers import ProtectingHeaders, identified, recorded

GRAPHQL_PATH = "/graphql"

_EXPLAINED = (DatabaseVerouderd, DatabaseOnbereikbaar)
"""What keeps a server from starting, with a message for who runs it."""


class Application(Starlette):
    """Starlette's application, past which WebSockets and requests for GraphQL go to those who serve them.

    A socket keeps its call stack for as long as it lives, and what the middleware does (CORS, errors as pages) is
    for HTTP. A request has its middleware, and no router: that is for whatever else is served.
    """

    def __init__(
        self,
        graphql: ASGIApp,
        sockets: ASGIApp,
        routes: Sequence[BaseRoute],
        middleware: Sequence[Middleware],
        lifespan: Lifespan[Starlette],
        *,
        hosts: Collection[str],
        anywhere: Collection[str],
        hsts_seconds: int,
        access_log: bool,
    ) -> None:
        """`graphql` answers requests for GraphQL, `sockets` serves its WebSockets.

        `hosts` are the names under which it is served, `anywhere` the paths that answer under any other.
        """
        super().__init__(routes=routes, middleware=middleware, lifespan=lifespan)
        # It would lead to whatever host the client named.
        self.router.redirect_slashes = False
        self._sockets = Hosts(sockets, hosts, anywhere)
        self._recorded = _paths(routes) if access_log else None
        # Around everything, so that an answer to what broke has them as well.
        self._http = ProtectingHeaders(Hosts(super().__call__, hosts, anywhere), hsts_seconds=hsts_seconds)
        asked = graphql
        for outer in reversed(middleware):
            asked = outer.cls(asked, *outer.args, **outer.kwargs)
        asked = Hosts(ServerErrorMiddleware(asked), hosts, anywhere)
        self._asked = ProtectingHeaders(asked, hsts_seconds=hsts_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what comes in."""
        try:
            if scope["type"] in ("http", "websocket"):
                send = identified(scope, send)
            if scope["type"] == "http" and self._recorded is not None:
                send = recorded(scope, send, self._recorded)
            if scope["type"] == "websocket" and scope["path"] == GRAPHQL_PATH:
                await self._sockets(scope, receive, send)
            elif scope["type"] == "http":
                await (self._asked if scope["path"] == GRAPHQL_PATH else self._http)(scope, receive, send)
            else:
                await super().__call__(scope, receive, _said_plainly(send))
        finally:
            # A connection has its last scope, which has the connection: no circle, see `app.common.garbage`.
            scope.get("extensions", {}).pop(PIPE, None)


def _paths(routes: Sequence[BaseRoute]) -> Collection[str]:
    return {route.path for route in routes if isinstance(route, Route | Mount)}


def _said_plainly(send: Send) -> Send:
    """Say in one line what keeps the server from starting, where it is no fault of ours; Starlette hands its
    traceback on as the message.
    """

    async def plainly(message: Message) -> None:
        error = sys.exc_info()[1]
        if message["type"] == "lifespan.startup.failed" and isinstance(error, _EXPLAINED):
            message = {**message, "message": str(error)}
        await send(message)

    return plainly
