"""Finds the variables in a document."""

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
    """Collects all variables, and those that `@skip` and `@include` use."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.deciding: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        """Add a variable."""
        self.found.add(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Add the variables of `@skip` and `@include`."""
        if node.name.value in _CONDITIONS:
            values = [argument.value for argument in node.arguments or ()]
            self.deciding |= {value.name.value for value in values if isinstance(value, VariableNode)}


def has_variables(nodes: Iterable[Node]) -> bool:
    """Whether any of the nodes contains a variable."""
    variables = _Variables()
    for node in nodes:
        visit(node, variables)
    return bool(variables.found)


def deciding_variables(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The names of the Boolean variables of an operation that `@skip` and `@include` use. Another operation of the
    document may have a variable of the same name with another type, whose value may not be hashable.
    """
    variables = _Variables()
    visit(document, variables)
    defined = operation.variable_definitions or ()
    own = {item.variable.name.value for item in defined if print_ast(item.type).rstrip("!") == "Boolean"}
    return tuple(sorted(variables.deciding & own))
