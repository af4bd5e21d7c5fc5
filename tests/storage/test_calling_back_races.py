"""Asking to call back while others do something with the same task or the same contact: one is first."""

import asyncio
from typing import Any

import pytest

from tests.support.arrange import ask, registreer, taak
from tests.support.client import JSON, Client
from tests.support.people import BURGERZAKEN, DESK, DESK_COLLEGA, VERGUNNINGEN, Person
from tests.support.server import Server

DO = "mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename } }"
READ = """
query ($id: ID!) {
  klantcontact(id: $id) {
    betrokkenen { versie }
    interneTaken { versie klantAanDeLijn medewerker { id } status logboek { soort versie } }
  }
}
"""
BAKKER: JSON = {"digitaleAdressen": [{"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "06 12345678"}]}


async def do(client: Client, mutation: str, **input: Any) -> str:
    """The name of the answer's type."""
    return str((await ask(client, DO, mutation, **input))["__typename"])


@pytest.mark.parametrize(
    "other", ["neemInterneTaak", "trekInterneTaakIn", "stuurInterneTaakDoor", "vraagTerugbellen"]
)
async def test_of_asking_to_call_back_and_another_deed_one_is_first_and_the_other_is_told(
    server: Server, other: str
) -> None:
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    deeds: dict[str, tuple[Person, JSON]] = {
        "neemInterneTaak": (VERGUNNINGEN, {}),
        "trekInterneTaakIn": (DESK_COLLEGA, {"versie": 1, "toelichting": "Opgehangen."}),
        "stuurInterneTaakDoor": (
            VERGUNNINGEN,
            {"versie": 1, "organisatorischeEenheidId": bur, "toelichting": "Hoort daar."},
        ),
        "vraagTerugbellen": (DESK_COLLEGA, {"versie": 1}),
    }
    who, more = deeds[other]
    for _ in range(8):
        contact = await registreer(desk, taak(ver, klantAanDeLijn=True), betrokkene=BAKKER)
        [task] = contact["interneTaken"]
        asked, done = await asyncio.gather(
            do(desk, "vraagTerugbellen", id=task["id"], versie=1),
            do(server.as_(who), other, id=task["id"], **more),
        )
        [stands] = (await desk.data(READ, id=contact["id"]))["klantcontact"]["interneTaken"]
        soorten = [fact["soort"] for fact in stands["logboek"]]
        assert ("TERUGBELLEN_GEVRAAGD" in soorten) is (
            asked == "InterneTaakGewijzigd" or other == "vraagTerugbellen"
        )
        # Taking needs no versie: it may come after the request.
        both = {asked, done} == {"InterneTaakGewijzigd"}
        assert both is (other == "neemInterneTaak" and soorten[1:] == ["TERUGBELLEN_GEVRAAGD", "GENOMEN"])
        assert {asked, done} <= {"InterneTaakGewijzigd", "VersieVerouderd", "OvergangGeweigerd"}
        assert "InterneTaakGewijzigd" in {asked, done}


async def test_deeds_on_the_tasks_of_a_contact_and_on_whom_it_was_with_never_wait_for_each_other(
    server: Server,
) -> None:
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    for _ in range(4):
        contact = await registreer(desk, *(taak(key, klantAanDeLijn=True) for key in (ver, bur, ver, bur)))
        tasks = [task["id"] for task in contact["interneTaken"]]
        vera, bo = server.as_(VERGUNNINGEN), server.as_(BURGERZAKEN)
        added = taak(bur, klantcontactId=contact["id"])
        answers = await asyncio.gather(
            do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=BAKKER),
            do(server.as_(DESK_COLLEGA), "vraagTerugbellen", id=tasks[3], versie=1, betrokkene=BAKKER),
            do(desk, "vraagTerugbellen", id=tasks[0], versie=1, betrokkene=BAKKER),
            do(vera, "wijzigInterneTaakStatus", id=tasks[2], versie=1, status="GEDAAN"),
            do(bo, "neemInterneTaak", id=tasks[1]),
            do(desk, "registreerInterneTaak", **added),
        )
        assert set(answers) == {"BetrokkeneVastgelegd", "InterneTaakGewijzigd", "InterneTaakGeregistreerd"}
        stands = (await desk.data(READ, id=contact["id"]))["klantcontact"]
        assert stands["betrokkenen"] == [{"versie": 1}]
        versies = [[fact["versie"] for fact in task["logboek"]] for task in stands["interneTaken"]]
        assert versies == [list(range(1, task["versie"] + 1)) for task in stands["interneTaken"]]
