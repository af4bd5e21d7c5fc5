"""One connection to the broker, by broadcaster: from when it is opened until it is thrown away, never mended."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, astuple, dataclass

from broadcaster import Broadcast
from broadcaster._base import Subscriber

from app.domain.model import Hint

CHANNEL = "overdracht.feiten"

_END_SECONDS = 0.5
"""How long each step of closing may take: a broker that hangs must not hold up the next line, nor the shutdown."""


@dataclass(frozen=True, slots=True)
class Message:
    """What came over the channel: the id of the line that sent it, and its hints; none where it is a heartbeat."""

    line: str
    hints: list[Hint]


class Line:
    """An open connection that is subscribed to the channel. Its id is its own: it recognises itself by it."""

    def __init__(self, broadcast: Broadcast, subscriber: Subscriber) -> None:
        self.id = uuid.uuid4().hex
        self._broadcast = broadcast
        self._subscriber = subscriber

    async def send(self, hints: Sequence[Hint]) -> None:
        """Send hints in one message; without any it is a heartbeat. A broker that hangs hangs this as well."""
        message = {"line": self.id, "hints": [asdict(hint) for hint in hints]}
        await self._broadcast.publish(CHANNEL, json.dumps(message))

    async def next(self) -> Message | None:
        """The next message of any process, this one included; None where it cannot be read."""
        return _parsed((await self._subscriber.get()).message)


def _parsed(text: str) -> Message | None:
    # A channel of a broker is open to whoever can reach it: nothing about a message is sure.
    try:
        message = json.loads(text)
        line, hints = message["line"], [Hint(**hint) for hint in message["hints"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    types = {tuple(map(type, astuple(hint))) for hint in hints}
    return Message(line, hints) if isinstance(line, str) and types <= {(str, str, int, int)} else None


@asynccontextmanager
async def opened(url: str, *, within_seconds: float) -> AsyncIterator[Line]:
    """A line to the broker of a URL. When this ends nothing of it is left, whatever state the broker is in."""
    broadcast = Broadcast(url)
    subscription = AsyncExitStack()
    async with AsyncExitStack() as closing:
        closing.push_async_callback(_bounded, broadcast._backend.disconnect)
        closing.push_async_callback(_end_tasks, broadcast)
        closing.push_async_callback(_bounded, subscription.aclose)
        async with asyncio.timeout(within_seconds):
            await broadcast.connect()
            subscriber = await _subscribed(broadcast, subscription)
        yield Line(broadcast, subscriber)


async def _subscribed(broadcast: Broadcast, subscription: AsyncExitStack) -> Subscriber:
    try:
        return await subscription.enter_async_context(broadcast.subscribe(CHANNEL))
    except KeyError as error:
        # broadcaster's own clean-up fails where subscribing did, and hides the reason: a cancellation, perhaps.
        raise (error.__context__ or error) from None


async def _bounded(close: Callable[[], Awaitable[None]]) -> None:
    with suppress(Exception):
        async with asyncio.timeout(_END_SECONDS):
            await close()


async def _end_tasks(broadcast: Broadcast) -> None:
    """End what broadcaster leaves running.

    Its own `disconnect` raises what its listener died of, fails where it never connected, and leaves the tasks of
    a backend whose closing fails.
    """
    found = (getattr(broadcast, "_listener_task", None), getattr(broadcast._backend, "_listener", None))
    tasks = [task for task in found if isinstance(task, asyncio.Task)]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
