"""What a schema does not declare, or declares in a place where no plan can follow it, is left to graphql-core."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    extend_schema,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues
from strawberry import Schema

from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import executable
from app.plans.declared import Column, ContextField, Declared, EventField
from app.plans.plan import Plan
from app.plans.plans import Plans
from app.plans.selecting import Uncompilable
from app.service.rows import Rows
from tests.support.each import each

QUERY = """query ($id: ID!) {
  kanalen
  ik { rollen postvakken { aantalTeDoen interneTaken { edges { node { id } } } } }
  organisatorischeEenheden { naam medewerkers { naam } aantalMetPostvakOpen }
  interneTaken { totalCount edges { cursor node { status klantAanDeLijn medewerker { naam } logboek { soort } } } }
  node(id: $id) { ... on Medewerker { naam } }
}"""
MUTATION = """mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd { klantcontact { kanaal interneTaken { nummer } } }
    ... on OngeldigeInvoer { bericht velden { pad } }
  }
}"""
SUBSCRIPTION = """subscription ($id: ID!) {
  postvak(organisatorischeEenheidId: $id) { versie interneTaak { nummer } postvak { langstWachtendSinds } }
}"""

KNOWN, EVENT = ContextField(read=lambda context: context), EventField(read=Rows.fact)
MISPLACED: Mapping[str, Declared] = {QUERY: EVENT, MUTATION: KNOWN, SUBSCRIPTION: KNOWN}
"""What is declared nowhere in these documents, and so says nothing there."""


@dataclass
class Otherwise(SchemaDeclarations):
    """The declarations of a schema, but for one field."""

    schema: Schema
    field: GraphQLField
    declared: Declared | None

    def __post_init__(self) -> None:
        super().__init__(self.schema)

    def of(self, field: GraphQLField) -> Declared | None:
        return self.declared if field is self.field else super().of(field)


class Fields(Visitor):
    """Collects the fields that a document selects, but for those of pages, which are the same for every list."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.found: list[GraphQLField] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field, parent = self._types.get_field_def(), self._types.get_parent_type()
        assert field is not None, node
        if not str(parent).endswith(("Connection", "Edge")):
            self.found.append(field)


def fields(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLField]:
    types = TypeInfo(schema)
    collecting = Fields(types)
    visit(document, TypeInfoVisitor(types, collecting))
    return collecting.found


def made(schema: GraphQLSchema, text: str, declarations: SchemaDeclarations) -> Plan | Uncompilable:
    """The plan of a document under declarations, or why it has none."""
    document = parse(text)
    assert validate(schema, document) == []
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Plans(schema, document, operation, declarations).make(VariableValues({}, {}))


@pytest.mark.parametrize("text", MISPLACED, ids=["query", "mutation", "subscription"])
def test_without_the_declaration_of_a_field_there_is_no_plan(schema: Schema, text: str) -> None:
    declarations = SchemaDeclarations(schema)
    assert not isinstance(made(executable(schema), text, declarations), Uncompilable)
    declared = [one for one in fields(executable(schema), parse(text)) if declarations.of(one) is not None]
    for field in each(declared):
        for instead in (None, MISPLACED[text]):
            found = made(executable(schema), text, Otherwise(schema, field, instead))
            assert isinstance(found, Uncompilable), field
            assert found.reason == "undeclared"


MORE = {
    "Query": "{ kanalen meer }",
    "InterneTaakConnection": "{ interneTaken { meer } }",
    "InterneTaakEdge": "{ interneTaken { edges { meer } } }",
    "InterneTaak": "{ interneTaken { edges { node { meer } } } }",
    "Ik": "{ ik { meer } }",
    "NietBevoegd": 'mutation { neemInterneTaak(input: { id: "" }) { ... on NietBevoegd { meer } } }',
    "Mutation": "mutation { meer }",
    "Subscription": "subscription { meer }",
}
"""A document for each type that asks of it what only a later schema has."""


@pytest.mark.parametrize("type_", MORE)
@pytest.mark.parametrize("meer", ["String", "[String!]!", "Meer!"])
def test_what_comes_to_a_type_without_a_declaration_has_no_plan(schema: Schema, type_: str, meer: str) -> None:
    more = parse(f"type Meer {{ naam: String }} extend type {type_} {{ meer: {meer} }}")
    later = extend_schema(executable(schema), more)
    text = MORE[type_].replace("meer", "meer { naam }" if meer == "Meer!" else "meer")
    assert isinstance(made(later, text, SchemaDeclarations(schema)), Uncompilable)


def test_one_object_of_an_answer_that_is_no_record_has_no_plan(schema: Schema) -> None:
    text = MUTATION.replace("interneTaken { nummer }", "")
    [_, klantcontact, *_] = fields(executable(schema), parse(text))
    found = made(executable(schema), text, Otherwise(schema, klantcontact, Column("klantcontact")))
    assert isinstance(found, Uncompilable)
    assert found.reason == "undeclared"


class NoKinds(SchemaDeclarations):
    """No type is written from a record."""

    def kind(self, type_: GraphQLObjectType) -> str | None:
        return None


class NothingPlain(SchemaDeclarations):
    """No scalar goes into an answer as it is."""

    def is_plain(self, type_: str) -> bool:
        return False


@pytest.mark.parametrize("text", MISPLACED, ids=["query", "mutation", "subscription"])
@pytest.mark.parametrize(("declarations", "reason"), [(NoKinds, "undeclared"), (NothingPlain, "scalar")])
def test_without_what_the_types_declare_there_is_no_plan(
    schema: Schema, text: str, declarations: type[SchemaDeclarations], reason: str
) -> None:
    found = made(executable(schema), text, declarations(schema))
    assert isinstance(found, Uncompilable)
    assert found.reason == reason
