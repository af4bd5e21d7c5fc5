"""Where variables stand in a document."""

from collections.abc import Iterable

from graphql import (
    DirectiveNode,
    DocumentNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)

_CONDITIONS = ("skip", "include")


class _Variables(Visitor):
    """Collects variables, and those that decide whether something is there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.deciding: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        """Note a variable."""
        self.found.add(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Look at a directive."""
        if node.name.value in _CONDITIONS:
            values = [argument.value for argument in node.arguments or ()]
            self.deciding |= {value.name.value for value in values if isinstance(value, VariableNode)}


def has_variables(nodes: Iterable[Node]) -> bool:
    """Whether any variable stands in one of the nodes."""
    variables = _Variables()
    for node in nodes:
        visit(node, variables)
    return bool(variables.found)


def deciding_variables(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The names of the variables of an operation that `@skip` and `@include` have. Another operation may have one
    of the same name that is no Boolean, and perhaps nothing that can be a key.
    """
    variables = _Variables()
    visit(document, variables)
    defined = operation.variable_definitions or ()
    own = {one.variable.name.value for one in defined if print_ast(one.type).rstrip("!") == "Boolean"}
    return tuple(sorted(variables.deciding & own))
