"""The one path that GraphQL is served on: Strawberry's view, with HTTP and its streams answered by `http`."""

from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import strawberry
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from app.api.transport.crowd import TooMany
from app.api.transport.http import HttpHandler
from app.api.transport.serving import Serving
from app.api.transport.websocket import SocketAdapter, WebSocketHandler


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
            allowed_origins=manners.allowed_origins,
        )
        self.serving = serving
        self._http = HttpHandler(serving, self._parse)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a WebSocket."""
        if scope["type"] != "http":
            await self._serve_socket(scope, receive, send)
            return
        request = Request(scope, receive)
        if self.graphql_ide and self.should_render_graphql_ide(self.request_adapter_class(request)):
            response: Response = await self.render_graphql_ide(request)
        else:
            response = await self._http.response(request)
        await response(scope, receive, send)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket; a handshake that is one too many of its address is answered with 429."""
        host, _ = scope.get("client") or (None, None)
        try:
            with self.serving.crowd.from_address(host):
                await super().__call__(scope, receive, send)
        except TooMany:
            await WebSocket(scope, receive, send).send_denial_response(PlainTextResponse("", 429))

    async def _parse(self, request: Request) -> GraphQLRequestData | list[GraphQLRequestData]:
        return await self.parse_http_body(self.request_adapter_class(request))

    def parse_json(self, data: str | bytes) -> Any:
        """A JSON object: a request's body, its variables or extensions."""
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict):
            raise HTTPException(400, "A request, its variables and extensions are JSON objects.")
        return parsed

    def decode_json(self, data: str | bytes) -> object:
        """Any JSON; whatever cannot be read is one kind of error."""
        try:
            return super().decode_json(data)
        except (ValueError, RecursionError):
            raise JSONDecodeError("not JSON", "", 0) from None
