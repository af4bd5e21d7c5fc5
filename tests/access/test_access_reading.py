"""Who may read what: the table "Who may do what" of the domain, a row for each role in each department."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.support.client import JSON
from tests.support.each import each
from tests.support.interpreting import interpreted
from tests.support.people import DESK, EENHEDEN, EVERYBODY, VERGUNNINGEN
from tests.support.scene import IN_INBOX, READERS, Reader, Scene, arranged, shared_settings
from tests.support.server import serving
from tests.support.template import Template

CONTACT = "query ($id: ID!) { klantcontact(id: $id) { id onderwerp interneTaken { id } } }"
CONTACTS = """
query ($filter: KlantcontactFilter) { klantcontacten(filter: $filter) { totalCount edges { node { id } } } }
"""
TASK = "query ($id: ID!) { interneTaak(id: $id) { id gevraagdeHandeling ontstaanUitKlantcontact { onderwerp } } }"
TASKS = "query ($filter: InterneTaakFilter) { interneTaken(filter: $filter) { totalCount edges { node { id } } } }"
LOG = """
query ($id: ID!) {
  interneTaak(id: $id) {
    logboek {
      soort organisatorischeEenheid { identificatie }
      postvak {
        interneTaken { totalCount edges { node { id } } }
        open: interneTaken(filter: { status: TE_DOEN }) { totalCount edges { node { id } } }
      }
    }
  }
}
"""
INBOX = """
query ($id: ID!) {
  postvak(organisatorischeEenheidId: $id) {
    aantalTeDoen interneTaken { totalCount edges { node { id } } }
  }
}
"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
DEPARTMENTS = "query { organisatorischeEenheden(actief: null) { identificatie medewerkers { naam } } }"
PRESENCE = "query { organisatorischeEenheden { identificatie aantalMetPostvakOpen } }"
ME = "query { ik { medewerker { id naam } rollen postvakken { organisatorischeEenheid { identificatie } } } }"
FOLLOW = "subscription ($id: ID!) { postvak(organisatorischeEenheidId: $id, na: 0) { volgnummer } }"

NUMBERS = """
query ($contact: ID!, $taak: ID!) { klantcontact(id: $contact) { nummer } interneTaak(id: $taak) { nummer } }
"""

UNKNOWN = "99999999-9999-4999-8999-999999999999"
MALFORMED = "geen-uuid"

pytestmark = pytest.mark.asyncio(loop_scope="module")
each_reader = pytest.mark.parametrize("reader", READERS, ids=str)


