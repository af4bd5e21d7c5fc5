"""The relay: one per process. It receives hints from start-up, and also polls slowly in case hints are lost."""

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
"""Reads the position of the last fact of each stream."""

_MOST_WAITING = 10_000
"""The most streams with hints that may wait to be read; above that one poll looks at all streams with subscribers.
"""


class Relay:
    """Lets the hub read new facts: immediately after a hint, and within `poll_seconds` in any case.

    The public attributes are figures, to be read only: the number of polls, and the number of facts that a poll
    found and no hint had announced.
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
        """Look for new facts while this context is open."""
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
        """Compare the last position of every stream with subscribers with the position up to which it was read."""
        self.polls += 1
        followed = list(self._hub.heads)
        ends = await self._ends(followed) if followed else {}
        heads = self._hub.heads
        behind = {stream: end - heads[stream] for stream, end in ends.items() if end > heads.get(stream, end)}
        self._readers.are_behind(behind.keys())
        self.found_by_poll += sum(count for stream, count in behind.items() if not self._readers.knows(stream))
        self._readers.read_on(behind)
