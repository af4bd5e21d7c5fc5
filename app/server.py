"""The HTTP and WebSocket server around the application: uvicorn, with what this project needs of it."""

import socket

import uvicorn
from starlette.applications import Starlette

from app.settings import Settings


def make_server(settings: Settings, app: Starlette, *, log_level: str = "warning") -> uvicorn.Server:
    """A server that is ready to run; at level `info` it says where it listens."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        # A GET has its document and variables in the path: access logs would keep what people typed.
        access_log=False,
        log_level=log_level,
    )
    return uvicorn.Server(config)


def listen(port: int) -> socket.socket:
    """A listening socket on loopback, before the server runs: so that its port is known and is free."""
    listener = socket.create_server(("127.0.0.1", port))
    # asyncio sets this only on sockets that it made itself; without it answers wait for an ACK of the client.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
