"""Who may change what: the table "Who may do what" of the domain, every mutation by everyone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.arrange import add_taak, ask, deed, done, new_taak, registreer, taak
from tests.support.client import JSON
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.scene import person, shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template

ASK = "mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename ... on Weigering { bericht } } }"
ASK_A_TASK = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on NietGevonden { gezochtId bericht }
    ... on OngeldigeInvoer { velden { pad code } }
  }
}
"""
STANDING = """
query ($contact: ID!, $kcc: ID!, $ver: ID!, $bur: ID!, $soc: ID!) {
  klantcontacten { totalCount }
  interneTaken(filter: { klantcontactId: $contact }) {
    edges { node { id versie status medewerker { id } organisatorischeEenheid { id } } }
  }
  kcc: postvak(organisatorischeEenheidId: $kcc) { ...counted }
  ver: postvak(organisatorischeEenheidId: $ver) { ...counted }
  bur: postvak(organisatorischeEenheidId: $bur) { ...counted }
  soc: postvak(organisatorischeEenheidId: $soc) { ...counted }
}
fragment counted on Postvak { laatsteVolgnummer aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn }
"""

# Of tasks that the desk (KCC) registered for VER, that VER forwarded, and that are now in the inbox of BUR.
# yes: it is done; no: NietBevoegd; unseen: NietGevonden. The last two columns register: a task at the contact
# of those, and a contact.
TABLE = """
rollen               departments  neem   wijs_toe leg_terug gedaan heropen stuur_door trek_in note   task   contact

KCC                  KCC          no     no       no        no     no      no         yes     yes    yes    yes
BEHANDELAAR          KCC          no     no       no        no     no      no         yes     yes    yes    yes
LEZER                KCC          no     no       no        no     no      no         no      no     no     no
TOEZICHTHOUDER       KCC          no     no       no        no     no      no         no      no     no     no

KCC                  VER          no     no       no        no     no      no         no      yes    yes    yes
BEHANDELAAR          VER          no     no       no        no     no      no         no      yes    yes    yes
LEZER                VER          no     no       no        no     no      no         no      no     no     no

KCC                  BUR          yes    yes      yes       yes    yes     yes        no      yes    yes    yes
BEHANDELAAR          BUR          yes    yes      yes       yes    yes     yes        no      yes    yes    yes
LEZER                BUR          no     no       no        no     no      no         no      no     no     no
TOEZICHTHOUDER       BUR          no     no       no        no     no      no         no      no     no     no

KCC                  SOC          unseen unseen   unseen    unseen unseen  unseen     unseen  unseen unseen yes
BEHANDELAAR          SOC          unseen unseen   unseen    unseen unseen  unseen     unseen  unseen unseen yes
LEZER                SOC          unseen unseen   unseen    unseen unseen  unseen     unseen  unseen no     no
TOEZICHTHOUDER       SOC          no     no       no        no     no      no         no      no     no     no

TOEZICHTHOUDER+KCC   SOC          no     no       no        no     no      no         no      no     yes    yes
TOEZICHTHOUDER+KCC   VER          no     no       no        no     no      no         no      yes    yes    yes
TOEZICHTHOUDER+KCC   KCC          no     no       no        no     no      no         yes     yes    yes    yes
TOEZICHTHOUDER+LEZER VER          no     no       no        no     no      no         no      no     no     no
LEZER+BEHANDELAAR    BUR          yes    yes      yes       yes    yes     yes        no      yes    yes    yes
KCC                  SOC+BUR      yes    yes      yes       yes    yes     yes        no      yes    yes    yes
BEHANDELAAR          VER+KCC      no     no       no        no     no      no         yes     yes    yes    yes
KCC                  BUR+KCC      yes    yes      yes       yes    yes     yes        yes     yes    yes    yes
"""
COLUMNS, *ROWS = [line.split() for line in TABLE.splitlines() if line]

