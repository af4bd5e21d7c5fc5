"""Documents as trees: parsed, measured before anything else is done with them, and looked through."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    ListValueNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    Token,
    VariableNode,
    Visitor,
    parse,
    visit,
)
from graphql.validation import ASTValidationRule

from app.transport.limits import DocumentLimits, Limit, LimitReached

# What GraphQL's lexer takes for one token, comments as well. A character that begins none is one by itself.
_TOKEN = re.compile(
    # What was taken of a text is never given back: whatever is sent, it is looked at once.
    r'"""(?:[^"\\]+|\\"""|\\|"(?!""))*+"""|"(?:[^"\\\n\r]+|\\.)*+"|[_A-Za-z][_0-9A-Za-z]*|\.\.\.'
    r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\#[^\n\r]*|[^\s,\ufeff]"
)


def parsed(text: str) -> DocumentNode:
    """A document by graphql-core, without the list of its tokens.

    Each token refers to the next one and to the one before. Only the collector of cyclic garbage finds such a
    circle, and what lived for long it seeks seldom. Nodes still tell where in the text they stand.
    """
    document = parse(text)
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev, token.next, token = None, None, token.next
    return document


def nodes(root: Node) -> Iterator[Node]:
    """A node and all below it."""
    left = [root]
    while left:
        node = left.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            if isinstance(value, Node):
                left.append(value)
            elif isinstance(value, tuple | list):
                left.extend(value)


def check_text(query: str, limits: DocumentLimits) -> int:
    """How many tokens a document has. Refuses one that is too long, or of too many tokens, however long it goes on
    after them.
    """
    if len(query) > limits.characters:
        raise LimitReached(Limit.CHARACTERS, limits.characters)
    if query.count("\n") + query.count("\r") > limits.lines:
        raise LimitReached(Limit.LINES, limits.lines)
    tokens = sum(1 for _ in islice(_TOKEN.finditer(query), limits.tokens + 1))
    if tokens > limits.tokens:
        raise LimitReached(Limit.TOKENS, limits.tokens)
    return tokens


def check_document(document: DocumentNode, limits: DocumentLimits) -> None:
    """Refuse a parsed document that asks too much, whether or not it is valid."""
    aliases = directives = 0
    for node in nodes(document):
        aliases += isinstance(node, FieldNode) and node.alias is not None
        directives += isinstance(node, DirectiveNode)
        if isinstance(node, ListValueNode) and len(node.values) > limits.list_items:
            raise LimitReached(Limit.LIST_ITEMS, limits.list_items)
        if isinstance(node, NameNode | EnumValueNode) and len(node.value) > limits.name:
            raise LimitReached(Limit.NAME, limits.name)
    if aliases > limits.aliases:
        raise LimitReached(Limit.ALIASES, limits.aliases)
    if directives > limits.directives:
        raise LimitReached(Limit.DIRECTIVES, limits.directives)
    if _depth(document) > limits.depth:
        raise LimitReached(Limit.DEPTH, limits.depth)


def _depth(document: DocumentNode) -> int:
    """How many fields are nested at most. A fragment that holds itself, which is not valid, adds nothing there."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    known: dict[str, int] = {}

    def of_fragment(name: str) -> int:
        if name not in known:
            known[name] = 0
            if name in fragments:
                known[name] = depth(fragments[name])
        return known[name]

    def depth(node: Node) -> int:
        if isinstance(node, FragmentSpreadNode):
            return of_fragment(node.name.value)
        selected = getattr(node, "selection_set", None)
        below = max(map(depth, selected.selections), default=0) if selected else 0
        return below + isinstance(node, FieldNode)

    return max((depth(node) for node in document.definitions), default=0)


class IntrospectionRefused(ASTValidationRule):
    """Refuses `__schema`.

    `__type` stays: the specification lets it be null, and those who audit servers ask it to see whether variables
    work.
    """

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Look at a field."""
        if node.name.value == "__schema":
            self.report_error(GraphQLError("The schema is not told here.", node))


class _WithoutTypes(Visitor):
    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        if node.name.value != "__type":
            return None
        nobody = ArgumentNode(name=NameNode(value="name"), value=StringValueNode(value=""))
        return replace(node, arguments=(nobody,))


def without_types(document: DocumentNode) -> DocumentNode:
    """The same valid document, in which every `__type` asks for a type that no schema has."""
    changed: DocumentNode = visit(document, _WithoutTypes())
    return changed


def root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The root fields that an operation of a valid document asks, by name, each once and in its order."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    seen: set[str] = set()

    def names(selected: SelectionSetNode) -> Iterator[str]:
        for node in selected.selections:
            if isinstance(node, FieldNode):
                yield node.name.value
            elif isinstance(node, InlineFragmentNode):
                yield from names(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and (name := node.name.value) not in seen:
                seen.add(name)
                yield from names(fragments[name].selection_set)

    return tuple(dict.fromkeys(names(operation.selection_set)))


class _VariableNames(Visitor):
    """Collects the variables that are used below a node."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Note a variable."""
        self.found.add(node.name.value)


def below_root(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables, by name, that are used anywhere but in the root field's own arguments."""
    names = _VariableNames()
    for node in _below_root(document, operation):
        visit(node, names)
    return tuple(sorted(names.found))


def _below_root(document: DocumentNode, operation: OperationDefinitionNode) -> list[Node]:
    """Everything of the document but variable definitions and the root field's arguments."""
    nodes: list[Node] = [
        definition for definition in document.definitions if not isinstance(definition, OperationDefinitionNode)
    ]
    for root in operation.selection_set.selections:
        nodes.extend(root.directives or ())
        if (below := getattr(root, "selection_set", None)) is not None:
            nodes.append(below)
    return nodes
