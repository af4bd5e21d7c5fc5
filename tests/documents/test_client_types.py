"""What docs/clients.md tells normalised caches and generators of types is what the schema says."""

import json
import re
from pathlib import Path

import pytest
from graphql import build_schema, is_abstract_type, is_object_type

from tests.support.commands import ROOT
from tests.support.recipes import recipes, written

SCHEMA = build_schema((ROOT / "schema.graphql").read_text())

MOMENTS = """
query MomentsQuery($since: DateTime) {
  klantcontacten(filter: { geregistreerdVanaf: $since }) { edges { node { id geregistreerdOp } } }
}
"""


@pytest.fixture(scope="module")
def built() -> dict[str, str]:
    """What the configuration of graphql-codegen makes of the schema."""
    with written([MOMENTS]) as directory:
        return {name: (Path(directory) / name).read_text() for name in ("types.ts", "possible-types.json")}


def test_a_date_time_is_a_string_in_generated_types(built: dict[str, str]) -> None:
    assert "DateTime: { input: string; output: string; }" in built["types.ts"]
    [result] = re.findall(r"export type MomentsQueryQuery = (.*)", built["types.ts"])
    assert "geregistreerdOp: string" in result
    assert "since?: string | null" in built["types.ts"]


def test_the_possible_types_are_those_of_the_schema(built: dict[str, str]) -> None:
    possible = json.loads(built["possible-types.json"])["possibleTypes"]
    assert {name: set(types) for name, types in possible.items()} == {
        name: {member.name for member in SCHEMA.get_possible_types(type_)}
        for name, type_ in SCHEMA.type_map.items()
        if is_abstract_type(type_)
    }


def test_the_types_without_a_key_are_those_without_an_id() -> None:
    embedded = re.search(r"EMBEDDED = \[(.*?)\]", recipes()["urql.js"], re.DOTALL)
    assert embedded is not None
    roots = (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
    assert re.findall(r"'(\w+)'", embedded[1]) == sorted(
        name
        for name, type_ in SCHEMA.type_map.items()
        if is_object_type(type_) and "id" not in type_.fields and type_ not in roots and not name.startswith("__")
    )
