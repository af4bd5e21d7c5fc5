"""Answers that nobody reads: what waits has bounds for a connection and for a process, however it is asked."""

import asyncio
import json
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.settings import Settings
from app.transport.connections.answer_budget import AnswerBudgetLimits
from app.transport.delivery.sharing import SharedPayloads
from tests.support import waiting
from tests.support.arrange import registreer, stored, taak
from tests.support.client import Client
from tests.support.each import each
from tests.support.figures import figures, until, with_figures
from tests.support.people import DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.raw import request, status
from tests.support.server import Server, serving
from tests.support.slow import SMALL, slow_socket
from tests.support.template import Template
from tests.support.waiting import turns
from tests.support.wires import SETTINGS, Wires, wired

# What waits for a client waits wherever it was read.
pytestmark = pytest.mark.database("sqlite")

ANSWER = 65_536
CONNECTION = 262_144
PROCESS = 2_097_152
SHARE = PROCESS // 4

PAGE = """
query { interneTaken(first: 40) { edges { node { nummer toelichting } } } }
"""
REASONED = """
query ($first: Int!) {
  interneTaken(first: $first) { edges { node { toelichting ontstaanUitKlantcontact { inhoud onderwerp } } } }
}
"""
POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer interneTaak { toelichting } }
}
"""
REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    __typename ... on KlantcontactGeregistreerd { klantcontact { interneTaken { toelichting } } }
  }
}
"""


def narrow(settings: Settings, **more: Any) -> Settings:
    """Settings under which little may wait."""
    bounds = {
        "max_answer_bytes": ANSWER,
        "max_answers_of_connection_bytes": CONNECTION,
        "max_answers_bytes": PROCESS,
        "max_pending_bytes": 16_384,
        "silence_seconds": 600.0,
        "request_seconds": 600.0,
    }
    return with_figures(settings.model_copy(update=bounds | more))


async def fill(server: Server) -> None:
    """Tasks whose page is an answer of some forty kilobytes."""
    ver = server.eenheden["VER"]
    for _ in range(4):
        await registreer(server.as_(DESK), *(taak(ver, toelichting="t" * 1_000) for _ in range(10)))


