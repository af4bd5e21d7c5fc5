"""The relay: one per process, subscribed to the hints from start-up, with a slow poll beneath them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

from app.domain.model import Hint
from app.domain.streams import Stream, hinted
from app.live.bus import Bus
from app.live.hub import Hub

log = logging.getLogger(__name__)

ReadEnds = Callable[[Collection[Stream]], Awaitable[dict[Stream, int]]]
"""Reads the last place of streams."""


class Relay:
    """Makes the hub read on: at once on a hint, and within `poll_seconds` in any case."""

    def __init__(self, bus: Bus, hub: Hub, ends: ReadEnds, *, poll_seconds: float) -> None:
        self._bus = bus
        self._hub = hub
        self._ends = ends
        self._poll_seconds = poll_seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hints are heard from the moment that this is open, and both tasks end with it."""
        async with self._bus.connected(), self._bus.hints() as hints:
            tasks = [asyncio.create_task(self._listen(hints)), asyncio.create_task(self._poll())]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, hints: AsyncIterator[list[Hint]]) -> None:
        try:
            async for told in hints:
                streams = {stream for hint in told for stream in hinted(hint)}
                await self._guarded(self._hub.advance(streams))
        except Exception:
            log.exception("hints are not heard any more; the poll finds the facts")

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            heads = self._hub.heads
            if heads:
                await self._guarded(self._advance_behind(heads))

    async def _advance_behind(self, heads: dict[Stream, int]) -> None:
        ends = await self._ends(list(heads))
        await self._hub.advance([stream for stream, end in ends.items() if end > heads[stream]])

    async def _guarded(self, work: Awaitable[None]) -> None:
        """A reading that fails is logged and left to the next poll: the relay itself goes on."""
        try:
            await work
        except Exception:
            log.exception("facts could not be read; the next poll tries again")
