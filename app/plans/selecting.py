"""What an operation selects, by graphql-core's own rules, and what the selected fields declare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues

from app.plans.declared import Declared, Row
from app.plans.shapes import Shape


class Uncompilable(Exception):
    """There is no plan for an operation. `reason` is one of a few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Selection = Mapping[str, Sequence[FieldDetails]]
"""The selection on an object: for each response key, the fields that are merged under it."""


class Declarations(Protocol):
    """What the fields and types of a schema declare."""

    @property
    def noted(self) -> Mapping[str, tuple[str, str]]:
        """By the kind of a record: the column with the id to log when such a record is read, and the name of the
        list in `Notes`.
        """

    def of(self, field: GraphQLField) -> Declared | None:
        """The declaration of a field, or None."""

    def kind(self, type_: GraphQLObjectType) -> str | None:
        """The kind of record that a type is written from; None if the type is not a record."""

    def is_plain(self, type_: str) -> bool:
        """Whether a scalar, by its name, is written unchanged as the database returns it."""

    def arguments(self, field: GraphQLField, values: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a field by their names in Python, from their coerced values."""

    async def row(self, context: Any, reader: Any, shape: Shape, record: Any) -> Row | None:
        """The row of a record that is in memory; None if something must be read and there is no reader."""

    def type_name(self, answer: object) -> str:
        """The name of the GraphQL type of an answer."""


@dataclass(frozen=True, slots=True)
class Selecting:
    """One operation of a document with its variables. Only the variables of `@skip` and `@include` matter."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDetails]
    operation: OperationDefinitionNode
    variables: VariableValues

    @classmethod
    def of(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> "Selecting":
        """Create it from a document, with the document's fragments."""
        fragments = {
            node.name.value: FragmentDetails(node)
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        return cls(schema, fragments, operation, variables)

    def root(self, type_: GraphQLObjectType) -> Selection:
        """What the operation selects on its root type."""
        fields = collect_fields(self.schema, self.fragments, self.variables, type_, self.operation)
        return fields.grouped_field_set

    def below(self, details: Sequence[FieldDetails], type_: GraphQLObjectType) -> Selection:
        """What is selected under a field, on an object of a type."""
        fields = collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, type_, list(details)
        )
        return fields.grouped_field_set


def object_type(of: GraphQLOutputType) -> GraphQLObjectType:
    """The object type of a field, with list and non-null removed. Raises `Uncompilable` if the type is abstract."""
    type_ = get_named_type(of)
    if not isinstance(type_, GraphQLObjectType):
        raise Uncompilable("abstract")
    return type_


def named(type_: GraphQLObjectType, details: Sequence[FieldDetails]) -> GraphQLField | None:
    """The field of a type that is selected under one response key; None for `__typename` and other meta fields."""
    field: GraphQLField | None = type_.fields.get(details[0].node.name.value)
    return field


def is_typename(details: Sequence[FieldDetails]) -> bool:
    """Whether `__typename` is selected."""
    return details[0].node.name.value == "__typename"