# Reading changes nothing, so all tests read one scene.
@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["by a plan", "by graphql-core"])
async def scene(template: Template, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    with shared_settings(template) as settings:
        async with serving(settings, template.eenheden) as server:
            yield await arranged(server if request.param == "by a plan" else interpreted(server))


def listed(connection: JSON, ids: dict[str, str]) -> set[str]:
    """The names of what a list has; its totalCount counts exactly that."""
    names = {id_: name for name, id_ in ids.items()}
    found = {names[edge["node"]["id"]] for edge in connection["edges"]}
    assert connection["totalCount"] == len(connection["edges"]) == len(found)
    return found


@each_reader
async def test_a_contact_is_read_by_who_registered_it_and_by_who_may_read_a_task_of_it(
    scene: Scene, reader: Reader
) -> None:
    client = scene.as_(reader)
    found = {name for name, id_ in scene.contacts.items() if (await client.data(CONTACT, id=id_))["klantcontact"]}
    assert found == reader.contacts


@each_reader
async def test_the_list_of_contacts_has_and_counts_what_may_be_read(scene: Scene, reader: Reader) -> None:
    answer = await scene.as_(reader).data(CONTACTS)
    assert listed(answer["klantcontacten"], scene.contacts) == reader.contacts


@each_reader
async def test_a_task_is_read_where_it_is_where_it_was_and_where_it_or_its_contact_was_registered(
    scene: Scene, reader: Reader
) -> None:
    client = scene.as_(reader)
    found = {name for name, id_ in scene.tasks.items() if (await client.data(TASK, id=id_))["interneTaak"]}
    assert found == reader.tasks


@each_reader
async def test_the_list_of_tasks_has_and_counts_what_may_be_read(scene: Scene, reader: Reader) -> None:
    answer = await scene.as_(reader).data(TASKS)
    assert listed(answer["interneTaken"], scene.tasks) == reader.tasks


@each_reader
async def test_a_contact_shows_only_those_of_its_tasks_that_may_be_read(scene: Scene, reader: Reader) -> None:
    contact = (await scene.as_(reader).data(CONTACT, id=scene.contacts["shared"]))["klantcontact"]
    of_shared = {name: scene.tasks[name] for name in ("forwarded", "added")}
    shown = [task["id"] for task in contact["interneTaken"]]
    assert shown == [id_ for name, id_ in of_shared.items() if name in reader.tasks]


@each_reader
async def test_an_inbox_is_read_by_its_own_department_and_by_a_toezichthouder(scene: Scene, reader: Reader) -> None:
    client = scene.as_(reader)
    for name, eenheid in each(scene.server.eenheden.items()):
        answer = await client.answer(INBOX, id=eenheid)
        if name in reader.inboxes:
            assert listed(answer["data"]["postvak"]["interneTaken"], scene.tasks) == {IN_INBOX[name]}
            assert answer["data"]["postvak"]["aantalTeDoen"] == 1
        else:
            assert answer["data"] == {"postvak": None}
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["NIET_BEVOEGD"]


@each_reader
async def test_an_inbox_that_a_fact_leads_to_lists_only_tasks_that_may_be_read(
    scene: Scene, reader: Reader
) -> None:
    client = scene.as_(reader)
    for name in each(reader.tasks):
        for fact in each((await client.data(LOG, id=scene.tasks[name]))["interneTaak"]["logboek"]):
            inbox = IN_INBOX[fact["organisatorischeEenheid"]["identificatie"]]
            for asked in ("interneTaken", "open"):
                assert listed(fact["postvak"][asked], scene.tasks) == {inbox} & reader.tasks


@each_reader
@pytest.mark.parametrize("more", [{}, {"toegewezen": False}], ids=["to be done", "of those nobody's"])
async def test_what_the_counters_of_an_inbox_have_is_not_told_to_who_may_not_read_it(
    scene: Scene, reader: Reader, more: dict[str, bool]
) -> None:
    client = scene.as_(reader)
    for name, eenheid in each(scene.server.eenheden.items()):
        asked = {"organisatorischeEenheidId": eenheid, "status": "TE_DOEN"} | more
        found = (await client.data(TASKS, filter=asked))["interneTaken"]
        assert listed(found, scene.tasks) == {IN_INBOX[name]} & reader.tasks


@each_reader
async def test_node_finds_whatever_may_be_read_by_its_id(scene: Scene, reader: Reader) -> None:
    client = scene.as_(reader)
    expected = {id_: ("Klantcontact", name in reader.contacts) for name, id_ in scene.contacts.items()}
    expected |= {id_: ("InterneTaak", name in reader.tasks) for name, id_ in scene.tasks.items()}
    expected |= {id_: ("Postvak", name in reader.inboxes) for name, id_ in scene.inboxes.items()}
    expected |= dict.fromkeys(scene.server.eenheden.values(), ("OrganisatorischeEenheid", True))
    expected |= {who.subject: ("Medewerker", True) for who in (DESK, VERGUNNINGEN)}
    found = {id_: (await client.data(NODE, id=id_))["node"] for id_ in expected}
    assert found == {id_: {"__typename": of, "id": id_} if may else None for id_, (of, may) in expected.items()}


@each_reader
async def test_node_finds_every_fact_of_a_task_that_may_be_read(scene: Scene, reader: Reader) -> None:
    client = scene.as_(reader)
    for id_, name in each(scene.facts.items()):
        found = {"__typename": "Gebeurtenis", "id": id_} if name in reader.tasks else None
        assert (await client.data(NODE, id=id_))["node"] == found


@each_reader
async def test_everyone_reads_all_departments_and_the_names_of_all_colleagues(scene: Scene, reader: Reader) -> None:
    answer = await scene.as_(reader).data(DEPARTMENTS)
    found = {
        eenheid["identificatie"]: {who["naam"] for who in eenheid["medewerkers"]}
        for eenheid in answer["organisatorischeEenheden"]
    }
    assert found.keys() == EENHEDEN.keys()
    for who in EVERYBODY:
        assert who.naam in found[who.eenheden[0]]


@each_reader
async def test_ik_tells_roles_and_own_inboxes_the_first_one_first(scene: Scene, reader: Reader) -> None:
    ik = (await scene.as_(reader).data(ME))["ik"]
    assert ik["medewerker"] == {"id": reader.person.subject, "naam": reader.person.naam}
    assert sorted(ik["rollen"]) == sorted(reader.person.rollen)
    own = [postvak["organisatorischeEenheid"]["identificatie"] for postvak in ik["postvakken"]]
    assert own == reader.person.eenheden


async def test_a_department_goes_on_reading_every_fact_of_what_it_has_forwarded(scene: Scene) -> None:
    task = (await scene.server.as_(VERGUNNINGEN).data(LOG, id=scene.tasks["forwarded"]))["interneTaak"]
    assert [(fact["organisatorischeEenheid"]["identificatie"], fact["soort"]) for fact in task["logboek"]] == [
        ("VER", "GEREGISTREERD"),
        ("VER", "DOORGESTUURD"),
        ("BUR", "ONTVANGEN"),
    ]


@pytest.mark.parametrize(
    ("document", "not_his"),
    [
        (CONTACT, lambda scene: [scene.contacts["inner"], scene.tasks["forwarded"]]),
        (TASK, lambda scene: [scene.tasks["inner"], scene.contacts["shared"]]),
        (NODE, lambda scene: [scene.contacts["inner"], scene.tasks["inner"], scene.inboxes["VER"]]),
        (INBOX, lambda scene: [scene.server.eenheden["VER"], scene.inboxes["KCC"]]),
    ],
    ids=["klantcontact", "interneTaak", "node", "postvak"],
)
async def test_unknown_malformed_and_forbidden_are_answered_alike(
    scene: Scene, document: str, not_his: Callable[[Scene], list[str]]
) -> None:
    desk = scene.server.as_(DESK)
    unknown = await desk.answer(document, id=UNKNOWN)
    assert list(unknown["data"].values()) == [None]
    assert ("errors" in unknown) == (document == INBOX)
    for id_ in [MALFORMED, "", *not_his(scene)]:
        assert await desk.answer(document, id=id_) == unknown


@pytest.mark.parametrize(
    "by", ["nummer", "klantcontactId", "klantcontactNummer", "verzondenDoorEenheidId", "zoektekst"]
)
async def test_no_filter_leads_to_a_task_that_may_not_be_read(scene: Scene, by: str) -> None:
    contact, task = scene.contacts["inner"], scene.tasks["inner"]
    own = scene.server.as_(VERGUNNINGEN)
    numbers = await own.data(NUMBERS, contact=contact, taak=task)
    value = {
        "nummer": numbers["interneTaak"]["nummer"],
        "klantcontactId": contact,
        "klantcontactNummer": numbers["klantcontact"]["nummer"],
        "verzondenDoorEenheidId": scene.server.eenheden["VER"],
        "zoektekst": numbers["klantcontact"]["nummer"],
    }[by]
    assert listed((await own.data(TASKS, filter={by: value}))["interneTaken"], scene.tasks) == {"inner"}
    answer = await scene.server.as_(DESK).data(TASKS, filter={by: value})
    assert answer["interneTaken"] == {"totalCount": 0, "edges": []}


async def test_the_number_of_a_task_that_may_not_be_read_does_not_lead_to_its_contact(scene: Scene) -> None:
    """Vergunningen reads the contact by another task of it."""
    desk, collega = scene.server.as_(DESK), scene.server.as_(VERGUNNINGEN)
    numbers = await desk.data(NUMBERS, contact=scene.contacts["shared"], taak=scene.tasks["added"])
    sought = {"zoektekst": numbers["interneTaak"]["nummer"]}
    found = await desk.data(CONTACTS, filter=sought)
    assert listed(found["klantcontacten"], scene.contacts) == {"shared"}
    hidden = await collega.data(CONTACTS, filter=sought)
    assert hidden["klantcontacten"] == {"totalCount": 0, "edges": []}
