"""An operation that is ready to be executed, and the serialisation of its result."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    FormattedExecutionResult,
    GraphQLError,
    GraphQLFormattedError,
    OperationType,
)
from graphql.execution.values import VariableValues

from app.plans.plan import Plan, PlanContext
from app.transport.execution.cost import EstimatedCost
from app.transport.execution.documents import Definition
from app.transport.limits import AnswerTooLarge, Limit, LimitReached
from app.transport.ports import Call, FormatError

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, with the `name` and the `variables` of the request.

    `plan` is its compiled plan, or the reason why it has none. `coerced` are the variables by their types,
    `estimated` is the cost. If there are `errors`, the variables are invalid: they are the answer, and nothing is
    executed.
    """

    definition: Definition
    name: str | None
    variables: dict[str, Any] | None
    plan: Plan | str
    coerced: VariableValues
    estimated: EstimatedCost
    errors: Sequence[GraphQLError] = ()

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.definition.node.operation

    @property
    def last_key(self) -> str:
        """The key of its last root field in the answer."""
        last = self.definition.node.selection_set.selections[-1]
        if isinstance(last, FieldNode):
            return (last.alias or last.name).value
        return self.definition.fields[-1]

    def call(self, traceparent: object, last_event_id: str | None = None, *, by_get: bool = False) -> Call:
        """The call of this operation now, with the client's trace id if the `traceparent` has one."""
        kind, definition = self.kind.value, self.definition
        return Call(kind, definition.fields, definition.name, trace_id(traceparent), last_event_id, by_get)


Answer = ExecutionResult | bytes
"""A result; or the serialised body of a result without errors."""


@dataclass(frozen=True, slots=True)
class Written:
    """A serialised result. `refused` are its errors if nothing was executed."""

    body: bytes
    refused: Sequence[GraphQLFormattedError] = ()


def written(result: Answer, format_error: FormatError) -> Written:
    """Serialise a result as JSON."""
    if isinstance(result, bytes):
        return Written(result)
    body = response_body(result, format_error)
    return Written(orjson.dumps(body), body["errors"] if is_request_error(result) else ())


def response_body(result: ExecutionResult, format_error: FormatError) -> FormattedExecutionResult:
    """The body of a result, to be serialised: `errors` if there are any, and `data` unless nothing was executed."""
    body: FormattedExecutionResult = {}
    if result.errors:
        body["errors"] = [format_error(error) for error in result.errors]
    if not is_request_error(result):
        body["data"] = result.data
    return body


def is_request_error(result: ExecutionResult) -> bool:
    """Whether a result means that nothing was executed: then it has no data, and no error has a path."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def find_cause(result: ExecutionResult, decides: Callable[[BaseException], bool]) -> Exception | None:
    """The first original error in a result for which `decides` is true; None if there is none."""
    causes = (error.original_error for error in result.errors or ())
    return next((cause for cause in causes if cause is not None and decides(cause)), None)


def answer_too_large(operation: Operation, context: PlanContext, limit: Limit, most: float) -> ExecutionResult:
    """The error instead of an answer that is too large; for a mutation it says whether the deed was done."""
    if operation.kind is not OperationType.MUTATION:
        return ExecutionResult(None, errors=[GraphQLError("", original_error=LimitReached(limit, most))])
    reached = AnswerTooLarge(limit, most, is_done=context.is_done)
    # The path shows that the operation was executed.
    return ExecutionResult(None, errors=[GraphQLError("", path=[operation.last_key], original_error=reached)])


def trace_id(traceparent: object) -> str:
    """The trace id in a `traceparent`, 32 hexadecimal digits; a new random one if it is absent or malformed."""
    match = _TRACEPARENT.fullmatch(traceparent) if isinstance(traceparent, str) else None
    return match[1] if match else secrets.token_hex(16)
