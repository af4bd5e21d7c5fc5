"""Following over a socket and as an event stream, in one way for both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.support.client import Client, Events, Stream
from tests.support.gates import Gate
from tests.support.wires import COUNT

WAYS = ["socket", "event stream"]

each_way = pytest.mark.parametrize("way", WAYS)


@asynccontextmanager
async def follow(
    way: str, client: Client, document: str = COUNT, **variables: Any
) -> AsyncIterator[Stream | Events]:
    """A subscription, on a socket or as an event stream."""
    if way == "socket":
        async with client.follow(document, **variables) as stream:
            yield stream
    else:
        async with client.events(document, **variables) as events:
            yield events


@asynccontextmanager
async def beginning(
    way: str, client: Client, gate: Gate, document: str = COUNT, **variables: Any
) -> AsyncIterator[asyncio.Task[Stream | Events]]:
    """A subscription that waits at a gate, which is held, until it is there."""
    async with AsyncExitStack() as stack:
        there = asyncio.create_task(stack.enter_async_context(follow(way, client, document, **variables)))
        await gate.reached()
        yield there


Told = tuple[int, str]
"""A number, and the rights with which it was told."""


def ping(token: str) -> dict[str, Any]:
    """A renewal by a token of this name."""
    return {"type": "ping", "payload": {"authorization": f"Bearer vera {token} 3600"}}


def said(data: Any) -> Told:
    """What an event tells."""
    [number] = data.values()
    return number["nummer"], number["rechten"]


async def told(stream: Stream | Events, many: int = 1) -> list[Told]:
    """What the next events tell."""
    return [said(await stream.next()) for _ in range(many)]


async def ended(stream: Stream | Events) -> int | None:
    """How a connection is ended by the server: the code of a socket; an event stream is broken off without any."""
    if isinstance(stream, Stream):
        return await stream.socket.closed()
    with pytest.raises(httpx.RemoteProtocolError):
        await stream.event()
    return None


async def refusal(stream: Stream | Events) -> list[str]:
    """The codes with which a subscription ends."""
    if isinstance(stream, Stream):
        return await stream.refused()
    event = await stream.event()
    assert (await stream.event()).name == "complete"
    assert await stream.ended()
    return [error["extensions"]["code"] for error in event.data["errors"]]
