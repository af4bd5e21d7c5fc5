"""Calling back: asking for it, attempts that did not reach the citizen, and the answer that they got."""

from typing import Any

import pytest

from tests.support.arrange import ask, new_taak, registreer, taak
from tests.support.client import JSON, Client
from tests.support.people import BURGERZAKEN, DESK, LEZER, TOEZICHTHOUDER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

DO = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { ...Taak } }
    ... on Weigering {
      ... on VersieVerouderd { interneTaak { ...Taak } }
      ... on OvergangGeweigerd { reden interneTaak { ...Taak } }
      ... on NietBevoegd { waarom: reden }
      ... on OngeldigeInvoer { velden { pad code maximum } }
      ... on BetrokkeneVersieVerouderd { betrokkene { versie contactnaam { achternaam } } }
    }
  }
}
fragment Taak on InterneTaak {
  id nummer versie status klantAanDeLijn gevraagdeHandeling antwoord aantalContactpogingen
  medewerker { id } logboek { soort versie toelichting antwoord }
}
"""

READ = """
query ($id: ID!, $eenheid: ID!) {
  interneTaak(id: $id) {
    nummer versie antwoord ontstaanUitKlantcontact {
      inhoud betrokkenen { versie contactnaam { achternaam } digitaleAdressen { adres } }
    }
    logboek { soort antwoord }
  }
  postvak(organisatorischeEenheidId: $eenheid) {
    aantalTeDoen aantalKlantAanDeLijn interneTaken { edges { node { id } } }
  }
}
"""
SEARCH = "query ($tekst: String!) { interneTaken(filter: { zoektekst: $tekst }) { edges { node { id } } } }"

BAKKER: JSON = {
    "contactnaam": {"achternaam": "Bakker"},
    "digitaleAdressen": [{"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "06 12345678"}],
}
ONLY_EMAIL: JSON = {"digitaleAdressen": [{"soortDigitaalAdres": "EMAIL", "adres": "a@b.nl"}]}
NO_NUMBER = {"velden": [{"pad": ["betrokkene", "digitaleAdressen"], "code": "VERPLICHT", "maximum": None}]}


async def do(client: Client, mutation: str, **input: Any) -> JSON:
    """The answer to a deed; a `versie` that is not given is 1."""
    return await ask(client, DO, mutation, **{"versie": 1} | input)


async def waiting(server: Server, **more: Any) -> JSON:
    """A task of vergunningen with a citizen on the line, whom nobody took over."""
    return await new_taak(server.as_(DESK), server.eenheden["VER"], klantAanDeLijn=True, **more)


async def last_fact(server: Server, task: JSON) -> str:
    """The kind of the last fact of a task, which is the second one."""
    read = await server.as_(DESK).data(READ, id=task["id"], eenheid=server.eenheden["KCC"])
    _, last = read["interneTaak"]["logboek"]
    return str(last["soort"])


async def test_the_same_task_becomes_one_to_call_back_and_keeps_its_number_and_its_place(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    first, second = await waiting(server), await waiting(server)
    answer = await do(desk, "vraagTerugbellen", id=first["id"], betrokkene=BAKKER, toelichting="Na vijven.")
    task = answer["interneTaak"]
    assert (task["id"], task["nummer"], task["versie"]) == (first["id"], first["nummer"], 2)
    assert (task["klantAanDeLijn"], task["gevraagdeHandeling"], task["status"]) == (False, "Terugbellen", "TE_DOEN")
    assert [fact["soort"] for fact in task["logboek"]] == ["GEREGISTREERD", "TERUGBELLEN_GEVRAAGD"]
    assert task["logboek"][1]["toelichting"] == "Na vijven."
    await do(desk, "vraagTerugbellen", id=second["id"], betrokkene=BAKKER)
    read = await server.as_(VERGUNNINGEN).data(READ, id=first["id"], eenheid=ver)
    assert (read["postvak"]["aantalTeDoen"], read["postvak"]["aantalKlantAanDeLijn"]) == (2, 0)
    assert [edge["node"]["id"] for edge in read["postvak"]["interneTaken"]["edges"]] == [first["id"], second["id"]]
    contact = read["interneTaak"]["ontstaanUitKlantcontact"]
    assert contact["inhoud"] is not None
    [betrokkene] = contact["betrokkenen"]
    assert betrokkene["digitaleAdressen"] == [{"adres": "+31612345678"}]


async def test_a_task_is_found_by_the_words_of_its_registration_after_it_is_to_call_back(server: Server) -> None:
    desk = server.as_(DESK)
    task = await waiting(server, gevraagdeHandeling="Overname gesprek met klant")
    await do(desk, "vraagTerugbellen", id=task["id"], betrokkene=BAKKER)
    found = (await desk.data(SEARCH, tekst="overname gesprek"))["interneTaken"]["edges"]
    assert [edge["node"]["id"] for edge in found] == [task["id"]]


@pytest.mark.parametrize("noted", [None, ONLY_EMAIL], ids=["nobody", "somebody without a number"])
async def test_without_a_phone_number_nobody_can_be_called_back(server: Server, noted: JSON) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    contact = await registreer(desk, taak(ver, klantAanDeLijn=True), betrokkene=noted)
    [task] = contact["interneTaken"]
    answer = await do(desk, "vraagTerugbellen", id=task["id"])
    assert answer == {"__typename": "OngeldigeInvoer"} | NO_NUMBER
    if noted is None:
        answer = await do(desk, "vraagTerugbellen", id=task["id"], betrokkene=ONLY_EMAIL)
        assert answer == {"__typename": "OngeldigeInvoer"} | NO_NUMBER


async def test_who_stands_already_may_be_named_again_and_nobody_else(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    contact = await registreer(desk, taak(ver, klantAanDeLijn=True), taak(ver), betrokkene=BAKKER)
    first, second = contact["interneTaken"]
    other = BAKKER | {"contactnaam": {"achternaam": "Visser"}}
    answer = await do(desk, "vraagTerugbellen", id=first["id"], betrokkene=other)
    assert answer["__typename"] == "BetrokkeneVersieVerouderd"
    assert answer["betrokkene"] == {"versie": 1, "contactnaam": {"achternaam": "Bakker"}}
    same = BAKKER | {"digitaleAdressen": [{"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "+31 (0)6-12345678"}]}
    answer = await do(desk, "vraagTerugbellen", id=first["id"], betrokkene=same)
    assert answer["__typename"] == "InterneTaakGewijzigd"
    assert (await do(desk, "vraagTerugbellen", id=second["id"]))["__typename"] == "InterneTaakGewijzigd"


async def test_other_open_tasks_of_the_contact_hear_that_somebody_was_noted(server: Server) -> None:
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    contact = await registreer(desk, taak(ver, klantAanDeLijn=True), taak(bur), taak(ver))
    asked, other, finished = contact["interneTaken"]
    await do(server.as_(VERGUNNINGEN), "wijzigInterneTaakStatus", id=finished["id"], status="GEDAAN")
    await do(desk, "vraagTerugbellen", id=asked["id"], betrokkene=BAKKER)
    assert await last_fact(server, asked) == "TERUGBELLEN_GEVRAAGD"
    assert await last_fact(server, other) == "CONTACTGEGEVENS_GEWIJZIGD"
    assert await last_fact(server, finished) == "GEDAAN"
    # It makes nobody's versie stale.
    answer = await do(server.as_(BURGERZAKEN), "wijzigInterneTaakStatus", id=other["id"], status="GEDAAN")
    assert answer["__typename"] == "InterneTaakGewijzigd"


async def test_a_task_is_refused_that_is_done_somebody_s_or_to_call_back_already(server: Server) -> None:
    desk, colleague = server.as_(DESK), server.as_(VERGUNNINGEN)
    taken, finished, asked = await waiting(server), await waiting(server), await waiting(server)
    await ask(colleague, DO, "neemInterneTaak", id=taken["id"])
    await do(colleague, "wijzigInterneTaakStatus", id=finished["id"], status="GEDAAN")
    await do(desk, "vraagTerugbellen", id=asked["id"], betrokkene=BAKKER)
    reasons = {}
    for task in (taken, finished, asked):
        answer = await do(desk, "vraagTerugbellen", id=task["id"], versie=2, betrokkene=BAKKER)
        assert answer["__typename"] == "OvergangGeweigerd"
        reasons[task["id"]] = answer["reden"]
    assert list(reasons.values()) == ["VAN_COLLEGA", "AL_GEDAAN", "AL_TERUGBELLEN"]


@pytest.mark.parametrize(
    ("who", "reden"),
    [(VERGUNNINGEN, "ANDERE_AFDELING"), (LEZER, "ROL"), (TOEZICHTHOUDER, "ROL")],
    ids=lambda one: getattr(one, "naam", one),
)
async def test_only_the_department_that_registered_task_and_contact_may_ask(
    server: Server, who: Any, reden: str
) -> None:
    task = await waiting(server)
    answer = await do(server.as_(who), "vraagTerugbellen", id=task["id"], betrokkene=BAKKER)
    assert answer == {"__typename": "NietBevoegd", "waarom": reden}


async def test_asking_again_after_a_lost_answer_shows_that_it_was_done(server: Server) -> None:
    desk, task = server.as_(DESK), await waiting(server)
    await do(desk, "vraagTerugbellen", id=task["id"], betrokkene=BAKKER)
    answer = await do(desk, "vraagTerugbellen", id=task["id"], betrokkene=BAKKER)
    assert answer["__typename"] == "VersieVerouderd"
    assert (answer["interneTaak"]["klantAanDeLijn"], answer["interneTaak"]["versie"]) == (False, 2)


async def test_an_attempt_is_counted_and_the_task_is_whose_it_was_or_else_the_caller_s(server: Server) -> None:
    vera, victor = server.as_(VERGUNNINGEN), server.as_(VERGUNNINGEN_COLLEGA)
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    first = (await do(vera, "registreerContactpoging", id=task["id"], toelichting="Geen gehoor."))["interneTaak"]
    assert (first["aantalContactpogingen"], first["medewerker"]["id"]) == (1, VERGUNNINGEN.subject)
    second = (await do(victor, "registreerContactpoging", id=task["id"], versie=2))["interneTaak"]
    assert (second["aantalContactpogingen"], second["medewerker"]["id"]) == (2, VERGUNNINGEN.subject)
    assert [(fact["soort"], fact["toelichting"]) for fact in second["logboek"]][1:] == [
        ("NIET_BEREIKT", "Geen gehoor."),
        ("NIET_BEREIKT", None),
    ]
    again = await do(victor, "registreerContactpoging", id=task["id"], versie=2)
    assert (again["__typename"], again["interneTaak"]["aantalContactpogingen"]) == ("VersieVerouderd", 2)


async def test_no_attempt_is_told_of_a_task_that_is_done_or_with_the_citizen_on_the_line(server: Server) -> None:
    vera, task = server.as_(VERGUNNINGEN), await waiting(server)
    answer = await do(vera, "registreerContactpoging", id=task["id"])
    assert (answer["__typename"], answer["reden"]) == ("OvergangGeweigerd", "KLANT_AAN_DE_LIJN")
    await do(vera, "wijzigInterneTaakStatus", id=task["id"], status="GEDAAN")
    answer = await do(vera, "registreerContactpoging", id=task["id"], versie=2)
    assert (answer["__typename"], answer["reden"]) == ("OvergangGeweigerd", "AL_GEDAAN")


async def test_the_answer_is_that_of_the_last_finish_and_stands_in_its_fact_alone(server: Server) -> None:
    vera, ver = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    task = await new_taak(server.as_(DESK), ver)
    status = "wijzigInterneTaakStatus"
    done = await do(vera, status, id=task["id"], status="GEDAAN", antwoord=" Dat mag. \r\n Wel melden. ")
    assert done["interneTaak"]["antwoord"] == "Dat mag. \n Wel melden."
    reopened = await do(vera, status, id=task["id"], versie=2, status="TE_DOEN", toelichting="Toch niet.")
    assert reopened["interneTaak"]["antwoord"] == "Dat mag. \n Wel melden."
    again = await do(vera, status, id=task["id"], versie=3, status="GEDAAN", antwoord="  ")
    assert again["interneTaak"]["antwoord"] is None
    facts = [(fact["soort"], fact["antwoord"]) for fact in again["interneTaak"]["logboek"]]
    assert facts == [
        ("GEREGISTREERD", None),
        ("GEDAAN", "Dat mag. \n Wel melden."),
        ("HEROPEND", None),
        ("GEDAAN", None),
    ]
    assert (await vera.data(SEARCH, tekst="melden"))["interneTaken"]["edges"] == []


async def test_an_answer_is_refused_that_is_too_long_or_comes_with_reopening(server: Server) -> None:
    vera, task = server.as_(VERGUNNINGEN), await new_taak(server.as_(DESK), server.eenheden["VER"])
    status = "wijzigInterneTaakStatus"
    answer = await do(vera, status, id=task["id"], status="GEDAAN", antwoord="x" * 1001)
    assert answer["velden"] == [{"pad": ["antwoord"], "code": "TE_LANG", "maximum": 1000}]
    answer = await do(vera, status, id=task["id"], status="GEDAAN", antwoord="\x07")
    assert answer["velden"] == [{"pad": ["antwoord"], "code": "ONGELDIG_TEKEN", "maximum": None}]
    answer = await do(vera, status, id=task["id"], status="TE_DOEN", toelichting="x", antwoord="Ja.")
    assert answer["velden"] == [{"pad": ["antwoord"], "code": "ONGELDIGE_WAARDE", "maximum": None}]
    answer = await do(vera, status, id=task["id"], status="GEDAAN", antwoord="x" * 1000)
    assert answer["__typename"] == "InterneTaakGewijzigd"
