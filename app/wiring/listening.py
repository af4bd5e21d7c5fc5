"""The listening socket, and the uvicorn server that runs on it."""

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
    """Create a server for one process; it runs on the sockets that its `serve` is called with."""
    return uvicorn.Server(_config(app, settings))


def make_workers(factory: str, listener: socket.socket, settings: Settings) -> Multiprocess:
    """Create several processes that serve on one listening socket, each with an application of its own.

    `factory` names the function that creates the application, as `module:function`. A process that dies is
    replaced; all of them end when this process ends.
    """
    return Multiprocess(_config(factory, settings, factory=True, workers=settings.workers), sockets=[listener])


def _config(app: Starlette | str, settings: Settings, **more: Any) -> uvicorn.Config:
    bounds = RequestBounds(settings.max_head_bytes, settings.request_seconds)
    return uvicorn.Config(
        app,
        http=partial(ResponsePipe, bounds=bounds),  # type: ignore[arg-type] # uvicorn only calls it
        # More frames than messages, because a message may come in several frames, and control frames count too.
        ws=partial(SocketPipe, most_frames=10 * settings.max_messages),  # type: ignore[arg-type] # uvicorn only calls it
        # By default uvicorn trusts the proxy headers of every client on this machine.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        # uvicorn's signature says int, but it passes the value to asyncio unchanged; the same holds for the drain
        # below.
        timeout_keep_alive=settings.keep_alive_seconds,  # type: ignore[arg-type]
        # The transports detect silent clients themselves, and close with a code after which clients reconnect.
        ws_ping_interval=None,
        # A compressor for each of thousands of sockets would take more memory than everything else together.
        ws_per_message_deflate=False,
        # A larger message closes the socket with code 1009, before its frames are joined.
        ws_max_size=settings.max_message_bytes,
        # uvicorn would log the URL of a GET, with its document and variables: personal data.
        access_log=False,
        # uvicorn's loggers use our logging configuration.
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=settings.drain_seconds,  # type: ignore[arg-type]
        **more,
    )


class PortUnusable(Exception):
    """Listening on the port failed; the message says why."""


def listen(host: str, port: int, *, send_buffer: int | None = None) -> socket.socket:
    """Open a listening socket before the server runs, so that its port is known; port 0 means any free port.

    `send_buffer` is the size in bytes of the operating system's send buffer per connection. By default Linux lets
    it grow to more than a megabyte for a client that does not read. Raises `PortUnusable`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise PortUnusable(
            f"Cannot listen on {host} port {port}: {error.strerror}. Port 0 is any free one."
        ) from None
    # asyncio sets this only on sockets that it created; without it, responses may wait for an ACK of the client.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if send_buffer is not None:
        # Accepted connections inherit it. Linux doubles the value, for its own bookkeeping.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    return listener
