"""GraphQL over HTTP: one operation in, one answer out, as JSON or as an event stream.

Specification: https://graphql.github.io/graphql-over-http/draft/.
"""

import asyncio
from contextlib import ExitStack
from functools import lru_cache, partial

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.common.outage import PerhapsDone
from app.transport.connections.answer_budget import FOR_REFUSAL, Reservation
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
from app.transport.http.sse import EventStream, Followed, ResultStream
from app.transport.limits import LimitReached
from app.transport.ports import CallerSession, FormatError
from app.transport.transport import Transport, follow, unexpired

_METHODS = ("GET", "POST")
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_RETRY_AFTER = "5"
"""After how many seconds a client may try what could not be served now."""
_MOST_ACCEPTED = 100
"""For how many Accept headers it is remembered what they take."""

_LINGER_SECONDS = 2.0
"""How long a client that still sends is given to read that it need not."""


class HttpHandler:
    """Answers requests, as an ASGI application. A browser that comes without a question is shown a page."""

    def __init__(self, transport: Transport) -> None:
        settings = transport.settings
        self._transport = transport
        self._reader = RequestReader(
            Bounds(settings.max_body_bytes, settings.max_query_bytes, settings.request_seconds)
        )
        self._origins = Origins(settings.allowed_origins)
        self._taken = lru_cache(_MOST_ACCEPTED)(taken)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        page = self._transport.settings.page
        if page is not None and _comes_to_look(scope):
            await page(scope, receive, send)
            return
        incoming = Incoming(scope, receive)
        accepted = self._taken(incoming.head.all(b"accept"))
        exchange = _Exchange(self._transport, self._origins, self._reader, incoming, accepted)
        try:
            with self._transport.attempt(incoming.head.get(b"traceparent")):
                response = await exchange.response()
            await response(scope, incoming, send)
        finally:
            exchange.end()


