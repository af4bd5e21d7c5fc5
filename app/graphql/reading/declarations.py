"""Access to the declarations of the schema's fields and types, for the plan compiler."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLField, GraphQLObjectType
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from app.graphql.context import Context
from app.graphql.reading.assembling import Assembler, Missing
from app.plans.declared import PLAN, Column, Declared, Row
from app.plans.shapes import Shape
from app.service.reading import Records
from app.service.rows import Rows
from app.service.verwerking import BETROKKENEN, INTERNE_TAKEN, KLANTCONTACTEN

_DEFINITION = "strawberry-definition"
_PLAIN = frozenset({"ID", "String", "Int", "Boolean", "DateTime"})


class LoggedColumn(NamedTuple):
    """What is added to the processing log when a record of some kind is read."""

    column: str
    """The column with the id that is added."""
    book: str
    """The name of the callback in `Verwerking.notes` that adds it."""


class SchemaDeclarations:
    """The declarations of one schema."""

    noted: Mapping[str, tuple[str, str]] = {
        "Klantcontact": LoggedColumn("id", KLANTCONTACTEN),
        "Betrokkene": LoggedColumn("klantcontact_id", BETROKKENEN),
        "InterneTaak": LoggedColumn("id", INTERNE_TAKEN),
        # For a fact the id of its task is added.
        "Gebeurtenis": LoggedColumn("taak_id", INTERNE_TAKEN),
    }

    def __init__(self, schema: strawberry.Schema) -> None:
        self._scalars = schema.schema_converter.scalar_registry
        self._config = schema.config

    def of(self, field: GraphQLField) -> Declared | None:
        """The declaration of a field: its own, or the record's column if it has no resolver; None if it has
        neither.
        """
        definition = _field(field)
        if definition is None:
            return None
        declared: Declared | None = definition.metadata.get(PLAN)
        if declared is None and definition.base_resolver is None:
            return Column(definition.python_name)
        return declared

    def kind(self, type_: GraphQLObjectType) -> str | None:
        """The kind of record that a type's fields come from, which has the same name; None if there is none."""
        definition = type_.extensions.get(_DEFINITION)
        return type_.name if hasattr(getattr(definition, "origin", None), "record") else None

    def is_plain(self, type_: str) -> bool:
        """Whether values of this scalar type go into the answer unchanged, as the database returns them."""
        return type_ in _PLAIN

    def arguments(self, field: GraphQLField, values: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a field in the form in which its resolver gets them."""
        definition = _field(field)
        assert definition is not None  # noqa: S101 - the compiler calls this for declared fields only
        return convert_arguments(values, definition.arguments, self._scalars, self._config)

    async def row(self, context: Context, reader: Rows | None, shape: Shape, record: Any) -> Row | None:
        """The row of a record that was just committed; None if something must be read and there is no reader."""
        records = None if reader is None else Records(reader)
        try:
            assembler = Assembler(context.committed_records, records, context.allowance)
            [row] = await assembler.rows(shape, [record])
            return row
        except Missing:
            return None

    def type_name(self, answer: object) -> str:
        """The name of the GraphQL type of a mutation's answer."""
        return type(answer).__name__


def _field(field: GraphQLField) -> StrawberryField | None:
    definition: StrawberryField | None = field.extensions.get(_DEFINITION)
    return definition
