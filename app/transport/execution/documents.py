"""GraphQL documents: each is parsed, checked against the limits and validated once, and then cached."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    specified_rules,
    validate,
)
from graphql.execution.values import VariableValues
from graphql.validation.rules.overlapping_fields_can_be_merged import MAX_COMPLEXITY_BUDGET
from graphql.validation.validate import ValidationAbortedError

from app.common.garbage import between_looks
from app.common.lru import Lru
from app.plans.plan import Plan
from app.plans.plans import Plans
from app.plans.selecting import Declarations, Uncompilable
from app.transport.execution.cost import EstimatedCost, cost, given_lists, size_of, slicing_variables
from app.transport.execution.trees import (
    IntrospectionRefused,
    check_document,
    check_text,
    hide_types,
    parsed,
    root_fields,
    selection_variables,
)
from app.transport.limits import DocumentLimits, Limit, LimitReached

_MOST_DOCUMENTS = 256
_MOST_CHARACTERS = 2**20
"""The cache of documents that are not trusted: the most documents, and the most characters of all of them together.
"""
_TOKEN = 16
"""A token counts as this many characters in the size of a document, because its syntax tree takes about half a KiB.
"""
_MOST_COSTS = 64
"""The most combinations of page sizes for which the cost of an operation is cached."""
_MOST_ERRORS, _MOST_PLACES = 20, 5
"""The most errors of a document that are sent, and the most locations of each: finding a location takes time."""


class DocumentRefused(Exception):
    """A document cannot be executed: it is unknown, too large or invalid, or lacks the requested operation."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class DocumentUnknown(Exception):
    """There is no trusted document with the requested id; or only trusted ones may run, and this is none."""


class TrustedDocumentInvalid(Exception):
    """A trusted document is invalid for this schema or exceeds a limit; the message says which document and why."""

    def __init__(self, document_id: str, reason: str) -> None:
        super().__init__(f"document {document_id} is refused: {reason}")
        self.document_id = document_id


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Which documents are executed.

    `trusted` are the trusted documents by id; with `only_trusted` no others are executed. Without `open`
    introspection is refused, and errors suggest no names from the schema.
    """

    limits: DocumentLimits
    trusted: Mapping[str, str]
    only_trusted: bool
    open: bool


class Definition:
    """One operation of a valid document.

    `fields` are the names of its root fields, each once. `selecting` are the names of a subscription's variables
    that affect what it selects from an event: those used anywhere except in the root field's own arguments.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        query: str,
        document: DocumentNode,
        node: OperationDefinitionNode,
        declarations: Declarations,
    ) -> None:
        self.query = query
        self.document = document
        self.node = node
        self.name = node.name.value if node.name else None
        self.fields = root_fields(document, node)
        self.selecting = selection_variables(document, node) if node.operation is OperationType.SUBSCRIPTION else ()
        self._schema = schema
        self.plans = Plans(schema, document, node, declarations)
        self._slicing = slicing_variables(document)
        self._costs: Lru[tuple[Any, ...], EstimatedCost] = Lru(_MOST_COSTS)

    def cost(self, variables: Mapping[str, Any], page: int) -> EstimatedCost:
        """The estimated cost with these variables; cached by the page sizes and the lengths of lists in them."""
        sizes = {name: size_of(variables[name], page) for name in self._slicing if name in variables}
        is_deed = self.node.operation is OperationType.MUTATION
        given = given_lists(self.document, variables) if is_deed else {}
        key = (*sizes.items(), *given.items())
        if (cached := self._costs.get(key)) is None:
            cached = cost(self._schema, self.document, self.node, sizes, page, given)
            self._costs.put(key, cached)
        return cached


class Document:
    """A valid document. `size` is its size for the cache, in characters."""

    def __init__(
        self, schema: GraphQLSchema, query: str, ast: DocumentNode, declarations: Declarations, tokens: int
    ) -> None:
        self.query = query
        self.size = len(query) + tokens * _TOKEN
        self._declarations = declarations
        self._schema = schema
        self._ast = ast
        self._definitions: dict[str | None, Definition] = {}

    def definition(self, name: str | None) -> Definition:
        """The operation with a name; without a name, the only one. Raises `DocumentRefused` if there is none."""
        if (cached := self._definitions.get(name)) is None:
            node = get_operation_ast(self._ast, name)
            if node is None:
                raise DocumentRefused([_no_operation(name)])
            cached = self._definitions[name] = Definition(
                self._schema, self.query, self._ast, node, self._declarations
            )
        return cached


