"""PostgreSQL goes away under load and comes back: nothing is stored by halves, and whoever asks again is served."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from app.settings import Settings
from tests.support.arrange import new_taak, taak
from tests.support.client import JSON, PATIENCE, Client
from tests.support.databases import PostgresqlDatabases, rows
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.postgres import Postgres
from tests.support.server import Server, serving, settings_on
from tests.support.template import Template, filled

pytestmark = [pytest.mark.database("postgresql"), pytest.mark.usefixtures("databases")]

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


LIVE = """
subscription ($eenheid: ID!, $na: Int) { postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer } }
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server of this module's own, so that it may go away."""
    own = Postgres()
    yield own
    own.remove()


@pytest.fixture
def own(postgres: Postgres) -> Iterator[Template]:
    """A database of that server with the departments and people of the tests."""
    databases = PostgresqlDatabases(postgres)
    with databases.new() as url:
        yield asyncio.run(filled(databases, url))


@pytest.fixture
def settings(own: Template) -> Settings:
    return settings_on(own.url, database_wait_seconds=PATIENCE)


@pytest.fixture
async def server(settings: Settings, own: Template) -> AsyncIterator[Server]:
    async with serving(settings, own.eenheden) as running:
        yield running


def stop(postgres: Postgres) -> None:
    """An administrator stops it: sessions are told."""
    postgres.stop("fast")


def crash(postgres: Postgres) -> None:
    """It breaks: it recovers at its next start."""
    postgres.stop("immediate")


def kill(postgres: Postgres) -> None:
    """Its processes end without a word."""
    postgres.kill()


GOING = [stop, crash, kill]
Go = Callable[[Postgres], None]


@dataclass
class Load:
    """Clients who ask until they are answered, and how often that went well and wrong."""

    answered: int = 0
    failed: int = 0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def data(self, client: Client, document: str, **variables: object) -> JSON:
        """The data of a document that is sent again as it is, until it has an answer."""
        async with asyncio.timeout(2 * PATIENCE):
            while (found := await answer(client, document, **variables)) is None:
                self.failed += 1
                self._tell()
        self.answered += 1
        self._tell()
        return found

    async def until(self, *, answered: int = 0, failed: int = 0) -> None:
        """Wait until that many were answered and that many failed."""
        async with asyncio.timeout(2 * PATIENCE):
            while self.answered < answered or self.failed < failed:
                await self._moved.wait()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def answer(client: Client, document: str, **variables: object) -> JSON | None:
    """The data of a document; None where it failed the way in which it may be asked again."""
    try:
        response = await client.post(document, **variables)
    except httpx.TransportError:
        return None
    if response.status_code >= 500:
        return None
    found = response.json()
    if "errors" not in found:
        return found["data"]
    assert {error["extensions"]["code"] for error in found["errors"]} == {"INTERNE_FOUT"}
    return None


async def go_and_come_back(postgres: Postgres, load: Load, go: Go) -> None:
    """Three times, in the midst of the load: it comes back when somebody has missed it."""
    for _ in range(3):
        await load.until(answered=load.answered + 10)
        await asyncio.to_thread(go, postgres)
        await load.until(failed=load.failed + 1)
        await asyncio.to_thread(postgres.start)


@asynccontextmanager
async def going(postgres: Postgres, load: Load, go: Go) -> AsyncIterator[asyncio.Task[None]]:
    """It goes away and comes back meanwhile."""
    task = asyncio.create_task(go_and_come_back(postgres, load, go))
    yield task
    await task


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
    for task in stands:
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


@pytest.mark.parametrize("go", GOING, ids=lambda go: go.__name__)
async def test_who_follows_stays_connected_and_hears_every_fact_once_and_in_order(
    server: Server, postgres: Postgres, go: Go
) -> None:
    desk, vera, eenheid, load = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"], Load()
    for _ in range(3):
        await new_taak(desk, eenheid)
    tasks = [taak(eenheid)]

    async def register(away: asyncio.Task[None]) -> None:
        while not away.done():
            contact = {"id": str(uuid.uuid4()), "onderwerp": "Dakkapel", "interneTaken": tasks}
            await load.data(desk, REGISTER, input=contact)

    async with (
        vera.follow(LIVE, eenheid=eenheid, na=1) as replayed,
        vera.follow(LIVE, eenheid=eenheid, na=3) as live,
    ):
        async with going(postgres, load, go) as away:
            await asyncio.gather(*(register(away) for _ in range(8)))
        end = (await vera.data(INBOX, eenheid=eenheid))["postvak"]["laatsteVolgnummer"]
        assert end == load.answered + 3
        for stream, na in ((replayed, 1), (live, 3)):
            heard = [(await stream.next())["postvak"]["volgnummer"] for _ in range(na, end)]
            assert heard == list(range(na + 1, end + 1))
        # They go on live.
        await new_taak(desk, eenheid)
        for stream in (replayed, live):
            assert (await stream.next())["postvak"]["volgnummer"] == end + 1
