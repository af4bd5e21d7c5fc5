"""Which root fields an operation asks."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


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
