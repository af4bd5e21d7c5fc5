"""A klantcontact is registered with its tasks, together or not at all; the server fills in the rest."""

import re
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.values.moments import now
from app.settings import Settings
from tests.support.arrange import ask, new_taak, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.databases import execute, refusing
from tests.support.inputs import UNKNOWN, Input
from tests.support.people import (
    DESK,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
)
from tests.support.server import Server

REGISTER = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd {
      klantcontact {
        id nummer geregistreerdOp kanaal initiatiefnemer onderwerp inhoud
        medewerker { id } organisatorischeEenheid { id }
        interneTaken { ...Taak }
      }
    }
    ... on OngeldigeInvoer { velden { pad code } }
    ... on Weigering { bericht }
  }
}
fragment Taak on InterneTaak {
  id nummer geregistreerdOp status klantAanDeLijn gevraagdeHandeling toelichting gedaanOp versie
  geregistreerdDoor { id } medewerker { id } organisatorischeEenheid { id } gedaanDoor { id }
  logboek {
    soort versie volgnummer status tijdstip toelichting
    door { id } medewerker { id } organisatorischeEenheid { id } andereOrganisatorischeEenheid { id }
  }
}
"""

ONLY_REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn
  }
}
"""

NUMMER = re.compile("[1-9][0-9]{9}")


async def register(client: Client, **input: object) -> JSON:
    return await ask(client, REGISTER, "registreerKlantcontact", onderwerp="Dakkapel", **input)


async def test_everything_that_the_case_calls_automatically_filled_in_is_filled_in_by_the_server(
    server: Server,
) -> None:
    ver, before = server.eenheden["VER"], now()
    contact = (await register(server.as_(DESK), interneTaken=[taak(ver)]))["klantcontact"]
    after = now()

    [made] = contact["interneTaken"]
    assert NUMMER.fullmatch(contact["nummer"])
    assert NUMMER.fullmatch(made["nummer"])
    assert before <= contact["geregistreerdOp"] == made["geregistreerdOp"] <= after
    assert contact == {
        "id": contact["id"],
        "nummer": contact["nummer"],
        "geregistreerdOp": contact["geregistreerdOp"],
        "kanaal": "Telefoon",
        "initiatiefnemer": "KLANT",
        "onderwerp": "Dakkapel",
        "inhoud": None,
        "medewerker": {"id": DESK.subject},
        "organisatorischeEenheid": {"id": server.eenheden["KCC"]},
        "interneTaken": [
            {
                "id": made["id"],
                "nummer": made["nummer"],
                "geregistreerdOp": contact["geregistreerdOp"],
                "status": "TE_DOEN",
                "klantAanDeLijn": False,
                "gevraagdeHandeling": "Overname gesprek met klant",
                "toelichting": None,
                "gedaanOp": None,
                "versie": 1,
                "geregistreerdDoor": {"id": DESK.subject},
                "medewerker": None,
                "organisatorischeEenheid": {"id": ver},
                "gedaanDoor": None,
                "logboek": [
                    {
                        "soort": "GEREGISTREERD",
                        "versie": 1,
                        "volgnummer": 1,
                        "status": "TE_DOEN",
                        "tijdstip": contact["geregistreerdOp"],
                        "toelichting": None,
                        "door": {"id": DESK.subject},
                        "medewerker": None,
                        "organisatorischeEenheid": {"id": ver},
                        "andereOrganisatorischeEenheid": None,
                    }
                ],
            }
        ],
    }


async def test_what_the_server_fills_in_cannot_be_given(server: Server, settings: Settings) -> None:
    of_both = ["nummer", "geregistreerdOp", "geregistreerdDoorId", "status", "versie", "medewerker", "gedaanOp"]
    of_contact = [*of_both, "medewerkerId", "organisatorischeEenheid", "organisatorischeEenheidId"]
    right = taak(server.eenheden["VER"])
    wrong: list[Input] = [{given: DESK.subject} for given in of_contact]
    wrong += [{"interneTaken": [right | {given: DESK.subject}]} for given in of_both]

    desk, before = server.as_(DESK), stored(settings)
    codes = [await desk.codes(ONLY_REGISTER, input={"onderwerp": "Dakkapel"} | more) for more in wrong]
    assert codes == [["DOCUMENT_ONGELDIG"]] * len(wrong)
    assert stored(settings) == before


async def test_the_first_of_the_departments_of_a_login_is_filled_in(server: Server) -> None:
    both = replace(DESK, subject=UNKNOWN, eenheden=["BUR", "KCC"])
    contact = (await register(server.as_(both), interneTaken=[taak(server.eenheden["KCC"])]))["klantcontact"]
    assert contact["organisatorischeEenheid"] == {"id": server.eenheden["BUR"]}


