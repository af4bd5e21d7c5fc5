"""The name of the argument, or of the field of an input, whose value a scalar refuses."""

import re

from graphql import GraphQLError, VariableDefinitionNode

_MOST = 10_000
"""The most characters of a document that are looked through."""

_PATH = re.compile(r" at '[\w.\[\]]*?(\w+)(?:\[\d+\])*'")
"""The place in a variable that graphql-core names: `at 'input.plaatsgevondenOp'`."""


def argument_of(error: GraphQLError) -> str | None:
    """The name, from the place that graphql-core tells of; None if it cannot be told."""
    node = error.nodes[0] if error.nodes else None
    if node is None or node.loc is None:
        return None
    text, start = node.loc.source.body, node.loc.start
    if isinstance(node, VariableDefinitionNode):
        if place := _PATH.search(error.message):
            return place[1]
        used = re.search(rf"(\w+)\s*:\s*\${node.variable.name.value}\b", text[node.loc.end :][:_MOST])
        return used and used[1]
    before = re.search(r"(\w+)\s*:[\s\[]*$", text[max(0, start - _MOST) : start])
    return before and before[1]
