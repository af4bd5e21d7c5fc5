"""Following an inbox or a task: every fact after a place, in order, none missing, none twice."""

import asyncio
from typing import Any

import pytest

from app.domain.lifecycle import Neem
from app.domain.model import Rol
from app.domain.rights import Login
from app.service.handle import Handle
from app.service.verwerking import Verwerking
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.storage.engine.database import Database
from tests.support.arrange import deed, done, new_taak, registreer, taak
from tests.support.client import Stream
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving
from tests.support.template import Template

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer versie soort interneTaak { id } organisatorischeEenheid { id }
  }
}
"""

TAAK = """
subscription ($taak: ID!, $na: Int) {
  interneTaak(id: $taak, naVersie: $na) {
    versie soort organisatorischeEenheid { id } andereOrganisatorischeEenheid { id } door { id }
  }
}
"""

PLACE = "query ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { laatsteVolgnummer } }"


async def numbers(stream: Stream, count: int) -> list[int]:
    return [(await stream.next())["postvak"]["volgnummer"] for _ in range(count)]


async def test_a_stream_replays_what_came_after_na_and_goes_on_live(server: Server) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    for _ in range(5):
        await new_taak(desk, eenheid)
    async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=2) as inbox:
        assert await numbers(inbox, 3) == [3, 4, 5]
        await new_taak(desk, eenheid)
        assert await numbers(inbox, 1) == [6]


@pytest.mark.parametrize("variables", [{}, {"na": None}])
async def test_without_na_a_stream_begins_now(server: Server, variables: dict[str, Any]) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    await new_taak(desk, eenheid)
    async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, **variables) as inbox:
        # Nothing tells that a subscription has begun but its first fact: register until it comes.
        first = asyncio.create_task(inbox.next())
        while not first.done():
            await new_taak(desk, eenheid)
        begun = (await first)["postvak"]["volgnummer"]
        assert begun > 1
        last = (await server.as_(VERGUNNINGEN).data(PLACE, eenheid=eenheid))["postvak"]["laatsteVolgnummer"]
        assert await numbers(inbox, last - begun) == list(range(begun + 1, last + 1))


async def test_subscribing_in_the_midst_of_a_burst_misses_nothing_and_doubles_nothing(server: Server) -> None:
    desk, colleague, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
    rounds, followers = 40, 8

    async def burst() -> None:
        for _ in range(rounds // 4):
            await asyncio.gather(*(new_taak(desk, eenheid) for _ in range(4)))

    async def follow(na: int) -> list[int]:
        async with colleague.follow(POSTVAK, eenheid=eenheid, na=na) as inbox:
            return await numbers(inbox, rounds - na)

    async def come_later() -> list[list[int]]:
        coming = []
        for _ in range(followers):
            place = (await colleague.data(PLACE, eenheid=eenheid))["postvak"]["laatsteVolgnummer"]
            coming.append(asyncio.create_task(follow(place)))
        return list(await asyncio.gather(*coming))

    _, streams = await asyncio.gather(burst(), come_later())
    assert streams == [list(range(rounds - len(seen) + 1, rounds + 1)) for seen in streams]


async def test_a_task_is_followed_across_forwards(server: Server) -> None:
    desk, ver, bur = server.as_(DESK), server.as_(VERGUNNINGEN), server.as_(BURGERZAKEN)
    task = await new_taak(desk, server.eenheden["VER"])
    async with desk.follow(TAAK, taak=task["id"], na=task["versie"]) as card:
        await done(
            ver,
            "stuurInterneTaakDoor",
            id=task["id"],
            versie=1,
            organisatorischeEenheidId=server.eenheden["BUR"],
            toelichting="Hoort bij u.",
        )
        await done(bur, "neemInterneTaak", id=task["id"])
        seen = [(await card.next())["interneTaak"] for _ in range(3)]
    ver_id, bur_id = {"id": server.eenheden["VER"]}, {"id": server.eenheden["BUR"]}
    assert seen == [
        {
            "versie": 2,
            "soort": "DOORGESTUURD",
            "organisatorischeEenheid": ver_id,
            "andereOrganisatorischeEenheid": bur_id,
            "door": {"id": VERGUNNINGEN.subject},
        },
        {
            "versie": 3,
            "soort": "ONTVANGEN",
            "organisatorischeEenheid": bur_id,
            "andereOrganisatorischeEenheid": ver_id,
            "door": {"id": VERGUNNINGEN.subject},
        },
        {
            "versie": 4,
            "soort": "GENOMEN",
            "organisatorischeEenheid": bur_id,
            "andereOrganisatorischeEenheid": None,
            "door": {"id": BURGERZAKEN.subject},
        },
    ]


async def test_a_registration_for_several_departments_tells_each_its_own(server: Server) -> None:
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    async with (
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver, na=0) as first,
        server.as_(BURGERZAKEN).follow(POSTVAK, eenheid=bur, na=0) as second,
    ):
        contact = await registreer(server.as_(DESK), taak(ver), taak(bur), taak(ver))
        ids = [task["id"] for task in contact["interneTaken"]]
        facts = [(await first.next())["postvak"] for _ in range(2)] + [(await second.next())["postvak"]]
    assert [(fact["volgnummer"], fact["interneTaak"]["id"]) for fact in facts] == [
        (1, ids[0]),
        (2, ids[2]),
        (1, ids[1]),
    ]


@pytest.mark.parametrize("na", [-1, 2])
async def test_a_place_that_the_stream_does_not_have_is_refused(server: Server, na: int) -> None:
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    async with server.as_(VERGUNNINGEN).socket() as socket:
        inbox = await socket.subscribe(POSTVAK, eenheid=server.eenheden["VER"], na=na)
        assert await inbox.refused() == ["CURSOR_ONGELDIG"]
        card = await socket.subscribe(TAAK, taak=task["id"], na=na)
        assert await card.refused() == ["CURSOR_ONGELDIG"]


async def test_who_is_too_far_behind_must_read_the_inbox_again(settings: Settings, template: Template) -> None:
    async with serving(settings.model_copy(update={"max_behind": 3}), template.eenheden) as server:
        colleague, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        for _ in range(4):
            await new_taak(server.as_(DESK), eenheid)
        async with colleague.socket() as socket:
            assert await (await socket.subscribe(POSTVAK, eenheid=eenheid, na=0)).refused() == ["CURSOR_VERLOPEN"]
            assert await numbers(await socket.subscribe(POSTVAK, eenheid=eenheid, na=1), 3) == [2, 3, 4]


async def test_a_lost_hint_costs_no_fact(server: Server, settings: Settings) -> None:
    """A deed of another process whose broker is dead: nobody tells this one, its poll finds it."""
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    async with server.as_(VERGUNNINGEN).follow(TAAK, taak=task["id"], na=1) as card:
        database = Database(settings.database_url, synchronous="NORMAL")
        try:
            login = Login(VERGUNNINGEN_COLLEGA.subject, frozenset({Rol.BEHANDELAAR}), (server.eenheden["VER"],))
            verwerking = Verwerking(login.scope, login)
            await Handle(Writer(database, nobody_listens))(login, Neem(taak_id=task["id"]), verwerking)
        finally:
            await database.close()
        assert (await card.next())["interneTaak"]["soort"] == "GENOMEN"


async def test_a_second_server_on_the_same_database_shows_what_the_first_registers(
    server: Server, settings: Settings, template: Template
) -> None:
    eenheid = server.eenheden["VER"]
    async with (
        serving(settings, template.eenheden) as other,
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await new_taak(server.as_(DESK), eenheid)
        assert await numbers(inbox, 1) == [1]


async def test_many_follow_one_inbox_and_one_socket_follows_many_tasks(server: Server) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    tasks = [await new_taak(desk, eenheid) for _ in range(30)]
    async with desk.socket() as socket:
        streams = {task["id"]: await socket.subscribe(TAAK, taak=task["id"], na=1) for task in tasks}
        by_stream = {stream.id: task_id for task_id, stream in streams.items()}
        for task in tasks:
            await done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=task["id"])
        heard = [by_stream[(await socket.receive())["id"]] for _ in tasks]
    assert sorted(heard) == sorted(streams)


async def test_an_operation_that_is_completed_hears_no_more_and_its_siblings_do(server: Server) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    async with server.as_(VERGUNNINGEN).socket() as socket:
        gone = await socket.subscribe(POSTVAK, eenheid=eenheid, na=0)
        await new_taak(desk, eenheid)
        assert await numbers(gone, 1) == [1]
        await gone.complete()
        stays = await socket.subscribe(POSTVAK, eenheid=eenheid, na=1)
        task = await new_taak(desk, eenheid)
        await deed(desk, "voegToelichtingToe", id=task["id"], toelichting="Belt zo terug.")
        assert await numbers(stays, 2) == [2, 3]


async def test_a_query_and_a_mutation_go_over_the_same_socket(server: Server) -> None:
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    async with server.as_(VERGUNNINGEN).socket() as socket:
        card = await socket.subscribe(TAAK, taak=task["id"], na=1)
        take = "mutation ($id: ID!) { neemInterneTaak(input: { id: $id }) { __typename } }"
        taken = await socket.subscribe(take, id=task["id"])
        messages = [await socket.receive() for _ in range(3)]
    assert {"id": taken.id, "type": "complete"} in messages
    answers = {m["id"]: m["payload"]["data"] for m in messages if m["type"] == "next"}
    assert answers[taken.id] == {"neemInterneTaak": {"__typename": "InterneTaakGewijzigd"}}
    assert answers[card.id]["interneTaak"]["soort"] == "GENOMEN"


CONTACT = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid, na: 0) {
    interneTaak { id ontstaanUitKlantcontact { interneTaken { id } } }
  }
}
"""


