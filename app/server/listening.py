"""Listening, and the server that runs on it."""

import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from app.server.pipes import ResponsePipe, SocketPipe


def make_server(app: Starlette, *, drain_seconds: float, max_message_bytes: int) -> uvicorn.Server:
    """A server that is ready to run on a listening socket."""
    return uvicorn.Server(_config(app, drain_seconds, max_message_bytes))


def make_workers(
    factory: str, number: int, listener: socket.socket, *, drain_seconds: float, max_message_bytes: int
) -> Multiprocess:
    """Several processes that serve on one listening socket, each with an application of its own.

    `factory` is where they find it: `module:function`. One that dies is replaced; all end with this one.
    """
    config = _config(factory, drain_seconds, max_message_bytes, factory=True, workers=number)
    return Multiprocess(config, sockets=[listener])


def _config(app: Starlette | str, drain_seconds: float, max_message_bytes: int, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=ResponsePipe,
        ws=SocketPipe,
        # Whoever is silent is found by the transports, which close with a code after which clients come back.
        ws_ping_interval=None,
        # A compressor for each of thousands of sockets costs more memory than everything else together.
        ws_per_message_deflate=False,
        # One that is larger closes the socket with 1009, before it is put together.
        ws_max_size=max_message_bytes,
        # A GET has its document and variables in the path, which both of uvicorn's logs show: what people typed.
        access_log=False,
        # Its loggers write as all others do.
        log_config=None,
        log_level="warning",
        # Whole seconds in its signature, passed on to asyncio as it is.
        timeout_graceful_shutdown=drain_seconds,  # type: ignore[arg-type]
        **more,
    )


class PortUnusable(Exception):
    """A port that cannot be listened on; the message says why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, before the server runs: so that its port is known, also where 0 asks for any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise PortUnusable(
            f"Cannot listen on {host} port {port}: {error.strerror}. Port 0 is any free one."
        ) from None
    # asyncio sets this only on sockets that it made itself; without it answers wait for an ACK of the client.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
