"""The connections that the transports write to, below GraphQL."""

import asyncio

import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from app.api.transport.ports import PIPE
from app.server.listening import listen, make_server
from app.settings import Settings
from tests.support.client import PATIENCE


async def end_at_the_first_message(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()
    pipe = socket.scope["extensions"][PIPE]
    # Longer than the test: nothing but the peer's own close ends the connection.
    pipe.close_timeout = 10 * PATIENCE
    await socket.send_text("read")
    while not pipe.read_paused:
        await asyncio.sleep(0)
    pipe.end(1013)


async def test_a_socket_that_is_ended_while_messages_are_unread_is_closed_when_its_peer_agrees() -> None:
    with listen("127.0.0.1", 0) as listener:
        app = Starlette(routes=[WebSocketRoute("/", end_at_the_first_message)])
        server = make_server(app, Settings(drain_seconds=0.1))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        url = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
        async with websockets.connect(url, close_timeout=10 * PATIENCE) as client:
            for _ in range(3):
                await client.send("a message")
            await asyncio.wait_for(client.wait_closed(), PATIENCE)
            assert client.close_code == 1013
        server.should_exit = True
        await asyncio.wait_for(running, PATIENCE)
