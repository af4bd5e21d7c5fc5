"""graphql-transport-ws: what opens a socket, what closes it, and what is only an error on one operation."""

import asyncio
from typing import Any

import httpx
import pytest
import websockets

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.client import PATIENCE, Socket
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""

PROTOCOL = websockets.Subprotocol("graphql-transport-ws")


async def test_a_socket_that_does_not_say_who_it_is_is_closed_with_4408(server: Server) -> None:
    async with websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as ws:
        assert await Socket(ws).closed() == 4408


@pytest.mark.parametrize("payload", [{}, {"authorization": "Bearer x"}, {"authorization": 1}, None])
async def test_a_socket_without_a_good_token_is_closed_with_4403(server: Server, payload: Any) -> None:
    async with websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as ws:
        socket = Socket(ws)
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.closed() == 4403


@pytest.mark.parametrize("name", ["authorization", "Authorization"])
async def test_the_name_of_the_token_is_read_in_any_case(server: Server, name: str) -> None:
    async with websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as ws:
        socket = Socket(ws)
        await socket.send({"type": "connection_init", "payload": {name: f"Bearer {DESK.token()}"}})
        assert (await socket.receive())["type"] == "connection_ack"


async def test_subscribing_before_the_ack_closes_with_4401(server: Server) -> None:
    async with websockets.connect(server.graphql_ws, subprotocols=[PROTOCOL]) as ws:
        socket = Socket(ws)
        await socket.subscribe("{ kanalen }")
        assert await socket.closed() == 4401


@pytest.mark.parametrize("offered", [["graphql-ws"], []])
async def test_only_graphql_transport_ws_is_offered(server: Server, offered: list[str]) -> None:
    subprotocols = [websockets.Subprotocol(name) for name in offered]
    async with websockets.connect(server.graphql_ws, subprotocols=subprotocols or None) as ws:
        assert await Socket(ws).closed() == 4406


@pytest.mark.parametrize(
    "message",
    [
        "no JSON",
        "[]",
        "null",
        '"x"',
        "{}",
        {"type": "onbekend"},
        {"type": "ping", "payload": "x"},
        {"type": "subscribe", "payload": {"query": "{ kanalen }"}},
        {"type": "subscribe", "id": 1, "payload": {"query": "{ kanalen }"}},
        {"type": "subscribe", "id": "", "payload": {"query": "{ kanalen }"}},
        {"type": "subscribe", "id": "\ud800", "payload": {"query": "{ kanalen }"}},
        {"type": "subscribe", "id": "1"},
        {"type": "subscribe", "id": "1", "payload": {"query": 1}},
        {"type": "subscribe", "id": "1", "payload": {"query": "{ kanalen }", "variables": []}},
        {"type": "subscribe", "id": "1", "payload": {"query": "{ kanalen }", "operationName": 1}},
        {"type": "complete"},
        "[" * 50_000,
    ],
)
async def test_a_malformed_message_closes_with_4400(server: Server, message: Any) -> None:
    async with server.as_(DESK).socket() as socket:
        await socket.send(message)
        assert await socket.closed() == 4400


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "DOCUMENT_ONGELDIG"),
        ("{ onbekend }", "DOCUMENT_ONGELDIG"),
        ("query A { kanalen } query B { kanalen }", "DOCUMENT_ONGELDIG"),
        ("query ($id: ID!) { interneTaak(id: $id) { id } }", "DOCUMENT_ONGELDIG"),
        ("subscription { a: postvak(organisatorischeEenheidId: 1) { id } b: kanalen }", "DOCUMENT_ONGELDIG"),
        ('subscription { postvak(organisatorischeEenheidId: "x") { id } }', "NIET_BEVOEGD"),
        ('subscription { interneTaak(id: "x") { id } }', "NIET_BEVOEGD"),
    ],
)
async def test_what_one_operation_asks_wrongly_is_an_error_on_it_alone(
    server: Server, document: str, code: str
) -> None:
    eenheid = server.eenheden["VER"]
    async with server.as_(VERGUNNINGEN).socket() as socket:
        sibling = await socket.subscribe(POSTVAK, eenheid=eenheid, na=0)
        wrong = await socket.subscribe(document)
        assert code in await wrong.refused()
        await new_taak(server.as_(DESK), eenheid)
        assert (await sibling.next())["postvak"]["volgnummer"] == 1


async def test_an_id_is_free_again_when_its_operation_is_over(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        for _ in range(2):
            await socket.send({"id": "een", "type": "subscribe", "payload": {"query": "{ kanalen }"}})
            assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "complete"]


async def test_an_id_that_is_in_use_closes_with_4409(server: Server) -> None:
    async with server.as_(VERGUNNINGEN).socket() as socket:
        message = {"query": POSTVAK, "variables": {"eenheid": server.eenheden["VER"]}}
        for _ in range(2):
            await socket.send({"id": "een", "type": "subscribe", "payload": message})
        assert await socket.closed() == 4409


async def test_sockets_that_vanish_in_the_midst_of_a_stream_leave_nothing_behind(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """What is left open is found when the server of this test stops."""
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]

    async def vanish() -> None:
        async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox:
            await inbox.next()
            inbox.socket.ws.transport.abort()

    await new_taak(desk, eenheid)
    await asyncio.gather(*(vanish() for _ in range(10)), *(new_taak(desk, eenheid) for _ in range(10)))
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_a_socket_stays_open_for_longer_than_a_request_may_take_to_come(
    settings: Settings, template: Template
) -> None:
    quick = settings.model_copy(update={"request_seconds": 0.1})
    async with serving(quick, template.eenheden) as server, server.as_(DESK).socket() as socket:
        # Connected later than the socket, and closed when it has waited too long for a request.
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(server.url).port)
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
        writer.close()
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}
