"""The one path that GraphQL is served on: Strawberry's view, with HTTP and its streams answered by `http`."""

from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import strawberry
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from app.transport.execution.asked import NotJson, read_json
from app.transport.http.handler import HttpHandler
from app.transport.http.head import ANY, Head, Origins
from app.transport.limits import LimitReached
from app.transport.serving import Serving
from app.transport.websocket.handler import SocketAdapter, WebSocketHandler


class GraphQLView(GraphQL[Any, None]):
    """Serves a schema on one path, over HTTP and over WebSocket."""

    graphql_transport_ws_handler_class = WebSocketHandler
    websocket_adapter_class = SocketAdapter

    def __init__(self, schema: strawberry.Schema, serving: Serving) -> None:
        manners = serving.manners
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=manners.connection_init_seconds),
            max_subscriptions_per_connection=None,
            # Looked at below, for HTTP and for WebSockets alike.
            allowed_origins=(ANY,),
        )
        self.serving = serving
        self._origins = Origins(manners.allowed_origins)
        self._http = HttpHandler(serving)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a WebSocket."""
        if scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
            return
        page = self.serving.manners.page
        await (page if page is not None and _comes_to_look(scope) else self._http)(scope, receive, send)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket. A handshake that a page of another origin makes is answered with 403, one too many of
        its address with 429.
        """
        if not self._origins.may_call(scope, Head(scope)):
            # Before it is accepted a close is a 403.
            await WebSocketClose(1008)(scope, receive, send)
            return
        try:
            with self.serving.crowd.from_address(scope):
                await super().__call__(scope, receive, send)
        except LimitReached:
            await WebSocket(scope, receive, send).send_denial_response(PlainTextResponse("", 429))

    def decode_json(self, data: str | bytes) -> object:
        """Any JSON; whatever cannot be read is one kind of error."""
        try:
            return read_json(data)
        except NotJson:
            raise JSONDecodeError("not JSON", "", 0) from None


def _comes_to_look(scope: Scope) -> bool:
    """Whether this is a browser that was sent here without a question."""
    is_bare = scope["method"] == "GET" and not scope["query_string"]
    return is_bare and "text/html" in (Head(scope).get(b"accept") or "")
