"""Answers as JSON: their media types, and the status codes that go with each."""

import asyncio

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.transport.execution.operation import Written
from app.transport.http.negotiation import GRAPHQL_JSON
from app.transport.ports import FormatError

_LINGER_SECONDS = 2.0
"""How long a client that still sends is given to read that it need not."""


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
