"""WebSocket itself (RFC 6455), under graphql-transport-ws: what breaks its rules is closed with its codes."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from app.settings import Settings
from tests.support.client import PATIENCE
from tests.support.frames import BINARY, CLOSE, CONT, PING, PONG, TEXT, Wire, frame, wire
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database("sqlite")]

ASK, ANSWER = b'{"type":"ping","payload":{"a":"\xc3\xab"}}', b'{"type":"pong","payload":{"a":"\\u00eb"}}'


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(shared, template.eenheden) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def ws(server: Server) -> AsyncIterator[Wire]:
    """A WebSocket about which nothing may be logged, whatever is sent on it."""
    with nothing_wrong_is_logged():
        async with wire(server) as opened:
            yield opened


BROKEN = {
    "an unmasked frame": (1002, frame(TEXT, ASK, masked=False)),
    "a reserved bit": (1002, frame(TEXT, ASK, rsv=4)),
    "an unknown opcode": (1002, frame(3, ASK)),
    "an unknown control opcode": (1002, frame(11)),
    "a continuation of nothing": (1002, frame(CONT, ASK)),
    "another message in the midst of one": (1002, frame(TEXT, ASK, fin=False) + frame(TEXT, ASK)),
    "a ping in fragments": (1002, frame(PING, b"x", fin=False)),
    "a ping of more than 125 bytes": (1002, frame(PING, b"x" * 126)),
    "a close of one byte": (1002, frame(CLOSE, b"\x03")),
    "a close with a code that is never sent": (1002, frame(CLOSE, (1005).to_bytes(2, "big"))),
    "a close with a code out of range": (1002, frame(CLOSE, (999).to_bytes(2, "big"))),
    "a close with a reason that is no UTF-8": (1007, frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff")),
    "a text that is no UTF-8": (1007, frame(TEXT, b'{"type":"\xff"}')),
    "a text that ends in the midst of a sign": (1007, frame(TEXT, b'"\xc3')),
    "half a surrogate pair as bytes": (1007, frame(TEXT, b'"\xed\xa0\x80"')),
    "a text in fragments that is no UTF-8": (1007, frame(TEXT, b'"\xc3', fin=False) + frame(CONT, b'x"')),
    "a frame of a terabyte": (1009, frame(TEXT, b"{", length=2**40)),
}


@pytest.mark.parametrize(("code", "sent"), BROKEN.values(), ids=BROKEN)
async def test_what_breaks_the_rules_of_websocket_closes_with_its_code(ws: Wire, code: int, sent: bytes) -> None:
    ws.send(sent)
    assert await ws.closed() == code


async def test_what_comes_behind_a_broken_rule_is_dropped_and_the_code_arrives(ws: Wire) -> None:
    ws.send(frame(TEXT, ASK, masked=False), *(frame(TEXT, b"x" * 10_000) for _ in range(100)))
    assert await ws.closed() == 1002


async def test_a_message_whose_fragments_are_too_large_together_closes_with_1009(ws: Wire) -> None:
    part = frame(CONT, b"x" * 32_768, fin=False)
    ws.send(frame(TEXT, b"{", fin=False), *[part] * 600)
    assert await ws.closed() == 1009


async def test_a_message_may_come_in_fragments_with_pings_between(ws: Wire) -> None:
    ws.send(frame(TEXT, fin=False))
    for byte in ASK:
        ws.send(frame(CONT, bytes([byte]), fin=False), frame(PING, bytes([byte])))
    ws.send(frame(CONT))
    # Of pings that came together only the last need be answered.
    pongs = b""
    while (received := await ws.receive())[0] == PONG:
        pongs += received[1]
    assert pongs.endswith(ASK[-1:])
    assert received == (TEXT, ANSWER)


async def test_a_binary_message_in_fragments_closes_with_4400(ws: Wire) -> None:
    ws.send(frame(BINARY, ASK[:5], fin=False), frame(CONT, ASK[5:]))
    assert await ws.closed() == 4400


async def test_a_websocket_ping_is_answered_with_its_data_and_a_pong_is_ignored(ws: Wire) -> None:
    for data in (b"x" * 125, b"", b"\xff"):
        ws.send(frame(PONG, b"unsolicited"), frame(PING, data), frame(TEXT, ASK))
        assert [await ws.receive() for _ in range(2)] == [(PONG, data), (TEXT, ANSWER)]


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
async def test_a_close_of_the_client_is_answered_with_its_code(ws: Wire, code: int) -> None:
    ws.send(frame(CLOSE, code.to_bytes(2, "big") + b"tot ziens"))
    assert await ws.closed() == code


async def test_a_close_without_a_code_is_answered_without_one(ws: Wire) -> None:
    ws.send(frame(CLOSE))
    assert await ws.closed() is None


async def test_a_close_behind_a_ping_is_answered(ws: Wire) -> None:
    ws.send(frame(PING, b"x"), frame(CLOSE, (1000).to_bytes(2, "big")))
    assert await ws.receive() == (PONG, b"x")
    assert await ws.closed() == 1000


async def test_nothing_is_answered_behind_a_close_of_the_client(ws: Wire) -> None:
    ws.send(frame(CLOSE, (1000).to_bytes(2, "big")), frame(TEXT, ASK), frame(PING))
    assert await ws.closed() == 1000


async def test_a_connection_that_breaks_in_the_midst_of_a_frame_leaves_nothing(server: Server, ws: Wire) -> None:
    ws.send(frame(TEXT, ASK)[:-1])
    ws.writer.transport.abort()
    async with server.as_(DESK).socket() as socket:
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}


async def test_the_server_pings_and_whoever_does_not_answer_is_closed_with_1013(
    shared: Settings, template: Template
) -> None:
    brief = shared.model_copy(update={"silence_seconds": 0.3, "connection_init_seconds": PATIENCE})
    async with serving(brief, template.eenheden) as server, wire(server) as silent, wire(server) as answering:
        for _ in range(5):
            assert await answering.receive() == (PING, b"")
            answering.send(frame(PONG))
        assert await silent.closed() == 1013