async def test_a_fact_lists_what_its_reader_may_see_and_not_what_the_desk_saw(server: Server) -> None:
    ver, bur = (server.eenheden[name] for name in ("VER", "BUR"))
    async with server.as_(VERGUNNINGEN).follow(CONTACT, eenheid=ver) as inbox:
        registered = [await registreer(server.as_(DESK), taak(ver), taak(bur)) for _ in range(4)]
        for mine, _ in (contact["interneTaken"] for contact in registered):
            shown = (await inbox.next())["postvak"]["interneTaak"]
            seen = shown["ontstaanUitKlantcontact"]["interneTaken"]
            assert (shown["id"], seen) == (mine["id"], [{"id": mine["id"]}])


SEARCHED = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid, na: 0) {
    interneTaak { id }
    postvak { interneTaken(filter: { zoektekst: "dakkapel" }) { totalCount edges { node { id } } } }
  }
}
"""


async def test_a_fact_shows_of_its_inbox_what_is_searched_and_counted_together(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    contact = await registreer(server.as_(DESK), taak(eenheid), onderwerp="Dakkapel")
    async with server.as_(VERGUNNINGEN).follow(SEARCHED, eenheid=eenheid) as inbox:
        page = (await inbox.next())["postvak"]["postvak"]["interneTaken"]
    assert page == {"totalCount": 1, "edges": [{"node": {"id": contact["interneTaken"][0]["id"]}}]}
