"""Readers that stall: what they do not take waits at the server, since their own buffers are small."""

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
"""Bytes, for the operating system's buffers on either side."""


@asynccontextmanager
async def slow_socket(client: Client, document: str, **variables: Any) -> AsyncIterator["SlowSocket"]:
    """A subscription whose client takes nothing until it is told to."""
    address = urlsplit(client.ws_url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    connection.connect((address.hostname, address.port))
    async with client.socket(sock=connection, max_queue=1, ping_interval=None) as one:
        stream = await one.subscribe(document, **variables)
        # Answered when the subscription has begun, since both take their turn.
        assert await stream.is_quiet()
        reader = SlowSocket(stream)
        reader.stall()
        yield reader
        # Whoever takes nothing does not hear a goodbye either, and would wait for it.
        one.ws.transport.abort()


class SlowSocket:
    """A socket that is read one message at a time, or not at all."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def stall(self) -> None:
        """Take nothing any more."""
        self.stream.socket.ws.transport.pause_reading()

    def go_on(self) -> None:
        """Take whatever comes."""
        self.stream.socket.ws.transport.resume_reading()

    async def crawl(self) -> JSON:
        """Take one fact and stall again."""
        self.go_on()
        fact = await self.stream.next()
        self.stall()
        return fact

    async def until_closed(self) -> list[JSON]:
        """Take every fact until the server closes the socket."""
        self.go_on()
        facts = []
        with suppress(ConnectionClosed):
            while True:
                facts.append(await self.stream.next())
        return facts


@asynccontextmanager
async def slow_events(client: Client, document: str, **variables: Any) -> AsyncIterator[Events]:
    """A stream of server-sent events that is read when somebody asks for the next one."""
    options = [(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)]
    async with httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(verify=NO_AUTHORITIES, socket_options=options), timeout=PATIENCE
    ) as http:
        slow = Client(http, client.url, client.ws_url, client.token)
        async with slow.events(document, **variables) as events:
            yield events


def impatient(settings: Settings, **more: Any) -> Settings:
    """Settings under which little may wait for a slow reader."""
    return settings.model_copy(update={"max_pending_bytes": 16_384, "silence_seconds": 600.0} | more)