NOTE = "Zo staat het ervoor."
DEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "neem": ("neemInterneTaak", {}),
    "wijs_toe": ("wijsInterneTaakToe", {"medewerkerId": BURGERZAKEN.subject}),
    "leg_terug": ("legInterneTaakTerug", {}),
    "gedaan": ("wijzigInterneTaakStatus", {"status": "GEDAAN"}),
    "heropen": ("wijzigInterneTaakStatus", {"status": "TE_DOEN", "toelichting": NOTE}),
    "stuur_door": ("stuurInterneTaakDoor", {"toelichting": NOTE}),
    "trek_in": ("trekInterneTaakIn", {"toelichting": NOTE}),
    "note": ("voegToelichtingToe", {"toelichting": NOTE}),
}
"""Each deed: its mutation, and what that needs beside the task."""

UNGUARDED = ("neemInterneTaak", "voegToelichtingToe")
SAID = {
    "InterneTaakGewijzigd": "yes",
    "InterneTaakGeregistreerd": "yes",
    "KlantcontactGeregistreerd": "yes",
    "NietBevoegd": "no",
    "NietGevonden": "unseen",
}
UNKNOWN = "99999999-9999-4999-8999-999999999999"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(template: Template) -> AsyncIterator[Server]:
    with shared_settings(template) as settings:
        async with serving(settings, template.eenheden) as running:
            yield running


def input_of(column: str, server: Server, task: JSON) -> dict[str, Any]:
    """The input of a deed that is right but for who asks it."""
    mutation, more = DEEDS[column]
    if mutation not in UNGUARDED:
        more = more | {"versie": task["versie"]}
    if column == "stuur_door":
        more = more | {"organisatorischeEenheidId": server.eenheden["VER"]}
    return more | {"id": task["id"]}


