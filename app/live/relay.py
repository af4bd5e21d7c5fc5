"""The relay: one per process, subscribed to the hints from start-up, with a slow poll beneath them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress

from app.common.outage import Outage
from app.domain.model import Hint
from app.domain.streams import Stream, hinted
from app.live.bus import Bus
from app.live.hub import Hub
from app.live.readers import Readers

log = logging.getLogger(__name__)

ReadEnds = Callable[[Collection[Stream]], Awaitable[dict[Stream, int]]]
"""Reads the last place of streams."""

_MOST_WAITING = 10_000
"""How many hinted streams may wait to be read; beyond it all that are followed are looked at together."""


class Relay:
    """Makes the hub read on: at once on a hint, and within `poll_seconds` in any case.

    The figures are for reading only: how often it polled, and how many facts that found which no hint had told.
    """

    def __init__(self, bus: Bus, hub: Hub, ends: ReadEnds, *, poll_seconds: float) -> None:
        self._bus = bus
        self._hub = hub
        self._ends = ends
        self._poll_seconds = poll_seconds
        self._poll_now = asyncio.Event()
        self._outage = Outage(
            log, "facts cannot be read; each poll tries again", "facts can be read again", trace=True
        )
        self._readers = Readers(hub.advance, self._outage)
        self.polls = 0
        self.found_by_poll = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Facts are found while this is open."""
        async with self._bus.running(self._hear, self._poll_now.set):
            polling = asyncio.create_task(self._poll())
            try:
                yield
            finally:
                polling.cancel()
                try:
                    await asyncio.gather(polling, return_exceptions=True)
                finally:
                    await self._readers.end()

    def _hear(self, hints: Sequence[Hint]) -> None:
        if self._readers.waiting < _MOST_WAITING:
            places = (place for hint in hints for place in hinted(hint).items())
            self._readers.read_on(stream for stream, place in places if self._hub.lacks(stream, place))
        else:
            self._poll_now.set()

    async def _poll(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll_seconds):
                    await self._poll_now.wait()
            self._poll_now.clear()
            try:
                await self._look()
            except Exception as error:
                self._outage.failed(error)

    async def _look(self) -> None:
        """Compare the ends of what is followed with how far it was read."""
        self.polls += 1
        followed = list(self._hub.heads)
        ends = await self._ends(followed) if followed else {}
        heads = self._hub.heads
        behind = {stream: end - heads[stream] for stream, end in ends.items() if end > heads.get(stream, end)}
        self._readers.are_behind(behind.keys())
        self.found_by_poll += sum(count for stream, count in behind.items() if not self._readers.knows(stream))
        self._readers.read_on(behind)
