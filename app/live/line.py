"""One connection to the broker, by the library broadcaster. A failed one is replaced, not repaired."""

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
"""The timeout of each step of closing: a broker that hangs must not delay the next connection or the shutdown."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the channel: the id of the connection that sent it, and its hints; a heartbeat has none."""

    line: str
    hints: list[Hint]


class BrokerConnection:
    """An open connection that is subscribed to the channel. By its unique id it recognises its own messages."""

    def __init__(self, broadcast: Broadcast, subscriber: Subscriber) -> None:
        self.id = uuid.uuid4().hex
        self._broadcast = broadcast
        self._subscriber = subscriber

    async def send(self, hints: Sequence[Hint]) -> None:
        """Send hints in one message; without hints it is a heartbeat. There is no timeout."""
        message = {"line": self.id, "hints": [asdict(hint) for hint in hints]}
        await self._broadcast.publish(CHANNEL, json.dumps(message))

    async def next(self) -> Message | None:
        """Wait for the next message of any process, including this one; None if the message cannot be parsed."""
        return _parsed((await self._subscriber.get()).message)


def _parsed(text: str) -> Message | None:
    # Anyone who can reach the broker can publish to the channel, so a message is checked completely.
    try:
        message = json.loads(text)
        line, hints = message["line"], [Hint(**hint) for hint in message["hints"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    types = {tuple(map(type, astuple(hint))) for hint in hints}
    return Message(line, hints) if isinstance(line, str) and types <= {(str, str, int, int)} else None


@asynccontextmanager
async def opened(url: str, *, within_seconds: float) -> AsyncIterator[BrokerConnection]:
    """Open a connection to the broker at a URL. On exit everything is cleaned up, whatever state the broker is in.

    Raises TimeoutError if it is not open within `within_seconds`, and whatever the broker's client raises.
    """
    broadcast = Broadcast(url)
    subscription = AsyncExitStack()
    async with AsyncExitStack() as closing:
        closing.push_async_callback(_bounded, broadcast._backend.disconnect)
        closing.push_async_callback(_end_tasks, broadcast)
        closing.push_async_callback(_bounded, subscription.aclose)
        async with asyncio.timeout(within_seconds):
            await broadcast.connect()
            subscriber = await _subscribed(broadcast, subscription)
        yield BrokerConnection(broadcast, subscriber)


async def _subscribed(broadcast: Broadcast, subscription: AsyncExitStack) -> Subscriber:
    try:
        return await subscription.enter_async_context(broadcast.subscribe(CHANNEL))
    except KeyError as error:
        # When subscribing fails, broadcaster's clean-up raises a KeyError that hides the cause, maybe a
        # cancellation.
        raise (error.__context__ or error) from None


async def _bounded(close: Callable[[], Awaitable[None]]) -> None:
    with suppress(Exception):
        async with asyncio.timeout(_END_SECONDS):
            await close()


async def _end_tasks(broadcast: Broadcast) -> None:
    """Cancel the tasks that broadcaster leaves running.

    Its own `disconnect` is not used: it raises the error that ended its listener, fails if it never connected, and
    leaves tasks running if the backend cannot be closed.
    """
    candidates = (getattr(broadcast, "_listener_task", None), getattr(broadcast._backend, "_listener", None))
    tasks = [task for task in candidates if isinstance(task, asyncio.Task)]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
