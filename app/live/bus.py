"""The hint bus: tells every process that facts were committed. Hints may be lost; the poll finds the facts."""

import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from broadcaster import Broadcast
from broadcaster._base import Subscriber

from app.domain.model import Hint

log = logging.getLogger(__name__)

CHANNEL = "overdracht.feiten"


class Bus:
    """One channel of a broker, `memory://` by default: one process hears only itself then."""

    def __init__(self, url: str) -> None:
        self._broadcast = Broadcast(url)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """The broker is connected while this is open."""
        async with self._broadcast:
            yield

    async def publish(self, hints: Sequence[Hint]) -> None:
        """Send hints, all in one message. A broker that fails costs time and no fact, so it only logs."""
        message = json.dumps([asdict(hint) for hint in hints])
        try:
            await self._broadcast.publish(CHANNEL, message)
        except Exception:
            log.exception("hints were not published; the poll will find the facts")

    @asynccontextmanager
    async def hints(self) -> AsyncIterator[AsyncIterator[list[Hint]]]:
        """The hints of every process, this one included, from the moment that this is open."""
        async with self._broadcast.subscribe(CHANNEL) as subscriber:
            yield _parsed(subscriber)


async def _parsed(subscriber: Subscriber) -> AsyncIterator[list[Hint]]:
    while True:
        event = await subscriber.get()
        try:
            yield [Hint(**hint) for hint in json.loads(event.message)]
        except (ValueError, TypeError):
            log.warning("a message on the hint channel could not be read")
