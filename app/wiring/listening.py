"""Listening, and the server that runs on it."""

import socket
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from app.settings import Settings
from app.transport.server.requests import RequestBounds
from app.transport.server.responses import ResponsePipe
from app.transport.server.sockets import SocketPipe


def make_server(app: Starlette, settings: Settings) -> uvicorn.Server:
    """A server that is ready to run on a listening socket."""
    return uvicorn.Server(_config(app, settings))


def make_workers(factory: str, listener: socket.socket, settings: Settings) -> Multiprocess:
    """Several processes that serve on one listening socket, each with an application of its own.

    `factory` is where they find it: `module:function`. One that dies is replaced; all end with this one.
    """
    return Multiprocess(_config(factory, settings, factory=True, workers=settings.workers), sockets=[listener])


def _config(app: Starlette | str, settings: Settings, **more: Any) -> uvicorn.Config:
    bounds = RequestBounds(settings.max_head_bytes, settings.request_seconds)
    return uvicorn.Config(
        app,
        http=partial(ResponsePipe, bounds=bounds),  # type: ignore[arg-type] # it is called only
        # As many frames again as messages, for their pieces and for what is no message.
        ws=partial(SocketPipe, most_frames=10 * settings.max_messages),  # type: ignore[arg-type] # it is called only
        # Left to itself uvicorn believes whoever calls from this machine.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        # Seconds in whole numbers in its signature, passed on to asyncio as they are; so is the drain below.
        timeout_keep_alive=settings.keep_alive_seconds,  # type: ignore[arg-type]
        # Whoever is silent is found by the transports, which close with a code after which clients come back.
        ws_ping_interval=None,
        # A compressor for each of thousands of sockets costs more memory than everything else together.
        ws_per_message_deflate=False,
        # One that is larger closes the socket with 1009, before it is put together.
        ws_max_size=settings.max_message_bytes,
        # A GET has its document and variables in the path, which both of uvicorn's logs show: what people typed.
        access_log=False,
        # Its loggers write as all others do.
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=settings.drain_seconds,  # type: ignore[arg-type]
        **more,
    )


class PortUnusable(Exception):
    """A port that cannot be listened on; the message says why."""


def listen(host: str, port: int, *, send_buffer: int | None = None) -> socket.socket:
    """A listening socket, before the server runs: so that its port is known, also where 0 asks for any free one.

    `send_buffer` is what the system keeps for a connection that does not read, in bytes; left to itself Linux keeps
    more than a megabyte.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise PortUnusable(
            f"Cannot listen on {host} port {port}: {error.strerror}. Port 0 is any free one."
        ) from None
    # asyncio sets this only on sockets that it made itself; without it answers wait for an ACK of the client.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if send_buffer is not None:
        # What is accepted inherits it. Linux makes twice as many of them, for its own use as well.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    return listener
