"""Adding a task to a contact that stands, and the order in which registrations are refused."""

from dataclasses import replace

import jwt

from app.domain.values.moments import now
from app.settings import Settings
from tests.support.arrange import ask, command_line, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.inputs import UNKNOWN
from tests.support.people import BURGERZAKEN, DEMO_KEY, DESK, LEZER, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server

REGISTER = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd { klantcontact { id } }
    ... on Weigering { bericht }
  }
}
"""

ADD = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGeregistreerd {
      interneTaak {
        geregistreerdOp geregistreerdDoor { id } ontstaanUitKlantcontact { id }
        logboek { soort versie volgnummer }
      }
    }
    ... on NietGevonden { gezochtId }
    ... on Weigering { bericht }
  }
}
"""

INBOX = """
query ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { langstWachtendSinds } }
"""


async def register(client: Client, **input: object) -> JSON:
    return await ask(client, REGISTER, "registreerKlantcontact", onderwerp="Dakkapel", **input)


async def add(client: Client, klantcontact_id: str, eenheid: str, **more: object) -> JSON:
    input = taak(eenheid, **more) | {"klantcontactId": klantcontact_id}
    return await ask(client, ADD, "registreerInterneTaak", **input)


def after_demotion(person: Person, rol: str) -> str:
    """A token that gives an employee another role, issued after all their other tokens."""
    token = replace(person, rollen=[rol]).token()
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims | {"iat": claims["iat"] + 10}, DEMO_KEY, "HS256")


async def test_a_task_added_to_a_contact_is_the_addings_employees_and_waits_as_long_as_the_contact(
    server: Server,
) -> None:
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    while now() == contact["geregistreerdOp"]:
        pass
    added = (await add(server.as_(VERGUNNINGEN), contact["id"].upper(), server.eenheden["BUR"]))["interneTaak"]

    assert added["ontstaanUitKlantcontact"] == {"id": contact["id"]}
    assert added["geregistreerdDoor"] == {"id": VERGUNNINGEN.subject}
    assert added["geregistreerdOp"] > contact["geregistreerdOp"]
    assert added["logboek"] == [{"soort": "GEREGISTREERD", "versie": 1, "volgnummer": 1}]
    inbox = (await server.as_(BURGERZAKEN).data(INBOX, eenheid=server.eenheden["BUR"]))["postvak"]
    assert inbox["langstWachtendSinds"] == contact["geregistreerdOp"]


async def test_a_task_is_added_only_to_a_contact_that_is_known_and_theirs_to_read(
    server: Server, settings: Settings
) -> None:
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    before = stored(settings)
    for person, sought in ((DESK, UNKNOWN), (BURGERZAKEN, contact["id"])):
        answer = await add(server.as_(person), sought.upper(), server.eenheden["VER"])
        assert (answer["__typename"], answer.get("gezochtId")) == ("NietGevonden", sought)
    assert stored(settings) == before


async def test_a_department_reads_and_adds_to_a_contact_once_a_task_of_it_was_sent_to_it(server: Server) -> None:
    desk, elsewhere, bur = server.as_(DESK), server.as_(BURGERZAKEN), server.eenheden["BUR"]
    contact = await registreer(desk, taak(server.eenheden["VER"]))
    assert (await add(elsewhere, contact["id"], bur))["__typename"] == "NietGevonden"
    assert (await add(desk, contact["id"], bur))["__typename"] == "InterneTaakGeregistreerd"
    assert (await add(elsewhere, contact["id"], bur))["__typename"] == "InterneTaakGeregistreerd"


async def test_who_may_not_register_is_told_so_before_anything_else(server: Server, settings: Settings) -> None:
    desk = server.as_(DESK)
    chosen = {"id": UNKNOWN, "interneTaken": [taak(server.eenheden["VER"])]}
    contact = (await register(desk, **chosen))["klantcontact"]
    before = stored(settings)

    for client in (server.as_(LEZER), server.as_(TOEZICHTHOUDER)):
        assert (await register(client, kanaal="Postduif"))["__typename"] == "NietBevoegd"
        assert (await add(client, "x", "x"))["__typename"] == "NietBevoegd"
        assert (await add(client, contact["id"], server.eenheden["VER"]))["__typename"] == "NietBevoegd"
    assert stored(settings) == before
    # The same registration again, by one who may not any more.
    assert (await register(desk, **chosen))["__typename"] == "KlantcontactGeregistreerd"
    demoted = server.with_token(after_demotion(DESK, "LEZER"))
    assert (await register(demoted, **chosen))["__typename"] == "NietBevoegd"


async def test_the_refusals_of_a_registration_come_in_order(server: Server, settings: Settings) -> None:
    desk, ver, soc = server.as_(DESK), server.eenheden["VER"], server.eenheden["SOC"]
    used = (await registreer(desk, taak(ver)))["id"]
    same = {"id": UNKNOWN, "interneTaken": [taak(soc, medewerkerId=TOEZICHTHOUDER.subject)]}
    assert (await register(desk, **same))["__typename"] == "KlantcontactGeregistreerd"
    async with command_line(settings) as (eenheden, medewerkers):
        await eenheden.set_actief("SOC", actief=False)
        await medewerkers.set_actief(TOEZICHTHOUDER.subject, actief=False)
    before = stored(settings)

    contacts = [
        # The same registration, though it would be invalid now; invalid, with an id in use; an id in use.
        await register(desk, **same),
        await register(desk, **(same | {"id": used})),
        await register(desk, id=used),
    ]
    assert [answer["__typename"] for answer in contacts] == [
        "KlantcontactGeregistreerd",
        "OngeldigeInvoer",
        "IdAlInGebruik",
    ]
    nowhere = BURGERZAKEN.subject
    tasks = [
        # All at a contact that is not there: malformed or inactive, with an id in use; an id in use; else right.
        await add(desk, nowhere, "x", id=used),
        await add(desk, nowhere, soc, id=used),
        await add(desk, nowhere, ver, id=used),
        await add(desk, nowhere, ver),
    ]
    assert [answer["__typename"] for answer in tasks] == [
        "OngeldigeInvoer",
        "OngeldigeInvoer",
        "IdAlInGebruik",
        "NietGevonden",
    ]
    assert stored(settings) == before
