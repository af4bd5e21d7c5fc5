"""Who may follow what: the table "Who may do what" of the domain, for both subscriptions."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.support.arrange import done, new_taak
from tests.support.client import Client
from tests.support.each import each
from tests.support.people import BURGERZAKEN, DESK, LEZER, VERGUNNINGEN
from tests.support.scene import READERS, Reader, Scene, arranged, shared_settings
from tests.support.server import serving
from tests.support.template import Template

INBOX = """
subscription ($id: ID!, $na: Int) { postvak(organisatorischeEenheidId: $id, na: $na) { volgnummer soort } }
"""
TASK = """
subscription ($id: ID!, $na: Int) {
  interneTaak(id: $id, naVersie: $na) { versie soort organisatorischeEenheid { identificatie } }
}
"""
PLACE = "query ($id: ID!) { postvak(organisatorischeEenheidId: $id) { laatsteVolgnummer } }"

UNKNOWN = "99999999-9999-4999-8999-999999999999"
MALFORMED = "geen-uuid"

pytestmark = pytest.mark.asyncio(loop_scope="module")
each_reader = pytest.mark.parametrize("reader", READERS, ids=str)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(template: Template) -> AsyncIterator[Scene]:
    with shared_settings(template) as settings:
        async with serving(settings, template.eenheden) as server:
            yield await arranged(server)


async def followed(client: Client, document: str, ids: dict[str, str]) -> set[str]:
    """The names of what may be followed: the first fact comes. All else is one error, and no more of it."""
    found = set()
    for name, id_ in each(ids.items()):
        async with client.follow(document, id=id_, na=0) as stream:
            first = await stream.message()
            if first["type"] == "next":
                [fact] = first["payload"]["data"].values()
                assert fact["volgnummer" if document == INBOX else "versie"] == 1
                found.add(name)
            else:
                assert first["type"] == "error"
                assert [error["extensions"]["code"] for error in first["payload"]] == ["NIET_BEVOEGD"]
                assert await stream.is_quiet()
    return found


@each_reader
async def test_a_task_is_followed_by_who_may_read_it(scene: Scene, reader: Reader) -> None:
    assert await followed(scene.as_(reader), TASK, scene.tasks) == reader.tasks


@each_reader
async def test_an_inbox_is_followed_by_its_own_department_and_by_a_toezichthouder(
    scene: Scene, reader: Reader
) -> None:
    assert await followed(scene.as_(reader), INBOX, scene.server.eenheden) == reader.inboxes


@pytest.mark.parametrize("place", [{}, {"na": 0}, {"na": 1_000_000}], ids=["from now on", "replayed", "beyond"])
@pytest.mark.parametrize(
    ("document", "not_his"),
    [
        (INBOX, lambda scene: [scene.server.eenheden["VER"], scene.inboxes["KCC"]]),
        (TASK, lambda scene: [scene.tasks["inner"], scene.contacts["shared"]]),
    ],
    ids=["postvak", "interneTaak"],
)
async def test_unknown_malformed_and_forbidden_are_refused_alike(
    scene: Scene, document: str, not_his: Callable[[Scene], list[str]], place: dict[str, Any]
) -> None:
    desk, refusals = scene.server.as_(DESK), []
    for id_ in [UNKNOWN, MALFORMED, "", *not_his(scene)]:
        async with desk.follow(document, id=id_, **place) as stream:
            refusals.append(await stream.message())
    assert refusals[0]["type"] == "error"
    assert [error["extensions"]["code"] for error in refusals[0]["payload"]] == ["NIET_BEVOEGD"]
    assert refusals == [refusals[0]] * len(refusals)


async def test_a_refused_subscription_leaves_the_others_on_its_socket_alone(scene: Scene) -> None:
    async with scene.server.as_(DESK).socket() as socket:
        refused = await socket.subscribe(INBOX, id=scene.server.eenheden["VER"])
        assert await refused.refused() == ["NIET_BEVOEGD"]
        allowed = await socket.subscribe(INBOX, id=scene.server.eenheden["KCC"], na=0)
        assert (await allowed.next())["postvak"]["volgnummer"] == 1


async def test_the_desk_and_who_forwarded_a_task_go_on_following_it_wherever_it_goes(scene: Scene) -> None:
    server = scene.server
    desk, ver, bur = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN))
    task = await new_taak(desk, server.eenheden["VER"])
    async with desk.follow(TASK, id=task["id"], na=1) as card, ver.follow(TASK, id=task["id"], na=1) as forwarded:
        forward = {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": "Voor burgerzaken."}
        sent = await done(ver, "stuurInterneTaakDoor", id=task["id"], versie=1, **forward)
        await done(bur, "neemInterneTaak", id=task["id"])
        await done(bur, "wijzigInterneTaakStatus", id=task["id"], versie=sent["versie"] + 1, status="GEDAAN")
        for stream in (card, forwarded):
            facts = [(await stream.next())["interneTaak"] for _ in range(4)]
            assert [
                (fact["versie"], fact["organisatorischeEenheid"]["identificatie"], fact["soort"]) for fact in facts
            ] == [
                (2, "VER", "DOORGESTUURD"),
                (3, "BUR", "ONTVANGEN"),
                (4, "BUR", "GENOMEN"),
                (5, "BUR", "GEDAAN"),
            ]


async def test_an_inbox_hears_no_more_of_a_task_once_it_is_forwarded(scene: Scene) -> None:
    """The next thing that the inbox hears of is another task."""
    server = scene.server
    desk, ver, bur = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN))
    task = await new_taak(desk, server.eenheden["VER"])
    place = (await ver.data(PLACE, id=server.eenheden["VER"]))["postvak"]["laatsteVolgnummer"]
    async with server.as_(LEZER).follow(INBOX, id=server.eenheden["VER"], na=place) as dashboard:
        forward = {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": "Voor burgerzaken."}
        await done(ver, "stuurInterneTaakDoor", id=task["id"], versie=1, **forward)
        await done(bur, "neemInterneTaak", id=task["id"])
        await new_taak(desk, server.eenheden["VER"])
        heard = [(await dashboard.next())["postvak"]["soort"] for _ in range(2)]
    assert heard == ["DOORGESTUURD", "GEREGISTREERD"]
