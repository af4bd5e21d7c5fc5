"""Reading documents: once, in a thread, measured as GraphQL's own lexer would; and what operations cost."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    GraphQLSchema,
    Lexer,
    Source,
    TokenKind,
    get_operation_ast,
    get_variable_values,
    parse,
)
from graphql.execution.values import VariableValues
from hypothesis import given
from hypothesis import strategies as st

from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import build_schema, executable
from app.plans.plan import QueryPlan
from app.transport.execution.cost import cost
from app.transport.execution.documents import Document, DocumentRefused, DocumentRules, Documents
from app.transport.execution.trees import check_document, check_text
from app.transport.limits import LimitReached
from tests.support.limits import LIMITS


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return executable(build_schema())


class Watched(Documents):
    """Documents that note what is read, and in which thread."""

    def __init__(self, schema: GraphQLSchema, rules: DocumentRules) -> None:
        super().__init__(schema, rules, SchemaDeclarations(build_schema()))
        self.was_read: list[tuple[str, str]] = []

    def read(self, text: str) -> Document:
        """Read a document."""
        self.was_read.append((text, threading.current_thread().name))
        return super().read(text)


@asynccontextmanager
async def documents(schema: GraphQLSchema, trusted: Mapping[str, str] | None = None) -> AsyncIterator[Watched]:
    opened = Watched(schema, DocumentRules(LIMITS, trusted or {}, only_trusted=False, open=False))
    yield opened
    opened.close()


async def test_a_document_is_read_once_whoever_asks_it(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        crowd = await asyncio.gather(*(opened.document("{ kanalen }", None) for _ in range(20)))
        later = await opened.document("{ kanalen }", None)
        assert {id(one) for one in crowd} == {id(later)}
        assert [text for text, _ in opened.was_read] == ["{ kanalen }"]


async def test_documents_are_read_in_a_thread_of_their_own(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        await asyncio.gather(*(opened.document(f"query Q{n} {{ kanalen }}", None) for n in range(3)))
        [thread] = {thread for _, thread in opened.was_read}
        assert thread != threading.current_thread().name


async def test_a_document_that_is_refused_is_not_kept(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        for _ in range(2):
            with pytest.raises(DocumentRefused):
                await opened.document("{ onbekend }", None)
        assert len(opened.was_read) == 2


async def test_who_stops_waiting_takes_the_document_from_nobody(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        first = asyncio.create_task(opened.document("{ kanalen }", None))
        second = asyncio.create_task(opened.document("{ kanalen }", None))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).query == "{ kanalen }"
        assert len(opened.was_read) == 1


async def test_long_documents_are_not_all_kept(schema: GraphQLSchema) -> None:
    def long(number: int) -> str:
        return f"query Q{number} {{ kanalen }} #" + 32_000 * "x"

    async with documents(schema) as opened:
        for number in range(40):
            await opened.document(long(number), None)
        await opened.document(long(39), None)
        assert len(opened.was_read) == 40
        await opened.document(long(0), None)
        assert len(opened.was_read) == 41


def differing(number: int) -> str:
    return f"query Q{number} {{ kanalen }}"


async def test_of_many_documents_those_are_kept_that_were_asked_last(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        for number in range(300):
            await opened.document(differing(number), None)
            await opened.document("{ kanalen }", None)
        await opened.document(differing(299), None)
        assert len(opened.was_read) == 301
        await opened.document(differing(0), None)
        assert len(opened.was_read) == 302


async def test_documents_count_by_their_tokens_as_well_as_by_their_length(schema: GraphQLSchema) -> None:
    def of_many_tokens(number: int) -> str:
        return f"query Q{number} {{ {' '.join(150 * ['...F'])} }} fragment F on Query {{ kanalen }}"

    async with documents(schema) as opened:
        for number in range(200):
            await opened.document(of_many_tokens(number), None)
        # All of them are fewer than may be kept, and shorter together.
        assert sum(len(of_many_tokens(number)) for number in range(200)) < 2**20
        await opened.document(of_many_tokens(199), None)
        assert len(opened.was_read) == 200
        await opened.document(of_many_tokens(0), None)
        assert len(opened.was_read) == 201


async def test_a_trusted_document_keeps_its_place_however_many_others_are_asked(schema: GraphQLSchema) -> None:
    async with documents(schema, {"abc": "query Vertrouwd { kanalen }"}) as opened:
        trusted = await opened.document(None, "abc")
        for number in range(300):
            await opened.document(differing(number), None)
        assert await opened.document(None, "abc") is trusted


async def test_documents_that_are_refused_push_out_nothing(schema: GraphQLSchema) -> None:
    async with documents(schema) as opened:
        kept = await opened.document("{ kanalen }", None)
        for number in range(300):
            for refused in (f"{{ onbekend{number} }}", f"{{ kanalen{number}"):
                with pytest.raises(DocumentRefused):
                    await opened.document(refused, None)
        assert await opened.document("{ kanalen }", None) is kept


async def test_of_the_plans_of_an_operation_those_are_kept_that_were_used_last(schema: GraphQLSchema) -> None:
    """What variables say to `@include` decides which fields there are: each combination has a plan."""
    fields = " ".join(f"f{number}: kanalen @include(if: $v{number})" for number in range(6))
    declared = ", ".join(f"$v{number}: Boolean!" for number in range(6))

    def combination(number: int) -> VariableValues:
        values = {f"v{place}": bool(number >> place & 1) for place in range(6)}
        coerced = get_variable_values(schema, definition.node.variable_definitions or (), values)
        assert isinstance(coerced, VariableValues)
        return coerced

    async with documents(schema) as opened:
        definition = (await opened.document(f"query ({declared}) {{ {fields} }}", None)).definition(None)
        often = await opened.plan(definition, combination(63))
        for number in range(40):
            assert isinstance(await opened.plan(definition, combination(number)), QueryPlan)
            assert await opened.plan(definition, combination(63)) is often
        assert definition.plans.known(combination(39)) is not None
        assert definition.plans.known(combination(0)) is None


async def test_a_variable_that_decides_in_one_operation_may_be_a_filter_in_another_of_its_document(
    schema: GraphQLSchema,
) -> None:
    both = """
    query Kanalen($v: Boolean!) { kanalen @include(if: $v) }
    query Taken($v: InterneTaakFilter) { interneTaken(filter: $v) { totalCount } }
    """
    async with documents(schema) as opened:
        taken = (await opened.document(both, None)).definition("Taken")
        coerced = get_variable_values(schema, taken.node.variable_definitions or (), {"v": {"toegewezen": False}})
        assert isinstance(coerced, VariableValues)
        assert isinstance(await opened.plan(taken, coerced), QueryPlan)


async def test_the_id_of_a_trusted_document_goes_before_its_text(schema: GraphQLSchema) -> None:
    async with documents(schema, {"abc": "{ kanalen }"}) as opened:
        assert (await opened.document(None, "abc")).query == "{ kanalen }"
        assert (await opened.document("", "sha256:abc")).query == "{ kanalen }"
        assert (await opened.document("{ gevraagdeHandelingen }", "onbekend")).query == "{ gevraagdeHandelingen }"


PIECES = st.sampled_from(
    [
        "a", "B_1", "query", "1", "-0", "1.5e-3", '"x"', '"\\""', '""', '"""', '"""a"b""\\"""c"""', "...", "{", "}",
        "(", ")", "[", "]", ":", "=", "@", "$", "!", "&", "|", ",", " ", "\n", "\t", "# é\n", "#\r", "\ufeff",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_tokens_are_counted_as_the_lexer_counts_them(text: str) -> None:
    try:
        count = lexed(text)
    except GraphQLError:
        return
    check_text(text, replace(LIMITS, tokens=count))
    if count:
        with pytest.raises(LimitReached):
            check_text(text, replace(LIMITS, tokens=count - 1))


def lexed(text: str) -> int:
    """How many tokens and comments the lexer finds in a text."""
    lexer = Lexer(Source(text))
    while lexer.advance().kind is not TokenKind.EOF:
        pass
    count, token = 0, lexer.token
    while (token := token.prev) is not None and token.kind is not TokenKind.SOF:  # type: ignore[assignment]
        count += 1
    return count


@pytest.mark.parametrize(
    "document",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ik { ...A } }",
        "{ ...Onbekend }",
        "fragment A on Query { kanalen }",
    ],
)
def test_documents_that_are_not_valid_are_measured_as_well(document: str) -> None:
    check_document(parse(document), LIMITS)


COSTS: list[tuple[str, dict[str, Any], int]] = [
    ("{ kanalen }", {}, 1),
    ("{ __typename kanalen a: kanalen }", {}, 3),
    ("{ ik { medewerker { naam } } }", {}, 3),
    # The connection and its page, and of each edge itself, its node and a field.
    ("{ interneTaken(first: 7) { totalCount edges { node { id } } } }", {}, 1 + 1 + 7 * 3),
    ("{ interneTaken { edges { node { id } } } }", {}, 1 + 50 * 3),
    ("query ($n: Int!) { interneTaken(first: $n) { edges { cursor } } }", {"n": 3}, 1 + 3 * 2),
    ("query ($n: Int! = 4) { interneTaken(first: $n) { edges { cursor } } }", {}, 1 + 4 * 2),
    ("query ($n: Int! = 4) { interneTaken(first: $n) { edges { cursor } } }", {"n": 5}, 1 + 5 * 2),
    ("query ($n: Int!) { interneTaken(first: $n) { edges { cursor } } }", {"n": "x"}, 1 + 200 * 2),
    ("{ interneTaken(first: -9) { edges { cursor } } }", {}, 1 + 2),
    ("{ interneTaken(first: 9999) { edges { cursor } } }", {}, 1 + 200 * 2),
    ("{ interneTaken(first: 2) { edges { node { logboek { id } } } } }", {}, 1 + 2 * (2 + 10 * 2)),
    ("{ ...A ...A } fragment A on Query { organisatorischeEenheden { id } }", {}, 2 * (50 * 2)),
    ('{ node(id: "x") { ... on InterneTaak { logboek { id } } ... on Klantcontact { nummer } } }', {}, 1 + 20 + 1),
    ("{ organisatorischeEenheden { medewerkers { id } } }", {}, 50 * (1 + 25 * 2)),
    ("{ ik { postvakken { id } } }", {}, 1 + 3 * 2),
    ('{ klantcontact(id: "x") { interneTaken { id } } }', {}, 1 + 3 * 2),
    ("{ __schema { types { fields { name } } } }", {}, 0),
    # A fragment costs what it does where it stands.
    (
        "{ interneTaken(first: 2) { ...C } a: interneTaken(first: 5) { ...C } } "
        "fragment C on InterneTaakConnection { edges { cursor } }",
        {},
        (1 + 2 * 2) + (1 + 5 * 2),
    ),
    (
        "{ ...A ...B } fragment A on Query { organisatorischeEenheden { id } } fragment B on Query { kanalen }",
        {},
        50 * 2 + 1,
    ),
    ("{ interneTaken(first: 0) { edges { cursor } } }", {}, 1 + 2),
]


@pytest.mark.parametrize(("document", "variables", "expected"), COSTS)
def test_an_operation_costs_its_fields_as_often_as_its_lists_may_have_items(
    schema: GraphQLSchema, document: str, variables: dict[str, Any], expected: int
) -> None:
    ast = parse(document)
    operation = get_operation_ast(ast)
    assert operation is not None
    assert cost(schema, ast, operation, variables, LIMITS.page, {}).cost.fields == expected


def test_fragments_that_multiply_are_reckoned_at_once(schema: GraphQLSchema) -> None:
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(100)]
    ast = parse(" ".join(["{ ...F0 }", *fragments, "fragment F100 on Query { kanalen }"]))
    operation = get_operation_ast(ast)
    assert operation is not None
    assert cost(schema, ast, operation, {}, LIMITS.page, {}).cost.fields == 2**100
