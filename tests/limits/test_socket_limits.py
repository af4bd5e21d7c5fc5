"""How many sockets there may be, and what may come over one."""

import asyncio
import json
from contextlib import AsyncExitStack, suppress
from functools import partial

import pytest
import websockets

from app.settings import Settings
from tests.support import figures
from tests.support.client import Socket
from tests.support.figures import with_figures
from tests.support.frames import CLOSE, CONT, PING, PONG, TEXT, frame, wire
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA, Person
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.waiting import until

# Sockets are counted and closed whatever they read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = "subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }"
KANALEN = "{ kanalen }"
PROTOCOL = websockets.Subprotocol("graphql-transport-ws")


async def test_more_operations_than_allowed_are_refused_and_the_others_live(
    settings: Settings, template: Template
) -> None:
    async with (
        serving(settings.model_copy(update={"max_operations": 100}), template.eenheden) as server,
        server.as_(VERGUNNINGEN).socket() as socket,
    ):
        streams = [await socket.subscribe(POSTVAK, eenheid=server.eenheden["VER"]) for _ in range(100)]
        one_more = await socket.subscribe(KANALEN)
        assert await one_more.refused() == ["LIMIET_OVERSCHREDEN"]
        await streams[0].complete()
        after_one_ended = await socket.subscribe(KANALEN)
        assert (await after_one_ended.next())["kanalen"][0] == "Telefoon"


async def test_whoever_floods_a_socket_is_closed_with_1008(settings: Settings, template: Template) -> None:
    async with (
        serving(settings.model_copy(update={"max_messages": 10}), template.eenheden) as server,
        server.as_(DESK).socket() as socket,
    ):
        for _ in range(10):
            await socket.ws.send(json.dumps({"type": "pong"}))
        assert await socket.closed() == 1008


async def test_a_flood_before_anybody_is_let_in_is_closed_as_well(settings: Settings, template: Template) -> None:
    patient = {"max_messages": 10, "connection_init_seconds": 60}
    async with (
        serving(settings.model_copy(update=patient), template.eenheden) as server,
        websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as ws,
    ):
        for _ in range(11):
            await ws.send(json.dumps({"type": "ping"}))
        assert await Socket(ws).closed() == 1008


@pytest.mark.parametrize(
    "flood",
    [
        10_000 * frame(PING),
        10_000 * frame(PONG),
        frame(TEXT, fin=False) + 10_000 * frame(CONT, fin=False),
        frame(TEXT, b"{", fin=False) + 999 * frame(CONT, b" ", fin=False) + frame(CONT, b" ", fin=False),
    ],
    ids=["pings", "pongs", "empty pieces of a message", "a message in very many pieces"],
)
async def test_a_flood_of_frames_that_are_no_messages_is_closed_with_1008_whoever_sends_it(
    server: Server, flood: bytes
) -> None:
    async with wire(server) as stranger:
        stranger.send(flood)
        while (received := await stranger.receive())[0] in (PING, PONG):
            pass
        assert received[0] == CLOSE
        assert int.from_bytes(received[1][:2], "big") == 1008


async def test_others_have_their_turn_while_much_that_came_at_once_is_looked_at(
    settings: Settings, template: Template
) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    roomy = settings.model_copy(update={"max_messages": 1_000_000})
    async with serving(roomy, template.eenheden) as server, wire(server) as busy:
        counting = asyncio.create_task(count())
        busy.send(40_000 * frame(PING), frame(PING, b"the last one"))
        while (await busy.receive()) != (PONG, b"the last one"):
            pass
        counting.cancel()
        await asyncio.wait([counting])
    # Some two hundred and fifty frames in each turn; what was read at once may be forty thousand.
    assert turns > 100


