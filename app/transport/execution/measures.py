"""Measuring documents and variables before anything is done with them."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    ListValueNode,
    NameNode,
    Node,
)

from app.transport.limits import DocumentLimits, Limit, LimitReached

# What GraphQL's lexer takes for one token, comments as well. A character that begins none is one by itself.
_TOKEN = re.compile(
    # What was taken of a text is never given back: whatever is sent, it is looked at once.
    r'"""(?:[^"\\]+|\\"""|\\|"(?!""))*+"""|"(?:[^"\\\n\r]+|\\.)*+"|[_A-Za-z][_0-9A-Za-z]*|\.\.\.'
    r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\#[^\n\r]*|[^\s,\ufeff]"
)


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


def check_variables(variables: Mapping[str, Any], limits: DocumentLimits) -> None:
    """Refuse variables with too much in them: too long a list or name, too many values, or nested too deeply.

    This comes before they are read by their types: of every name that a type does not know GraphQL says so in an
    error for which it looks at the whole object.
    """
    left: list[tuple[Any, int]] = [(variables, 0)]
    values = 0
    while left:
        value, depth = left.pop()
        if not isinstance(value, dict | list):
            continue
        if isinstance(value, list) and len(value) > limits.list_items:
            raise LimitReached(Limit.LIST_ITEMS, limits.list_items)
        values += len(value)
        if values > limits.values:
            raise LimitReached(Limit.VALUES, limits.values)
        if depth > limits.depth:
            raise LimitReached(Limit.DEPTH, limits.depth)
        if isinstance(value, dict):
            if max(map(len, value), default=0) > limits.name:
                raise LimitReached(Limit.NAME, limits.name)
            value = value.values()
        left.extend((one, depth + 1) for one in value)


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
