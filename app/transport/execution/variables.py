"""Which variables of a subscription say what is taken from an event, and which only say from where events come."""

from typing import Any

from graphql import DocumentNode, Node, OperationDefinitionNode, VariableNode, Visitor, visit


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
