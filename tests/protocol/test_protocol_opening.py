"""graphql-transport-ws, from the handshake to the acknowledgement: who is let in, and who is sent away.

Specification: PROTOCOL.md of the npm package graphql-ws; reasons are worded as its server words them.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import registreer
from tests.support.client import PATIENCE, Client
from tests.support.databases import execute, held
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK, Person
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.waiting import until

# The protocol has nothing to do with where anything is read.
pytestmark = pytest.mark.database("sqlite")

PROTOCOL, LEGACY = "graphql-transport-ws", "graphql-ws"

KANALEN = {"id": "een", "type": "subscribe", "payload": {"query": "{ kanalen }"}}
ACK = {"type": "connection_ack"}

NEWCOMER = Person("f0000000-0000-4000-8000-000000000001", "Noor Nieuw", ["KCC"], ["KCC"])
"""Somebody whose first login must be recorded: while nobody can write, it is not decided."""


@pytest.fixture
def desk(server: Server) -> Client:
    return server.as_(DESK)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([PROTOCOL], PROTOCOL),
        ([LEGACY, PROTOCOL], PROTOCOL),
        ([PROTOCOL, LEGACY], PROTOCOL),
        (["x", PROTOCOL], PROTOCOL),
    ],
)
async def test_graphql_transport_ws_is_chosen_whatever_else_is_offered(
    desk: Client, offered: list[str], chosen: str
) -> None:
    async with desk.opened(*offered) as socket:
        assert socket.ws.subprotocol == chosen
        await socket.send(desk.init)
        assert await socket.receive() == ACK


@pytest.mark.parametrize("offered", [[], [LEGACY], ["x"], ["graphql-transport-WS"]])
async def test_a_socket_that_does_not_offer_graphql_transport_ws_is_closed_with_4406(
    desk: Client, offered: list[str]
) -> None:
    async with desk.opened(*offered) as socket:
        assert socket.ws.subprotocol is None
        assert await socket.closing() == (4406, "Subprotocol not acceptable")


@pytest.fixture
async def hasty(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server that does not wait long for who somebody is."""
    async with serving(settings.model_copy(update={"connection_init_seconds": 0.3}), template.eenheden) as running:
        yield running


async def test_a_socket_that_does_not_say_who_it_is_in_time_is_closed_with_4408(hasty: Server) -> None:
    async with hasty.as_(DESK).opened(PROTOCOL) as socket:
        assert await socket.closing() == (4408, "Connection initialisation timeout")


async def test_pings_and_pongs_give_no_more_time_to_say_who_it_is(hasty: Server) -> None:
    async with hasty.as_(DESK).opened(PROTOCOL) as socket:
        await socket.send_together({"type": "ping"}, {"type": "pong"})
        assert await socket.closed() == 4408


async def test_whoever_said_in_time_who_they_are_may_be_checked_for_longer(
    settings: Settings, hasty: Server
) -> None:
    newcomer = hasty.as_(NEWCOMER)
    async with newcomer.opened(PROTOCOL) as socket, hasty.as_(DESK).opened(PROTOCOL) as silent:
        with held(settings.database_url):
            await socket.send(newcomer.init)
            assert await silent.closed() == 4408
        assert await socket.receive() == ACK


