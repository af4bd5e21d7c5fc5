"""Stopping: who follows is sent to come back elsewhere, and what is under way gets its answer, within a bound."""

import asyncio
import signal
import socket as tcp
from contextlib import AsyncExitStack, suppress

import httpx
import psutil
import pytest
import websockets

from app.settings import Settings
from tests.support.arrange import taak
from tests.support.client import PATIENCE, Client, Socket
from tests.support.databases import KINDS, contents, held
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.processes import serving_process
from tests.support.server import Server, serving
from tests.support.slow import SMALL
from tests.support.template import Template
from tests.support.wires import RIGHTS, Wires, wired

# How connections and processes end has nothing to do with the database.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) { ... on KlantcontactGeregistreerd { klantcontact { onderwerp } } }
}
"""

HEAD = b"POST /graphql HTTP/1.1\r\nhost: overdracht\r\nauthorization: Bearer <token>\r\n"
LONG = b'{"query":"{ %b }"}' % b" ".join(b"k%d: kanalen" % number for number in range(28))
SENT = {
    "nothing": b"",
    "half a head": HEAD,
    "half a body": HEAD + b"content-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
    "requests whose answers it does not take": 16
    * (HEAD + b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(LONG), LONG)),
}
"""What a client sent before it does nothing any more."""

ANSWER = {"registreerKlantcontact": {"klantcontact": {"onderwerp": "Dakkapel"}}}


def registration(server: Server) -> dict[str, object]:
    return {"onderwerp": "Dakkapel", "interneTaken": [taak(server.eenheden["VER"])]}


async def test_sockets_are_closed_with_1012_and_event_streams_broken_off(
    settings: Settings, template: Template
) -> None:
    async with serving(settings, template.eenheden) as server:
        inbox, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        async with (
            inbox.follow(POSTVAK, eenheid=eenheid) as subscribed,
            inbox.socket() as idle,
            inbox.events(POSTVAK, eenheid=eenheid) as events,
        ):
            assert await subscribed.is_quiet()
            server.stop()
            assert await subscribed.socket.closed() == 1012
            assert await idle.closed() == 1012
            with pytest.raises(httpx.RemoteProtocolError):
                await events.event()


async def test_new_connections_are_refused(settings: Settings, template: Template) -> None:
    async with serving(settings, template.eenheden) as server:
        inbox = server.as_(VERGUNNINGEN)
        async with inbox.socket() as socket:
            server.stop()
            await socket.closed()
            with pytest.raises(OSError, match="Connect call failed"):
                await websockets.connect(server.graphql_ws)


@pytest.mark.database(*KINDS)
async def test_what_is_under_way_gets_its_answer_over_http_and_over_websocket(
    settings: Settings, template: Template
) -> None:
    async with serving(settings, template.eenheden) as server:
        desk = server.as_(DESK)
        async with desk.socket() as socket, desk.socket() as idle:
            with held(settings.database_url):
                posted = asyncio.create_task(desk.data(REGISTER, input=registration(server)))
                sent = await socket.subscribe(REGISTER, input=registration(server))
                # Both wait for the database; this answer comes after both were read.
                assert await sent.is_quiet()
                assert await desk.data("{ ik { rollen } }") == {"ik": {"rollen": ["KCC"]}}
                server.stop()
                assert await idle.closed() == 1012
                assert not posted.done()
            assert await posted == ANSWER
            assert await sent.next() == ANSWER
            assert (await sent.message())["type"] == "complete"
            assert await socket.closed() == 1012


async def test_whoever_waits_for_two_answers_on_a_socket_gets_both_before_they_are_sent_away() -> None:
    wires = Wires({"vera": "one"})
    async with wired(wires) as server, wires.client(server).socket() as socket:
        wires.answering.hold()
        both = [await socket.subscribe(RIGHTS) for _ in range(2)]
        await wires.answering.reached(2)
        async with wires.client(server).socket() as idle:
            server.stop()
            assert await idle.closed() == 1012
        wires.answering.release()
        messages = [await socket.receive() for _ in range(4)]
        assert await socket.closed() == 1012
    assert sorted((one["type"], one["id"]) for one in messages) == [
        (kind, one.id) for kind in ("complete", "next") for one in both
    ]


async def idle_socket(client: Client) -> Socket:
    """A socket whose client takes nothing, its own close included."""
    ws = await websockets.connect(
        client.ws_url, subprotocols=[websockets.Subprotocol("graphql-transport-ws")], ping_interval=None
    )
    socket = Socket(ws)
    await socket.send(client.init)
    assert await socket.receive() == {"type": "connection_ack"}
    ws.transport.pause_reading()
    return socket


@pytest.mark.parametrize("sent", SENT, ids=SENT)
async def test_a_client_that_does_nothing_any_more_holds_no_stop_up(
    settings: Settings, template: Template, sent: str
) -> None:
    """Whatever it does not take, or does not send to its end, though that may take long."""
    patient = settings.model_copy(update={"drain_seconds": 600, "request_seconds": 600})
    async with AsyncExitStack() as stack, serving(patient, template.eenheden, send_buffer=SMALL) as server:
        vera = server.as_(VERGUNNINGEN)
        socket = await idle_socket(vera)
        stack.callback(socket.ws.transport.abort)
        host, port = server.url.removeprefix("http://").split(":")
        connection = stack.enter_context(tcp.socket())
        connection.setsockopt(tcp.SOL_SOCKET, tcp.SO_RCVBUF, SMALL)
        connection.connect((host, int(port)))
        connection.sendall(SENT[sent].replace(b"<token>", (vera.token or "").encode()))
        # Read by the server before this one is answered.
        assert await vera.data("{ ik { rollen } }") == {"ik": {"rollen": ["BEHANDELAAR"]}}
        server.stop()


@pytest.mark.database(*KINDS)
async def test_what_does_not_end_in_time_is_broken_off_and_leaves_nothing(
    settings: Settings, template: Template
) -> None:
    brief = settings.model_copy(update={"drain_seconds": 0.3})
    before = contents(settings.database_url)
    async with serving(brief, template.eenheden) as server:
        desk = server.as_(DESK)
        with held(settings.database_url):
            posted = asyncio.create_task(desk.post(REGISTER, input=registration(server)))
            assert await desk.data("{ ik { rollen } }") == {"ik": {"rollen": ["KCC"]}}
            server.stop()
            assert (await asyncio.wait_for(posted, PATIENCE)).status_code == 500
    assert contents(settings.database_url) == before


async def test_what_was_begun_for_those_who_follow_has_ended_when_serving_has() -> None:
    ended = []

    async def work() -> None:
        for _ in range(100):
            await asyncio.sleep(0)
        ended.append("the work")

    serving = Wires().serving
    async with serving.running():
        serving.deliveries.spawn(work())
    assert ended == ["the work"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_signal_stops_every_process(
    settings: Settings, template: Template, how: signal.Signals, workers: str
) -> None:
    async with serving_process(settings, template.eenheden, workers=workers) as process:
        inbox = process.server.as_(VERGUNNINGEN)
        async with inbox.socket() as one, inbox.socket() as other, inbox.socket() as third:
            process.process.send_signal(how)
            assert [await socket.closed() for socket in (one, other, third)] == [1012] * 3
        assert await asyncio.wait_for(process.process.wait(), PATIENCE) in (0, 130, -how)
        with pytest.raises(httpx.ConnectError):
            await inbox.answer("{ ik { rollen } }")


async def test_workers_end_with_the_process_that_started_them_though_it_is_killed(
    settings: Settings, template: Template
) -> None:
    async with (
        serving_process(settings, template.eenheden, workers="2") as process,
        process.server.as_(VERGUNNINGEN).socket() as socket,
    ):
        workers = await process.workers()
        assert len(workers) == 2
        process.process.send_signal(signal.SIGKILL)
        try:
            assert await socket.closed() == 1012
            _, left = await asyncio.to_thread(psutil.wait_procs, workers, PATIENCE)
            assert left == []
        finally:
            for worker in workers:
                with suppress(psutil.NoSuchProcess):
                    worker.kill()
