"""All inboxes that somebody may open, employees found by name, and tasks of several departments."""

import pytest

from tests.support.arrange import new_taak
from tests.support.client import Client
from tests.support.inputs import UNKNOWN
from tests.support.interpreting import interpreted
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    DESK_COLLEGA,
    EENHEDEN,
    EVERYBODY,
    LEZER,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    Person,
)
from tests.support.server import Server

INBOXES = "query { postvakken { aantalTeDoen organisatorischeEenheid { naam } } }"
EMPLOYEES = "query ($tekst: String!, $first: Int! = 20) { medewerkers(zoektekst: $tekst, first: $first) { naam } }"
TASKS = """
query ($ids: [ID!], $een: ID) {
  interneTaken(filter: { organisatorischeEenheidIds: $ids, organisatorischeEenheidId: $een }) {
    totalCount edges { node { id } }
  }
}
"""
TWO = Person("f0000000-0000-4000-8000-000000000009", "Tim Twee", ["VER", "BUR"], ["BEHANDELAAR"])

ways = pytest.mark.parametrize("way", ["by a plan", "by graphql-core"])


def through(server: Server, way: str) -> Server:
    return server if way == "by a plan" else interpreted(server)


@ways
async def test_the_inboxes_are_those_that_somebody_may_open_by_name_of_the_department(
    server: Server, way: str
) -> None:
    await new_taak(server.as_(DESK), server.eenheden["VER"])
    names = {
        who.naam: [
            (inbox["organisatorischeEenheid"]["naam"], inbox["aantalTeDoen"])
            for inbox in (await through(server, way).as_(who).data(INBOXES))["postvakken"]
        ]
        for who in (LEZER, TWO, TOEZICHTHOUDER)
    }
    assert names == {
        LEZER.naam: [("Afdeling vergunningen", 1)],
        TWO.naam: [("Afdeling vergunningen", 1), ("Burgerzaken", 0)],
        TOEZICHTHOUDER.naam: [(naam, int(naam == EENHEDEN["VER"])) for naam in sorted(EENHEDEN.values())],
    }


async def found(client: Client, tekst: str, **more: int) -> list[str]:
    """The names of the employees that a search text finds."""
    return [one["naam"] for one in (await client.data(EMPLOYEES, tekst=tekst, **more))["medewerkers"]]


@ways
async def test_employees_are_found_by_the_beginnings_of_their_names_in_order(server: Server, way: str) -> None:
    client = through(server, way).as_(LEZER)
    assert await found(client, "vera VERG") == [VERGUNNINGEN.naam]
    assert await found(client, "desk") == sorted([DESK.naam, DESK_COLLEGA.naam])
    assert await found(client, "  ") == sorted(who.naam for who in EVERYBODY)
    assert await found(client, "", first=1) == [BURGERZAKEN.naam]
    assert await found(client, "niemand") == []
    for first in (0, 201, -1):
        answer = await client.answer(EMPLOYEES, tekst="a", first=first)
        assert [error["extensions"] for error in answer["errors"]] == [
            {"argument": "first", "code": "ONGELDIG_ARGUMENT"}
        ]
    answer = await client.answer(EMPLOYEES, tekst="x" * 201)
    assert [error["extensions"]["argument"] for error in answer["errors"]] == ["zoektekst"]


@ways
async def test_tasks_of_one_of_several_departments_are_listed_and_counted(server: Server, way: str) -> None:
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    tasks = {key: (await new_taak(desk, server.eenheden[key]))["id"] for key in ("VER", "BUR", "SOC")}
    for who, sees in ((TOEZICHTHOUDER, "VER BUR SOC"), (TWO, "VER BUR"), (LEZER, "VER")):
        client = through(server, way).as_(who)
        for ids, een, wanted in (
            (None, None, "VER BUR SOC"),
            ([ver, bur], None, "VER BUR"),
            ([bur.upper(), bur, "geen-uuid", UNKNOWN], None, "BUR"),
            ([ver, bur], ver, "VER"),
            ([bur], ver, ""),
            ([], None, ""),
            (["geen-uuid"], None, ""),
        ):
            listed = (await client.data(TASKS, ids=ids, een=een))["interneTaken"]
            expected = {tasks[key] for key in wanted.split() if key in sees.split()}
            assert {edge["node"]["id"] for edge in listed["edges"]} == expected
            assert listed["totalCount"] == len(expected)