class _Exchange:
    """One request and its answer. The caller is let in before anything that he asks is read."""

    def __init__(
        self, transport: Transport, origins: Origins, reader: RequestReader, request: Incoming, accepted: Accepted
    ) -> None:
        self._transport = transport
        self._origins = origins
        self._reader = reader
        self._request = request
        self._taken = accepted
        self._place: Reservation | None = None

    def end(self) -> None:
        """The response was written, or will not be."""
        if self._place is not None:
            self._place.leave()

    async def response(self) -> Response:
        """The response, whatever was sent."""
        try:
            self._refuse_anybody()
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
        """The response where an error decided about all of it."""
        told = GraphQLError("", original_error=error)
        if self._transport.is_unauthorized(error):
            return self._error(told, 401, _CHALLENGE)
        if isinstance(error, PerhapsDone):
            # Nobody is to ask the same again before they have looked.
            return self._error(told, 504, {})
        if self._transport.is_transient(error):
            return self._error(told, 503, {"Retry-After": _RETRY_AFTER})
        return self._error(told, 500, {})

    def _refuse_anybody(self) -> None:
        """Refuse what is not answered, whoever asks."""
        if not self._origins.may_call(self._request.scope, self._request.head):
            raise RequestRefused(403, "Pages of this origin may not call.")
        if self._request.method not in _METHODS:
            raise RequestRefused(405, "GraphQL is served by GET and POST.", allow=", ".join(_METHODS))

    async def _answer(self, session: CallerSession) -> Response:
        if self._taken.json is None and not self._taken.events:
            raise RequestRefused(406, "Answers are application/json or application/graphql-response+json.")
        request = await self._read_request()
        # Whoever takes nothing of the answers before on this connection gets no other one made.
        pipe = self._request.scope["extensions"][PIPE]
        self._place = place = self._transport.budget.place(pipe, session.caller)
        await place.take(FOR_REFUSAL)
        try:
            operation = await self._operation(request)
        except DocumentRefused as refused:
            return self._result(written(ExecutionResult(None, errors=refused.errors), self._transport.format_error))
        if operation.kind is OperationType.SUBSCRIPTION:
            return await self._stream(operation, session)
        await place.take(operation.estimated.cost.bytes)
        return await self._executed(operation, session, place)

    async def _executed(self, operation: Operation, session: CallerSession, place: Reservation) -> Response:
        """The answer to a query or a mutation."""
        context = self._transport.open_context(session, operation.call(self._request.head.get(b"traceparent")))
        try:
            result = await self._transport.executor.answer(operation, context)
            answer = self._transport.written(operation, context, result)
            place.made(len(answer.body))
            return self._result(answer)
        finally:
            await context.close()

    async def _stream(self, operation: Operation, session: CallerSession) -> Response:
        """The events of a subscription; or, where there are none, the reason why."""
        head = self._request.head
        session = await unexpired(session)
        call = operation.call(head.get(b"traceparent"), head.get(b"last-event-id"))
        with ExitStack() as stack:
            stack.enter_context(self._transport.connection_counter.from_address(self._request.scope))
            stack.enter_context(self._transport.connection_counter.of_caller(session.caller))
            begin = partial(Followed, session=session, operation=operation, call=call)
            followed = await follow(self._transport, session, operation, call, begin)
            if not isinstance(followed, ExecutionResult):
                # What it is sent takes its own room.
                self.end()
                return EventStream(self._transport, followed, stack.pop_all())
        self._transport.refuse_if_decided(followed)
        return self._result(written(followed, self._transport.format_error))

    async def _read_request(self) -> GraphQLRequest:
        """What is asked."""
        request = await self._reader.request(self._request)
        if request.query is None and request.document_id is None:
            raise RequestRefused(400, "There is no query in this request, and no id of a document.")
        return request

    async def _operation(self, request: GraphQLRequest) -> Operation:
        """The operation that is asked for, if this kind of request can run it."""
        operation = await self._transport.executor.prepare(request)
        if operation.kind is OperationType.MUTATION and self._request.method == "GET":
            raise RequestRefused(405, "Mutations are posted.", allow="POST")
        if operation.kind is OperationType.SUBSCRIPTION and not self._taken.events:
            raise RequestRefused(
                400, "Subscriptions are served over WebSocket (graphql-transport-ws) or as text/event-stream."
            )
        return operation

    def _result(self, result: Written) -> Response:
        """A result in the form that the client likes best; who takes events only is told of errors by an event, but
        for those that have a status: a client would take its `complete` for the end.
        """
        if self._taken.json is None or self._taken.rather_events:
            return ResultStream(self._transport, result.body)
        return result_answer(result, self._taken.json)

    def _error(self, error: GraphQLError, status: int, headers: dict[str, str]) -> Response:
        # Of a short body that was not read the rest is thrown away below, and the connection stays open.
        leaves_body = not self._request.has_ended and (status == 408 or self._reader.is_boundless(self._request))
        return error_answer(
            error, status, self._taken.json or JSON, self._transport.format_error, headers, leaves_body=leaves_body
        )


def _comes_to_look(scope: Scope) -> bool:
    """Whether this is a browser that was sent here without a question."""
    is_bare = scope["method"] == "GET" and not scope["query_string"]
    return is_bare and "text/html" in (Headers(scope).get(b"accept") or "")


def result_answer(result: Written, media_type: str) -> Response:
    """A result, whatever it is. Of a request that was not executed only the newer media type tells by its status:
    of the older one clients would not believe that it comes from a GraphQL server.
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
    """A request that got no result. Where a body is left unread, the connection is closed behind the answer."""
    body = orjson.dumps({"errors": [format_error(error)]})
    kind = LastResponse if leaves_body else Response
    return kind(body, status, headers, media_type=media_type)


class LastResponse(Response):
    """A response behind which the connection is closed, though the client may still be sending.

    It is complete for the client by its length. Closed at once, a connection on which something comes in would be
    reset, and what the client has not read yet of the response be lost; so what comes is thrown away for a while.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and close."""
        self.headers["connection"] = "close"
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        try:
            async with asyncio.timeout(_LINGER_SECONDS):
                await _thrown_away(receive)
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _thrown_away(receive: Receive) -> None:
    """Take the rest of a request, until it ends or the client has gone."""
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
