"""What an operation selects, by graphql-core's own rules, and what the fields that it selects declare."""

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
    """There is no plan for an operation; the reason, which is one of a few."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Selection = Mapping[str, Sequence[FieldDetails]]
"""What is selected of an object: by response key the fields that are merged under it."""


class Declarations(Protocol):
    """What a schema's fields and types declare."""

    @property
    def noted(self) -> Mapping[str, tuple[str, str]]:
        """By the kind of a record: the column of the id that is noted where one is read, and the book."""

    def of(self, field: GraphQLField) -> Declared | None:
        """What a field declares; None for nothing."""

    def kind(self, type_: GraphQLObjectType) -> str | None:
        """The kind of record that a type is written from; None where it is none."""

    def is_plain(self, type_: str) -> bool:
        """Whether a scalar, by its name, goes into an answer as a database gives it."""

    def arguments(self, field: GraphQLField, values: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a field by their names in Python, from their coerced values."""

    async def row(self, context: Any, reader: Any, shape: Shape, record: Any) -> Row | None:
        """The row of a record at hand; None where there is no reader, and something must be read."""

    def type_name(self, answer: object) -> str:
        """The name of the type of an answer."""


@dataclass(frozen=True, slots=True)
class Selecting:
    """One operation of a document with variables, of which only those of `@skip` and `@include` matter."""

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
        """An operation of a document."""
        fragments = {
            node.name.value: FragmentDetails(node)
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        return cls(schema, fragments, operation, variables)

    def root(self, type_: GraphQLObjectType) -> Selection:
        """What the operation selects."""
        found = collect_fields(self.schema, self.fragments, self.variables, type_, self.operation)
        return found.grouped_field_set

    def below(self, details: Sequence[FieldDetails], type_: GraphQLObjectType) -> Selection:
        """What is selected of an object under a field."""
        found = collect_subfields(self.schema, self.fragments, self.variables, self.operation, type_, list(details))
        return found.grouped_field_set


def object_type(of: GraphQLOutputType) -> GraphQLObjectType:
    """The object type of a field, whether it is a list of them and may be null or not."""
    type_ = get_named_type(of)
    if not isinstance(type_, GraphQLObjectType):
        raise Uncompilable("abstract")
    return type_


def named(type_: GraphQLObjectType, details: Sequence[FieldDetails]) -> GraphQLField | None:
    """The field of a type that is selected under one response key; None for `__typename` and the like."""
    field: GraphQLField | None = type_.fields.get(details[0].node.name.value)
    return field


def is_typename(details: Sequence[FieldDetails]) -> bool:
    """Whether what is selected is the name of the type."""
    return details[0].node.name.value == "__typename"
