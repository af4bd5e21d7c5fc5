"""Telling nothing of the schema: `__schema` is refused, and `__type` knows no type."""

from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    NameNode,
    StringValueNode,
    Visitor,
    visit,
)
from graphql.validation import ASTValidationRule


class SchemaIsNotTold(ASTValidationRule):
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
