"""GraphQL over HTTP: one operation in, one answer out, as JSON or as an event stream."""

from collections.abc import Awaitable, Callable
from json import JSONDecodeError

import orjson
from cross_web import HTTPException
from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import Response
from strawberry.http import GraphQLRequestData

from app.api.transport.asked import Asked, document_id
from app.api.transport.documents import DocumentRefused
from app.api.transport.executor import Operation
from app.api.transport.ports import CallerSession
from app.api.transport.results import passing_error, response_body
from app.api.transport.serving import Serving
from app.api.transport.sse import MEDIA_TYPE, EventStream

_JSON_TYPES = ("application/json", "application/graphql-response+json", "*/*")

ParseBody = Callable[[Request], Awaitable[GraphQLRequestData | list[GraphQLRequestData]]]
"""Reads what a request asks."""


class HttpHandler:
    """Answers requests. A caller is let in before anything that he sent is read."""

    def __init__(self, serving: Serving, parse_body: ParseBody) -> None:
        self._serving = serving
        self._parse_body = parse_body

    async def response(self, request: Request) -> Response:
        """The response to a request, whatever it is."""
        with self._serving.attempt(request.headers.get("traceparent")):
            return await self._response(request)

    async def _response(self, request: Request) -> Response:
        try:
            session = await self._serving.authenticate(request.headers.get("authorization"))
            return await self._answer(request, session)
        except GraphQLError as error:
            return self._refusal(error, 401, {"WWW-Authenticate": "Bearer"})
        except HTTPException as error:
            headers = {"Allow": "GET, POST"} if error.status_code == 405 else {}
            return self._refusal(GraphQLError(error.reason), error.status_code, headers)
        except Exception as error:
            status = 503 if self._serving.passes(error) else 500
            return self._refusal(GraphQLError("", original_error=error), status, {})

    async def _answer(self, request: Request, session: CallerSession) -> Response:
        operation = await self._operation(request)
        if isinstance(operation, ExecutionResult):
            return self._json(operation)
        if request.method == "GET" and operation.kind is OperationType.MUTATION:
            raise HTTPException(405, "Mutations must be posted.")
        is_subscription = operation.kind is OperationType.SUBSCRIPTION
        streams = _streams(request, operation)
        if is_subscription and not streams:
            raise HTTPException(
                400, "Subscriptions are served over WebSocket (graphql-transport-ws) or as text/event-stream."
            )
        call = operation.call(request.headers.get("last-event-id"))
        context = self._serving.open_context(session, call)
        executor = self._serving.executor
        try:
            if streams:
                run = executor.subscribe if is_subscription else executor.answer
                outcome = await run(operation, context)
                if is_subscription and isinstance(outcome, ExecutionResult):
                    self._refuse_for_now(outcome)
                return EventStream(self._serving, outcome, self._serving.selection(operation, context))
            return self._json(await executor.answer(operation, context))
        finally:
            await context.close()

    def _refuse_for_now(self, result: ExecutionResult) -> None:
        """Answer a subscription that cannot begin now with a status: its client would take a `next` with errors
        and its `complete` for the end.
        """
        if (error := passing_error(result, self._serving.passes)) is not None:
            raise error

    async def _operation(self, request: Request) -> Operation | ExecutionResult:
        """The operation that is asked for; or the result that says why it cannot be."""
        if request.method not in ("GET", "POST"):
            raise HTTPException(405, "GraphQL only supports GET and POST requests.")
        try:
            data = await self._parse_body(request)
        except JSONDecodeError:
            raise HTTPException(400, "Unable to parse request body as JSON") from None
        if isinstance(data, list):
            raise HTTPException(400, "No GraphQL query found in the request.")
        if not isinstance(data.operation_name, str | None):
            raise HTTPException(400, "operationName must be a string or null, if provided.")
        id_ = document_id(None, data.extensions)
        if not data.query and id_ is None:
            raise HTTPException(400, "No GraphQL query found in the request.")
        traceparent = request.headers.get("traceparent")
        asked = Asked(data.query, id_, data.operation_name, data.variables, traceparent)
        try:
            return await self._serving.executor.prepare(asked)
        except DocumentRefused as refused:
            return ExecutionResult(None, errors=refused.errors)

    def _json(self, result: ExecutionResult) -> Response:
        body = orjson.dumps(response_body(result, self._serving.format_error))
        return Response(body, media_type="application/json")

    def _refusal(self, error: GraphQLError, status: int, headers: dict[str, str]) -> Response:
        body = orjson.dumps({"errors": [self._serving.format_error(error)]})
        return Response(body, status, headers, media_type="application/json")


def _streams(request: Request, operation: Operation) -> bool:
    """Whether the client is answered with a stream of events: he takes one, and nothing that would do as well."""
    accepted = {part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")}
    if operation.kind is not OperationType.SUBSCRIPTION and any(json in accepted for json in _JSON_TYPES):
        return False
    return MEDIA_TYPE in accepted
