"""Preparing and executing operations: the one way in for every transport."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, TypeVar

from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    create_source_event_stream,
    execute,
)

from app.api.transport.asked import Asked
from app.api.transport.documents import Definition, DocumentRefused, DocumentRules, Documents, check_cost
from app.api.transport.limits import Limit, LimitReached
from app.api.transport.measures import check_variables
from app.api.transport.ports import Call, EventSource
from app.api.transport.tracing import trace_id

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, with the name it was asked by and the variables it was sent with."""

    definition: Definition
    name: str | None
    variables: dict[str, Any] | None

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.definition.node.operation

    def call(self, traceparent: object, last_event_id: str | None = None) -> Call:
        """This operation as it is called now, under the trace of the client where it sent one."""
        definition = self.definition
        return Call(self.kind.value, definition.fields, definition.name, trace_id(traceparent), last_event_id)


class DocumentExecutor:
    """Executes documents against a schema. An operation may take `seconds` to be answered."""

    def __init__(self, schema: GraphQLSchema, rules: DocumentRules, *, seconds: float) -> None:
        self.documents = Documents(schema, rules)
        self._schema = schema
        self._limits = rules.limits
        self._hide_suggestions = not rules.open
        self._seconds = seconds

    async def prepare(self, asked: Asked) -> Operation:
        """The operation that a request asks for; `DocumentRefused` with every reason why not."""
        document = await self.documents.document(asked.query, asked.document_id)
        definition = document.definition(asked.operation_name)
        variables = asked.variables or {}
        try:
            check_variables(variables, self._limits)
            check_cost(definition, variables, self._limits)
        except LimitReached as reached:
            raise DocumentRefused([GraphQLError("", original_error=reached)]) from None
        return Operation(definition, asked.operation_name, asked.variables)

    async def answer(self, operation: Operation, context: object) -> ExecutionResult:
        """The result of a query or a mutation. One that takes too long is broken off: a mutation may have been
        done by then.
        """
        return await self._in_time(self.execute(operation, context))

    async def execute(self, operation: Operation, context: object, root: object = None) -> ExecutionResult:
        """The result of an operation, however long it takes; with an event as the root, of a subscription for that
        event.
        """
        result = execute(
            self._schema,
            operation.definition.document,
            root_value=root,
            context_value=context,
            variable_values=operation.variables,
            operation_name=operation.name,
            hide_suggestions=self._hide_suggestions,
        )
        return await result if isawaitable(result) else result

    async def subscribe(self, operation: Operation, context: object) -> EventSource | ExecutionResult:
        """The events of a subscription, to be executed one by one; or a result with the reason why not."""
        executor = Executor.build(
            self._schema,
            operation.definition.document,
            context_value=context,
            raw_variable_values=operation.variables,
            operation_name=operation.name,
            hide_suggestions=self._hide_suggestions,
        )
        if not isinstance(executor, Executor):
            return ExecutionResult(None, errors=list(executor))
        # Whatever the resolver returned: an event source.
        stream: Any = create_source_event_stream(executor)
        source: EventSource | ExecutionResult = await self._in_time(stream) if isawaitable(stream) else stream
        return source

    async def _in_time(self, work: Awaitable[T]) -> T | ExecutionResult:
        """What the work returns; where it takes too long, a result that says so."""
        try:
            async with asyncio.timeout(self._seconds) as timer:
                return await work
        except TimeoutError:
            if not timer.expired():
                raise
            reached = LimitReached(Limit.SECONDS, self._seconds)
            return ExecutionResult(None, errors=[GraphQLError("", original_error=reached)])
