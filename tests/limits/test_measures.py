"""How much a document, its variables and an operation may ask: just so much is let through, and no more."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLSchema, parse
from strawberry import Schema

from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import executable
from app.transport.execution.cost import given_lists
from app.transport.execution.documents import Definition, DocumentRules, Documents, check_cost
from app.transport.execution.request import check_variables
from app.transport.execution.trees import check_document, check_text
from app.transport.limits import DocumentLimits, Limit, LimitReached
from tests.support.each import each
from tests.support.limits import LIMITS

MOST = 7
"""What is allowed in each of these tests."""


def refused(check: Callable[[], object]) -> tuple[Limit, float] | None:
    """Which limit something is too much for, and how much that allows."""
    try:
        check()
    except LimitReached as reached:
        return reached.limit, reached.most
    return None


def measured(text: str, limits: DocumentLimits) -> None:
    """Measure a text, and the document that it is."""
    check_text(text, limits)
    check_document(parse(text), limits)


def in_each_other(many: int) -> str:
    """So many fields, each within the one before."""
    return "{ a" * many + " }" * many


DOCUMENTS: dict[str, tuple[str, Limit, Callable[[int], str]]] = {
    "tokens": ("tokens", Limit.TOKENS, lambda many: "{" + " a" * (many - 2) + "}"),
    "characters": ("characters", Limit.CHARACTERS, lambda many: "{a}".ljust(many)),
    "line feeds": ("lines", Limit.LINES, lambda many: "{a}" + "\n" * many),
    "carriage returns": ("lines", Limit.LINES, lambda many: "{a}" + "\r" * many),
    "ends of lines of both kinds": ("lines", Limit.LINES, lambda many: "{a}\n" + "\r" * (many - 1)),
    "letters of a name": ("name", Limit.NAME, lambda many: "{ " + "a" * many + " }"),
    "letters of an alias": ("name", Limit.NAME, lambda many: "{ " + "a" * many + ": b }"),
    "letters of a value of an enum": ("name", Limit.NAME, lambda many: "{ a(b: " + "A" * many + ") }"),
    "letters of a value in a list": ("name", Limit.NAME, lambda many: "{ a(b: [{ c: " + "A" * many + " }]) }"),
    "fields in each other": ("depth", Limit.DEPTH, in_each_other),
    "fields in each other in a second operation": (
        "depth",
        Limit.DEPTH,
        lambda many: "query A { a } query B " + in_each_other(many),
    ),
    "fields in each other by a fragment": (
        "depth",
        Limit.DEPTH,
        lambda many: "{ a { a { ...F } } } fragment F on A " + in_each_other(many - 2),
    ),
    "fields in each other in a fragment in line": (
        "depth",
        Limit.DEPTH,
        lambda many: "{ a { ... on A " + in_each_other(many - 1) + " } }",
    ),
    "aliases": ("aliases", Limit.ALIASES, lambda many: "{ " + " ".join(f"a{one}: a" for one in range(many)) + " }"),
    "aliases in several places": (
        "aliases",
        Limit.ALIASES,
        lambda many: "{ b: a ...F } fragment F on A { " + " ".join(f"a{one}: a" for one in range(many - 1)) + " }",
    ),
    "directives": ("directives", Limit.DIRECTIVES, lambda many: "{ a" + " @b" * many + " }"),
    "directives in several places": (
        "directives",
        Limit.DIRECTIVES,
        lambda many: "query @b { a ... @b { a } }  fragment F on A { a" + " @b" * (many - 2) + " }",
    ),
    "items of a list": ("list_items", Limit.LIST_ITEMS, lambda many: "{ a(b: [" + "1 " * many + "]) }"),
    "items of a list in a list": ("list_items", Limit.LIST_ITEMS, lambda many: "{ a(b: [[" + "1 " * many + "]]) }"),
}


@pytest.mark.parametrize(("name", "limit", "of"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_has_so_many(name: str, limit: Limit, of: Callable[[int], str]) -> None:
    limits = replace(LIMITS, **{name: MOST})
    assert refused(lambda: measured(of(MOST), limits)) is None
    assert refused(lambda: measured(of(MOST + 1), limits)) == (limit, MOST)


def within(many: int, *, lists: bool) -> Any:
    """Something in so many objects, or lists, in each other."""
    value: Any = 1
    for _ in range(many):
        value = [value] if lists else {"a": value}
    return value


VARIABLES: dict[str, tuple[str, Limit, Callable[[int], Mapping[str, Any]]]] = {
    "items in a list": ("list_items", Limit.LIST_ITEMS, lambda many: {"a": [1] * many}),
    "items in a list in an object": ("list_items", Limit.LIST_ITEMS, lambda many: {"a": {"b": [1] * many}}),
    "variables": ("values", Limit.VALUES, lambda many: {f"a{one}": 1 for one in range(many)}),
    "values of an object": ("values", Limit.VALUES, lambda many: {"a": {f"a{one}": 1 for one in range(many - 1)}}),
    "values of a list": ("values", Limit.VALUES, lambda many: {"a": [1] * (many - 1)}),
    "values in several places": ("values", Limit.VALUES, lambda many: {"a": [1, 1], "b": [1] * (many - 4)}),
    "objects in each other": ("depth", Limit.DEPTH, lambda many: {"a": within(many, lists=False)}),
    "lists in each other": ("depth", Limit.DEPTH, lambda many: {"a": within(many, lists=True)}),
    "letters in a name": ("name", Limit.NAME, lambda many: {"a" * many: 1}),
    "letters in a name below": ("name", Limit.NAME, lambda many: {"a": [{"b": 1, "a" * many: 1}]}),
}


@pytest.mark.parametrize(("name", "limit", "of"), VARIABLES.values(), ids=VARIABLES)
def test_variables_have_so_many(name: str, limit: Limit, of: Callable[[int], Mapping[str, Any]]) -> None:
    limits = replace(LIMITS, **{name: MOST})
    assert refused(lambda: check_variables(of(MOST), limits)) is None
    assert refused(lambda: check_variables(of(MOST + 1), limits)) == (limit, MOST)


def test_an_empty_object_and_an_empty_list_are_measured_as_well() -> None:
    check_variables({"a": {}, "b": [], "c": [{}, []]}, LIMITS)


def defined(schema: Schema, text: str) -> Definition:
    """The operation of a document."""
    documents = Documents(
        executable(schema), DocumentRules(LIMITS, {}, only_trusted=False, open=False), SchemaDeclarations(schema)
    )
    try:
        return documents.read(text).definition(None)
    finally:
        documents.close()


QUERY = "query ($first: Int!) { interneTaken(first: $first) { edges { cursor } } }"
DEED = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd { klantcontact { interneTaken { toelichting } } }
  }
}
"""


