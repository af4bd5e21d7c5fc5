"""Metrics of several processes that serve on one port, where any of them may get the scrape request.

Each process sends its metrics to the others over a Unix socket, in a directory that their parent created. So the
process that is scraped shows the metrics of all. prometheus_client's own multi-process mode is not used: it shares
counters in files, and would lose metrics read at scrape time, those of the processes themselves, and which process
a metric belongs to.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from prometheus_client.core import Metric

from app.monitoring.families import packed, together, unpacked

_MOST_SECONDS = 1.0
"""The timeout for another process to answer: a process that hangs is left out."""


class Workers:
    """The processes that have a socket in a directory. The name of each socket is the process id."""

    def __init__(self, directory: Path, own: Callable[[], list[Metric]]) -> None:
        self._directory = directory
        self._own = own
        self._socket = directory / f"{os.getpid()}.sock"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """This process answers the others while this context is open."""
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
        """The metric families of every process that answers; each sample has the label `worker`."""
        others = [socket for socket in sorted(self._directory.glob("*.sock")) if socket != self._socket]
        answers = await asyncio.gather(*(_read(socket) for socket in others))
        families = {self._socket.stem: self._own()}
        families |= {
            socket.stem: unpacked(answer) for socket, answer in zip(others, answers, strict=True) if answer
        }
        return together(families)

    async def _answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(packed(self._own()))
            await writer.drain()
        except ConnectionError:
            # The process that asked has disconnected.
            return
        finally:
            writer.close()


async def _read(socket: Path) -> bytes:
    """The answer of a process; empty if it is dead or does not answer in time."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_MOST_SECONDS):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                return await reader.read()
            finally:
                writer.close()
    return b""
