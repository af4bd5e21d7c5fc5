"""GraphQL over HTTP: one operation per request, answered as JSON or as an event stream.

Specification: https://graphql.github.io/graphql-over-http/draft/.
"""

import asyncio
from contextlib import ExitStack
from functools import lru_cache, partial

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.common.outage import OutcomeUnknown
from app.transport.connections.answer_budget import ERROR_BYTES, Reservation
from app.transport.connections.pipe import PIPE
from app.transport.execution.documents import DocumentRefused
from app.transport.execution.operation import Operation, Written, written
from app.transport.execution.request import GraphQLRequest
from app.transport.http.reading import (
    GRAPHQL_JSON,
    JSON,
    Accepted,
    Bounds,
    Incoming,
    RequestReader,
    RequestRefused,
    taken,
)
from app.transport.http.request_headers import Headers, Origins
from app.transport.http.sse import EventStream, ReadySubscription, ResultStream
from app.transport.limits import LimitReached
from app.transport.ports import CallerSession, FormatError
from app.transport.transport import Transport, follow, unexpired

_METHODS = ("GET", "POST")
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_RETRY_AFTER = "5"
"""The value of Retry-After: seconds after which a client may retry."""
_MOST_ACCEPTED = 100
"""For how many Accept headers the parsed value is cached."""

_LINGER_SECONDS = 2.0
"""How long the rest of a refused body is read, so that a client that is still sending can read the response."""


class HttpHandler:
    """Answers GraphQL requests, as an ASGI application. A browser that opens the bare URL gets a page."""

    def __init__(self, transport: Transport) -> None:
        settings = transport.settings
        self._transport = transport
        self._reader = RequestReader(
            Bounds(settings.max_body_bytes, settings.max_query_bytes, settings.request_seconds)
        )
        self._origins = Origins(settings.allowed_origins)
        self._parse_accept = lru_cache(_MOST_ACCEPTED)(taken)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        page = self._transport.settings.page
        if page is not None and _comes_to_look(scope):
            await page(scope, receive, send)
            return
        incoming = Incoming(scope, receive)
        accepted = self._parse_accept(incoming.head.all(b"accept"))
        exchange = _Exchange(self._transport, self._origins, self._reader, incoming, accepted)
        try:
            with self._transport.attempt(incoming.head.get(b"traceparent")):
                response = await exchange.response()
            await response(scope, incoming, send)
        finally:
            exchange.end()


