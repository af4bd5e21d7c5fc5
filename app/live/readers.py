"""Reads the streams that have new facts: several at the same time, with one read for many hints."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable

from app.common.outage import Outage
from app.domain.streams import Stream

Advance = Callable[[Collection[Stream]], Awaitable[None]]
"""Reads the new facts of streams."""


class Readers:
    """Reads at most `at_once` streams at the same time, each in its own task, so that a slow read delays no other.

    A stream requested again while it waits is read once; requested while it is being read, it is read once more.
    """

    def __init__(self, advance: Advance, outage: Outage, *, at_once: int = 4) -> None:
        self._advance = advance
        self._outage = outage
        self._at_once = at_once
        self._waiting: dict[Stream, None] = {}  # an ordered set
        self._reading: dict[Stream, asyncio.Task[None]] = {}
        self._failed: set[Stream] = set()
        self._ended = False

    @property
    def waiting(self) -> int:
        """How many streams wait to be read."""
        return len(self._waiting)

    def knows(self, stream: Stream) -> bool:
        """Whether reading a stream was requested and has not succeeded yet."""
        return stream in self._waiting or stream in self._reading or stream in self._failed

    def read_on(self, streams: Iterable[Stream]) -> None:
        """Request that the new facts of these streams are read soon."""
        self._waiting.update(dict.fromkeys(streams))
        self._start()

    def are_behind(self, streams: Collection[Stream]) -> None:
        """Set which streams have unread facts: failures of any other stream no longer count."""
        self._failed.intersection_update(streams)
        self._tell_if_all_is_well()

    async def end(self) -> None:
        """Cancel the running reads, and start no more."""
        self._ended = True
        reading = list(self._reading.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    def _start(self) -> None:
        while len(self._reading) < self._at_once and not self._ended:
            stream = next((stream for stream in self._waiting if stream not in self._reading), None)
            if stream is None:
                return
            del self._waiting[stream]
            self._reading[stream] = asyncio.create_task(self._read(stream))

    async def _read(self, stream: Stream) -> None:
        try:
            await self._advance([stream])
        except Exception as error:
            # The stream still has unread facts, so the next poll finds it.
            self._failed.add(stream)
            self._outage.failed(error)
        else:
            self._failed.discard(stream)
            self._tell_if_all_is_well()
        finally:
            del self._reading[stream]
            self._start()

    def _tell_if_all_is_well(self) -> None:
        if not self._failed:
            self._outage.over()
