"""graphql-transport-ws: the shape of every message. What is malformed closes the socket with 4400, at once.

Specification: PROTOCOL.md of the npm package graphql-ws, and `validateMessage` in its src/common.ts.
"""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from app.settings import Settings
from tests.support.arrange import stored
from tests.support.client import Client
from tests.support.people import DESK
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database("sqlite")]

KANALEN = {"query": "{ kanalen }"}
REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(shared, template.eenheden) as running:
        yield running


@pytest.fixture
def desk(server: Server) -> Client:
    return server.as_(DESK)


def subscribe(**more: Any) -> Any:
    """A subscribe that is right, but for what is replaced; what is replaced by ... is left out."""
    message = {"id": "een", "type": "subscribe", "payload": KANALEN} | more
    return {key: value for key, value in message.items() if value is not ...}


def payload(**more: Any) -> Any:
    """A subscribe of which the payload has more than a query, or another one."""
    return subscribe(payload={key: value for key, value in (KANALEN | more).items() if value is not ...})


NOT_JSON = {
    "an empty text": "",
    "a word": "kanalen",
    "half an object": '{"type": "ping"',
    "two objects": '{"type": "ping"}{"type": "ping"}',
    "a number that JSON does not have": '{"type": "pong", "payload": {"n": NaN}}',
    "an infinity, which JSON does not have": '{"type": "pong", "payload": {"n": -Infinity}}',
    "a line feed in a text": '{"type": "pi\nng"}',
    "nothing but openings": "[" * 50_000,
    "a number of 5,000 digits": '{"type": "ping", "payload": {"n": ' + "9" * 5000 + "}}",
}

NOT_AN_OBJECT = {
    "null": None,
    "a list": [],
    "a list of a message": [{"type": "ping"}],
    "a text": '"ping"',
    "a number": 1,
    "a boolean": True,
}

NO_TYPE_OF_A_CLIENT = {
    "no type": {},
    "a type that is null": {"type": None},
    "a type that is empty": {"type": ""},
    "a type that is a number": {"type": 1},
    "a type that is a list": {"type": ["ping"]},
    "a type that is an object": {"type": {"ping": 1}},
    "a type that is unknown": {"type": "onbekend"},
    "a type in capitals": {"type": "PING"},
    "a type of the legacy protocol": {"id": "een", "type": "start", "payload": KANALEN},
    "the legacy end of a connection": {"type": "connection_terminate"},
    "connection_ack, which only a server sends": {"type": "connection_ack"},
    "next, which only a server sends": {"id": "een", "type": "next", "payload": {"data": None}},
    "error, which only a server sends": {"id": "een", "type": "error", "payload": [{"message": "x"}]},
}

NO_OBJECT = {"a text": "x", "an empty text": "", "a list": [], "a number": 0, "a boolean": False}

WRONG_PAYLOAD = {
    f"{kind} of which the payload is {what}": {"type": kind, "payload": value}
    for kind in ("connection_init", "ping", "pong")
    for what, value in NO_OBJECT.items()
}

NO_ID: dict[str, Any] = {
    "missing": ...,
    "null": None,
    "empty": "",
    "a number": 1,
    "a list": ["een"],
    "an object": {},
    "half a surrogate pair, which could not be sent back": "\ud800",
}

WRONG_ID = {
    f"{kind} of which the id is {what}": subscribe(id=value, type=kind)
    for kind in ("subscribe", "complete")
    for what, value in NO_ID.items()
}

NO_QUERY: dict[str, Any] = {"missing": ..., "null": None, "a number": 1, "a list": [], "an object": {}}

WRONG_REQUEST = {
    **{
        f"subscribe of which the payload is {what}": subscribe(payload=value)
        for what, value in ({"missing": ..., "null": None} | NO_OBJECT).items()
    },
    **{f"subscribe of which the query is {what}": payload(query=value) for what, value in NO_QUERY.items()},
    **{
        f"subscribe of which the {name} are {what}": payload(**{name: value})
        for name in ("variables", "extensions")
        for what, value in NO_OBJECT.items()
    },
    **{
        f"subscribe of which the operationName is {what}": payload(operationName=value)
        for what, value in {"a number": 1, "a list": [], "an object": {}, "a boolean": True}.items()
    },
}

MALFORMED = NOT_JSON | NOT_AN_OBJECT | NO_TYPE_OF_A_CLIENT | WRONG_PAYLOAD | WRONG_ID | WRONG_REQUEST


@pytest.mark.parametrize("message", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_message_closes_with_4400(desk: Client, message: Any) -> None:
    async with desk.socket() as socket:
        await socket.send(message)
        code, reason = await socket.closing()
    assert code == 4400
    assert (reason or "").startswith("Invalid message received: ")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "x",
        [],
        {"type": "onbekend"},
        {"type": "ping", "payload": "x"},
        subscribe(id=""),
        {"type": "connection_ack"},
    ],
)
async def test_a_malformed_message_closes_with_4400_also_before_the_acknowledgement(
    desk: Client, message: Any
) -> None:
    async with desk.opened("graphql-transport-ws") as socket:
        await socket.send(message)
        assert await socket.closed() == 4400


