"""Reading one object: every field of a contact, a task and a fact, and what it means."""

import re

import pytest

from app.domain.values.moments import now
from app.settings import Settings
from tests.support.arrange import add_taak, command_line, done, new_taak, registreer, taak
from tests.support.each import each
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

KLANTCONTACT = """
query ($id: ID!) {
  klantcontact(id: $id) {
    __typename id nummer geregistreerdOp kanaal initiatiefnemer onderwerp inhoud
    medewerker { id } organisatorischeEenheid { id } interneTaken { id }
  }
}
"""

INTERNE_TAAK = """
query ($id: ID!) {
  interneTaak(id: $id) {
    __typename id nummer geregistreerdOp status klantAanDeLijn gevraagdeHandeling toelichting versie gedaanOp
    geregistreerdDoor { id } ontstaanUitKlantcontact { id } medewerker { id } organisatorischeEenheid { id }
    gedaanDoor { id } laatsteGebeurtenis { id } logboek { id }
  }
}
"""

LOGBOEK = """
query ($id: ID!) {
  interneTaak(id: $id) {
    geregistreerdOp gedaanOp laatsteGebeurtenis { versie }
    logboek {
      __typename id volgnummer versie soort tijdstip status toelichting
      door { naam } medewerker { naam } organisatorischeEenheid { identificatie }
      andereOrganisatorischeEenheid { identificatie }
      postvak { aantalTeDoen organisatorischeEenheid { identificatie } } interneTaak { id versie }
    }
  }
}
"""

NUMMER = re.compile("[1-9][0-9]{9}")


@pytest.fixture
def server(either_way: Server) -> Server:
    """Both read alike."""
    return either_way


async def test_a_contact_shows_what_was_typed_and_what_the_server_filled_in(server: Server) -> None:
    desk = server.as_(DESK)
    before = now()
    registered = await registreer(
        desk,
        kanaal="Balie",
        initiatiefnemer="GEMEENTE",
        onderwerp="Verlopen paspoort",
        inhoud="Eerste regel.\nTweede regel.",
    )
    contact = (await desk.data(KLANTCONTACT, id=registered["id"]))["klantcontact"]
    assert contact == {
        "__typename": "Klantcontact",
        "id": registered["id"],
        "nummer": registered["nummer"],
        "geregistreerdOp": registered["geregistreerdOp"],
        "kanaal": "Balie",
        "initiatiefnemer": "GEMEENTE",
        "onderwerp": "Verlopen paspoort",
        "inhoud": "Eerste regel.\nTweede regel.",
        "medewerker": {"id": DESK.subject},
        "organisatorischeEenheid": {"id": server.eenheden["KCC"]},
        "interneTaken": [],
    }
    assert NUMMER.fullmatch(contact["nummer"])
    assert before <= contact["geregistreerdOp"] <= now()


async def test_a_contacts_tasks_stand_oldest_first_and_those_of_one_registration_as_they_were_given(
    server: Server,
) -> None:
    desk = server.as_(DESK)
    eenheden = ["VER", "BUR", "SOC", "KCC"] * 3
    contact = await registreer(desk, *(taak(server.eenheden[eenheid]) for eenheid in eenheden))
    given = [one["organisatorischeEenheid"]["id"] for one in contact["interneTaken"]]
    assert given == [server.eenheden[eenheid] for eenheid in eenheden]

    later = [await add_taak(desk, contact["id"], server.eenheden[eenheid]) for eenheid in ("BUR", "VER")]
    found = (await desk.data(KLANTCONTACT, id=contact["id"]))["klantcontact"]["interneTaken"]
    assert found == [{"id": one["id"]} for one in [*contact["interneTaken"], *later]]


async def test_of_a_contact_only_the_tasks_that_the_caller_may_read_are_shown(server: Server) -> None:
    contact = await registreer(server.as_(DESK), *(taak(server.eenheden[key]) for key in ("BUR", "VER", "BUR")))
    found = (await server.as_(VERGUNNINGEN).data(KLANTCONTACT, id=contact["id"]))["klantcontact"]
    assert found["interneTaken"] == [{"id": contact["interneTaken"][1]["id"]}]


