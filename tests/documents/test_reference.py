"""The reference of the API on the site has everything that the schema describes."""

import re

from graphql import build_schema

from tests.site.reference import reference
from tests.support.pages import page

SDL = '''
"""Reading."""
type Query {
  """One <thing>."""
  thing("Which | one." id: ID!, kinds: [Kind!]! = [LARGE]): Thing
}

"""A thing."""
type Thing implements Node {
  id: ID!
  """Others."""
  others("How many." first: Int! = 50): [Thing!]! @deprecated(reason: "Ask things.")
}

"""What has an id."""
interface Node { id: ID! }

"""How large."""
enum Kind {
  """Not small."""
  LARGE
}
'''


def test_the_reference_has_every_type_field_argument_and_value_of_the_schema() -> None:
    types = {
        name: type_ for name, type_ in build_schema(page("schema.graphql")).type_map.items() if name[:2] != "__"
    }
    fields = {name: field for type_ in types.values() for name, field in getattr(type_, "fields", {}).items()}
    arguments = {name for field in fields.values() for name in getattr(field, "args", {})}
    values = {name for type_ in types.values() for name in getattr(type_, "values", {})}
    roots = {"Query", "Mutation", "Subscription"}
    written = set(re.findall(r"\w+", reference(build_schema(page("schema.graphql")))))
    assert (types.keys() - roots | fields.keys() | arguments | values) - written == set()


def test_a_field_of_a_root_has_its_description_its_type_and_its_arguments() -> None:
    lines = reference(build_schema(SDL)).splitlines()
    begin = lines.index("### thing { #query-thing }")
    assert [line for line in lines[begin:] if line][1:7] == [
        "One &lt;thing>.",
        "Returns [Thing](#thing).",
        "| argument | type | meaning |",
        "|---|---|---|",
        "| `id` | ID! | Which \\| one. |",
        "| `kinds` | \\[[Kind](#kind)!\\]! = `[LARGE]` |  |",
    ]


def test_a_type_has_its_fields_with_their_arguments_and_a_value_its_meaning() -> None:
    written = reference(build_schema(SDL))
    assert "### Thing { #thing }\n\nA thing.\n\nImplements [Node](#node)." in written
    [others] = re.findall(r"^\| `others` \| (.*) \|$", written, re.MULTILINE)
    assert others.split(" | ") == [
        "\\[[Thing](#thing)!\\]!",
        "Others.<br>`first`: Int! = `50`. How many. **Deprecated:** Ask things.",
    ]
    assert "### Node { #node }\n\nWhat has an id.\n\nOne of [Thing](#thing)." in written
    assert "| `LARGE` | Not small. |" in written