def stalled_connection(server: Server) -> socket.socket:
    """A connection of which little is kept on either side, and nothing read."""
    address = urlsplit(server.url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    connection.connect((address.hostname, address.port))
    connection.setblocking(False)
    return connection


def posted(client: Client, document: str, *more: str) -> bytes:
    body = json.dumps({"query": document}).encode()
    headers = (f"authorization: Bearer {client.token}", "content-type: application/json", *more)
    return request("POST", "/graphql", *headers, f"content-length: {len(body)}", body=body)


async def executed(server: Server) -> float:
    counted = await figures(server)
    return sum(value for name, value in counted.items() if name.startswith("operations_executed_total{kind=query"))


async def settled(server: Server) -> float:
    """How many queries were executed, once some were and that stays as it is over many looks."""
    seen: list[float] = []

    async def stays() -> bool:
        seen.append(await executed(server))
        return seen[-1] > 0 and len(seen) > 30 and len(set(seen[-30:])) == 1

    await waiting.until(stays)
    return seen[-1]


async def test_queries_of_a_socket_that_is_not_read_wait_until_it_is(
    settings: Settings, template: Template
) -> None:
    async with serving(narrow(settings), template.eenheden, send_buffer=SMALL) as server:
        await fill(server)
        inbox = server.as_(VERGUNNINGEN)
        async with slow_socket(inbox, POSTVAK, eenheid=server.eenheden["VER"]) as stalled:
            one = stalled.stream.socket
            messages = [
                {"id": f"q{number}", "type": "subscribe", "payload": {"query": PAGE}} for number in range(60)
            ]
            await one.send_together(*messages)
            assert await settled(server) < 10
            assert ANSWER / 2 < (await figures(server))["pending_bytes"] <= CONNECTION
            stalled.go_on()
            answered: set[str] = set()
            while len(answered) < 60:
                message = await one.receive()
                if message["type"] == "next":
                    assert len(message["payload"]["data"]["interneTaken"]["edges"]) == 40
                    answered.add(message["id"])
            await until(server, pending_bytes=0.0)


# It is reckoned that its answer has up to 120,000 bytes: thirty texts.
LARGE = f"{{ {' '.join(f'a{number}: rechten' for number in range(30))} }}"


async def test_queries_of_a_socket_are_answered_side_by_side_as_far_as_their_answers_have_room_together() -> None:
    wires = Wires(
        {"vera": "one"},
        settings=replace(SETTINGS, budget=AnswerBudgetLimits(150_000, 150_000, 1_500_000)),
    )
    async with wired(wires) as server, wires.client(server).socket() as ws:
        wires.answering.hold()
        for _ in range(2):
            await ws.subscribe(LARGE)
        await wires.answering.reached(30)
        await turns(50)
        held = wires.answering.waiting
        wires.answering.release()
        assert held == 30
        said = [await ws.receive() for _ in range(4)]
    assert [(message["id"], message["type"]) for message in said] == [
        (id_, type_) for id_ in ("1", "2") for type_ in ("next", "complete")
    ]


async def test_requests_of_one_caller_are_answered_side_by_side_as_far_as_their_answers_have_room_together() -> (
    None
):
    wires = Wires(
        {"vera": "one"},
        settings=replace(SETTINGS, budget=AnswerBudgetLimits(150_000, 150_000, 4 * 150_000)),
    )
    async with wired(wires) as server:
        wires.answering.hold()
        asked = [asyncio.ensure_future(wires.client(server).data(LARGE)) for _ in range(2)]
        await wires.answering.reached(30)
        await turns(200)
        held = wires.answering.waiting
        wires.answering.release()
        assert held == 30
        for answer in each(await asyncio.gather(*asked)):
            assert set(answer.values()) == {"one"}


async def test_pipelined_requests_of_a_connection_that_is_not_read_are_not_executed(
    settings: Settings, template: Template
) -> None:
    async with serving(narrow(settings), template.eenheden, send_buffer=SMALL) as server:
        await fill(server)
        with stalled_connection(server) as connection:
            await asyncio.get_running_loop().sock_sendall(connection, posted(server.as_(VERGUNNINGEN), PAGE) * 12)
            assert 0 < await settled(server) < 8
            assert ANSWER / 2 < (await figures(server))["pending_bytes"] <= CONNECTION + ANSWER
        await until(server, pending_bytes=0.0)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_many_connections_that_are_not_read_get_later_and_others_are_served(
    settings: Settings, template: Template, accept: str
) -> None:
    async with serving(narrow(settings), template.eenheden, send_buffer=SMALL) as server, AsyncExitStack() as stack:
        await fill(server)
        greedy = server.as_(VERGUNNINGEN)
        loop = asyncio.get_running_loop()
        for _ in range(60):
            connection = stack.enter_context(stalled_connection(server))
            await loop.sock_sendall(connection, posted(greedy, PAGE, f"accept: {accept}"))

        async def is_full() -> bool:
            pending = (await figures(server))["pending_bytes"]
            assert pending <= SHARE + ANSWER
            return pending > SHARE / 2

        async def is_refused() -> bool:
            answer = await greedy.http.post(
                server.graphql, json={"query": PAGE}, headers={"authorization": f"Bearer {greedy.token}"}
            )
            if answer.status_code == 200:
                return False
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["extensions"] == {"code": "NIET_BESCHIKBAAR"}
            return "retry-after" in answer.headers

        await waiting.until(is_full)
        await waiting.until(is_refused)
        # It is one employee who does not read.
        assert len((await server.as_(TOEZICHTHOUDER).data(PAGE))["interneTaken"]["edges"]) == 40


async def test_a_subscription_that_is_not_read_has_no_payloads_made_for_it(
    settings: Settings, template: Template
) -> None:
    async with serving(narrow(settings), template.eenheden, send_buffer=SMALL) as server:
        await fill(server)
        inbox, ver = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        async with slow_socket(inbox, POSTVAK, eenheid=ver) as stalled:
            one = stalled.stream.socket
            messages = [
                {
                    "id": f"s{number}",
                    "type": "subscribe",
                    # Each selects for itself.
                    "payload": {"query": POSTVAK + f"#{number}", "variables": {"eenheid": ver, "na": 0}},
                }
                for number in range(60)
            ]
            await one.send_together(*messages)
            seen: list[float] = []

            async def stays() -> bool:
                seen.append((await figures(server))["payloads_made_total"])
                return seen[-1] > 0 and len(seen) > 30 and len(set(seen[-30:])) == 1

            await waiting.until(stays)
            assert seen[-1] < 60 * 40 / 2
            assert (await figures(server))["pending_bytes"] <= CONNECTION


async def test_who_does_not_take_the_answers_is_closed_as_any_silent_reader(
    settings: Settings, template: Template
) -> None:
    brief = narrow(settings, silence_seconds=0.6, request_seconds=0.3)
    async with serving(brief, template.eenheden, send_buffer=SMALL) as server:
        await fill(server)
        inbox = server.as_(VERGUNNINGEN)
        async with slow_socket(inbox, POSTVAK, eenheid=server.eenheden["VER"]) as stalled:
            for _ in range(20):
                await stalled.stream.socket.subscribe(PAGE)
            with stalled_connection(server) as connection:
                await asyncio.get_running_loop().sock_sendall(connection, posted(inbox, PAGE) * 5)
                await until(server, open_connections=0.0, pending_bytes=0.0)
            await until(server, pending_bytes=0.0)


async def test_an_answer_that_is_too_large_is_refused_over_every_transport(
    settings: Settings, template: Template
) -> None:
    async with serving(narrow(settings, max_answers_of_connection_bytes=16 * ANSWER), template.eenheden) as server:
        await fill(server)
        await fill(server)
        desk = server.as_(DESK)
        answer = await desk.answer(REASONED, first=80)
        [error] = answer["errors"]
        assert "data" not in answer
        assert error["extensions"] == {
            "code": "LIMIET_OVERSCHREDEN",
            "limiet": "ANTWOORD",
            "maximum": ANSWER,
        }
        assert str(ANSWER) in error["message"]
        async with desk.socket() as one:
            stream = await one.subscribe(REASONED, first=80)
            assert await stream.refused() == ["LIMIET_OVERSCHREDEN"]
        async with desk.events(REASONED, first=80) as events:
            [error] = (await events.event()).data["errors"]
            assert error["extensions"]["limiet"] == "ANTWOORD"
        assert len((await desk.data(REASONED, first=20))["interneTaken"]["edges"]) == 20


async def test_a_deed_whose_answer_might_be_too_large_is_refused_before_it_is_done(
    settings: Settings, template: Template
) -> None:
    async with serving(narrow(settings), template.eenheden) as server:
        ver = server.eenheden["VER"]
        before = stored(settings)
        for count, is_done in ((30, False), (10, True)):
            # It is as long as it might be, not as long as it would be.
            asked = {"onderwerp": "Dakkapel", "interneTaken": [taak(ver, toelichting="t") for _ in range(count)]}
            answer = await server.as_(DESK).answer(REGISTER, input=asked)
            limits = [error["extensions"]["limiet"] for error in answer.get("errors", ())]
            assert limits == ([] if is_done else ["ANTWOORD"])
            assert (stored(settings) != before) is is_done


async def test_the_payloads_that_are_kept_have_a_bound_of_bytes() -> None:
    class Text:
        key = "one text"

        async def payload(self, event: int) -> bytes:
            return b"p" * 1_000

    shared = SharedPayloads(keep=512, most_bytes=10_000)
    for event in range(50):
        assert len(await shared.payload(Text(), event)) == 1_000
        assert shared.bytes <= 10_000
    made = shared.executed
    await shared.payload(Text(), 49)
    assert shared.executed == made
    await shared.payload(Text(), 0)
    assert shared.executed == made + 1


async def test_the_system_keeps_little_for_connections_that_are_not_read(
    settings: Settings, template: Template
) -> None:
    # Linux keeps twice what it is told; left to itself more than a megabyte.
    for told in (8_192, 65_536):
        few = narrow(settings, send_buffer_bytes=told)
        async with serving(few, template.eenheden) as server:
            await fill(server)
            with stalled_connection(server) as connection:
                one = posted(server.as_(VERGUNNINGEN), PAGE)
                await asyncio.get_running_loop().sock_sendall(connection, one * 15)

                async def waits() -> bool:
                    return (await figures(server))["pending_bytes"] > 0

                await waiting.until(waits)
                assert status(await asyncio.get_running_loop().sock_recv(connection, 1_000)) == 200
