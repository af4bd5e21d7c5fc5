"""Ids that the consumer chooses: their form, and that one id means one object."""

from app.settings import Settings
from tests.support.arrange import ask, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.inputs import Input
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server

REGISTER = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd { klantcontact { id interneTaken { id } } }
    ...Nee
  }
}
"""

ADD = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGeregistreerd { interneTaak { id } }
    ...Nee
  }
}
"""

NEE = """
fragment Nee on Weigering {
  ... on OngeldigeInvoer { velden { pad code } }
  ... on IdAlInGebruik { gekozenId }
}
"""

IDS = """
query ($taak: ID!) { ik { postvakken { id } } interneTaak(id: $taak) { logboek { id } } }
"""

CHOSEN = "abcdef00-0000-4000-8000-00000000000c"
CHOSEN_TASK = "abcdef00-0000-4000-8000-00000000000d"
NIL = "00000000-0000-0000-0000-000000000000"


async def register(client: Client, *taken: Input, **more: object) -> JSON:
    input = {"onderwerp": "Dakkapel", "interneTaken": list(taken)}
    return await ask(client, REGISTER + NEE, "registreerKlantcontact", **input, **more)


async def add(client: Client, contact_id: str, task: Input) -> JSON:
    return await ask(client, ADD + NEE, "registreerInterneTaak", **task, klantcontactId=contact_id)


async def test_a_chosen_id_may_be_in_any_case_and_is_kept_in_lower_case(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    first = await register(desk, taak(ver, id=CHOSEN_TASK.upper()), id=CHOSEN.title())
    assert first["klantcontact"] == {"id": CHOSEN, "interneTaken": [{"id": CHOSEN_TASK}]}
    chosen = "ABCDEF00-0000-4000-8000-00000000000E"
    assert (await add(desk, CHOSEN, taak(ver, id=chosen)))["interneTaak"] == {"id": chosen.lower()}


async def test_one_id_given_twice_is_refused(server: Server, settings: Settings) -> None:
    before = stored(settings)
    twice = [CHOSEN_TASK, CHOSEN.upper(), CHOSEN_TASK.upper(), CHOSEN_TASK, None, None]
    taken = [taak(server.eenheden["VER"], id=id_) for id_ in twice]
    assert (await register(server.as_(DESK), *taken, id=CHOSEN))["velden"] == [
        {"pad": ["interneTaken", place, "id"], "code": "DUBBEL"} for place in "123"
    ]
    assert stored(settings) == before


async def test_a_chosen_id_is_a_uuid_in_hyphenated_form_and_not_the_nil_uuid(
    server: Server, settings: Settings
) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    contact = await registreer(desk)
    before = stored(settings)
    no_ids = ["", "dakkapel", CHOSEN.replace("-", ""), f"{{{CHOSEN}}}", f"urn:uuid:{CHOSEN}", f" {CHOSEN}"]
    no_ids += [f"{CHOSEN}\n", CHOSEN.replace("0", "０"), CHOSEN.replace("f", "g"), CHOSEN[:-1]]
    for chosen in (NIL, *no_ids, 5):
        answers = [
            await register(desk, id=chosen),
            await register(desk, taak(ver), taak(ver, id=chosen)),
            await add(desk, contact["id"], taak(ver, id=chosen)),
        ]
        assert [answer.get("velden") for answer in answers] == [
            [{"pad": ["id"], "code": "ONGELDIGE_WAARDE"}],
            [{"pad": ["interneTaken", "1", "id"], "code": "ONGELDIGE_WAARDE"}],
            [{"pad": ["id"], "code": "ONGELDIGE_WAARDE"}],
        ], chosen
    assert stored(settings) == before


async def test_an_id_that_any_other_object_has_is_in_use(server: Server, settings: Settings) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    contact = await registreer(desk, taak(ver))
    [task] = contact["interneTaken"]
    found = await desk.data(IDS, taak=task["id"])
    used = {
        "department": ver,
        "employee": VERGUNNINGEN.subject,
        "postvak": found["ik"]["postvakken"][0]["id"],
        "fact": found["interneTaak"]["logboek"][0]["id"],
        "task": task["id"],
        "contact": contact["id"],
    }
    before = stored(settings)
    for kind, chosen in used.items():
        right = taak(ver, id=chosen.upper())
        answers = [
            await register(desk, id=chosen.upper()),
            await register(desk, taak(ver), right),
            await add(desk, contact["id"], right),
        ]
        assert answers == [{"__typename": "IdAlInGebruik", "gekozenId": chosen}] * 3, kind
    assert stored(settings) == before
