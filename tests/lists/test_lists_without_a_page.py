"""Lists that have no page cost what they bring: they may be as long as all that is asked leaves room for, and what
would be longer is not read.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from app.settings import Settings
from tests.support.arrange import registreer, stored, taak
from tests.support.client import Client
from tests.support.databases import connected
from tests.support.each import each
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving, settings_on
from tests.support.statements import statements
from tests.support.template import Template

COST = 1_000
NOTES = 200

LOGBOEK = "query ($id: ID!) { interneTaak(id: $id) { logboek { soort tijdstip door { naam } toelichting } } }"
SHORT = "query ($id: ID!) { interneTaak(id: $id) { logboek { soort } } }"
# Two root fields of a kind that no plan is made for.
TYPED = "query ($id: ID!) { node(id: $id) { ...T } } fragment T on Node { ... on InterneTaak { logboek { %s } } }"
BESIDE = """
query ($id: ID!) { interneTaak(id: $id) { a: logboek { soort } b: logboek { soort } c: logboek { soort } } }
"""
PAGE = "query { interneTaken(first: 20) { edges { node { nummer logboek { soort } } } } }"
TASKS = "query ($id: ID!) { klantcontact(id: $id) { interneTaken { nummer status versie toelichting } } }"
EMPLOYEES = """
query ($id: ID!) {
  node(id: $id) {
    ... on OrganisatorischeEenheid { medewerkers { id naam actief organisatorischeEenheid { naam } } }
  }
}""".lstrip()
BY_GRAPHQL_CORE = '__type(name: "Query") { name }'
"""What no plan is made for: beside it everything is read by graphql-core."""
FACTS = """
subscription ($eenheid: ID!, $na: Int!) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer interneTaak { logboek { soort tijdstip toelichting door { naam } } }
  }
}
"""
NOTE = """
mutation ($input: VoegToelichtingToeInput!) {
  voegToelichtingToe(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { versie logboek { soort tijdstip toelichting door { naam } } } }
  }
}
"""
BARE_NOTE = "mutation ($input: VoegToelichtingToeInput!) { voegToelichtingToe(input: $input) { __typename } }"
TAKE = """
mutation ($id: ID!) {
  neemInterneTaak(input: { id: $id }) {
    __typename
    ... on OvergangGeweigerd { interneTaak { logboek { soort tijdstip toelichting door { naam } } } }
  }
}
"""


def cheap(settings: Settings) -> Settings:
    """Settings under which an operation may cost little."""
    return settings.model_copy(update={"max_cost": COST})


async def note(settings: Settings, template: Template) -> str:
    """A task with a long logboek."""
    async with serving(settings, template.eenheden) as server:
        desk = server.as_(DESK)
        contact = await registreer(desk, taak(server.eenheden["VER"]))
        [new] = contact["interneTaken"]
        for number in range(NOTES):
            await desk.data(BARE_NOTE, input={"id": new["id"], "toelichting": f"notitie {number}"})
    return str(new["id"])


@dataclass(frozen=True)
class Noted:
    """A server on a database of the test's own, with a task that has a long logboek."""

    server: Server
    settings: Settings
    task: str


@pytest.fixture(scope="module")
def noted_once(template: Template) -> Iterator[tuple[str, str]]:
    """Such a database, which is copied, and the task in it."""
    with template.copy() as url:
        yield url, asyncio.run(note(settings_on(url), template))


@pytest.fixture
async def noted(noted_once: tuple[str, str], template: Template) -> AsyncIterator[Noted]:
    before, task = noted_once
    with template.databases.new(before) as url:
        settings = cheap(settings_on(url))
        async with serving(settings, template.eenheden) as server:
            yield Noted(server, settings, task)


