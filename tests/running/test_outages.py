"""An outage looks like one, whatever it is: to who asks, to who sends requests here, and in the log."""

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from app.settings import Settings
from tests.support import recipes as clients
from tests.support.arrange import new_taak, taak
from tests.support.client import PATIENCE, Client
from tests.support.databases import held, sqlite_file
from tests.support.each import each
from tests.support.figures import figures, with_figures
from tests.support.health import WELL, asked
from tests.support.logs import kept
from tests.support.outages import Load, is_told_to_come_back, new_socket_closed
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.players import KINDS, playing
from tests.support.postgres import Postgres
from tests.support.processes import serving_process
from tests.support.server import Server, serving, settings_on
from tests.support.template import Template
from tests.support.waiting import until

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) { ... on KlantcontactGeregistreerd { klantcontact { onderwerp } } }
}
"""

REGISTER_TWO = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) { __typename }
  nogEen: registreerKlantcontact(input: $input) { __typename }
}
"""

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) { laatsteVolgnummer interneTaken(first: 3) { totalCount } }
}
"""

# What is at hand beside what must be read.
INBOX_AND_CHANNELS = """
query ($eenheid: ID!) { kanalen postvak(organisatorischeEenheidId: $eenheid) { laatsteVolgnummer } }
"""

# No plan is made for what the schema tells.
INBOX_INTERPRETED = """
query ($eenheid: ID!) { __type(name: "Ik") { name } postvak(organisatorischeEenheidId: $eenheid) { id } }
"""

LIVE = """
subscription LiveSubscription($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { id volgnummer interneTaak { id } }
}
"""

FACTS = """
subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }
"""

MEDIA_TYPES = ["application/json", "application/graphql-response+json", "text/event-stream"]

UNUSABLE = WELL | {"database": "failed"}


def contact(eenheid: str) -> dict[str, object]:
    """What is registered."""
    return {"onderwerp": "Dakkapel", "interneTaken": [taak(eenheid)]}


async def posted(client: Client, accept: str, document: str, **variables: object) -> httpx.Response:
    """The response to a document, in a form that the client takes."""
    headers = {"accept": accept, "authorization": f"Bearer {client.token}"}
    return await client.http.post(
        client.url, json={"query": document, "variables": variables}, headers=headers, timeout=PATIENCE
    )


async def until_ready(server: Server) -> None:
    """Wait until requests may be sent there."""

    async def is_ready() -> bool:
        return await asked(server) == (200, {"status": "ready", "checks": WELL})

    await until(is_ready)


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("accept", MEDIA_TYPES)
async def test_whatever_is_asked_of_a_database_that_is_away_is_told_to_come_back_though_the_login_is_remembered(
    own: Template, postgres: Postgres, accept: str
) -> None:
    settings = settings_on(own.url, login_seconds=60, database_wait_seconds=PATIENCE, introspection=True)
    async with serving(settings, own.eenheden) as server:
        desk, eenheid = server.as_(DESK), server.eenheden["KCC"]
        async with desk.socket() as socket:
            await desk.data("{ ik { rollen } }")
            await asyncio.to_thread(postgres.stop)
            try:
                for document in (INBOX, INBOX_AND_CHANNELS, INBOX_INTERPRETED):
                    assert is_told_to_come_back(await posted(desk, accept, document, eenheid=eenheid))
                    refused = await socket.subscribe(document, eenheid=eenheid)
                    assert await refused.refused() == ["NIET_BESCHIKBAAR"]
                for document in (REGISTER, REGISTER_TWO):
                    assert is_told_to_come_back(await posted(desk, accept, document, input=contact(eenheid)))
                    refused = await socket.subscribe(document, input=contact(eenheid))
                    assert await refused.refused() == ["NIET_BESCHIKBAAR"]
                assert await desk.data("{ kanalen }")
            finally:
                await asyncio.to_thread(postgres.start)
            # The socket is the same one.
            assert await (await socket.subscribe(INBOX, eenheid=eenheid)).next()


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("accept", MEDIA_TYPES)
async def test_whoever_cannot_write_in_time_is_told_to_come_back(
    settings: Settings, template: Template, accept: str
) -> None:
    impatient = settings.model_copy(update={"database_wait_seconds": 2})
    async with serving(impatient, template.eenheden) as server:
        desk, eenheid = server.as_(DESK), server.eenheden["VER"]
        async with desk.socket() as socket:
            await desk.data("{ ik { rollen } }")
            with held(settings.database_url):
                assert is_told_to_come_back(await posted(desk, accept, REGISTER, input=contact(eenheid)))
                refused = await socket.subscribe(REGISTER, input=contact(eenheid))
                assert await refused.refused() == ["NIET_BESCHIKBAAR"]
            assert await desk.data(REGISTER, input=contact(eenheid))


@asynccontextmanager
async def full_disk(settings: Settings, process: int) -> AsyncIterator[None]:
    """No file of a process can grow meanwhile."""
    longest = max(file.stat().st_size for file in sqlite_file(settings.database_url).parent.iterdir())
    unlimited = resource.RLIM_INFINITY
    psutil.Process(process).rlimit(psutil.RLIMIT_FSIZE, (longest, unlimited))
    yield
    psutil.Process(process).rlimit(psutil.RLIMIT_FSIZE, (unlimited, unlimited))


@pytest.mark.database("sqlite")
async def test_while_nothing_can_be_written_the_server_is_not_ready_and_what_is_read_is_answered(
    settings: Settings, template: Template
) -> None:
    async with serving_process(
        settings, template.eenheden, ready_keep_seconds="0", verwerkingenlog="uit"
    ) as process:
        server = process.server
        desk, vera, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
        await new_taak(desk, eenheid)
        assert await vera.data(INBOX, eenheid=eenheid)
        await until_ready(server)
        async with full_disk(settings, process.process.pid):

            async def is_refused() -> bool:
                return (await desk.post(REGISTER, input=contact(eenheid))).status_code != 200

            # What the log of SQLite has room for is still written.
            await until(is_refused)
            for _ in range(20):
                assert is_told_to_come_back(await desk.post(REGISTER, input=contact(eenheid)))
                assert await asked(server) == (503, {"status": "failed", "checks": UNUSABLE})
                assert await vera.data(INBOX, eenheid=eenheid)
        await until_ready(server)
        assert await desk.data(REGISTER, input=contact(eenheid))
    said = process.printed.result()
    assert said.count("nothing can be written to the database") == 1
    assert "Traceback" not in said


@pytest.mark.database("postgresql")
async def test_a_database_that_takes_no_writes_is_not_ready(own: Template, postgres: Postgres) -> None:
    settings = settings_on(own.url, ready_keep_seconds=0)
    async with serving(settings, own.eenheden) as server:
        desk, eenheid = server.as_(DESK), server.eenheden["VER"]
        await desk.data("{ ik { rollen } }")
        await until_ready(server)
        with kept() as said:
            postgres.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            postgres.execute("SELECT pg_reload_conf()")
            try:

                async def is_told() -> bool:
                    return await asked(server) == (503, {"status": "failed", "checks": UNUSABLE})

                # Each of its processes reads its settings anew when it comes to that.
                await until(is_told)
                assert is_told_to_come_back(await desk.post(REGISTER, input=contact(eenheid)))
                assert await desk.data("{ kanalen }")
            finally:
                postgres.execute("ALTER SYSTEM RESET default_transaction_read_only")
                postgres.execute("SELECT pg_reload_conf()")
            await until_ready(server)
            assert await desk.data(REGISTER, input=contact(eenheid))

            async def is_over() -> bool:
                await asked(server)
                return any("can be written to again" in line for line in said)

            await until(is_over)
        assert [line.split(" database")[0] for line in said] == [
            "WARNING app.storage.engine.availability nothing can be written to the",
            "WARNING app.storage.engine.availability the",
        ]


@pytest.mark.database("postgresql")
async def test_an_outage_is_one_line_in_the_log_when_it_begins_and_one_when_it_is_over_whatever_it_hinders(
    own: Template, postgres: Postgres
) -> None:
    settings = settings_on(
        own.url,
        login_seconds=1,
        rights_poll_seconds=0.05,
        presence_renew_seconds=0.1,
        ready_keep_seconds=0,
        database_wait_seconds=PATIENCE,
    )
    async with serving(settings, own.eenheden) as server:
        desk, vera, eenheid, load = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"], Load()
        async with (
            vera.follow(FACTS, eenheid=eenheid) as follows,
            vera.events(FACTS, eenheid=eenheid) as events,
        ):
            assert await follows.is_quiet()
            with kept() as said:
                for number in (1, 2):
                    await load.data(desk, REGISTER, input=contact(eenheid))
                    await asyncio.to_thread(postgres.stop)
                    registering = [
                        asyncio.create_task(load.data(desk, REGISTER, input=contact(eenheid))) for _ in range(20)
                    ]
                    await load.until(failed=load.failed + 200)
                    assert await new_socket_closed(vera, INBOX, eenheid) == 1013
                    await asked(server)
                    await asyncio.to_thread(postgres.start)
                    await asyncio.gather(*registering)

                    async def is_over(number: int = number) -> bool:
                        await asked(server)
                        return sum("can be used again" in line for line in said) == number

                    await until(is_over)
            for _ in range(42):
                await follows.next()
                await events.next()
        begun, over = said[::2], said[1::2]
        assert len(said) == 4, said
        refused = "the database cannot be used; what needs it is refused for now ("
        assert all(refused in line for line in each(begun))
        assert all("tried in vain: " in line for line in each(over))


@pytest.fixture(scope="module")
def recipes() -> Iterator[Path]:
    with clients.written([LIVE]) as directory:
        yield directory


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_whose_subscription_cannot_begin_now_begins_it_when_it_can(
    own: Template, postgres: Postgres, recipes: Path, kind: str
) -> None:
    settings = settings_on(own.url, login_seconds=60, database_wait_seconds=PATIENCE)
    async with serving(with_figures(settings), own.eenheden) as server:
        vera, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        await vera.data("{ ik { rollen } }")
        async with playing(kind, recipes, server.url, vera.token or "") as client:
            await asyncio.to_thread(postgres.stop)
            live = await client.follow(LIVE, eenheid=eenheid, na=0)

            async def is_refused() -> bool:
                return (await figures(server)).get("errors_total{code=NIET_BESCHIKBAAR}", 0) > 0

            await until(is_refused)
            await asyncio.to_thread(postgres.start)
            await new_taak(server.as_(DESK), eenheid)
            assert (await live.next())["postvak"]["volgnummer"] == 1