async def test_a_task_shows_what_was_asked_who_has_it_and_when_it_was_finished(server: Server) -> None:
    desk, collega, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
    contact = await registreer(desk)
    new = await add_taak(
        desk, contact["id"], eenheid, klantAanDeLijn=True, toelichting="Klant is slechthorend.\nGraag duidelijk."
    )
    first = (await collega.data(INTERNE_TAAK, id=new["id"]))["interneTaak"]
    assert first == {
        "__typename": "InterneTaak",
        "id": new["id"],
        "nummer": first["nummer"],
        "geregistreerdOp": first["geregistreerdOp"],
        "geregistreerdDoor": {"id": DESK.subject},
        "ontstaanUitKlantcontact": {"id": contact["id"]},
        "status": "TE_DOEN",
        "klantAanDeLijn": True,
        "gevraagdeHandeling": "Overname gesprek met klant",
        "toelichting": "Klant is slechthorend.\nGraag duidelijk.",
        "medewerker": None,
        "organisatorischeEenheid": {"id": eenheid},
        "gedaanOp": None,
        "gedaanDoor": None,
        "versie": 1,
        "laatsteGebeurtenis": first["logboek"][0],
        "logboek": first["logboek"],
    }
    assert NUMMER.fullmatch(first["nummer"])
    assert first["nummer"] != contact["nummer"]
    assert contact["geregistreerdOp"] <= first["geregistreerdOp"] <= now()
    assert len(first["logboek"]) == 1

    await done(collega, "neemInterneTaak", id=new["id"])
    taken = (await collega.data(INTERNE_TAAK, id=new["id"]))["interneTaak"]
    changes = {"medewerker": {"id": VERGUNNINGEN.subject}, "versie": 2, "laatsteGebeurtenis": taken["logboek"][1]}
    assert taken == first | changes | {"logboek": [*first["logboek"], taken["logboek"][1]]}

    before = now()
    await done(server.as_(VERGUNNINGEN_COLLEGA), "wijzigInterneTaakStatus", id=new["id"], versie=2, status="GEDAAN")
    finished = (await collega.data(INTERNE_TAAK, id=new["id"]))["interneTaak"]
    assert finished["status"] == "GEDAAN"
    assert finished["gedaanDoor"] == {"id": VERGUNNINGEN_COLLEGA.subject}
    assert finished["medewerker"] == {"id": VERGUNNINGEN.subject}
    assert before <= finished["gedaanOp"] <= now()

    await done(
        collega, "wijzigInterneTaakStatus", id=new["id"], versie=3, status="TE_DOEN", toelichting="Toch niet."
    )
    reopened = (await collega.data(INTERNE_TAAK, id=new["id"]))["interneTaak"]
    # Nobody is on the line any more.
    changes = {
        "klantAanDeLijn": False,
        "versie": 4,
        "laatsteGebeurtenis": reopened["logboek"][3],
        "logboek": reopened["logboek"],
    }
    assert reopened == taken | changes


