"""What the project itself asks, and tells others to ask, is answered by plans: nothing of it falls back."""

from collections.abc import AsyncIterator

import pytest
from graphql import FieldNode, NameNode, OperationDefinitionNode, SelectionSetNode, Visitor, parse, print_ast, visit
from strawberry import Schema

from app.plans.plan import EventPlan, MutationPlan, QueryPlan
from app.settings import Settings
from tests.support.both_ways import Process, process
from tests.support.documents import documents
from tests.support.generated.documents import Generated
from tests.support.inputs import UNKNOWN

DOCUMENTS = documents()
VARIABLES = {"eenheid": UNKNOWN, "taak": UNKNOWN, "id": UNKNOWN, "versie": 1, "na": 0, "naVersie": 0}
PLANS = {"query": QueryPlan, "mutation": MutationPlan, "subscription": EventPlan}


class WithTypenames(Visitor):
    """Asks for the name of every object's type, as clients do that cache objects."""

    def leave_selection_set(
        self, node: SelectionSetNode, _: object, parent: object, *__: object
    ) -> SelectionSetNode:
        if isinstance(parent, OperationDefinitionNode):
            return node
        typename = FieldNode(name=NameNode(value="__typename"))
        return SelectionSetNode(selections=(*node.selections, typename))


@pytest.fixture
async def asked(settings: Settings, schema: Schema) -> AsyncIterator[Process]:
    async with process(settings, schema) as opened:
        yield opened


def test_documents_are_found_in_every_place() -> None:
    places = {where.rpartition(" ")[0] for where in DOCUMENTS}
    assert places >= {
        "README.md",
        "app/demo/guide.py",
        "app/demo/story.py",
        "app/web/graphiql/main.jsx",
        "tests/documents/test_clients.py",
        "tests/documents/test_clients_coming_back.py",
    }


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("where", DOCUMENTS)
async def test_a_document_of_the_project_has_a_plan(where: str, asked: Process) -> None:
    text = DOCUMENTS[where]
    for sent in (text, print_ast(visit(parse(text), WithTypenames()))):
        operation = await asked.operation(Generated(sent, None, VARIABLES))
        assert operation is not None
        assert isinstance(operation.plan, PLANS[operation.kind.value]), operation.plan
