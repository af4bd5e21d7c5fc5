"""The contract: what consumers rely on stands in schema.graphql, which is what the code exports."""

import re
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)
from graphql.utilities import DangerousChangeType, find_breaking_changes, find_dangerous_changes

from app.graphql.schema import build_schema as build_from_code
from app.graphql.schema import sdl
from tests.support.commands import ROOT

CONTRACT = (ROOT / "tests" / "contract.graphql").read_text()
SCHEMA = (ROOT / "schema.graphql").read_text()
DEFAULT_CHANGED = (
    DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
    DangerousChangeType.INPUT_FIELD_DEFAULT_VALUE_CHANGE,
)


def breaks(schema_text: str) -> list[str]:
    """What of the contract a schema breaks. A default is relied on as well; enums and unions may grow."""
    contract, schema = build_schema(CONTRACT), build_schema(schema_text)
    broken = [change.description for change in find_breaking_changes(contract, schema)]
    dangerous = find_dangerous_changes(contract, schema)
    return broken + [change.description for change in dangerous if change.type in DEFAULT_CHANGED]


def test_the_schema_breaks_nothing_of_the_contract() -> None:
    assert breaks(SCHEMA) == []


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("  aantalTeDoen: Int!\n", ""),
        ("  gevraagdeHandeling: String!\n", ""),
        ("  ONTVANGEN\n", ""),
        ("  nummer: String!\n", "  nummer: String\n"),
        ("  versie: Int!\n", "  versie: String!\n"),
        ("  TOEZICHTHOUDER\n", "  TOEZICHT\n"),
        ("    after: String\n", "    cursor: String\n"),
        ("    na: Int\n", ""),
        ("    first: Int! = 50\n", "    first: Int! = 20\n"),
        ("    first: Int! = 50\n", "    first: Int!\n"),
        ("  klantAanDeLijn: Boolean! = false\n", "  klantAanDeLijn: Boolean! = true\n"),
        ("  klantAanDeLijn: Boolean! = false\n", "  klantAanDeLijn: Boolean!\n"),
        ("  zoektekst: String\n", "  zoektekst: String!\n"),
        ("type Postvak implements Node {", "type Postvak {"),
        (" | OvergangGeweigerd", ""),
    ],
)
def test_a_break_of_the_contract_is_found(line: str, instead: str) -> None:
    # Without descriptions: they would be left without what they describe.
    bare = re.sub(r' *"""[\s\S]*?"""\n', "", SCHEMA)
    assert breaks(bare) == []
    assert line in bare
    assert breaks(bare.replace(line, instead)) != []


def test_the_schema_is_what_the_code_exports() -> None:
    assert sdl(build_from_code()) == SCHEMA


def undescribed(schema_text: str) -> Iterator[str]:
    """Everything without a description that a reader of the schema sees."""
    schema = build_schema(schema_text)
    own = [
        kind
        for kind in schema.type_map.values()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]
    described = {kind.name: kind.description for kind in own}
    for kind in own:
        if isinstance(kind, GraphQLEnumType):
            described |= {f"{kind.name}.{name}": value.description for name, value in kind.values.items()}
        if isinstance(kind, GraphQLInputObjectType):
            described |= {f"{kind.name}.{name}": field.description for name, field in kind.fields.items()}
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                described[f"{kind.name}.{name}"] = field.description
                described |= {f"{kind.name}.{name}({arg})": one.description for arg, one in field.args.items()}
    return (name for name, description in described.items() if not (description or "").strip())


def test_everything_is_described() -> None:
    assert list(undescribed(SCHEMA)) == []


def test_what_is_not_described_is_found() -> None:
    missing = list(undescribed(CONTRACT))
    for name in ("Rol", "Rol.KCC", "Node.id", "Postvak.interneTaken(first)", "PostvakFilter.status", "Query"):
        assert name in missing
    assert "Postvak" not in missing


def test_only_types_that_implement_node_have_an_id() -> None:
    kinds = build_schema(SCHEMA).type_map.values()
    objects = [kind for kind in kinds if isinstance(kind, GraphQLObjectType)]
    with_id = {kind.name for kind in objects if "id" in kind.fields}
    assert with_id == {kind.name for kind in objects if "Node" in {one.name for one in kind.interfaces}}
    assert with_id == {
        "OrganisatorischeEenheid",
        "Medewerker",
        "Klantcontact",
        "Betrokkene",
        "InterneTaak",
        "Gebeurtenis",
        "Postvak",
    }
    interfaces = [kind for kind in kinds if isinstance(kind, GraphQLInterfaceType)]
    assert [kind.name for kind in interfaces if "id" in kind.fields] == ["Node"]
