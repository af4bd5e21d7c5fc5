"""A network between clients and a server, in which a test can cut connections, or make them stall silently."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from tests.support.client import PATIENCE

_AT_MOST = 65536


class Network:
    """A TCP proxy for one server."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._passes = asyncio.Event()
        self._passes.set()
        self._is_plugged = True
        self._ends: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self._came = asyncio.Condition()
        self.connections = 0
        """The number of all connections so far."""

    async def until(self, connections: int) -> None:
        """Wait until there have been this many connections."""
        async with asyncio.timeout(PATIENCE), self._came:
            await self._came.wait_for(lambda: self.connections >= connections)

    def cut(self) -> None:
        """Reset every open connection."""
        for end in self._ends:
            end.transport.abort()

    def unplug(self) -> None:
        """Reset every open connection, and every new one."""
        self._is_plugged = False
        self.cut()

    def plug(self) -> None:
        """Accept new connections again."""
        self._is_plugged = True

    def hold(self) -> None:
        """Forward nothing from now on; connections stay open without an error."""
        self._passes.clear()

    def release(self) -> None:
        """Forward everything again, also what was held."""
        self._passes.set()

    async def end(self) -> None:
        """Reset all connections, and wait until all tasks have ended."""
        self.release()
        self.cut()
        await asyncio.gather(*self._passing)

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward between a new client and the server, until one of the two disconnects."""
        task = asyncio.create_task(self._connect(reader, writer))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        async with self._came:
            self.connections += 1
            self._came.notify_all()
        if not self._is_plugged:
            self._end(writer)
            return
        try:
            there, back = await asyncio.open_connection(self._host, self._port)
        except OSError:
            writer.transport.abort()
            return
        self._ends.add(back)
        try:
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        except OSError:
            self._end(writer, back)
        finally:
            self._end(writer, back)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_AT_MOST):
            await self._passes.wait()
            writer.write(data)
            await writer.drain()
        await self._passes.wait()
        writer.close()

    def _end(self, *ends: asyncio.StreamWriter) -> None:
        for end in ends:
            end.transport.abort()
            self._ends.discard(end)


@asynccontextmanager
async def network(url: str) -> AsyncIterator[tuple[Network, str]]:
    """A network to the server at a URL, and the URL of the server over this network."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    between = Network(parts.hostname, parts.port)
    server = await asyncio.start_server(between.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield between, f"http://127.0.0.1:{port}"
        finally:
            await between.end()


@asynccontextmanager
async def database_network(url: str) -> AsyncIterator[tuple[Network, str]]:
    """A network to the PostgreSQL server of a database, and the URL of the database over this network."""
    async with network(url) as (between, address):
        yield between, url.replace(f":{urlsplit(url).port}/", f":{urlsplit(address).port}/")
