"""Who is counted behind a socket that stays open: who answers the pings of the protocol, which a frozen page or a
laptop that sleeps does not. The library of these tests answers the pings of WebSocket by itself, as browsers do.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.settings import Settings
from tests.live.test_presence import TAAK, becomes
from tests.support.arrange import command_line, new_taak
from tests.support.client import JSON, PATIENCE, Stream
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.tokens import newcomer, signed

# What a page that is frozen answers has nothing to do with where presence is kept.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }
"""


@pytest.fixture
async def server(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server that soon misses who does not answer."""
    soon = {"presence_renew_seconds": 0.2, "presence_ping_seconds": 0.1, "presence_answer_seconds": 1.5}
    async with serving(settings.model_copy(update=soon), template.eenheden) as running:
        yield running


@asynccontextmanager
async def living(stream: Stream) -> AsyncIterator[None]:
    """The page behind a socket lives as long as this is open: it takes what comes, and answers pings."""
    freezes = asyncio.Event()

    async def live() -> None:
        while not freezes.is_set():
            await stream.socket.receive()

    task = asyncio.create_task(live())
    yield
    # Not by cancelling it: asyncio.wait_for may swallow that. The next ping is soon there.
    freezes.set()
    await stream.socket.send({"type": "ping"})
    await task


async def raw(stream: Stream) -> JSON:
    """The next message on a socket, whatever it is; a ping is not answered."""
    return json.loads(await asyncio.wait_for(stream.socket.ws.recv(), PATIENCE))


async def test_a_page_that_is_frozen_is_not_counted_until_it_answers_and_misses_nothing(server: Server) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with (
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as frozen,
        server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver) as alive,
        living(alive),
    ):
        await becomes(desk, VER=2)
        await becomes(desk, VER=1)
        for _ in range(2):
            await new_taak(desk, ver)
        assert [await frozen.next() for _ in range(2)] == [{"postvak": {"volgnummer": n}} for n in (1, 2)]
        async with living(frozen):
            await becomes(desk, VER=2)


async def test_who_has_another_page_that_lives_is_counted_beside_the_frozen_one(server: Server) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with (
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as frozen,
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as alive,
        server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver) as frozen_too,
    ):
        async with living(alive):
            await becomes(desk, VER=2)
            await becomes(desk, VER=1)
            for stream in (frozen, frozen_too):
                await stream.complete()
            await becomes(desk, VER=1)
        await becomes(desk)


async def test_an_event_stream_counts_as_long_as_it_is_open(server: Server) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver):
        async with server.as_(VERGUNNINGEN).events(POSTVAK, eenheid=ver):
            await becomes(desk, VER=2)
            await becomes(desk, VER=1)
        await becomes(desk)


async def test_an_inbox_that_a_frozen_page_goes_on_to_follow_with_other_rights_does_not_count(
    server: Server, settings: Settings
) -> None:
    who, ver, desk = newcomer("VER", "SOC"), server.eenheden["VER"], server.as_(DESK)
    async with server.with_token(signed(who)).follow(POSTVAK, eenheid=ver) as frozen:
        await becomes(desk, VER=1)
        await becomes(desk)
        async with command_line(settings) as (_, medewerkers):
            await medewerkers.move(who.subject, ["VER"])
        async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as alive, living(alive):
            await becomes(desk, VER=1)
            async with living(frozen):
                await becomes(desk, VER=2)


async def test_sockets_with_an_inbox_open_are_pinged_again_and_again_and_no_others(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    task = await new_taak(desk, ver)
    async with (
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as inbox,
        server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver) as left,
        desk.follow(TAAK, taak=task["id"]) as follows_a_task,
    ):
        assert await raw(left) == {"type": "ping"}
        await left.complete()
        await left.socket.send({"type": "ping", "payload": {"left": True}})
        while await raw(left) != {"type": "pong", "payload": {"left": True}}:
            pass
        assert [await raw(inbox) for _ in range(30)] == [{"type": "ping"}] * 30
        for other in (left, follows_a_task):
            await other.socket.send({"type": "ping"})
            assert await raw(other) == {"type": "pong"}
