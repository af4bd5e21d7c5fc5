"""Documents: parsed, measured and validated once, as long as they are kept."""

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
    below_root,
    check_document,
    check_text,
    parsed,
    root_fields,
    without_types,
)
from app.transport.limits import DocumentLimits, Limit, LimitReached

_MOST_DOCUMENTS = 256
_MOST_CHARACTERS = 2**20
"""How many documents are kept beside those that are trusted, and how long they may be together."""
_TOKEN = 16
"""As long as so many characters counts a token: what is made of it takes memory too, half a KiB."""
_MOST_COSTS = 64
"""For how many combinations of sizes the cost of an operation is kept."""
_MOST_ERRORS, _MOST_PLACES = 20, 5
"""How many errors of a document are told, and how many places in it for each: to find one takes time."""


class DocumentRefused(Exception):
    """A document that cannot be executed: unknown, too large, syntax, validation, or no such operation in it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class DocumentUnknown(Exception):
    """No document is trusted under the id that was sent; or one was sent that is not, where nothing else may be."""


class TrustedUnusable(Exception):
    """A trusted document that this schema and these limits do not let through; the message says which and why."""

    def __init__(self, document_id: str, reason: str) -> None:
        super().__init__(f"document {document_id} is refused: {reason}")
        self.document_id = document_id


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Which documents are executed.

    `trusted` are documents by id; with `only_trusted` nothing else is executed. Without `open` the schema cannot be
    asked for, and errors suggest no names from it.
    """

    limits: DocumentLimits
    trusted: Mapping[str, str]
    only_trusted: bool
    open: bool


class Definition:
    """One operation of a valid document.

    `fields` are the root fields that it asks, by name and each once. `selecting` names those of a subscription's
    variables that say what is taken from an event.
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
        self.selecting = below_root(document, node) if node.operation is OperationType.SUBSCRIPTION else ()
        self._schema = schema
        self.plans = Plans(schema, document, node, declarations)
        self._slicing = slicing_variables(document)
        self._costs: Lru[tuple[Any, ...], EstimatedCost] = Lru(_MOST_COSTS)

    def cost(self, variables: Mapping[str, Any], page: int) -> EstimatedCost:
        """What it costs with these variables; remembered for the sizes that were asked last."""
        sizes = {name: size_of(variables[name], page) for name in self._slicing if name in variables}
        is_deed = self.node.operation is OperationType.MUTATION
        given = given_lists(self.document, variables) if is_deed else {}
        key = (*sizes.items(), *given.items())
        if (known := self._costs.get(key)) is None:
            known = cost(self._schema, self.document, self.node, sizes, page, given)
            self._costs.put(key, known)
        return known


class Document:
    """A valid document of so many tokens, with its operations as they are asked for."""

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
        """The operation of a name, or the only one there is; refused with `DocumentRefused` where there is none."""
        if (known := self._definitions.get(name)) is None:
            node = get_operation_ast(self._ast, name)
            if node is None:
                raise DocumentRefused([_no_operation(name)])
            known = self._definitions[name] = Definition(
                self._schema, self.query, self._ast, node, self._declarations
            )
        return known


class Documents:
    """The documents of a process. One that is new is read in a thread of its own, one after the other: whatever
    somebody sends, the event loop goes on meanwhile. Those that are trusted are kept for good, of others those that
    were asked last.
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
        """The document of an id, or of a text; refused with `DocumentRefused`, with every reason why."""
        text = self._text(query, document_id)
        if (known := self._trusted.get(text) or self._others.get(text)) is not None:
            return known
        if (reading := self._reading.get(text)) is None:
            loop = asyncio.get_running_loop()
            reading = self._reading[text] = loop.run_in_executor(self._thread, between_looks, self.read, text)
            reading.add_done_callback(partial(self._was_read, text))
        try:
            return await asyncio.shield(reading)
        finally:
            # It has what is raised here, which has this frame: no circle.
            del reading

    def read(self, text: str) -> Document:
        """Read a document, whether or not it was before."""
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
            # What was raised has this frame, and the frame has the errors: no circle.
            errors = [error.with_traceback(None)]
        if errors:
            # Whatever made a literal unreadable, it is the document's mistake: only a code that was given stays.
            raise DocumentRefused([self._error_as_sent(error) for error in errors])
        shown = ast if self._rules.open else without_types(ast)
        return Document(self._schema, text, shown, self._declarations, tokens)

    async def plan(self, definition: Definition, variables: VariableValues) -> Plan | str:
        """The plan of an operation for variables, or why there is none."""
        plans = definition.plans
        if (made := plans.known(variables)) is None:
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(self._thread, between_looks, plans.make, variables)
        return made.reason if isinstance(made, Uncompilable) else made

    def _error_as_sent(self, error: GraphQLError) -> GraphQLError:
        """An error of a document as it is told: without its cause, in few places, and suggesting nothing."""
        if isinstance(error, ValidationAbortedError) and "too many" not in error.message.lower():
            reached = LimitReached(Limit.COMPARISONS, MAX_COMPLEXITY_BUDGET)
            return GraphQLError("", original_error=reached)
        message = error.message
        if not self._rules.open and message.endswith("?"):
            # One rule suggests though it was told not to. By its last words only: what it quotes may be long.
            message = message.rpartition(" Did you mean ")[0] or message
        nodes = list(error.nodes or ())[:_MOST_PLACES]
        positions = list(error.positions or ())[:_MOST_PLACES]
        return GraphQLError(message, nodes, error.source, positions, extensions=error.extensions)

    def check_trusted(self) -> None:
        """Read the trusted documents; refuse those that cannot be executed with `TrustedUnusable`."""
        for id_, text in self._rules.trusted.items():
            try:
                self._trusted[text] = self.read(text)
            except DocumentRefused as refused:
                raise TrustedUnusable(id_, _reason(refused.errors[0])) from None

    def close(self) -> None:
        """Read no more."""
        self._thread.shutdown(cancel_futures=True)

    def _text(self, query: str | None, document_id: str | None) -> str:
        if document_id is not None:
            found = self._rules.trusted.get(document_id.removeprefix("sha256:"))
            if found is not None:
                return found
            if not (query or "").strip():
                # Over a socket an id stands beside an empty document: the id is what is asked.
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
    """What an operation costs with these variables. One that costs too much is refused, and a deed whose answer may
    be too long: afterwards it would have been done.
    """
    estimated = definition.cost(variables, limits.page)
    if estimated.cost.fields > limits.cost:
        raise LimitReached(Limit.COST, limits.cost)
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
