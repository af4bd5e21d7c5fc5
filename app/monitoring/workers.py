"""Figures of several serving processes on one port, where each request comes to any of them.

Each tells its own to the others over a socket in a directory that their parent made for them, so that whoever is
asked shows those of all. prometheus_client's own mode for several processes shares counters in files: it would lose
the figures that are read when they are asked for, those of the processes, and which of them a figure is of.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from prometheus_client.core import Metric

from app.monitoring.families import packed, together, unpacked

_MOST_SECONDS = 1.0
"""How long another process may take to answer: one that hangs is left out."""


class Workers:
    """The processes that have a socket in a directory; this one is known by its process id."""

    def __init__(self, directory: Path, own: Callable[[], list[Metric]]) -> None:
        self._directory = directory
        self._own = own
        self._socket = directory / f"{os.getpid()}.sock"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """This process answers the others while this is open."""
        server = await asyncio.start_unix_server(self._answer, self._socket)
        try:
            yield
        finally:
            server.close()
            try:
                await server.wait_closed()
            finally:
                self._socket.unlink(missing_ok=True)

    async def families(self) -> list[Metric]:
        """The figures of every process that answers, each with the label `worker`."""
        others = [socket for socket in sorted(self._directory.glob("*.sock")) if socket != self._socket]
        answers = await asyncio.gather(*(_asked(socket) for socket in others))
        found = {self._socket.stem: self._own()}
        found |= {socket.stem: unpacked(answer) for socket, answer in zip(others, answers, strict=True) if answer}
        return together(found)

    async def _answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(packed(self._own()))
            await writer.drain()
        except ConnectionError:
            # Whoever asked does not wait any more.
            return
        finally:
            writer.close()


async def _asked(socket: Path) -> bytes:
    """What a process tells; nothing where it is dead, or does not answer in time."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_MOST_SECONDS):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                return await reader.read()
            finally:
                writer.close()
    return b""
