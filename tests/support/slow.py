"""Clients that stop reading: unread data waits at the server, because the clients' buffers are small."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import ConnectionClosed

from app.settings import Settings
from tests.support.client import JSON, PATIENCE, Client, Events, Stream
from tests.support.server import NO_AUTHORITIES

SMALL = 4096
"""The size of the operating system's buffers on both sides, in bytes."""


@asynccontextmanager
async def slow_socket(client: Client, document: str, **variables: Any) -> AsyncIterator["SlowSocket"]:
    """A subscription whose client reads nothing until a test says so."""
    address = urlsplit(client.ws_url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    connection.connect((address.hostname, address.port))
    async with client.socket(sock=connection, max_queue=1, ping_interval=None) as one:
        stream = await one.subscribe(document, **variables)
        # Messages are handled in order, so the subscription has started when the ping is answered.
        assert await stream.is_quiet()
        reader = SlowSocket(stream)
        reader.stall()
        yield reader
        # A client that reads nothing would wait in vain for the server's close frame.
        one.ws.transport.abort()


class SlowSocket:
    """A socket that is read message by message, or not at all."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def stall(self) -> None:
        """Stop reading."""
        self.stream.socket.ws.transport.pause_reading()

    def go_on(self) -> None:
        """Read everything."""
        self.stream.socket.ws.transport.resume_reading()

    async def crawl(self) -> JSON:
        """Read one fact, and stop reading again."""
        self.go_on()
        fact = await self.stream.next()
        self.stall()
        return fact

    async def until_closed(self) -> list[JSON]:
        """Read every fact until the server closes the socket."""
        self.go_on()
        facts = []
        with suppress(ConnectionClosed):
            while True:
                facts.append(await self.stream.next())
        return facts


@asynccontextmanager
async def slow_events(client: Client, document: str, **variables: Any) -> AsyncIterator[Events]:
    """A stream of server-sent events that is read only when the test requests the next event."""
    options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)]
    async with httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(verify=NO_AUTHORITIES, socket_options=options), timeout=PATIENCE
    ) as http:
        slow = Client(http, client.url, client.ws_url, client.token)
        async with slow.events(document, **variables) as events:
            yield events


def impatient(settings: Settings, **more: Any) -> Settings:
    """The same settings with a low limit of data that may wait for a slow reader."""
    return settings.model_copy(update={"max_pending_bytes": 16_384, "silence_seconds": 600.0} | more)
