"""Preparing and executing documents: the one way in for every transport."""

from dataclasses import dataclass
from functools import cache, lru_cache
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from app.api.transport.fields import root_fields
from app.api.transport.ports import Call, EventSource
from app.api.transport.variables import below_root

_KEPT_DOCUMENTS = 256
_MAX_DEPTH = 100
"""Each level is a list and an object at most, and JSON of more than 254 levels cannot be written."""
_TOO_DEEP = "The document is nested too deeply."


class DocumentRefused(Exception):
    """A document that cannot be executed: syntax, validation, or no such operation in it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document, with the variables it was sent with.

    `fields` are the root fields that it asks, by name and each once. `selecting` names those of a subscription's
    variables that say what is taken from an event.
    """

    query: str
    document: DocumentNode
    definition: OperationDefinitionNode
    fields: tuple[str, ...]
    selecting: tuple[str, ...]
    name: str | None
    variables: dict[str, Any] | None

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.definition.operation

    def call(self, trace_id: str, last_event_id: str | None = None) -> Call:
        """This operation as it was called under a trace."""
        name = self.definition.name
        return Call(self.kind.value, self.fields, name.value if name else None, trace_id, last_event_id)


class DocumentExecutor:
    """Executes documents against a schema. A document is parsed and validated once, as long as it is kept."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._document = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._parsed)
        self._operation = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._found)

    def prepare(self, query: str, name: str | None, variables: dict[str, Any] | None) -> Operation:
        """The operation that a request asks for; `DocumentRefused` with every reason why not."""
        document = self._document(query)
        definition, fields, selecting = self._operation(query, name)
        return Operation(query, document, definition, fields, selecting, name, variables)

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

    async def subscribe(self, operation: Operation, context: object) -> EventSource | ExecutionResult:
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
        source: Any = await stream if isawaitable(stream) else stream
        return source  # type: ignore[no-any-return] # whatever the resolver returned: an event source

    def _found(
        self, query: str, name: str | None
    ) -> tuple[OperationDefinitionNode, tuple[str, ...], tuple[str, ...]]:
        document = self._document(query)
        definition = get_operation_ast(document, name)
        if definition is None:
            raise DocumentRefused([_no_operation(name)])
        is_subscription = definition.operation is OperationType.SUBSCRIPTION
        selecting = below_root(document, definition) if is_subscription else ()
        return definition, root_fields(document, definition), selecting

    def _parsed(self, query: str) -> DocumentNode:
        try:
            document = parse(query)
            errors = validate(self._schema, document) or _too_deep(document)
        except GraphQLError as error:
            errors = [error]
        except RecursionError:
            errors = [GraphQLError(_TOO_DEEP)]
        if errors:
            # Whatever made a literal unreadable, it is the document's mistake: only a code that was given stays.
            raise DocumentRefused(
                [GraphQLError(e.message, e.nodes, e.source, e.positions, extensions=e.extensions) for e in errors]
            )
        return document


def _too_deep(document: DocumentNode) -> list[GraphQLError]:
    """Whether the selections of a valid document are nested more deeply than an answer can be written."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    @cache
    def depth(node: Node) -> int:
        if isinstance(node, FragmentSpreadNode):
            return depth(fragments[node.name.value])
        selections = getattr(node, "selection_set", None)
        below = max(map(depth, selections.selections)) if selections else 0
        return below + isinstance(node, FieldNode)

    deepest = max(depth(node) for node in document.definitions)
    return [GraphQLError(_TOO_DEEP)] if deepest > _MAX_DEPTH else []


def _no_operation(name: str | None) -> GraphQLError:
    if name is None:
        return GraphQLError("Must provide operation name if query contains multiple operations.")
    return GraphQLError("Unknown operation named in operationName.")