async def test_a_message_that_is_too_long_closes_with_1009(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        document = KANALEN + " #" + 65_536 * "x"
        await socket.subscribe(document)
        assert await socket.closed() == 1009


async def test_a_long_message_in_many_frames_closes_with_1009_as_well(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        with suppress(websockets.ConnectionClosed):
            await socket.ws.send([1_000 * "x" for _ in range(100)])
        assert await socket.closed() == 1009


async def test_a_message_as_long_as_allowed_is_taken(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        stream = await socket.subscribe(KANALEN, vulling=65_000 * "x")
        assert (await stream.next())["kanalen"][0] == "Telefoon"


async def test_an_employee_has_so_many_connections_and_one_more_is_sent_away_to_come_back(
    settings: Settings, template: Template
) -> None:
    async with (
        serving(settings.model_copy(update={"max_connections_of_employee": 3}), template.eenheden) as server,
        AsyncExitStack() as stack,
    ):
        vera, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        first = await stack.enter_async_context(vera.socket())
        await stack.enter_async_context(vera.socket())
        events = await stack.enter_async_context(vera.events(POSTVAK, eenheid=eenheid))
        assert events.response.status_code == 200
        assert await refused_socket(server, VERGUNNINGEN.token()) == 1013
        async with vera.events(POSTVAK, eenheid=eenheid) as refused:
            assert refused.response.status_code == 429
            await refused.response.aread()
            [error] = refused.response.json()["errors"]
            assert error["extensions"] == {"code": "LIMIET_OVERSCHREDEN", "limiet": "VERBINDINGEN", "maximum": 3}
        await stack.enter_async_context(server.as_(VERGUNNINGEN_COLLEGA).socket())
        await first.ws.close()
        await until(partial(is_let_in, server, VERGUNNINGEN))


async def test_an_address_has_so_many_connections_and_a_handshake_more_is_answered_with_429(
    settings: Settings, template: Template
) -> None:
    async with (
        serving(settings.model_copy(update={"max_connections_of_address": 2}), template.eenheden) as server,
        server.as_(DESK).socket() as socket,
        server.as_(VERGUNNINGEN).socket(),
    ):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL])
        assert refused.value.response.status_code == 429
        await socket.ws.close()
        await until(partial(is_let_in, server, VERGUNNINGEN_COLLEGA))


async def test_of_too_many_sockets_that_are_nobodys_the_oldest_is_sent_away(
    settings: Settings, template: Template
) -> None:
    few = {"max_connections_of_nobody": 2, "connection_init_seconds": 60}
    async with (
        serving(settings.model_copy(update=few), template.eenheden) as server,
        AsyncExitStack() as stack,
    ):
        sockets = [
            await stack.enter_async_context(websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]))
            for _ in range(2)
        ]
        async with server.as_(DESK).socket() as let_in:
            assert await Socket(sockets[0]).closed() == 1013
            assert (await (await let_in.subscribe(KANALEN)).next())["kanalen"][0] == "Telefoon"
            another = await stack.enter_async_context(
                websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL])
            )
            for ws in (sockets[1], another):
                await ws.send(json.dumps({"type": "ping"}))
                assert json.loads(await ws.recv())["type"] == "pong"


async def test_a_socket_that_went_without_saying_whose_it_is_takes_the_place_of_no_other(
    settings: Settings, template: Template
) -> None:
    few = {"max_connections_of_nobody": 2, "connection_init_seconds": 60}
    async with (
        serving(with_figures(settings).model_copy(update=few), template.eenheden) as server,
        websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as stays,
    ):
        for _ in range(3):
            async with websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]):
                await figures.until(server, open_sockets=2.0)
            await figures.until(server, open_sockets=1.0)
        await stays.send(json.dumps({"type": "ping"}))
        assert json.loads(await stays.recv())["type"] == "pong"


async def is_let_in(server: Server, who: Person) -> bool:
    """Whether they may open another socket."""
    try:
        async with server.as_(who).socket():
            return True
    except (websockets.ConnectionClosed, websockets.InvalidStatus):
        return False


async def refused_socket(server: Server, token: str) -> int:
    """The code that a socket is closed with where there is no room for it."""
    async with websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as ws:
        init = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
        await ws.send(json.dumps(init))
        return await Socket(ws).closed()