async def test_an_accepted_connection_init_is_answered_with_connection_ack(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send(desk.init)
        assert await socket.receive() == ACK


@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
async def test_the_name_of_the_token_is_read_in_any_case(desk: Client, name: str) -> None:
    async with desk.opened(PROTOCOL) as socket:
        payload = {name: f"Bearer {desk.token}", "more": {"is": ["allowed"]}}
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.receive() == ACK


@pytest.mark.parametrize(
    "init",
    [
        {"type": "connection_init"},
        {"type": "connection_init", "payload": None},
        {"type": "connection_init", "payload": {}},
        {"type": "connection_init", "payload": {"authorization": "Bearer x"}},
        {"type": "connection_init", "payload": {"authorization": "\ud800"}},
        {"type": "connection_init", "payload": {"authorization": 1}},
    ],
)
async def test_whoever_is_not_let_in_is_closed_with_4403(desk: Client, init: Any) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send(init)
        assert await socket.closing() == (4403, "Forbidden")


async def test_subscribing_before_connection_init_closes_with_4401(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send(KANALEN)
        assert await socket.closing() == (4401, "Unauthorized")


async def test_subscribing_before_the_acknowledgement_closes_with_4401(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send_together(desk.init, KANALEN)
        assert await socket.closing() == (4401, "Unauthorized")


async def test_a_second_connection_init_closes_with_4429(desk: Client) -> None:
    async with desk.socket() as socket:
        await socket.send(desk.init)
        assert await socket.closing() == (4429, "Too many initialisation requests")


async def test_a_second_connection_init_closes_with_4429_while_the_first_is_still_checked(
    server: Server, settings: Settings
) -> None:
    newcomer = server.as_(NEWCOMER)
    async with newcomer.opened(PROTOCOL) as socket:
        with held(settings.database_url):
            await socket.send(newcomer.init)
            await socket.send({"type": "ping"})
            assert await socket.receive() == {"type": "pong"}
            await socket.send(newcomer.init)
            assert await socket.closing() == (4429, "Too many initialisation requests")


async def test_two_connection_inits_that_come_together_close_with_4429(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send_together(desk.init, desk.init)
        assert await socket.closed() == 4429


async def test_a_second_connection_init_closes_with_4429_also_where_it_would_not_be_let_in(desk: Client) -> None:
    async with desk.socket() as socket:
        await socket.send({"type": "connection_init"})
        assert await socket.closed() == 4429


async def test_a_ping_is_answered_before_the_acknowledgement_with_its_payload(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send_together({"type": "ping"}, desk.init, {"type": "ping", "payload": {"nummer": 2}})
        answers = [await socket.receive() for _ in range(3)]
    assert answers == [{"type": "pong"}, {"type": "pong", "payload": {"nummer": 2}}, ACK]


async def test_a_pong_is_taken_before_the_acknowledgement(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send_together({"type": "pong"}, {"type": "pong", "payload": {"a": 1}}, desk.init)
        assert await socket.receive() == ACK


async def test_completing_before_the_acknowledgement_is_ignored(desk: Client) -> None:
    async with desk.opened(PROTOCOL) as socket:
        await socket.send_together({"id": "onbekend", "type": "complete"}, desk.init)
        assert await socket.receive() == ACK


async def test_a_socket_that_goes_while_it_is_checked_leaves_nothing_behind(
    settings: Settings, template: Template
) -> None:
    """Whoever is checked waits for longer than this test does."""
    waiting = settings.model_copy(update={"database_wait_seconds": 10 * PATIENCE})
    async with serving(waiting, template.eenheden) as server:
        newcomer, before = server.as_(NEWCOMER), asyncio.all_tasks()

        with nothing_wrong_is_logged():
            with held(settings.database_url):
                async with newcomer.opened(PROTOCOL) as socket:
                    await socket.send(newcomer.init)
                    await socket.send({"type": "ping"})
                    assert await socket.receive() == {"type": "pong"}
                    socket.ws.transport.abort()
                await until(lambda: asyncio.all_tasks() == before)
            await registreer(server.as_(DESK))


async def test_a_socket_is_closed_with_4500_where_we_broke_and_the_log_says_why(
    server: Server, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    desk = server.as_(DESK)
    await desk.data("{ kanalen }")
    await asyncio.to_thread(execute, settings.database_url, "ALTER TABLE medewerker_eenheid RENAME TO gone")
    async with desk.opened(PROTOCOL) as socket:
        await socket.send(desk.init)
        assert await socket.closed() == 4500
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info is not None
    await asyncio.to_thread(execute, settings.database_url, "ALTER TABLE gone RENAME TO medewerker_eenheid")
    async with desk.opened(PROTOCOL) as socket:
        await socket.send(desk.init)
        assert await socket.receive() == ACK
