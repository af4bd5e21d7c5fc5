"""The ASGI application: routing and middleware for HTTP, and a shorter path for WebSockets and GraphQL."""

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
from app.transport.http.response_headers import ProtectingHeaders, with_access_log, with_request_id

GRAPHQL_PATH = "/graphql"

_EXPLAINED = (DatabaseVerouderd, DatabaseOnbereikbaar)
"""Errors that keep a server from starting; their message tells the operator what to do."""


class Application(Starlette):
    """A Starlette application in which WebSockets and GraphQL requests bypass parts of Starlette.

    WebSockets bypass middleware and router: a socket keeps its call stack in memory while it is open, and the
    middleware (CORS, error pages) is only for HTTP. GraphQL requests get the middleware, but bypass the router.
    Everything else gets both.
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
        """`graphql` answers GraphQL requests over HTTP, `sockets` serves GraphQL over WebSocket.

        `hosts` are the names that the Host header may have; the paths in `anywhere` are served for any Host.
        """
        super().__init__(routes=routes, middleware=middleware, lifespan=lifespan)
        # A redirect would go to the host that the client named.
        self.router.redirect_slashes = False
        self._sockets = Hosts(sockets, hosts, anywhere)
        self._logged_paths = _paths(routes) if access_log else None
        # Outermost, so that a response to an internal error has these headers as well.
        self._http = ProtectingHeaders(Hosts(super().__call__, hosts, anywhere), hsts_seconds=hsts_seconds)
        wrapped = graphql
        for outer in reversed(middleware):
            wrapped = outer.cls(wrapped, *outer.args, **outer.kwargs)
        wrapped = Hosts(ServerErrorMiddleware(wrapped), hosts, anywhere)
        self._graphql = ProtectingHeaders(wrapped, hsts_seconds=hsts_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a WebSocket or the lifespan, as an ASGI application."""
        try:
            if scope["type"] in ("http", "websocket"):
                send = with_request_id(scope, send)
            if scope["type"] == "http" and self._logged_paths is not None:
                send = with_access_log(scope, send, self._logged_paths)
            if scope["type"] == "websocket" and scope["path"] == GRAPHQL_PATH:
                await self._sockets(scope, receive, send)
            elif scope["type"] == "http":
                await (self._graphql if scope["path"] == GRAPHQL_PATH else self._http)(scope, receive, send)
            else:
                await super().__call__(scope, receive, _in_one_line(send))
        finally:
            # A connection refers to its last scope, and the scope to the connection: break the reference cycle, see
            # `app.common.garbage`.
            scope.get("extensions", {}).pop(PIPE, None)


def _paths(routes: Sequence[BaseRoute]) -> Collection[str]:
    return {route.path for route in routes if isinstance(route, Route | Mount)}


def _in_one_line(send: Send) -> Send:
    """Wrap `send` so that an error at start-up which the operator can solve is reported in one line. Starlette
    would report its traceback.
    """

    async def send_short(message: Message) -> None:
        error = sys.exc_info()[1]
        if message["type"] == "lifespan.startup.failed" and isinstance(error, _EXPLAINED):
            message = {**message, "message": str(error)}
        await send(message)

    return send_short