class _Exchange:
    """One request and its response. The caller is authenticated before the request is read."""

    def __init__(
        self, transport: Transport, origins: Origins, reader: RequestReader, request: Incoming, accepted: Accepted
    ) -> None:
        self._transport = transport
        self._origins = origins
        self._reader = reader
        self._request = request
        self._accepted = accepted
        self._place: Reservation | None = None

    def end(self) -> None:
        """Release the memory reserved for the answer: the response was written, or will not be."""
        if self._place is not None:
            self._place.leave()

    async def response(self) -> Response:
        """The response to the request, valid or not. Raises nothing but a cancellation."""
        try:
            self._check_origin_and_method()
            return await self._answer(await self._transport.authenticate(self._request.head.get(b"authorization")))
        except GraphQLError as error:
            return self._error(error, 401, _CHALLENGE)
        except RequestRefused as refused:
            headers = {} if refused.allow is None else {"Allow": refused.allow}
            return self._error(refused.error, refused.status, headers)
        except LimitReached as reached:
            return self._error(GraphQLError("", original_error=reached), 429, {"Retry-After": _RETRY_AFTER})
        except Exception as error:
            return self._broken_off(error)

    def _broken_off(self, error: Exception) -> Response:
        """The response after an exception, which leaves no result."""
        sent = GraphQLError("", original_error=error)
        if self._transport.is_unauthorized(error):
            return self._error(sent, 401, _CHALLENGE)
        if isinstance(error, OutcomeUnknown):
            # No Retry-After: the client must first check whether the mutation was done.
            return self._error(sent, 504, {})
        if self._transport.is_transient(error):
            return self._error(sent, 503, {"Retry-After": _RETRY_AFTER})
        return self._error(sent, 500, {})

    def _check_origin_and_method(self) -> None:
        """Refuse a request by its origin or method, before the caller is authenticated."""
        if not self._origins.is_allowed(self._request.scope, self._request.head):
            raise RequestRefused(403, "Pages of this origin may not call.")
        if self._request.method not in _METHODS:
            raise RequestRefused(405, "GraphQL is served by GET and POST.", allow=", ".join(_METHODS))

    async def _answer(self, session: CallerSession) -> Response:
        if self._accepted.json is None and not self._accepted.events:
            raise RequestRefused(406, "Answers are application/json or application/graphql-response+json.")
        request = await self._read_request()
        # Waits while the client does not read the answers before this one on the connection.
        pipe = self._request.scope["extensions"][PIPE]
        self._place = place = self._transport.budget.place(pipe, session.caller)
        await place.take(ERROR_BYTES)
        try:
            operation = await self._operation(request)
        except DocumentRefused as refused:
            return self._result(written(ExecutionResult(None, errors=refused.errors), self._transport.format_error))
        if operation.kind is OperationType.SUBSCRIPTION:
            return await self._stream(operation, session)
        await place.take(operation.estimated.cost.bytes)
        return await self._executed(operation, session, place)

    async def _executed(self, operation: Operation, session: CallerSession, place: Reservation) -> Response:
        """Execute a query or a mutation, and return its response."""
        head, by_get = self._request.head, self._request.method == "GET"
        call = operation.call(head.get(b"traceparent"), by_get=by_get)
        context = self._transport.open_context(session, call)
        try:
            result = await self._transport.executor.answer(operation, context)
            answer = self._transport.written(operation, context, result)
            place.made(len(answer.body))
            return self._result(answer)
        finally:
            await context.close()

    async def _stream(self, operation: Operation, session: CallerSession) -> Response:
        """The event stream of a subscription; or the errors, if it cannot start."""
        head = self._request.head
        session = await unexpired(session)
        call = operation.call(head.get(b"traceparent"), head.get(b"last-event-id"))
        with ExitStack() as stack:
            stack.enter_context(self._transport.connection_counter.from_address(self._request.scope))
            stack.enter_context(self._transport.connection_counter.of_caller(session.caller))
            begin = partial(ReadySubscription, session=session, operation=operation, call=call)
            followed = await follow(self._transport, session, operation, call, begin)
            if not isinstance(followed, ExecutionResult):
                # The events have memory reservations of their own.
                self.end()
                return EventStream(self._transport, followed, stack.pop_all())
        self._transport.raise_if_fatal(followed)
        return self._result(written(followed, self._transport.format_error))

    async def _read_request(self) -> GraphQLRequest:
        """Read the GraphQL request; refuse it without a query and without an id of a document."""
        request = await self._reader.request(self._request)
        if request.query is None and request.document_id is None:
            raise RequestRefused(400, "There is no query in this request, and no id of a document.")
        return request

    async def _operation(self, request: GraphQLRequest) -> Operation:
        """Prepare the operation; refuse it if this kind of request cannot run it."""
        operation = await self._transport.executor.prepare(request)
        if operation.kind is OperationType.MUTATION and self._request.method == "GET":
            raise RequestRefused(405, "Mutations are posted.", allow="POST")
        if operation.kind is OperationType.SUBSCRIPTION and not self._accepted.events:
            raise RequestRefused(
                400, "Subscriptions are served over WebSocket (graphql-transport-ws) or as text/event-stream."
            )
        return operation

    def _result(self, result: Written) -> Response:
        """A result in the form that the client prefers. Errors with an HTTP status never come as a stream (see
        `_error`): the `complete` would look like a normal end.
        """
        if self._accepted.json is None or self._accepted.rather_events:
            return ResultStream(self._transport, result.body)
        return result_answer(result, self._accepted.json)

    def _error(self, error: GraphQLError, status: int, headers: dict[str, str]) -> Response:
        # The unread rest of a body within the limit is dropped by the server, and the connection stays open.
        leaves_body = not self._request.has_ended and (status == 408 or self._reader.is_boundless(self._request))
        return error_answer(
            error,
            status,
            self._accepted.json or JSON,
            self._transport.format_error,
            headers,
            leaves_body=leaves_body,
        )


def _comes_to_look(scope: Scope) -> bool:
    """Whether this is a browser that opened the URL without a query."""
    is_bare = scope["method"] == "GET" and not scope["query_string"]
    return is_bare and "text/html" in (Headers(scope).get(b"accept") or "")


def result_answer(result: Written, media_type: str) -> Response:
    """The response with a result. For a request that was not executed the status is 400 with the newer media type
    only: with the older one, clients would not trust that a 400 comes from a GraphQL server.
    """
    status = 400 if media_type == GRAPHQL_JSON and result.refused else 200
    return Response(result.body, status, media_type=media_type)


def error_answer(
    error: GraphQLError,
    status: int,
    media_type: str,
    format_error: FormatError,
    headers: dict[str, str],
    *,
    leaves_body: bool,
) -> Response:
    """The response to a request without a result. If the body is left unread, the connection is closed after it."""
    body = orjson.dumps({"errors": [format_error(error)]})
    kind = LastResponse if leaves_body else Response
    return kind(body, status, headers, media_type=media_type)


class LastResponse(Response):
    """A response after which the connection is closed, although the client may still be sending.

    The client knows by Content-Length that the response is complete. The connection is not closed immediately: if
    the client is still sending, the operating system would reset it, and the client could lose the response. So
    what comes is read and dropped for up to `_LINGER_SECONDS`.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response, read what still comes, and close the connection."""
        self.headers["connection"] = "close"
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        try:
            async with asyncio.timeout(_LINGER_SECONDS):
                await _drop_rest(receive)
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drop_rest(receive: Receive) -> None:
    """Read and drop the rest of a request, until it ends or the client disconnects."""
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