async def forwarded_tasks(server: Server) -> tuple[str, dict[str, JSON]]:
    """A contact, and for each deed a task of it that BUR has, as far along as the deed needs it."""
    desk, ver, bur = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN))
    contact = await registreer(desk, *(taak(server.eenheden["VER"], klantAanDeLijn=True) for _ in DEEDS))
    tasks = {}
    for column, task in zip(DEEDS, contact["interneTaken"], strict=True):
        forward = {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": NOTE}
        tasks[column] = await done(ver, "stuurInterneTaakDoor", id=task["id"], versie=1, **forward)
    for column, before in (("leg_terug", "neem"), ("heropen", "gedaan")):
        mutation, _ = DEEDS[before]
        tasks[column] = await done(bur, mutation, **input_of(before, server, tasks[column]))
    return contact["id"], tasks


async def current(server: Server, contact_id: str) -> JSON:
    """How the tasks of a contact and all inboxes stand."""
    variables = {key.lower(): id_ for key, id_ in server.eenheden.items()}
    return await server.as_(TOEZICHTHOUDER).data(STANDING, contact=contact_id, **variables)


def versions(stands: JSON) -> dict[str, int]:
    """The versie of each task."""
    return {edge["node"]["id"]: edge["node"]["versie"] for edge in stands["interneTaken"]["edges"]}


def facts(stands: JSON) -> int:
    """How many facts there are in all inboxes."""
    return sum(int(stands[inbox]["laatsteVolgnummer"]) for inbox in ("kcc", "ver", "bur", "soc"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} of {row[1]}")
async def test_everyone_changes_what_they_may_and_a_refusal_stores_nothing(server: Server, row: list[str]) -> None:
    rollen, eenheden, *cells = row
    caller = server.as_(person(rollen, eenheden))
    contact_id, tasks = await forwarded_tasks(server)
    inputs = [(DEEDS[column][0], input_of(column, server, task)) for column, task in tasks.items()]
    new_task = taak(server.eenheden["VER"])
    inputs.append(("registreerInterneTaak", new_task | {"klantcontactId": contact_id}))
    inputs.append(("registreerKlantcontact", {"onderwerp": "Dakkapel", "interneTaken": [new_task]}))

    before = await current(server, contact_id)
    answers = [(await ask(caller, ASK, mutation, **input))["__typename"] for mutation, input in inputs]
    after = await current(server, contact_id)

    said = dict(zip(COLUMNS[2:], (SAID.get(answer, answer) for answer in answers), strict=True))
    assert said == dict(zip(COLUMNS[2:], cells, strict=True))
    accepted = [column for column, cell in said.items() if cell == "yes"]
    versions_before, versions_after = versions(before), versions(after)
    changed = [
        column for column, task in tasks.items() if versions_after[task["id"]] != versions_before[task["id"]]
    ]
    assert changed == [column for column in accepted if column in DEEDS]
    assert facts(after) - facts(before) == len(accepted) + accepted.count("stuur_door")
    assert len(versions_after) - len(versions_before) == accepted.count("task")
    assert (after == before) == (not accepted)


async def test_a_task_is_withdrawn_by_the_department_that_registered_it_not_by_the_one_of_its_contact(
    server: Server,
) -> None:
    desk, bur = server.as_(DESK), server.as_(BURGERZAKEN)
    contact = await registreer(desk, taak(server.eenheden["BUR"]))
    added = await add_taak(bur, contact["id"], server.eenheden["SOC"])
    withdrawal = input_of("trek_in", server, added)
    assert (await deed(desk, "trekInterneTaakIn", **withdrawal))["__typename"] == "NietBevoegd"
    assert (await done(bur, "trekInterneTaakIn", **withdrawal))["status"] == "GEDAAN"


async def test_a_department_handles_again_what_comes_back_to_it(server: Server) -> None:
    ver, bur = server.as_(VERGUNNINGEN), server.as_(BURGERZAKEN)
    _, tasks = await forwarded_tasks(server)
    task = tasks["neem"]
    assert (await deed(ver, "neemInterneTaak", id=task["id"]))["__typename"] == "NietBevoegd"
    await done(bur, "stuurInterneTaakDoor", **input_of("stuur_door", server, task))
    assert (await deed(bur, "neemInterneTaak", id=task["id"]))["__typename"] == "NietBevoegd"
    assert (await done(ver, "neemInterneTaak", id=task["id"]))["medewerker"] == {"id": VERGUNNINGEN.subject}


@pytest.mark.parametrize("column", DEEDS)
async def test_a_task_that_is_not_theirs_is_answered_like_one_that_is_not_there(
    server: Server, column: str
) -> None:
    bur, mutation = server.as_(BURGERZAKEN), DEEDS[column][0]
    task = await new_taak(server.as_(VERGUNNINGEN), server.eenheden["VER"])
    forbidden = await ask(bur, ASK_A_TASK, mutation, **input_of(column, server, task))
    unknown = await ask(bur, ASK_A_TASK, mutation, **input_of(column, server, task | {"id": UNKNOWN}))
    assert unknown["__typename"] == "NietGevonden"
    assert unknown["gezochtId"] == UNKNOWN
    assert forbidden == unknown | {"gezochtId": task["id"]}
    malformed = await ask(bur, ASK_A_TASK, mutation, **input_of(column, server, task | {"id": "geen-uuid"}))
    assert malformed["velden"] == [{"pad": ["id"], "code": "ONGELDIGE_WAARDE"}]


async def test_a_contact_that_is_not_theirs_is_answered_like_one_that_is_not_there(server: Server) -> None:
    bur = server.as_(BURGERZAKEN)
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))

    async def added_to(contact_id: str) -> JSON:
        input = taak(server.eenheden["BUR"], klantcontactId=contact_id)
        return await ask(bur, ASK_A_TASK, "registreerInterneTaak", **input)

    unknown = await added_to(UNKNOWN)
    assert unknown["__typename"] == "NietGevonden"
    assert unknown["gezochtId"] == UNKNOWN
    assert await added_to(contact["id"]) == unknown | {"gezochtId": contact["id"]}
    assert (await added_to("geen-uuid"))["velden"] == [{"pad": ["klantcontactId"], "code": "ONGELDIGE_WAARDE"}]
