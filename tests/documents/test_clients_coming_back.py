"""The clients of the recipes, as they stand there, come back whatever ends their connection.

Nothing is lost, and nothing comes twice.
"""

import logging
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring.listening import listen
from tests.support import recipes as clients
from tests.support import waiting
from tests.support.arrange import done, new_taak
from tests.support.figures import until, with_figures
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.players import KINDS, Feed, playing
from tests.support.processes import serving_process
from tests.support.proxy import network
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = pytest.mark.database("sqlite")

LIVE = """
subscription LiveSubscription($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { id volgnummer interneTaak { id } }
}
"""

CARD = """
subscription CardSubscription($taak: ID!, $naVersie: Int) {
  interneTaak(id: $taak, naVersie: $naVersie) { id versie soort }
}
"""


@pytest.fixture(scope="module")
def recipes() -> Iterator[Path]:
    with clients.written([LIVE, CARD]) as directory:
        yield directory


@pytest.fixture
def url() -> str:
    """An address that nobody is at yet."""
    with listen("127.0.0.1", 0) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


class Inbox:
    """What happens in the inbox of Vergunningen, and what a client that follows it should be told."""

    def __init__(self, eenheid: str) -> None:
        self._eenheid = eenheid
        self._tasks: list[str] = []
        self._told = 0

    async def happens(self, server: Server, facts: int = 2) -> None:
        """Some facts."""
        for _ in range(facts):
            self._tasks.append((await new_taak(server.as_(DESK), self._eenheid))["id"])

    async def is_told(self, live: Feed) -> None:
        """The client is told what it was not told yet, each fact once and in order, and nothing else."""
        facts = [(await live.next())["postvak"] for _ in self._tasks[self._told :]]
        told = [(fact["volgnummer"], fact["interneTaak"]["id"]) for fact in facts]
        assert told == list(enumerate(self._tasks, 1))[self._told :]
        assert live.is_quiet()
        self._told = len(self._tasks)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_that_is_cut_is_resumed(server: Server, recipes: Path, kind: str) -> None:
    inbox, eenheid = Inbox(server.eenheden["VER"]), server.eenheden["VER"]
    async with (
        network(server.url) as (between, url),
        playing(kind, recipes, url, VERGUNNINGEN.token()) as colleague,
    ):
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        for _ in range(3):
            await inbox.happens(server)
            await inbox.is_told(live)
            between.cut()
        await inbox.happens(server)
        await inbox.is_told(live)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_task_that_is_followed_is_resumed_by_its_versie(server: Server, recipes: Path, kind: str) -> None:
    colleague = server.as_(VERGUNNINGEN)
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    async with (
        network(server.url) as (between, url),
        playing(kind, recipes, url, DESK.token()) as desk,
    ):
        card = await desk.follow(CARD, taak=task["id"], naVersie=task["versie"])
        for versie in (2, 4):
            await done(colleague, "neemInterneTaak", id=task["id"])
            assert (await card.next())["interneTaak"]["versie"] == versie
            between.cut()
            await done(colleague, "legInterneTaakTerug", id=task["id"], versie=versie)
            assert (await card.next())["interneTaak"]["versie"] == versie + 1
        assert card.is_quiet()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_network_that_is_silently_gone_is_noticed(
    settings: Settings, template: Template, recipes: Path, kind: str
) -> None:
    inbox, eenheid = Inbox(template.eenheden["VER"]), template.eenheden["VER"]
    # Event streams are kept alive by comments, three in that time.
    lively = settings.model_copy(update={"silence_seconds": 1})
    async with (
        serving(lively if kind == "graphql-sse" else settings, template.eenheden) as server,
        network(server.url) as (between, url),
        playing(kind, recipes, url, VERGUNNINGEN.token(), ping_seconds=0.5) as colleague,
    ):
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        await inbox.happens(server)
        await inbox.is_told(live)
        connections = between.connections
        between.hold()
        await inbox.happens(server)
        await between.until(connections + 1)
        between.release()
        await inbox.is_told(live)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_that_starts_anew_is_found_again(
    settings: Settings, template: Template, recipes: Path, url: str, kind: str
) -> None:
    inbox, eenheid = Inbox(template.eenheden["VER"]), template.eenheden["VER"]
    port = int(url.rpartition(":")[2])
    async with playing(kind, recipes, url, VERGUNNINGEN.token()) as colleague:
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        for _ in range(3):
            async with serving(settings, template.eenheden, port=port) as server:
                await inbox.happens(server)
                await inbox.is_told(live)
        if kind == "graphql-ws":
            assert [code for code in [await colleague.closed.next() for _ in range(3)] if code == 1012]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_that_is_killed_is_found_again(
    settings: Settings, template: Template, recipes: Path, url: str, kind: str
) -> None:
    inbox, eenheid = Inbox(template.eenheden["VER"]), template.eenheden["VER"]
    port = url.rpartition(":")[2]
    async with playing(kind, recipes, url, VERGUNNINGEN.token()) as colleague:
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        for _ in range(2):
            async with serving_process(settings, template.eenheden, port=port) as process:
                await inbox.happens(process.server)
                await inbox.is_told(live)
                await inbox.happens(process.server)
                await process.end(signal.SIGKILL)


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_sent_away_for_their_silence_comes_back(
    settings: Settings, template: Template, recipes: Path, kind: str
) -> None:
    inbox, eenheid = Inbox(template.eenheden["VER"]), template.eenheden["VER"]
    impatient = with_figures(settings).model_copy(update={"silence_seconds": 1})
    async with (
        serving(impatient, template.eenheden) as server,
        network(server.url) as (between, url),
        playing(kind, recipes, url, VERGUNNINGEN.token()) as colleague,
    ):
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        await inbox.happens(server)
        await inbox.is_told(live)
        between.hold()
        if kind == "graphql-sse":
            between.cut()
        await until(server, subscriptions=0.0)
        await inbox.happens(server)
        between.release()
        await inbox.is_told(live)
        if kind == "graphql-ws":
            assert await colleague.closed.next() == 1013