async def refused(client: Client, document: str, **variables: Any) -> dict[str, Any]:
    """The extensions of the one error of a document that is refused as a whole."""
    answer = await client.answer(document, **variables)
    assert "data" not in answer, answer
    [error] = answer["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


KOSTEN = {"code": "LIMIET_OVERSCHREDEN", "limiet": "KOSTEN", "maximum": COST}


async def test_a_list_may_be_longer_than_it_is_taken_to_be_as_long_as_all_of_it_costs_no_more(noted: Noted) -> None:
    task, inbox = noted.task, noted.server.as_(VERGUNNINGEN)
    assert len((await inbox.data(SHORT, id=task))["interneTaak"]["logboek"]) == NOTES + 1
    assert await refused(inbox, LOGBOEK, id=task) == KOSTEN


@pytest.mark.parametrize(
    "document",
    [LOGBOEK, TYPED % "soort tijdstip toelichting door { naam }", BESIDE],
    ids=["a look-up", "an abstract type", "one list several times"],
)
async def test_a_list_that_costs_too_much_is_refused_as_a_whole_and_not_read_to_its_end(
    noted: Noted, document: str
) -> None:
    server, task = noted.server, noted.task
    with statements() as executed:
        assert await refused(server.as_(VERGUNNINGEN), document, id=task) == KOSTEN
    # What finds out of which type an id is, reads no list.
    of_facts = [sql for sql in executed if "gebeurtenis" in sql and "UNION" not in sql]
    assert all("LIMIT" in sql for sql in each(of_facts))


async def test_one_long_list_among_short_ones_is_answered(noted: Noted) -> None:
    server = noted.server
    for _ in range(19):
        await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    edges = (await server.as_(VERGUNNINGEN).data(PAGE))["interneTaken"]["edges"]
    assert sorted(len(edge["node"]["logboek"]) for edge in edges) == [1] * 19 + [NOTES + 1]


async def test_the_tasks_of_a_contact_cost_what_they_are(settings: Settings, template: Template) -> None:
    async with serving(cheap(settings), template.eenheden) as server:
        desk = server.as_(DESK)
        contact = await registreer(desk, *(taak(server.eenheden["VER"]) for _ in range(100)))
        assert len((await desk.data(TASKS, id=contact["id"]))["klantcontact"]["interneTaken"]) == 100
        adding = """
        mutation ($input: RegistreerInterneTaakInput!) { registreerInterneTaak(input: $input) { __typename } }
        """
        for _ in range(120):
            await desk.data(adding, input=taak(server.eenheden["VER"]) | {"klantcontactId": contact["id"]})
        assert await refused(desk, TASKS, id=contact["id"]) == KOSTEN
        assert await refused(desk, f"{TASKS[:-1]} {BY_GRAPHQL_CORE} }}", id=contact["id"]) == KOSTEN


async def test_employees_cost_what_they_are_by_a_plan_and_by_graphql_core(
    settings: Settings, template: Template
) -> None:
    employee = text("INSERT INTO medewerker VALUES (:id, 'Iemand', TRUE, 'LEZER', 0)")
    of_ver = text("INSERT INTO medewerker_eenheid VALUES (:id, :eenheid, 0)")

    def hire(many: int) -> None:
        hired = [{"id": str(uuid.uuid4()), "eenheid": template.eenheden["VER"]} for _ in range(many)]
        with connected(settings.database_url) as connection:
            connection.execute(employee, hired)
            connection.execute(of_ver, hired)

    async with serving(cheap(settings), template.eenheden) as server:
        desk, ver = server.as_(DESK), template.eenheden["VER"]
        by_graphql_core = f"{EMPLOYEES[:-1]} {BY_GRAPHQL_CORE} }}"
        hire(100)
        for document in (EMPLOYEES, by_graphql_core):
            assert len((await desk.data(document, id=ver))["node"]["medewerkers"]) == 103
        hire(100)
        for document in (EMPLOYEES, by_graphql_core):
            assert await refused(desk, document, id=ver) == KOSTEN


async def test_a_fact_whose_lists_cost_too_much_is_told_so_and_the_next_ones_come(noted: Noted) -> None:
    server, task = noted.server, noted.task
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    async with server.as_(VERGUNNINGEN).follow(FACTS, eenheid=ver, na=NOTES + 1) as facts:
        await desk.data(BARE_NOTE, input={"id": task, "toelichting": "nog een"})
        message = await facts.message()
        assert message["type"] == "next"
        assert [error["extensions"] for error in message["payload"]["errors"]] == [KOSTEN]
        await registreer(desk, taak(ver))
        assert len((await facts.next())["postvak"]["interneTaak"]["logboek"]) == 1


@pytest.mark.parametrize(
    ("key", "named"), [("voegToelichtingToe", ""), ("nog", "nog: ")], ids=["by its name", "under an alias"]
)
async def test_a_deed_whose_answer_costs_too_much_says_that_it_was_done_under_the_key_that_was_asked(
    noted: Noted, key: str, named: str
) -> None:
    task, desk = noted.task, noted.server.as_(DESK)
    before = stored(noted.settings)
    document = NOTE.replace("voegToelichtingToe(input", f"{named}voegToelichtingToe(input")
    answer = await desk.answer(document, input={"id": task, "toelichting": "nog een"})
    [error] = answer["errors"]
    assert answer["data"] is None
    assert error["path"] == [key]
    assert error["extensions"] == KOSTEN | {"gedaan": True}
    assert "wel gedaan" in error["message"]
    assert stored(noted.settings) != before


async def test_a_deed_that_is_refused_with_an_answer_that_costs_too_much_says_that_nothing_was_done(
    noted: Noted,
) -> None:
    server, task = noted.server, noted.task
    inbox = server.as_(VERGUNNINGEN)
    closing = """
    mutation ($id: ID!, $versie: Int!) {
      wijzigInterneTaakStatus(input: { id: $id, versie: $versie, status: GEDAAN }) { __typename }
    }
    """
    await inbox.data(closing, id=task, versie=NOTES + 1)
    before = stored(noted.settings)
    answer = await inbox.answer(TAKE, id=task)
    assert [error["extensions"] for error in answer["errors"]] == [KOSTEN | {"gedaan": False}]
    assert stored(noted.settings) == before


async def test_a_deed_costs_as_many_items_as_it_is_sent_and_is_refused_before_it_is_done(
    settings: Settings, template: Template
) -> None:
    registering = """
    mutation ($input: RegistreerKlantcontactInput!) {
      registreerKlantcontact(input: $input) {
        __typename
        ... on KlantcontactGeregistreerd { klantcontact { interneTaken { nummer logboek { soort } } } }
      }
    }
    """
    async with serving(cheap(settings), template.eenheden) as server:
        desk, ver = server.as_(DESK), server.eenheden["VER"]
        before = stored(settings)
        asked = {"onderwerp": "Dakkapel", "interneTaken": [taak(ver) for _ in range(60)]}
        found = await refused(desk, registering, input=asked)
        assert found.pop("berekend") > COST
        assert found == KOSTEN
        assert stored(settings) == before
        asked["interneTaken"] = [taak(ver) for _ in range(20)]
        answer = (await desk.data(registering, input=asked))["registreerKlantcontact"]
        assert len(answer["klantcontact"]["interneTaken"]) == 20
