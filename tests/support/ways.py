"""Subscriptions over a WebSocket or as an event stream, with the same functions for both."""

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
    """A subscription on a WebSocket or as an event stream."""
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
    """A subscription that waits at a held gate while it starts, as a task."""
    async with AsyncExitStack() as stack:
        there = asyncio.create_task(stack.enter_async_context(follow(way, client, document, **variables)))
        await gate.reached()
        yield there


Told = tuple[int, str]
"""A number, and the rights with which its event was created."""


def ping(token: str) -> dict[str, Any]:
    """A ping that renews the login with a token of this name."""
    return {"type": "ping", "payload": {"authorization": f"Bearer vera {token} 3600"}}


def said(data: Any) -> Told:
    """The number and the rights in an event."""
    [number] = data.values()
    return number["nummer"], number["rechten"]


async def told(stream: Stream | Events, many: int = 1) -> list[Told]:
    """The numbers and rights in the next events."""
    return [said(await stream.next()) for _ in range(many)]


async def ended(stream: Stream | Events) -> int | None:
    """Wait until the server ends the connection; the close code of a WebSocket, None for an event stream."""
    if isinstance(stream, Stream):
        return await stream.socket.closed()
    with pytest.raises(httpx.RemoteProtocolError):
        await stream.event()
    return None


async def refusal(stream: Stream | Events) -> list[str]:
    """The error codes with which a subscription ends."""
    if isinstance(stream, Stream):
        return await stream.refused()
    event = await stream.event()
    assert (await stream.event()).name == "complete"
    assert await stream.ended()
    return [error["extensions"]["code"] for error in event.data["errors"]]