@pytest.mark.parametrize("kind", KINDS)
async def test_who_was_not_let_in_comes_back_with_a_fresh_token(
    server: Server, recipes: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    inbox, eenheid = Inbox(server.eenheden["VER"]), server.eenheden["VER"]
    caplog.set_level(logging.INFO)

    async with playing(kind, recipes, server.url, "expired") as colleague:
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        await waiting.until(lambda: "a token was refused" in caplog.text)
        if kind == "graphql-ws":
            assert await colleague.closed.next() == 4403
        await colleague.token(VERGUNNINGEN.token())
        await inbox.happens(server)
        await inbox.is_told(live)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "graphql-sse"])
async def test_a_socket_outlives_its_token_when_the_client_brings_a_new_one(
    settings: Settings, template: Template, recipes: Path, kind: str
) -> None:
    inbox, eenheid = Inbox(template.eenheden["VER"]), template.eenheden["VER"]
    exact = settings.model_copy(update={"token_leeway_seconds": 0})
    async with (
        serving(exact, template.eenheden) as server,
        network(server.url) as (between, url),
        playing(kind, recipes, url, "none yet", ping_seconds=1.5) as colleague,
    ):
        brief = VERGUNNINGEN.token(valid_seconds=5)
        await colleague.token(brief)
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        async with server.with_token(brief).socket() as not_renewed:
            await inbox.happens(server)
            await inbox.is_told(live)
            await colleague.token(VERGUNNINGEN.token())
            connections = between.connections
            # Whoever does not bring a new one is sent away when the token ends.
            assert await not_renewed.closed() == 4403
            await inbox.happens(server)
            await inbox.is_told(live)
            assert between.connections == connections


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_sent_away_when_their_token_ends_comes_back_with_a_fresh_one(
    settings: Settings, template: Template, recipes: Path, kind: str
) -> None:
    inbox, eenheid = Inbox(template.eenheden["VER"]), template.eenheden["VER"]
    exact = settings.model_copy(update={"token_leeway_seconds": 0})
    async with (
        serving(exact, template.eenheden) as server,
        network(server.url) as (between, url),
        playing(kind, recipes, url, "none yet") as colleague,
    ):
        await colleague.token(VERGUNNINGEN.token(valid_seconds=5))
        live = await colleague.follow(LIVE, eenheid=eenheid, na=0)
        await inbox.happens(server)
        await inbox.is_told(live)
        connections = between.connections
        await colleague.token(VERGUNNINGEN.token())
        await between.until(connections + 1)
        await inbox.happens(server)
        await inbox.is_told(live)
        if kind == "graphql-ws":
            assert await colleague.closed.next() == 4403
