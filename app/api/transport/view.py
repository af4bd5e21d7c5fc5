"""GraphQL over HTTP, and the way to its WebSocket: Strawberry's view, with who may come in asked first."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from json import JSONDecodeError
from typing import Any

import orjson
import strawberry
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET

from app.api.transport.delivery import Deliveries
from app.api.transport.executor import DocumentExecutor, DocumentRefused, Operation
from app.api.transport.ports import Authenticate, CallerSession, FormatError, OperationContext, Passes
from app.api.transport.results import response_body
from app.api.transport.sharing import Selection
from app.api.transport.watch import Watch
from app.api.transport.websocket import SocketContext, WebSocketHandler


class GraphQLView(GraphQL[Any, None]):
    """Serves a schema on one path. A caller is let in before anything that he sent is read."""

    graphql_transport_ws_handler_class = WebSocketHandler

    def __init__(
        self,
        schema: strawberry.Schema,
        executor: DocumentExecutor,
        authenticate: Authenticate,
        format_error: FormatError,
        *,
        graphiql: bool,
        connection_init_seconds: float,
        allowed_origins: Sequence[str],
        max_pending: int,
        passes: Passes,
        retry_seconds: float,
        silence_seconds: float,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if graphiql else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=connection_init_seconds),
            max_subscriptions_per_connection=None,
            allowed_origins=allowed_origins,
        )
        self.executor = executor
        self.authenticate = authenticate
        self.format_error = format_error
        self.max_pending = max_pending
        self.passes = passes
        self.deliveries = Deliveries(retry_seconds=retry_seconds)
        self.watch = Watch(silence_seconds=silence_seconds)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connections can be served while this is open."""
        async with self.watch.running():
            yield
        await self.deliveries.ended()

    def selection(self, operation: Operation, context: OperationContext) -> Selection:
        """What a subscription takes from each event."""
        return Selection(self.executor, operation, context, format_error=self.format_error, passes=self.passes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a WebSocket."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await self._response(request)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if self.graphql_ide and self.should_render_graphql_ide(self.request_adapter_class(request)):
            return await self.render_graphql_ide(request)
        try:
            session = await self.authenticate(request.headers.get("authorization"))
            return await self.run(request, context=session)
        except GraphQLError as error:
            return self._refusal(error, 401, {"WWW-Authenticate": "Bearer"})
        except HTTPException as error:
            headers = {"Allow": "GET, POST"} if error.status_code == 405 else {}
            return self._refusal(GraphQLError(error.reason), error.status_code, headers)
        except Exception as error:
            return self._refusal(GraphQLError("", original_error=error), 500, {})

    def _refusal(self, error: GraphQLError, status: int, headers: dict[str, str]) -> Response:
        body = orjson.dumps({"errors": [self.format_error(error)]})
        return Response(body, status, headers, media_type="application/json")

    async def execute_operation(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        request_data: GraphQLRequestData | list[GraphQLRequestData],
        context: CallerSession,
        root_value: None,
        sub_response: Response,
    ) -> Any:
        """The result of the one operation of a request."""
        if isinstance(request_data, list) or not request_data.query:
            raise HTTPException(400, "No GraphQL query found in the request.")
        if not isinstance(request_data.operation_name, str | None):
            raise HTTPException(400, "operationName must be a string or null, if provided.")
        try:
            operation = self.executor.prepare(
                request_data.query, request_data.operation_name, request_data.variables
            )
        except DocumentRefused as refused:
            return ExecutionResult(None, errors=refused.errors)
        if operation.kind is OperationType.SUBSCRIPTION:
            raise HTTPException(400, "Subscriptions are served over WebSocket (graphql-transport-ws).")
        if request.method == "GET" and operation.kind is not OperationType.QUERY:
            raise HTTPException(405, "Mutations must be posted.")
        opened = context.open_context()
        try:
            return await self.executor.execute(operation, opened)
        finally:
            await opened.close()

    async def process_result(self, request: Request, result: Any) -> GraphQLHTTPResponse:
        """The body of a result."""
        return response_body(result, self.format_error)  # type: ignore[return-value]

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:
        """What a WebSocket carries for all its operations."""
        return SocketContext()

    async def on_ws_connect(self, context: SocketContext) -> Any:
        """Let the caller of a WebSocket in, or close it with 4403."""
        try:
            context.session = await self.authenticate(context.authorization)
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
            return super().decode_json(data)
        except (ValueError, RecursionError):
            raise JSONDecodeError("not JSON", "", 0) from None

    def encode_json(self, data: object) -> str:
        """JSON as text: WebSocket frames are text frames."""
        return orjson.dumps(data).decode()