def test_an_operation_costs_so_many_fields(schema: Schema) -> None:
    definition, fields = defined(schema, QUERY), 1 + 3 * 2
    limits = replace(LIMITS, cost=fields)
    assert check_cost(definition, {"first": 3}, limits).cost.fields == fields
    # What it cost before, with another size, is no measure for it.
    assert refused(lambda: check_cost(definition, {"first": 4}, limits)) == (Limit.COST, fields)
    assert refused(lambda: check_cost(definition, {"first": 3}, replace(limits, cost=fields - 1))) == (
        Limit.COST,
        fields - 1,
    )


def test_the_answer_to_a_deed_is_so_long_and_that_to_a_query_may_be_longer(schema: Schema) -> None:
    def given(many: int) -> dict[str, Any]:
        return {"input": {"interneTaken": many * [{}]}}

    deed = defined(schema, DEED)
    most = check_cost(deed, given(20), LIMITS).cost.bytes
    limits = replace(LIMITS, answer_bytes=most)
    assert refused(lambda: check_cost(deed, given(20), limits)) is None
    assert refused(lambda: check_cost(deed, given(21), limits)) == (Limit.ANSWER, most)
    assert (
        refused(lambda: check_cost(defined(schema, QUERY), {"first": 3}, replace(LIMITS, answer_bytes=1))) is None
    )


