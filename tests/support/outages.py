"""A database that goes away under load and comes back, and clients who ask until they are answered."""

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
    """An administrator stops it: sessions are told."""
    postgres.stop("fast")


def crash(postgres: Postgres) -> None:
    """It breaks: it recovers at its next start."""
    postgres.stop("immediate")


def kill(postgres: Postgres) -> None:
    """Its processes end without a word."""
    postgres.kill()


GOING = [stop, crash, kill]
Go = Callable[[Postgres], None]


@dataclass
class Load:
    """Clients who ask until they are answered, and how often that went well and wrong."""

    answered: int = 0
    failed: int = 0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def data(self, client: Client, document: str, **variables: object) -> JSON:
        """The data of a document that is sent again as it is, until it has an answer."""
        async with asyncio.timeout(2 * PATIENCE):
            while (found := await answer(client, document, **variables)) is None:
                self.failed += 1
                self._tell()
                # Whoever is to be back needs the processor for that.
                await pause()
        self.answered += 1
        self._tell()
        return found

    async def until(self, *, answered: int = 0, failed: int = 0) -> None:
        """Wait until that many were answered and that many failed."""
        async with asyncio.timeout(2 * PATIENCE):
            while self.answered < answered or self.failed < failed:
                await self._moved.wait()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def answer(client: Client, document: str, **variables: object) -> JSON | None:
    """The data of a document that is done once however often it is asked; None where it failed the way in which it
    may be asked again.
    """
    try:
        response = await client.post(document, **variables)
    except httpx.TransportError:
        return None
    if response.status_code == 200:
        return response.json()["data"]
    assert is_told_to_come_back(response) or is_perhaps_done(response), (response.status_code, response.text)
    return None


def is_told_to_come_back(response: httpx.Response) -> bool:
    """Whether it is the answer to what cannot be had now and can be asked again."""
    told = [error["extensions"]["code"] for error in response.json()["errors"]]
    return (response.status_code, told) == (503, ["NIET_BESCHIKBAAR"]) and int(response.headers["retry-after"]) > 0


def is_perhaps_done(response: httpx.Response) -> bool:
    """Whether it is the answer to a deed whose commit got no answer: look before it is asked again."""
    told = [error["extensions"] for error in response.json()["errors"]]
    return (response.status_code, told) == (504, [{"code": "NIET_BESCHIKBAAR", "mogelijkUitgevoerd": True}])


async def new_socket_closed(client: Client, document: str, eenheid: str) -> int:
    """The code that a new socket is closed with, at connection_init or when it asks something."""
    with pytest.raises(ConnectionClosed) as closed:
        async with client.socket() as socket:
            await (await socket.subscribe(document, eenheid=eenheid)).message()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def go_and_come_back(postgres: Postgres, load: Load, go: Go) -> None:
    """Twice, in the midst of the load: it comes back when somebody has missed it."""
    for _ in range(2):
        await load.until(answered=load.answered + 10)
        await asyncio.to_thread(go, postgres)
        await load.until(failed=load.failed + 1)
        await asyncio.to_thread(postgres.start)


@asynccontextmanager
async def going(postgres: Postgres, load: Load, go: Go) -> AsyncIterator[asyncio.Task[None]]:
    """It goes away and comes back meanwhile."""
    task = asyncio.create_task(go_and_come_back(postgres, load, go))
    yield task
    await task