async def test_the_logbook_tells_every_fact_by_versie(server: Server) -> None:
    desk, vera, bo = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN))
    new = await new_taak(desk, server.eenheden["VER"])
    asked = {"id": new["id"]}
    await done(vera, "neemInterneTaak", **asked)
    await done(desk, "voegToelichtingToe", **asked, toelichting="Zij belt terug.")
    await done(vera, "legInterneTaakTerug", **asked, versie=3, toelichting="Lunch.")
    await done(vera, "wijsInterneTaakToe", **asked, versie=4, medewerkerId=VERGUNNINGEN_COLLEGA.subject)
    away = {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": "Voor jullie."}
    await done(vera, "stuurInterneTaakDoor", **asked, versie=5, **away)
    await done(bo, "wijzigInterneTaakStatus", **asked, versie=7, status="GEDAAN", toelichting="Gebeld.")
    await done(bo, "wijzigInterneTaakStatus", **asked, versie=8, status="TE_DOEN", toelichting="Toch niet.")
    await done(bo, "legInterneTaakTerug", **asked, versie=9)
    await done(desk, "trekInterneTaakIn", **asked, versie=10, toelichting="Opgehangen.")

    found = (await server.as_(TOEZICHTHOUDER).data(LOGBOEK, id=new["id"]))["interneTaak"]
    d, v, c, b = DESK.naam, VERGUNNINGEN.naam, VERGUNNINGEN_COLLEGA.naam, BURGERZAKEN.naam
    assert [
        (
            fact["versie"],
            fact["soort"],
            fact["organisatorischeEenheid"]["identificatie"],
            fact["volgnummer"],
            fact["door"]["naam"],
            fact["status"],
            fact["medewerker"] and fact["medewerker"]["naam"],
            fact["andereOrganisatorischeEenheid"] and fact["andereOrganisatorischeEenheid"]["identificatie"],
            fact["toelichting"],
        )
        for fact in found["logboek"]
    ] == [
        (1, "GEREGISTREERD", "VER", 1, d, "TE_DOEN", None, None, None),
        (2, "GENOMEN", "VER", 2, v, "TE_DOEN", v, None, None),
        (3, "TOEGELICHT", "VER", 3, d, "TE_DOEN", v, None, "Zij belt terug."),
        (4, "TERUGGELEGD", "VER", 4, v, "TE_DOEN", None, None, "Lunch."),
        (5, "TOEGEWEZEN", "VER", 5, v, "TE_DOEN", c, None, None),
        (6, "DOORGESTUURD", "VER", 6, v, "TE_DOEN", None, "BUR", "Voor jullie."),
        (7, "ONTVANGEN", "BUR", 1, v, "TE_DOEN", None, "VER", "Voor jullie."),
        (8, "GEDAAN", "BUR", 2, b, "GEDAAN", b, None, "Gebeld."),
        (9, "HEROPEND", "BUR", 3, b, "TE_DOEN", b, None, "Toch niet."),
        (10, "TERUGGELEGD", "BUR", 4, b, "TE_DOEN", None, None, None),
        (11, "INGETROKKEN", "BUR", 5, d, "GEDAAN", None, None, "Opgehangen."),
    ]
    moments = [fact["tijdstip"] for fact in found["logboek"]]
    assert moments == sorted(moments)
    assert (moments[0], moments[-1]) == (found["geregistreerdOp"], found["gedaanOp"])
    assert moments[5] == moments[6]
    assert len({fact["id"] for fact in found["logboek"]}) == 11
    assert {fact["__typename"] for fact in found["logboek"]} == {"Gebeurtenis"}


async def test_a_fact_shows_the_task_and_the_inbox_as_they_are_now(server: Server) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    new = await new_taak(desk, eenheid)
    await new_taak(desk, eenheid)
    await done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=new["id"])
    found = (await server.as_(VERGUNNINGEN).data(LOGBOEK, id=new["id"]))["interneTaak"]
    assert found["laatsteGebeurtenis"] == {"versie": 2}
    for fact in each(found["logboek"]):
        assert fact["interneTaak"] == {"id": new["id"], "versie": 2}
        assert fact["postvak"] == {"aantalTeDoen": 2, "organisatorischeEenheid": {"identificatie": "VER"}}


async def test_what_the_system_itself_did_was_done_by_nobody(server: Server, settings: Settings) -> None:
    new = await new_taak(server.as_(DESK), server.eenheden["VER"], medewerkerId=VERGUNNINGEN_COLLEGA.subject)
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(VERGUNNINGEN_COLLEGA.subject, actief=False)
    fact = (await server.as_(DESK).data(LOGBOEK, id=new["id"]))["interneTaak"]["logboek"][1]
    assert (fact["soort"], fact["door"], fact["medewerker"]) == ("TERUGGELEGD", None, None)
