"""The one path that GraphQL is served on: Strawberry's view, with HTTP and its streams answered by `http`."""

from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET

from app.api.transport.http import HttpHandler
from app.api.transport.json_text import NotJson, read_json
from app.api.transport.origins import ANY
from app.api.transport.serving import Serving
from app.api.transport.websocket import SocketAdapter, SocketContext, WebSocketHandler


class GraphQLView(GraphQL[Any, None]):
    """Serves a schema on one path, over HTTP and over WebSocket."""

    graphql_transport_ws_handler_class = WebSocketHandler
    websocket_adapter_class = SocketAdapter

    def __init__(self, schema: strawberry.Schema, serving: Serving) -> None:
        manners = serving.manners
        super().__init__(
            schema,
            graphql_ide="graphiql" if manners.graphiql else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=manners.connection_init_seconds),
            max_subscriptions_per_connection=None,
            # Looked at below, for HTTP and for WebSockets alike.
            allowed_origins=(ANY,),
        )
        self.serving = serving
        self._http = HttpHandler(serving)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a WebSocket."""
        if scope["type"] == "websocket":
            # Before it is accepted a close is a 403.
            serve = super().__call__ if self.serving.origins.may_call(scope) else WebSocketClose(1008)
            await serve(scope, receive, send)
            return
        request = Request(scope, receive)
        if self.graphql_ide and self.should_render_graphql_ide(self.request_adapter_class(request)):
            response = await self.render_graphql_ide(request)
            # A page has a policy of its own: this one loads its scripts from elsewhere.
            response.headers["content-security-policy"] = "frame-ancestors 'none'"
            await response(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:
        """What a WebSocket carries for all its operations."""
        return SocketContext()

    async def on_ws_connect(self, context: SocketContext) -> Any:
        """Let the caller of a WebSocket in, or close it with 4403."""
        try:
            context.session = await self.serving.authenticate(context.authorization)
        except GraphQLError as error:
            raise ConnectionRejectionError from error
        return UNSET

    def decode_json(self, data: str | bytes) -> object:
        """Any JSON; whatever cannot be read is one kind of error."""
        try:
            return read_json(data)
        except NotJson:
            raise JSONDecodeError("not JSON", "", 0) from None
