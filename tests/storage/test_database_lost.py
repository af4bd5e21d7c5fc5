"""PostgreSQL goes away under load and comes back: nothing is stored by halves, and whoever asks again is served."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import httpx
import pytest

from app.settings import Settings
from tests.support.arrange import new_taak, taak
from tests.support.client import JSON, PATIENCE, Client, Events, Stream
from tests.support.databases import rows
from tests.support.each import each
from tests.support.outages import GOING, Go, Load, answer, going, is_told_to_come_back, new_socket_closed
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.postgres import Postgres
from tests.support.server import Server, serving, settings_on
from tests.support.template import Template

pytestmark = pytest.mark.database("postgresql")

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd { klantcontact { id nummer interneTaken { id nummer versie } } }
  }
}
"""

CHANGE = """
mutation ($input: WijzigInterneTaakStatusInput!) {
  wijzigInterneTaakStatus(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { versie status } }
    ... on VersieVerouderd { interneTaak { versie status } }
  }
}
"""

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer aantalTeDoen
    interneTaken(first: 200) { totalCount edges { node { versie logboek { versie volgnummer } } } }
  }
}
"""

FACTS = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    id volgnummer door { id } interneTaak { id ontstaanUitKlantcontact { onderwerp } }
  }
}
"""

TABLE = """
SELECT gebeurtenis.id, volgnummer, taak_id, onderwerp FROM gebeurtenis
JOIN interne_taak ON interne_taak.id = taak_id JOIN klantcontact ON klantcontact.id = klantcontact_id
WHERE gebeurtenis.eenheid_id = :eenheid ORDER BY volgnummer
"""


@pytest.fixture
def settings(own: Template) -> Settings:
    return settings_on(own.url, database_wait_seconds=PATIENCE)


@pytest.fixture
async def server(settings: Settings, own: Template) -> AsyncIterator[Server]:
    async with serving(settings, own.eenheden) as running:
        yield running


@pytest.mark.parametrize("go", GOING, ids=lambda go: go.__name__)
async def test_registrations_by_id_register_once_however_often_they_are_sent(
    server: Server, settings: Settings, postgres: Postgres, go: Go
) -> None:
    desk, load = server.as_(DESK), Load()
    tasks = [taak(server.eenheden["VER"]), taak(server.eenheden["BUR"])]
    answers: dict[str, JSON] = {}

    async def register(away: asyncio.Task[None]) -> None:
        while not away.done():
            chosen = str(uuid.uuid4())
            contact = {"id": chosen, "onderwerp": "Dakkapel", "interneTaken": tasks}
            answers[chosen] = (await load.data(desk, REGISTER, input=contact))["registreerKlantcontact"]

    async with going(postgres, load, go) as away:
        await asyncio.gather(*(register(away) for _ in range(8)))

    assert {answer["__typename"] for answer in answers.values()} == {"KlantcontactGeregistreerd"}
    contacts = [answer["klantcontact"] for answer in answers.values()]
    assert [contact["id"] for contact in contacts] == list(answers)
    registered = {(one["id"], one["nummer"]) for contact in contacts for one in (contact, *contact["interneTaken"])}
    assert set(map(tuple, rows(settings.database_url, "SELECT id, nummer FROM registratie"))) == registered
    facts = rows(settings.database_url, "SELECT eenheid_id, volgnummer FROM gebeurtenis ORDER BY volgnummer")
    for key in ("VER", "BUR"):
        told = [fact.volgnummer for fact in facts if fact.eenheid_id == server.eenheden[key]]
        assert told == list(range(1, len(contacts) + 1))


@pytest.mark.parametrize("go", GOING, ids=lambda go: go.__name__)
async def test_a_change_by_versie_that_is_sent_again_is_done_once(
    server: Server, postgres: Postgres, go: Go
) -> None:
    vera, eenheid, load = server.as_(VERGUNNINGEN), server.eenheden["VER"], Load()
    ids = [(await new_taak(server.as_(DESK), eenheid))["id"] for _ in range(8)]
    versies = dict.fromkeys(ids, 1)

    async def change(id_: str, away: asyncio.Task[None]) -> None:
        while not away.done():
            status = "GEDAAN" if versies[id_] % 2 else "TE_DOEN"
            wanted = {"id": id_, "versie": versies[id_], "status": status, "toelichting": "Zo."}
            said = (await load.data(vera, CHANGE, input=wanted))["wijzigInterneTaakStatus"]
            # What was done, but not answered, is answered with how the task stands: as was wished.
            versies[id_] += 1
            assert said["__typename"] in ("InterneTaakGewijzigd", "VersieVerouderd")
            assert said["interneTaak"] == {"versie": versies[id_], "status": status}

    async with going(postgres, load, go) as away:
        await asyncio.gather(*(change(id_, away) for id_ in ids))

    inbox = (await vera.data(INBOX, eenheid=eenheid))["postvak"]
    stands = [edge["node"] for edge in inbox["interneTaken"]["edges"]]
    assert sorted(task["versie"] for task in stands) == sorted(versies.values())
    for task in each(stands):
        assert [fact["versie"] for fact in task["logboek"]] == list(range(1, task["versie"] + 1))
    numbers = sorted(fact["volgnummer"] for task in stands for fact in task["logboek"])
    assert numbers == list(range(1, inbox["laatsteVolgnummer"] + 1))


