"""Whatever is sent on a WebSocket, the server answers by the protocol or closes with a code of it.

Hypothesis makes up the messages; how to try more of them stands in `test_hostile_inputs`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from websockets.exceptions import ConnectionClosed

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.client import JSON, PATIENCE, Client, Socket
from tests.support.hostile import ANYTHING, CODES, examples, texts
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.waiting import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database("sqlite")]

FOLLOW = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""
DOCUMENTS = [
    FOLLOW,
    "{ kanalen }",
    "{ ik { rollen postvakken { interneTaken(first: 3) { edges { node { id logboek { soort } } } } } } }",
    "{ interneTaken(first: 0) { totalCount } }",
    "{ onbekend }",
    "{",
    "query A { kanalen } query B { kanalen }",
    'mutation { neemInterneTaak(input: { id: "x" }) { __typename } }',
]
TOKEN, EENHEID = "<token>", "<eenheid>"
"""In the place of what only the running server can say."""

IDS = st.sampled_from(["1", "2", "3", "😀", "x" * 200])


@dataclass(frozen=True)
class Said:
    """A message, and whether it is malformed. What is no text is sent as a binary one."""

    message: Any
    malformed: bool = False


def right(**message: Any) -> Said:
    return Said(message)


RIGHT: SearchStrategy[Said] = st.one_of(
    st.builds(
        lambda id_, query, more: right(id=id_, type="subscribe", payload={"query": query} | more),
        IDS,
        st.sampled_from(DOCUMENTS),
        st.fixed_dictionaries(
            {"variables": st.just({"eenheid": EENHEID, "na": 0})},
            optional={"operationName": st.sampled_from([None, "", "A"]), "extensions": st.none() | st.just({})},
        ),
    ),
    st.builds(lambda id_: right(id=id_, type="complete"), IDS),
    st.builds(
        lambda kind, payload: right(type=kind, payload=payload),
        st.sampled_from(["ping", "pong"]),
        st.none() | st.dictionaries(texts(5), ANYTHING, max_size=3),
    ),
)

WRONG_INIT = st.sampled_from(["", "Bearer x", "Basic x", 1, None, {}, "Bearer \ud800"]).map(
    lambda value: right(type="connection_init", payload={"authorization": value})
)
INIT = st.just(right(type="connection_init", payload={"authorization": TOKEN}))


def spoilt(said: Said, place: str, value: Any) -> Said:
    """A right message with one field of another kind: a list is right nowhere, nor is a missing id or query."""
    message = said.message
    if place == "query" and message["type"] == "subscribe":
        return Said(message | {"payload": message["payload"] | {"query": value}}, malformed=True)
    if place == "id" and "id" in message:
        return Said(message | {"id": value}, malformed=True)
    return Said(message | {"type": value}, malformed=True)


MALFORMED: SearchStrategy[Said] = st.one_of(
    st.builds(
        spoilt,
        RIGHT,
        st.sampled_from(["query", "id", "type"]),
        st.sampled_from([None, [], {}, 0, True, ["ping"]]),
    ),
    st.builds(
        lambda kind, payload: Said({"type": kind, "payload": payload}, malformed=True),
        st.sampled_from(["ping", "pong", "connection_init"]),
        st.sampled_from([[], "", 0, False]),
    ),
    ANYTHING.filter(lambda value: not isinstance(value, dict)).map(lambda value: Said(value, malformed=True)),
    st.dictionaries(texts(5), ANYTHING, max_size=3).map(lambda value: Said(value, malformed=True)),
    texts().filter(lambda text: not _is_json(text)).map(lambda text: Said(_Raw(text), malformed=True)),
    st.binary(max_size=20).map(lambda data: Said(data, malformed=True)),
    st.sampled_from(["connection_ack", "next", "error", "start", "stop", "connection_terminate", "PING", ""]).map(
        lambda kind: Said({"id": "1", "type": kind, "payload": {}}, malformed=True)
    ),
)


class _Raw(str):
    """A text that is sent as it is."""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


# The weights: mostly a socket that is let in and lives for a while.
MESSAGES = st.lists(
    st.integers(0, 19).flatmap(
        lambda n: MALFORMED if n == 19 else INIT if n == 18 else WRONG_INIT if n == 17 else RIGHT
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Expected:
    """What may become of a socket, by the messages sent on it in order."""

    acknowledged: bool
    """Whether it was, before all of them."""
    codes: set[int] = field(default_factory=set)
    """The codes with which the server may close it."""
    closes: bool = False
    """Whether it does so in any case."""
    _is_over: bool = False
    _initialised: bool = False
    _used: set[str] = field(default_factory=set)
    _followed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._initialised = self.acknowledged

    def take(self, said: Said) -> None:
        """One more message."""
        if self._is_over:
            return
        if said.malformed:
            self._close(4400)
            return
        message = said.message
        match message["type"]:
            case "connection_init" if self._initialised:
                self._close(4429)
            case "connection_init":
                self._initialised = True
                if message["payload"]["authorization"] != TOKEN:
                    # What comes behind it may be looked at before it is checked.
                    self.codes.add(4403)
                    self.closes = True
            case "subscribe":
                self._subscribe(message["id"], message["payload"])
            case "complete":
                self._used.discard(message["id"])
                self._followed.discard(message["id"])

    def _subscribe(self, id_: str, payload: JSON) -> None:
        if not self._initialised:
            self._close(4401)
        elif id_ in self._followed:
            self._close(4409)
        else:
            # Whether it was let in by now, and whether another operation of this id is over, only the server knows.
            self.codes |= set() if self.acknowledged else {4401}
            self.codes |= {4409} if id_ in self._used else set()
            self._used.add(id_)
            if payload["query"] == FOLLOW and payload.get("operationName") is None and self.acknowledged:
                self._followed.add(id_)

    def _close(self, code: int) -> None:
        self.codes.add(code)
        self.closes = self._is_over = True


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings.model_copy(update={"connection_init_seconds": 60.0})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    """That nothing is left of a socket is found when it stops."""
    async with serving(shared, template.eenheden) as running:
        for _ in range(3):
            await new_taak(running.as_(DESK), running.eenheden["VER"])
        with nothing_wrong_is_logged():
            yield running


def written(said: Said, server: Server, client: Client) -> str | bytes:
    """A message as it goes over the wire."""
    if isinstance(said.message, bytes | _Raw):
        # A half of a surrogate pair has no UTF-8.
        return said.message if isinstance(said.message, bytes) else said.message.encode(errors="replace").decode()
    text = json.dumps(said.message)
    return text.replace(TOKEN, f"Bearer {client.token}").replace(EENHEID, server.eenheden["VER"])


async def answers(socket: Socket) -> list[JSON]:
    """All that the server sends until it answers a ping that is sent now, or closes."""
    got = []
    mark = {"laatste": "ping"}
    with suppress(ConnectionClosed):
        await socket.send({"type": "ping", "payload": mark})
        while (message := json.loads(await asyncio.wait_for(socket.ws.recv(), PATIENCE))) != {
            "type": "pong",
            "payload": mark,
        }:
            got.append(message)
    return got


def assert_by_the_protocol(messages: Sequence[JSON], sent: Sequence[Said]) -> None:
    """Every message of the server has the shape of its type, and is about what was asked and is not over."""
    may_begin: dict[str, int] = {}
    for said in sent:
        if not said.malformed and said.message["type"] == "subscribe":
            may_begin[said.message["id"]] = may_begin.get(said.message["id"], 0) + 1
    assert [message for message in messages if not is_by_the_protocol(message, may_begin)] == []


def is_by_the_protocol(message: JSON, may_begin: dict[str, int]) -> bool:
    """Whether a message has the shape of its type. Of each id is told how many operations may begin or go on."""
    match message:
        case {"type": "connection_ack"}:
            return bool(message.keys() == {"type"})
        case {"type": "pong"}:
            return isinstance(message.get("payload", {}), dict)
        case {"type": "next", "id": id_, "payload": {"data": _} as payload}:
            return may_begin[id_] > 0 and payload.get("errors") != []
        case {"type": "error", "id": id_, "payload": [_, *_] as errors}:
            may_begin[id_] -= 1
            return may_begin[id_] >= 0 and {error["extensions"]["code"] for error in errors} <= CODES
        case {"type": "complete", "id": id_}:
            may_begin[id_] -= 1
            return may_begin[id_] >= 0
    return False


@examples(cost=1)
@given(sent=MESSAGES, acknowledged=st.sampled_from([True, True, False]), together=st.booleans())
async def test_any_messages_are_answered_by_the_protocol_or_close_the_socket_with_its_codes(
    server: Server, sent: list[Said], acknowledged: bool, together: bool
) -> None:
    expected = Expected(acknowledged)
    client = server.as_(VERGUNNINGEN)
    async with client.socket() if acknowledged else client.opened("graphql-transport-ws") as socket:
        for said in sent:
            expected.take(said)
        frames = [written(said, server, client) for said in sent]
        with suppress(ConnectionClosed):
            if together:
                await socket.send_together(*frames)
            else:
                for frame in frames:
                    await socket.ws.send(frame)
        assert_by_the_protocol(await answers(socket), sent)
        if expected.closes or socket.ws.close_code is not None:
            assert await socket.closed() in expected.codes
    async with client.socket() as fresh:
        kanalen = await fresh.subscribe("{ kanalen }")
        assert (await kanalen.next())["kanalen"]


async def test_nothing_runs_any_more_when_all_those_sockets_have_gone(server: Server) -> None:
    async def nothing_of_a_socket() -> bool:
        assert server.process is not None
        return not server.process.server_state.tasks and not server.process.server_state.connections

    await server.http.aclose()
    await until(nothing_of_a_socket)
