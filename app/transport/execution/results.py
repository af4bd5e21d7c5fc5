"""Results as they go over the wire."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from graphql import ExecutionResult, GraphQLFormattedError
from strawberry.subscriptions.protocols.graphql_transport_ws.types import NextMessagePayload

from app.transport.ports import FormatError

Answer = ExecutionResult | bytes
"""A result, or one without errors that is written already: the body as it goes over the wire."""


@dataclass(frozen=True, slots=True)
class Written:
    """A result as it goes over the wire. `refused` are its errors where nothing was executed."""

    body: bytes
    refused: Sequence[GraphQLFormattedError] = ()


def written(result: Answer, format_error: FormatError) -> Written:
    """A result as it goes over the wire."""
    if isinstance(result, bytes):
        return Written(result)
    body = response_body(result, format_error)
    return Written(orjson.dumps(body), body["errors"] if is_request_error(result) else ())


def response_body(result: ExecutionResult, format_error: FormatError) -> NextMessagePayload:
    """A result as it goes over the wire."""
    body: NextMessagePayload = {}
    if result.errors:
        body["errors"] = [format_error(error) for error in result.errors]
    if not is_request_error(result):
        body["data"] = result.data
    return body


def is_request_error(result: ExecutionResult) -> bool:
    """Whether a result tells that nothing was executed: then it has no data, and no error has a path."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def cause_in(result: ExecutionResult, decides: Callable[[BaseException], bool]) -> Exception | None:
    """The first error in a result that decides about all of it, such as one that passes by itself; None where there
    is none.
    """
    causes = (error.original_error for error in result.errors or ())
    return next((cause for cause in causes if cause is not None and decides(cause)), None)
