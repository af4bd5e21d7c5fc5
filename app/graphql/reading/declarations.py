"""What the fields and types of the schema declare, as the plan compiler asks it."""

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
from app.service.verwerking import INTERNE_TAKEN, KLANTCONTACTEN

_DEFINITION = "strawberry-definition"
_PLAIN = frozenset({"ID", "String", "Int", "Boolean", "DateTime"})


class Noted(NamedTuple):
    """In which book an id is noted where a record is read, and the column that it stands in."""

    column: str
    book: str


class SchemaDeclarations:
    """The declarations of a schema."""

    noted: Mapping[str, tuple[str, str]] = {
        "Klantcontact": Noted("id", KLANTCONTACTEN),
        "InterneTaak": Noted("id", INTERNE_TAKEN),
        # A fact stands for its task.
        "Gebeurtenis": Noted("taak_id", INTERNE_TAKEN),
    }

    def __init__(self, schema: strawberry.Schema) -> None:
        self._scalars = schema.schema_converter.scalar_registry
        self._config = schema.config

    def of(self, field: GraphQLField) -> Declared | None:
        """What a field declares: without a resolver it is a value of the record."""
        definition = _field(field)
        if definition is None:
            return None
        declared: Declared | None = definition.metadata.get(PLAN)
        if declared is None and definition.base_resolver is None:
            return Column(definition.python_name)
        return declared

    def kind(self, type_: GraphQLObjectType) -> str | None:
        """The kind of record that a type is written from: they have one name."""
        definition = type_.extensions.get(_DEFINITION)
        return type_.name if hasattr(getattr(definition, "origin", None), "record") else None

    def is_plain(self, type_: str) -> bool:
        """Whether a scalar goes into an answer as a database gives it."""
        return type_ in _PLAIN

    def arguments(self, field: GraphQLField, values: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a field as its resolver would be handed them."""
        definition = _field(field)
        assert definition is not None  # noqa: S101 - only declared fields are asked
        return convert_arguments(values, definition.arguments, self._scalars, self._config)

    async def row(self, context: Context, reader: Rows | None, shape: Shape, record: Any) -> Row | None:
        """The row of a record at hand; None where there is no reader, and something must be read."""
        records = None if reader is None else Records(reader)
        try:
            assembler = Assembler(context.committed_records, records, context.allowance)
            [row] = await assembler.rows(shape, [record])
            return row
        except Missing:
            return None

    def type_name(self, answer: object) -> str:
        """The name of the type of an answer."""
        return type(answer).__name__


def _field(field: GraphQLField) -> StrawberryField | None:
    found: StrawberryField | None = field.extensions.get(_DEFINITION)
    return found