async def test_tasks_for_several_departments_are_registered_in_order_each_one_fact_in_its_own_inbox(
    server: Server,
) -> None:
    desk, everything = server.as_(DESK), server.as_(TOEZICHTHOUDER)
    wanted = ["VER", "BUR", "VER", "KCC"]
    taken = [taak(server.eenheden[key], gevraagdeHandeling=f"Deel {n}") for n, key in enumerate(wanted)]
    made = (await register(desk, interneTaken=taken))["klantcontact"]["interneTaken"]

    assert [one["gevraagdeHandeling"] for one in made] == ["Deel 0", "Deel 1", "Deel 2", "Deel 3"]
    assert [one["organisatorischeEenheid"]["id"] for one in made] == [server.eenheden[key] for key in wanted]
    assert [fact["volgnummer"] for one in made for fact in one["logboek"]] == [1, 1, 2, 1]
    inboxes = {
        key: (await everything.data(INBOX, eenheid=server.eenheden[key]))["postvak"] for key in server.eenheden
    }
    assert {key: (inbox["laatsteVolgnummer"], inbox["aantalTeDoen"]) for key, inbox in inboxes.items()} == {
        "VER": (2, 2),
        "BUR": (1, 1),
        "KCC": (1, 1),
        "SOC": (0, 0),
    }


async def test_registering_with_an_employee_is_one_fact_and_the_task_is_theirs(server: Server) -> None:
    given = taak(server.eenheden["VER"], medewerkerId=VERGUNNINGEN.subject.upper(), klantAanDeLijn=True)
    [made] = (await register(server.as_(DESK), interneTaken=[given]))["klantcontact"]["interneTaken"]

    assert made["medewerker"] == {"id": VERGUNNINGEN.subject}
    assert made["versie"] == 1
    assert [(fact["soort"], fact["medewerker"]) for fact in made["logboek"]] == [
        ("GEREGISTREERD", {"id": VERGUNNINGEN.subject})
    ]
    inbox = (await server.as_(VERGUNNINGEN).data(INBOX, eenheid=server.eenheden["VER"]))["postvak"]
    assert (inbox["aantalTeDoen"], inbox["aantalNietToegewezen"], inbox["aantalKlantAanDeLijn"]) == (1, 0, 1)


async def test_a_contact_and_its_tasks_are_registered_together_or_not_at_all(
    server: Server, settings: Settings
) -> None:
    before = stored(settings)
    answer = await register(
        server.as_(DESK), interneTaken=[taak(server.eenheden["VER"]), taak(UNKNOWN), taak(server.eenheden["BUR"])]
    )
    assert answer["velden"] == [{"pad": ["interneTaken", "1", "organisatorischeEenheidId"], "code": "ONBEKEND"}]
    assert stored(settings) == before


async def test_a_number_is_ten_digits_and_means_one_thing_whether_contact_or_task(
    server: Server, settings: Settings
) -> None:
    contacts = [await registreer(server.as_(DESK), *[taak(server.eenheden["VER"])] * 20) for _ in range(5)]
    nummers = [one["nummer"] for contact in contacts for one in (contact, *contact["interneTaken"])]
    assert all(NUMMER.fullmatch(nummer) for nummer in nummers)
    assert len(set(nummers)) == len(nummers) == 105

    claim = "INSERT INTO registratie (id, nummer, medewerker_id) VALUES (:id, :nummer, :wie)"
    for taken in nummers[:2]:
        with pytest.raises(IntegrityError):
            execute(settings.database_url, claim, id=UNKNOWN, nummer=taken, wie=DESK.subject)


async def test_a_number_that_is_taken_already_is_drawn_again(server: Server, settings: Settings) -> None:
    # As if one in twenty of all numbers was given away: of so many contacts some must draw again.
    given_away = ("BEFORE INSERT", "registratie", "CAST(NEW.nummer AS BIGINT) % 20 = 3")
    async with refusing(settings.database_url, *given_away, "UNIQUE constraint failed: registratie.nummer"):
        nummers = [int((await registreer(server.as_(DESK)))["nummer"]) for _ in range(80)]
    assert all(nummer % 20 != 3 for nummer in nummers)


async def test_two_registrations_that_name_no_id_are_two(server: Server) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    first, second = [await registreer(desk, taak(eenheid, medewerkerId=VERGUNNINGEN_COLLEGA.subject)) for _ in "12"]
    assert first["id"] != second["id"]
    assert first["interneTaken"][0]["id"] != second["interneTaken"][0]["id"]
    assert (await new_taak(desk, eenheid))["id"] != (await new_taak(desk, eenheid))["id"]