@pytest.mark.parametrize("go", GOING, ids=lambda go: go.__name__)
async def test_when_it_is_back_everything_asked_is_answered_at_once(
    server: Server, postgres: Postgres, go: Go
) -> None:
    desk, vera, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]

    async def all_at_once() -> None:
        await asyncio.gather(*(vera.data(INBOX, eenheid=eenheid) for _ in range(20)))
        await asyncio.gather(*(new_taak(desk, eenheid) for _ in range(20)))

    await all_at_once()
    await asyncio.to_thread(go, postgres)
    try:
        assert await answer(vera, INBOX, eenheid=eenheid) is None
    finally:
        await asyncio.to_thread(postgres.start)
    # No connection of before is left for anybody to trip over.
    await all_at_once()
    assert (await vera.data(INBOX, eenheid=eenheid))["postvak"]["laatsteVolgnummer"] == 40


async def read_up_to(stream: Stream | Events, got: list[JSON], last: asyncio.Future[int]) -> None:
    """Read facts, none of which may have an error in it, until the one whose number is told at last."""
    while not last.done() or not got or got[-1]["volgnummer"] < last.result():
        got.append((await stream.next())["postvak"])


@pytest.mark.parametrize("go", GOING, ids=lambda go: go.__name__)
async def test_who_follows_stays_connected_and_gets_every_fact_in_order_and_once(
    server: Server, settings: Settings, postgres: Postgres, go: Go
) -> None:
    desk, eenheid, load = server.as_(DESK), server.eenheden["VER"], Load()
    before = [await new_taak(desk, eenheid) for _ in range(4)]
    last: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def register(away: asyncio.Task[None]) -> None:
        while not away.done():
            contact = {"id": str(uuid.uuid4()), "onderwerp": "Dakkapel", "interneTaken": [taak(eenheid)]}
            await load.data(desk, REGISTER, input=contact)

    async with AsyncExitStack() as stack:
        following: list[tuple[int, list[JSON], asyncio.Task[None]]] = []
        for na in range(len(before)):
            for client in (server.as_(VERGUNNINGEN), server.as_(VERGUNNINGEN_COLLEGA)):
                opened: list[AbstractAsyncContextManager[Stream | Events]] = [
                    client.follow(FACTS, eenheid=eenheid, na=na),
                    client.events(FACTS, eenheid=eenheid, na=na),
                ]
                for one in opened:
                    stream, got = await stack.enter_async_context(one), list[JSON]()
                    following.append((na, got, asyncio.create_task(read_up_to(stream, got, last))))
        async with going(postgres, load, go) as away:
            await asyncio.gather(*(register(away) for _ in range(4)))
        number = (await server.as_(VERGUNNINGEN).data(INBOX, eenheid=eenheid))["postvak"]["laatsteVolgnummer"]
        # Whoever has them all by now waits for one more, and so nothing that came twice is overlooked.
        last.set_result(number + 1)
        await new_taak(desk, eenheid)
        await asyncio.gather(*(reading for _, _, reading in following))

    table = rows(settings.database_url, TABLE, eenheid=eenheid)
    assert [fact.volgnummer for fact in table] == list(range(1, number + 2))
    expected = [
        {
            "id": fact.id,
            "volgnummer": fact.volgnummer,
            "door": {"id": DESK.subject},
            "interneTaak": {"id": fact.taak_id, "ontstaanUitKlantcontact": {"onderwerp": fact.onderwerp}},
        }
        for fact in table
    ]
    for na, got, _ in each(following):
        assert got == expected[na:]


async def asked_by_get(client: Client, eenheid: str) -> httpx.Response:
    asked = {"query": INBOX, "variables": json.dumps({"eenheid": eenheid})}
    return await client.http.get(client.url, params=asked, headers={"authorization": f"Bearer {client.token}"})


@pytest.mark.parametrize("login_seconds", [0, 60], ids=["login_is_read", "login_is_remembered"])
async def test_who_comes_meanwhile_is_told_to_come_back(
    own: Template, postgres: Postgres, login_seconds: int
) -> None:
    settings = settings_on(own.url, database_wait_seconds=PATIENCE, login_seconds=login_seconds)
    async with serving(settings, own.eenheden) as server:
        vera, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        async with vera.follow(FACTS, eenheid=eenheid, na=0) as stays, vera.socket() as asks:
            await new_taak(server.as_(DESK), eenheid)
            assert (await stays.next())["postvak"]["volgnummer"] == 1
            await asyncio.to_thread(postgres.stop)
            try:
                for document in (FACTS, INBOX):
                    if login_seconds:
                        # Nobody else on the socket is harmed. Where the facts begin must be read.
                        stream = await asks.subscribe(document, eenheid=eenheid)
                        assert await stream.refused() == ["NIET_BESCHIKBAAR"]
                    else:
                        assert await new_socket_closed(vera, document, eenheid) == 1013
                for response in (await vera.post(INBOX, eenheid=eenheid), await asked_by_get(vera, eenheid)):
                    assert is_told_to_come_back(response)
                for document in (FACTS, INBOX):
                    async with vera.events(document, eenheid=eenheid) as refused:
                        await refused.response.aread()
                        assert is_told_to_come_back(refused.response)
            finally:
                await asyncio.to_thread(postgres.start)
            async with (
                vera.follow(FACTS, eenheid=eenheid, na=0) as socket,
                vera.events(FACTS, eenheid=eenheid, na=0) as events,
            ):
                assert await socket.next() == await events.next()
                await new_taak(server.as_(DESK), eenheid)
                assert await stays.next() == await socket.next() == await events.next()
