"""The one path that GraphQL is served on: Strawberry's view, with HTTP and its streams answered by `http`."""

import json
from datetime import timedelta
from typing import Any

import strawberry
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET

from app.api.transport.http import HttpHandler
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
            allowed_origins=manners.allowed_origins,
        )
        self.serving = serving
        self._http = HttpHandler(serving, self._parse)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a WebSocket."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        if self.graphql_ide and self.should_render_graphql_ide(self.request_adapter_class(request)):
            response: Response = await self.render_graphql_ide(request)
        else:
            response = await self._http.response(request)
        await response(scope, receive, send)

    async def _parse(self, request: Request) -> GraphQLRequestData | list[GraphQLRequestData]:
        return await self.parse_http_body(self.request_adapter_class(request))

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

    def parse_json(self, data: str | bytes) -> Any:
        """A JSON object: a request's body, its variables or extensions."""
        parsed = super().parse_json(data)
        if not isinstance(parsed, dict):
            raise HTTPException(400, "A request, its variables and extensions are JSON objects.")
        return parsed

    def decode_json(self, data: str | bytes) -> object:
        """Any JSON; whatever cannot be read is one kind of error."""
        try:
            return json.loads(data, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise json.JSONDecodeError("not JSON", "", 0) from None


def _no_constant(name: str) -> None:
    """Refuse NaN and the infinities, which Python reads as numbers and JSON does not have."""
    raise ValueError(name)
