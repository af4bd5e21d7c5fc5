"""Syntax trees of documents: parsing, checking limits, and finding fields and variables."""

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

# One token of GraphQL's lexer, including comments. A character that begins no token counts as one by itself.
_TOKEN = re.compile(
    # The possessive quantifiers (`*+`) prevent backtracking, so every text is scanned in linear time.
    r'"""(?:[^"\\]+|\\"""|\\|"(?!""))*+"""|"(?:[^"\\\n\r]+|\\.)*+"|[_A-Za-z][_0-9A-Za-z]*|\.\.\.'
    r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\#[^\n\r]*|[^\s,\ufeff]"
)


def parsed(text: str) -> DocumentNode:
    """Parse a document with graphql-core, and drop the list of its tokens.

    Each token refers to the next one and to the previous one. Only the garbage collector frees such cycles, and it
    examines old objects rarely. Nodes still have their location in the text.
    """
    document = parse(text)
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev, token.next, token = None, None, token.next
    return document


def nodes(root: Node) -> Iterator[Node]:
    """Yield a node and all its descendants."""
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
    """Count the tokens of a document. Raises `LimitReached` for too many characters, lines or tokens; counting
    stops at the limit.
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
    """Raise `LimitReached` if a parsed document, valid or not, exceeds a limit on its tree."""
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
    """The deepest nesting of fields. A fragment that spreads itself (invalid) counts once."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    depths: dict[str, int] = {}

    def of_fragment(name: str) -> int:
        if name not in depths:
            depths[name] = 0
            if name in fragments:
                depths[name] = depth(fragments[name])
        return depths[name]

    def depth(node: Node) -> int:
        if isinstance(node, FragmentSpreadNode):
            return of_fragment(node.name.value)
        selected = getattr(node, "selection_set", None)
        below = max(map(depth, selected.selections), default=0) if selected else 0
        return below + isinstance(node, FieldNode)

    return max((depth(node) for node in document.definitions), default=0)


class IntrospectionRefused(ASTValidationRule):
    """A validation rule that refuses `__schema`.

    `__type` is allowed, and null, as the specification permits: audit tools test with it whether variables work.
    """

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Check one field."""
        if node.name.value == "__schema":
            self.report_error(GraphQLError("The schema is not told here.", node))


class _WithoutTypes(Visitor):
    """Replaces the argument of every `__type` by an empty name."""

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        if node.name.value != "__type":
            return None
        no_type = ArgumentNode(name=NameNode(value="name"), value=StringValueNode(value=""))
        return replace(node, arguments=(no_type,))


def hide_types(document: DocumentNode) -> DocumentNode:
    """A copy of a valid document in which every `__type` requests a type that no schema has, so that it is null."""
    changed: DocumentNode = visit(document, _WithoutTypes())
    return changed


def root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The names of the root fields of an operation of a valid document, each once, in order."""
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
    """Collects the names of the variables that are used below a node."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Collect one variable."""
        self.names.add(node.name.value)


def selection_variables(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The names of the variables that are used anywhere except in the root field's own arguments, sorted."""
    collector = _VariableNames()
    for node in _below_root(document, operation):
        visit(node, collector)
    return tuple(sorted(collector.names))


def _below_root(document: DocumentNode, operation: OperationDefinitionNode) -> list[Node]:
    """The parts of the document where variables may be used, except the root field's own arguments."""
    nodes: list[Node] = [
        definition for definition in document.definitions if not isinstance(definition, OperationDefinitionNode)
    ]
    for root in operation.selection_set.selections:
        nodes.extend(root.directives or ())
        if (below := getattr(root, "selection_set", None)) is not None:
            nodes.append(below)
    return nodes