class Documents:
    """The documents of a process.

    A new document is read in a thread, one at a time, so that no document can block the event loop. Trusted
    documents are cached for ever, of the others the most recently used ones.
    """

    def __init__(self, schema: GraphQLSchema, rules: DocumentRules, declarations: Declarations) -> None:
        self._schema = schema
        self._declarations = declarations
        self._rules = rules
        self._texts = frozenset(rules.trusted.values())
        self._validation = [*specified_rules, *(() if rules.open else (IntrospectionRefused,))]
        self._trusted: dict[str, Document] = {}
        self._others: Lru[str, Document] = Lru(_MOST_DOCUMENTS, most_size=_MOST_CHARACTERS)
        self._reading: dict[str, asyncio.Future[Document]] = {}
        self._thread = ThreadPoolExecutor(1, "documents")

    async def document(self, query: str | None, document_id: str | None) -> Document:
        """The document with an id or a text, from the cache if possible. Raises `DocumentRefused`."""
        text = self._text(query, document_id)
        if (cached := self._trusted.get(text) or self._others.get(text)) is not None:
            return cached
        if (reading := self._reading.get(text)) is None:
            loop = asyncio.get_running_loop()
            reading = self._reading[text] = loop.run_in_executor(self._thread, between_looks, self.read, text)
            reading.add_done_callback(partial(self._was_read, text))
        try:
            return await asyncio.shield(reading)
        finally:
            # The future refers to the exception raised here, and that to this frame: break the reference cycle.
            del reading

    def read(self, text: str) -> Document:
        """Parse, check and validate a document, without the cache. Raises `DocumentRefused` with its errors."""
        try:
            tokens = check_text(text, self._rules.limits)
            ast = parsed(text)
            check_document(ast, self._rules.limits)
            errors = validate(
                self._schema, ast, self._validation, _MOST_ERRORS, hide_suggestions=not self._rules.open
            )
        except LimitReached as reached:
            raise DocumentRefused([GraphQLError("", original_error=reached)]) from None
        except RecursionError:
            raise DocumentRefused(
                [GraphQLError("", original_error=LimitReached(Limit.DEPTH, self._rules.limits.depth))]
            ) from None
        except GraphQLError as error:
            # The traceback refers to this frame, and the frame to the errors: break the reference cycle.
            errors = [error.with_traceback(None)]
        if errors:
            # The cause of an invalid literal is dropped: it is a mistake in the document, not an internal error.
            raise DocumentRefused([self._error_as_sent(error) for error in errors])
        shown = ast if self._rules.open else hide_types(ast)
        return Document(self._schema, text, shown, self._declarations, tokens)

    async def plan(self, definition: Definition, variables: VariableValues) -> Plan | str:
        """The compiled plan of an operation with these variables; or the reason, as text, why it has none."""
        plans = definition.plans
        if (plan := plans.known(variables)) is None:
            loop = asyncio.get_running_loop()
            plan = await loop.run_in_executor(self._thread, between_looks, plans.make, variables)
        return plan.reason if isinstance(plan, Uncompilable) else plan

    def _error_as_sent(self, error: GraphQLError) -> GraphQLError:
        """An error as it is sent: without its cause, with few locations, and without suggestions unless `open`."""
        if isinstance(error, ValidationAbortedError) and "too many" not in error.message.lower():
            reached = LimitReached(Limit.COMPARISONS, MAX_COMPLEXITY_BUDGET)
            return GraphQLError("", original_error=reached)
        message = error.message
        if not self._rules.open and message.endswith("?"):
            # One rule of graphql-core suggests names even with `hide_suggestions`. This searches from the end,
            # because the message may quote a long text.
            message = message.rpartition(" Did you mean ")[0] or message
        nodes = list(error.nodes or ())[:_MOST_PLACES]
        positions = list(error.positions or ())[:_MOST_PLACES]
        return GraphQLError(message, nodes, error.source, positions, extensions=error.extensions)

    def check_trusted(self) -> None:
        """Read the trusted documents; raises `TrustedDocumentInvalid` if one cannot be executed."""
        for id_, text in self._rules.trusted.items():
            try:
                self._trusted[text] = self.read(text)
            except DocumentRefused as refused:
                raise TrustedDocumentInvalid(id_, _reason(refused.errors[0])) from None

    def close(self) -> None:
        """Stop the thread, so that no more documents are read."""
        self._thread.shutdown(cancel_futures=True)

    def _text(self, query: str | None, document_id: str | None) -> str:
        if document_id is not None:
            trusted = self._rules.trusted.get(document_id.removeprefix("sha256:"))
            if trusted is not None:
                return trusted
            if not (query or "").strip():
                # Over a socket a request with an id has an empty query, because the protocol requires a query.
                query = None
        if query is None or (self._rules.only_trusted and query not in self._texts):
            raise DocumentRefused([GraphQLError("", original_error=DocumentUnknown())])
        return query

    def _was_read(self, text: str, reading: asyncio.Future[Document]) -> None:
        del self._reading[text]
        if reading.cancelled() or reading.exception() is not None:
            return
        document = reading.result()
        if text in self._texts:
            self._trusted[text] = document
        else:
            self._others.put(text, document, document.size)


def check_cost(definition: Definition, variables: Mapping[str, Any], limits: DocumentLimits) -> EstimatedCost:
    """The estimated cost of an operation. Raises `LimitReached` if it costs too much, and for a mutation also if
    the answer may be too large: after the execution that would be too late.
    """
    estimated = definition.cost(variables, limits.page)
    if estimated.cost.fields > limits.cost:
        raise LimitReached(Limit.COST, limits.cost, estimated=estimated.cost.fields)
    is_deed = definition.node.operation is OperationType.MUTATION
    if is_deed and estimated.cost.bytes > limits.answer_bytes:
        raise LimitReached(Limit.ANSWER, limits.answer_bytes)
    return estimated


def _reason(error: GraphQLError) -> str:
    reached = error.original_error
    return f"more {reached.limit} than {reached.most:g}" if isinstance(reached, LimitReached) else error.message


def _no_operation(name: str | None) -> GraphQLError:
    if name is None:
        return GraphQLError("Must provide operation name if query contains multiple operations.")
    return GraphQLError("Unknown operation named in operationName.")