def test_the_keys_of_an_answer_are_as_long_as_they_are_called(schema: Schema) -> None:
    given: dict[str, Any] = {"input": {"interneTaken": 60 * [{}]}}
    named = check_cost(defined(schema, DEED), given, LIMITS).cost
    called = check_cost(defined(schema, DEED.replace("toelichting", "t: toelichting")), given, LIMITS).cost
    assert called.fields == named.fields
    assert named.bytes - called.bytes == 60 * (len("toelichting") - 1)


TOLD = re.compile(r"(?:1–|at most )([0-9]+) code points|([Tt]en) digits")


def lengths_told(schema: GraphQLSchema) -> Iterator[tuple[str, str, int]]:
    """The texts of what has an id that are told to have so many code points at most: by their types and fields."""
    node = schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    for type_ in schema.get_possible_types(node):
        for name, field in type_.fields.items():
            if (found := TOLD.search(field.description or "")) is not None:
                yield type_.name, name, 10 if found[2] else int(found[1])


def test_a_text_may_be_as_long_in_an_answer_as_is_told_of_it(schema: Schema) -> None:
    def most(type_: str, selected: str) -> int:
        document = f'{{ node(id: "x") {{ ... on {type_} {{ __typename {selected} }} }} }}'
        return check_cost(defined(schema, document), {}, LIMITS).cost.bytes

    told = list(lengths_told(executable(schema)))
    assert len(told) == 13
    for type_, name, length in each(told):
        assert most(type_, name) - most(type_, "") == len(f"'{name}':,") + 4 * length + len("''")


TWICE = """
mutation ($taken: [X!]!, $input: Y!) {
  a(input: { taken: [1, 2, 3], andere: [1] }) { id }
  b(input: { taken: $taken, input: $input }) { id }
}
"""


@pytest.mark.parametrize(
    ("variables", "taken"),
    [
        ({}, 3),
        ({"taken": [1]}, 3),
        ({"taken": [1] * 4}, 4),
        ({"taken": [1] * 4, "input": {"taken": [1] * 5}}, 5),
        ({"taken": [1] * 5, "input": {"taken": [1] * 4}}, 5),
        ({"input": [{"taken": [1] * 4}, {"taken": [1] * 6}, {"taken": [1] * 5}]}, 6),
        ({"input": {"a": [{"b": {"taken": [1] * 7}}]}, "more": {"taken": 9}}, 7),
    ],
)
def test_of_the_lists_that_are_sent_under_a_name_the_longest_counts(variables: dict[str, Any], taken: int) -> None:
    assert given_lists(parse(TWICE), variables)["taken"] == taken


LISTS = [
    ("{ interneTaken(first: 3) { edges { node { id } } } }", 1 + 3 * 3, 0),
    ("{ interneTaken(first: 3) { edges { node { logboek { id } } } } }", 1 + 3 * 2, 1),
    ("{ interneTaken(first: 3) { edges { node { id logboek { id } a: logboek { id } } } } }", 1 + 3 * 3, 1),
    ("{ interneTaken(first: 3) { edges { node { logboek { interneTaak { logboek { id } } } } } } }", 1 + 3 * 2, 2),
    ("{ organisatorischeEenheden { naam } kanalen }", 1, 1),
]


@pytest.mark.parametrize(("document", "bare", "nested"), LISTS)
def test_of_what_an_operation_costs_it_is_known_what_is_left_where_lists_without_a_page_are_empty(
    schema: Schema, document: str, bare: int, nested: int
) -> None:
    reckoned = check_cost(defined(schema, document), {}, LIMITS)
    assert (reckoned.cost.bare, reckoned.cost.nested) == (bare, nested)
    assert len(reckoned.items) == document.count("logboek") + document.count("Eenheden")
    assert reckoned.allowance(1_000).most == (1_000 - bare) // min(reckoned.items.values(), default=1)
