"""The connections that the transports write to, below GraphQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from app.settings import Settings
from app.transport.connections.pipe import PIPE
from app.wiring.listening import listen, make_server
from tests.support.client import PATIENCE
from tests.support.waiting import until

LONG = 10_000_000
"""More bytes than the operating system keeps for a client that does not read."""


async def end_at_the_first_message(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()
    pipe = socket.scope["extensions"][PIPE]
    # Longer than the test: nothing but the peer's own close ends the connection.
    pipe.close_timeout = 10 * PATIENCE
    await socket.send_text("read")
    await until(lambda: pipe.read_paused)
    pipe.end(1013)


async def stay(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()
    socket.scope["extensions"][PIPE].close_timeout = 10 * PATIENCE
    await socket.send_text("read")
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def say_much(request: Request) -> PlainTextResponse:
    return PlainTextResponse("a" * LONG)


async def say_nothing(request: Request) -> Response:
    return Response(None, 204)


async def say_a_little(request: Request) -> PlainTextResponse:
    return PlainTextResponse("a little")


@asynccontextmanager
async def serving(settings: Settings, *, stops_first: bool = False) -> AsyncIterator[int]:
    """A server with these, and its port; it has no connection left when the block ends, or it is stopped first."""
    says = {"/much": say_much, "/nothing": say_nothing, "/little": say_a_little}
    routes = [Route(path, say) for path, say in says.items()]
    sockets = [WebSocketRoute("/", end_at_the_first_message), WebSocketRoute("/stay", stay)]
    app = Starlette(routes=[*sockets, *routes])
    with listen("127.0.0.1", 0) as listener:
        server = make_server(app, settings)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started)
        yield listener.getsockname()[1]
        server.should_exit = stops_first
        await until(lambda: not server.server_state.connections)
        server.should_exit = True
        await asyncio.wait_for(running, PATIENCE)


async def test_a_socket_that_is_ended_while_messages_are_unread_is_closed_when_its_peer_agrees() -> None:
    async with serving(Settings(drain_seconds=0.1)) as port:
        url = f"ws://127.0.0.1:{port}/"
        async with websockets.connect(url, close_timeout=10 * PATIENCE) as client:
            for _ in range(3):
                await client.send("a message")
            await asyncio.wait_for(client.wait_closed(), PATIENCE)
            assert client.close_code == 1013


async def test_a_stop_waits_for_no_peer_that_does_not_close_as_well() -> None:
    async with serving(Settings(drain_seconds=10 * PATIENCE), stops_first=True) as port:
        client = await websockets.connect(f"ws://127.0.0.1:{port}/stay", ping_interval=None)
        await client.send("a message")
        assert await client.recv() == "read"
        client.transport.pause_reading()
    client.transport.abort()


async def test_an_answer_of_which_nothing_is_taken_is_broken_off() -> None:
    async with serving(Settings(request_seconds=0.1)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /much HTTP/1.1\r\nhost: overdracht\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        # Nothing is read until the server has let go of the connection.
    taken = 0
    try:
        while part := await asyncio.wait_for(reader.read(65_536), PATIENCE):
            taken += len(part)
    except ConnectionResetError:
        pass
    assert taken < LONG
    writer.close()


async def test_an_answer_comes_with_its_body_or_as_its_head_alone() -> None:
    async with serving(Settings()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for method, path, body in (
            ("GET", "/little", b"a little"),
            ("HEAD", "/little", b""),
            ("GET", "/nothing", b""),
            ("GET", "/little", b"a little"),
        ):
            writer.write(f"{method} {path} HTTP/1.1\r\nhost: overdracht\r\n\r\n".encode())
            head, end, came = (await asyncio.wait_for(reader.read(65_536), PATIENCE)).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 20")
            assert (end, came) == (b"\r\n\r\n", body)
        writer.close()
        await writer.wait_closed()
