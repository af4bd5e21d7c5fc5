"""Outages of a database under load, and clients that retry until they get an answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.client import JSON, PATIENCE, Client
from tests.support.postgres import Postgres
from tests.support.waiting import pause


def stop(postgres: Postgres) -> None:
    """Stop the server as an administrator does: clients get an error."""
    postgres.stop("fast")


def crash(postgres: Postgres) -> None:
    """Crash the server: it recovers at its next start."""
    postgres.stop("immediate")


def kill(postgres: Postgres) -> None:
    """Kill the server's processes."""
    postgres.kill()


GOING = [stop, crash, kill]
Go = Callable[[Postgres], None]


@dataclass
class Load:
    """Clients that retry until they get an answer, with counts of answers and failures."""

    answered: int = 0
    failed: int = 0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def data(self, client: Client, document: str, **variables: object) -> JSON:
        """Send a document until it gets an answer; its data."""
        async with asyncio.timeout(2 * PATIENCE):
            while (found := await answer(client, document, **variables)) is None:
                self.failed += 1
                self._tell()
                # Leave the processor to the server that is starting again.
                await pause()
        self.answered += 1
        self._tell()
        return found

    async def until(self, *, answered: int = 0, failed: int = 0) -> None:
        """Wait until there are this many answers and this many failures."""
        async with asyncio.timeout(2 * PATIENCE):
            while self.answered < answered or self.failed < failed:
                await self._moved.wait()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def answer(client: Client, document: str, **variables: object) -> JSON | None:
    """Send an idempotent document once: its data, or None if it failed in a way that allows a retry."""
    try:
        response = await client.post(document, **variables)
    except httpx.TransportError:
        return None
    if response.status_code == 200:
        return response.json()["data"]
    assert is_told_to_come_back(response) or is_perhaps_done(response), (response.status_code, response.text)
    return None


def is_told_to_come_back(response: httpx.Response) -> bool:
    """Whether a response says that the service is unavailable and when to retry."""
    told = [error["extensions"]["code"] for error in response.json()["errors"]]
    return (response.status_code, told) == (503, ["NIET_BESCHIKBAAR"]) and int(response.headers["retry-after"]) > 0


def is_perhaps_done(response: httpx.Response) -> bool:
    """Whether a response says that a mutation may have been done: check before a retry."""
    told = [error["extensions"] for error in response.json()["errors"]]
    return (response.status_code, told) == (504, [{"code": "NIET_BESCHIKBAAR", "mogelijkUitgevoerd": True}])


async def new_socket_closed(client: Client, document: str, eenheid: str) -> int:
    """The code with which a new socket is closed, at connection_init or at its first operation."""
    with pytest.raises(ConnectionClosed) as closed:
        async with client.socket() as socket:
            await (await socket.subscribe(document, eenheid=eenheid)).message()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def go_and_come_back(postgres: Postgres, load: Load, go: Go) -> None:
    """Twice during the load, make an outage, and start the server again after a request has failed."""
    for _ in range(2):
        await load.until(answered=load.answered + 10)
        await asyncio.to_thread(go, postgres)
        await load.until(failed=load.failed + 1)
        await asyncio.to_thread(postgres.start)


@asynccontextmanager
async def going(postgres: Postgres, load: Load, go: Go) -> AsyncIterator[asyncio.Task[None]]:
    """Make outages inside this context."""
    task = asyncio.create_task(go_and_come_back(postgres, load, go))
    yield task
    await task
