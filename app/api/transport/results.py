"""Results as they go over the wire."""

from collections.abc import Callable

from graphql import ExecutionResult
from strawberry.subscriptions.protocols.graphql_transport_ws.types import NextMessagePayload

from app.api.transport.ports import FormatError


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
