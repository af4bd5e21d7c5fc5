"""What the tests of plans are worth: the documents that they ask are valid, ask something, and reach everything."""

from typing import Any

import hypothesis
import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)
from hypothesis import given
from hypothesis import strategies as st
from strawberry import Schema

from app.graphql.schema import executable
from tests.support.both_ways import UNHURRIED, Process, asking
from tests.support.generated.documents import Documents, Generated
from tests.support.generated.inputs import asking as those_asking
from tests.support.generated.inputs import inputs
from tests.support.generated.populated import Populated

# Not all of the schema is in a hundred documents; in some hundreds it always was.
BATCH = hypothesis.settings(UNHURRIED, max_examples=100, database=None)
MOST_BATCHES = 20


class Selected(Visitor):
    """Collects the fields that documents select, by their types."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self._schema = schema
        self._types = TypeInfo(schema)
        self.fields: set[str] = set()

    def look_at(self, document: DocumentNode) -> int:
        """Collect the fields of a document; how many there are."""
        self._count = 0
        visit(document, TypeInfoVisitor(self._types, self))
        return self._count

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self._count += 1
        parent = self._types.get_parent_type()
        assert parent is not None
        self.fields.add(f"{parent.name}.{node.name.value}")


def all_fields(schema: GraphQLSchema) -> set[str]:
    return {
        f"{type_.name}.{name}"
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name in type_.fields
    }


def documents_of(schema: GraphQLSchema, populated: Populated) -> st.SearchStrategy[Generated]:
    there = populated.there
    documents = Documents(schema, there)
    mutations = those_asking(there).flatmap(lambda login: documents.mutations(inputs(login, there)))
    return st.one_of(documents.queries(), mutations, documents.subscriptions())


@pytest.mark.database("sqlite")
def test_nearly_all_generated_documents_are_let_through(schema: Schema, populated: Populated) -> None:
    let_through: list[bool] = []

    async def prepare(asked: Process, document: Generated) -> None:
        let_through.append(await asked.operation(document) is not None)

    with asking(populated.settings, schema) as (run, asked):

        @BATCH
        @given(documents_of(executable(schema), populated))
        def try_out(document: Generated) -> None:
            run(prepare(asked, document))

        try_out()
    assert sum(let_through) > 0.85 * len(let_through)


@pytest.mark.database("sqlite")
def test_generated_documents_select_every_field_of_the_schema(schema: Schema, populated: Populated) -> None:
    executed = executable(schema)
    selected = Selected(executed)
    for batch in range(MOST_BATCHES):

        @BATCH
        @hypothesis.seed(batch)
        @given(documents_of(executed, populated))
        def look(document: Generated) -> None:
            assert selected.look_at(parse(document.text)) > 0

        look()
        if all_fields(executed) <= selected.fields:
            break
    assert all_fields(executed) - selected.fields == set()
