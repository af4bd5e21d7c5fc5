"""Preparing and executing documents: the one way in for every transport."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
    execute,
    get_operation_ast,
    parse,
    validate,
)

_KEPT_DOCUMENTS = 256


class DocumentRefused(Exception):
    """A document that cannot be executed: syntax, validation, or no such operation in it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, with the variables it was sent with."""

    document: DocumentNode
    definition: OperationDefinitionNode
    name: str | None
    variables: dict[str, Any] | None

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.definition.operation


class DocumentExecutor:
    """Executes documents against a schema. A document is parsed and validated once, as long as it is kept."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._document = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._parsed)

    def prepare(self, query: str, name: str | None, variables: dict[str, Any] | None) -> Operation:
        """The operation that a request asks for; `DocumentRefused` with every reason why not."""
        document = self._document(query)
        definition = get_operation_ast(document, name)
        if definition is None:
            raise DocumentRefused([_no_operation(name)])
        return Operation(document, definition, name, variables)

    async def execute(self, operation: Operation, context: object, root: object = None) -> ExecutionResult:
        """The result of a query or a mutation; or, with an event as the root, of a subscription for that event."""
        result = execute(
            self._schema,
            operation.document,
            root_value=root,
            context_value=context,
            variable_values=operation.variables,
            operation_name=operation.name,
        )
        return await result if isawaitable(result) else result

    async def subscribe(self, operation: Operation, context: object) -> AsyncIterator[Any] | ExecutionResult:
        """The events of a subscription, to be executed one by one; or a result with the reason why not."""
        executor = Executor.build(
            self._schema,
            operation.document,
            context_value=context,
            raw_variable_values=operation.variables,
            operation_name=operation.name,
        )
        if not isinstance(executor, Executor):
            return ExecutionResult(None, errors=list(executor))
        stream = create_source_event_stream(executor)
        source = await stream if isawaitable(stream) else stream
        return source if isinstance(source, ExecutionResult) else aiter(source)

    def _parsed(self, query: str) -> DocumentNode:
        try:
            document = parse(query)
            errors = validate(self._schema, document)
        except GraphQLError as error:
            errors = [error]
        except RecursionError:
            errors = [GraphQLError("The document is nested too deeply.")]
        if errors:
            raise DocumentRefused(errors)
        return document


def _no_operation(name: str | None) -> GraphQLError:
    if name is None:
        return GraphQLError("Must provide operation name if query contains multiple operations.")
    return GraphQLError("Unknown operation named in operationName.")