@pytest.mark.parametrize("data", [b"", b"x", b"\xff", json.dumps(subscribe()).encode(), b'{"type": "ping"}'])
async def test_a_binary_message_closes_with_4400_though_it_holds_a_right_one(desk: Client, data: bytes) -> None:
    async with desk.socket() as socket:
        await socket.ws.send(data)
        assert await socket.closed() == 4400


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
async def test_a_ping_of_which_the_payload_could_not_be_sent_back_closes_with_4400(
    desk: Client, number: str
) -> None:
    async with desk.socket() as socket:
        await socket.send(f'{{"type": "ping", "payload": {{"n": {number}}}}}')
        assert await socket.closed() == 4400


@pytest.mark.parametrize("malformed", ["x", {"type": "onbekend"}, {"type": "connection_init"}])
async def test_what_comes_behind_a_message_that_closes_the_socket_is_not_done(
    desk: Client, shared: Settings, malformed: Any
) -> None:
    before = stored(shared)
    async with desk.socket() as socket:
        await socket.send_together(malformed, subscribe(payload={"query": REGISTER}))
        assert await socket.closed() in (4400, 4429)
    assert stored(shared) == before


PINGS = {
    "no payload": ({"type": "ping"}, {"type": "pong"}),
    "a payload that is null": ({"type": "ping", "payload": None}, {"type": "pong"}),
    "an empty payload": ({"type": "ping", "payload": {}}, {"type": "pong", "payload": {}}),
    "a payload": (
        {"type": "ping", "payload": {"a": [1, 1.5, "ë😀", None, True, {"b": {}}]}},
        {"type": "pong", "payload": {"a": [1, 1.5, "ë😀", None, True, {"b": {}}]}},
    ),
    "half a surrogate pair in it": (
        {"type": "ping", "payload": {"\ud800": "\udfff"}},
        {"type": "pong", "payload": {"\ud800": "\udfff"}},
    ),
    "a number beyond 64 bits in it": (
        {"type": "ping", "payload": {"n": 2**70}},
        {"type": "pong", "payload": {"n": 2**70}},
    ),
}


@pytest.mark.parametrize(("ping", "pong"), PINGS.values(), ids=PINGS)
async def test_a_ping_is_answered_with_its_payload(desk: Client, ping: Any, pong: Any) -> None:
    async with desk.socket() as socket:
        await socket.send(ping)
        assert await socket.receive() == pong


UNANSWERED = {
    "a pong": {"type": "pong"},
    "a pong of which the payload is null": {"type": "pong", "payload": None},
    "a pong with a payload": {"type": "pong", "payload": {"a": 1}},
    "a complete for an id that was never used": {"id": "onbekend", "type": "complete"},
}


@pytest.mark.parametrize("message", UNANSWERED.values(), ids=UNANSWERED)
async def test_some_messages_are_taken_at_any_time_and_not_answered(desk: Client, message: Any) -> None:
    async with desk.socket() as socket:
        await socket.send_together(message, message, {"type": "ping"})
        assert await socket.receive() == {"type": "pong"}


ALLOWED = {
    "variables that are null": payload(variables=None),
    "variables that the operation does not have": payload(variables={"x": 1}),
    "extensions that are null": payload(extensions=None),
    "extensions": payload(extensions={"x": {"y": 1}}),
    "an operationName that is null": payload(operationName=None),
    "an operationName": payload(query="query A { kanalen } query B { ik { rollen } }", operationName="A"),
    "more fields than the protocol has": subscribe(more=1) | {"payload": KANALEN | {"more": []}},
    "its fields in another order": {"payload": KANALEN, "type": "subscribe", "id": "een"},
}


@pytest.mark.parametrize("message", ALLOWED.values(), ids=ALLOWED)
async def test_a_subscribe_may_have(desk: Client, message: Any) -> None:
    async with desk.socket() as socket:
        await socket.send(message)
        answer, end = await socket.receive(), await socket.receive()
    assert answer["payload"]["data"]["kanalen"][0] == "Telefoon"
    assert end == {"id": "een", "type": "complete"}


@pytest.mark.parametrize("id_", [" ", "0", "é😀", '"\\\n\x00', "x" * 10_000])
async def test_an_id_is_any_text_that_is_not_empty_and_comes_back_as_it_is(desk: Client, id_: str) -> None:
    async with desk.socket() as socket:
        await socket.send(subscribe(id=id_))
        assert [(await socket.receive())["id"] for _ in range(2)] == [id_] * 2


async def test_a_message_may_be_written_with_spaces_and_escapes(desk: Client) -> None:
    async with desk.socket() as socket:
        await socket.send(' \r\n\t{ "type" : "\\u0070ing" }\n')
        assert await socket.receive() == {"type": "pong"}
