"""Reading hinted streams on: several at once, each once for all that was asked meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable

from app.common.outage import Outage
from app.domain.streams import Stream

Advance = Callable[[Collection[Stream]], Awaitable[None]]
"""Reads on in streams."""


class Readers:
    """At most `at_once` streams are read at a time, and each by one reader: a slow one holds up no other.

    A stream that is asked for while it waits is read once; one that is asked for while it is read, once more.
    """

    def __init__(self, advance: Advance, outage: Outage, *, at_once: int = 4) -> None:
        self._advance = advance
        self._outage = outage
        self._at_once = at_once
        self._waiting: dict[Stream, None] = {}  # a set that keeps its order
        self._reading: dict[Stream, asyncio.Task[None]] = {}
        self._failed: set[Stream] = set()
        self._ended = False

    @property
    def waiting(self) -> int:
        """How many streams wait for a reader."""
        return len(self._waiting)

    def knows(self, stream: Stream) -> bool:
        """Whether it was asked to read a stream and did not succeed yet."""
        return stream in self._waiting or stream in self._reading or stream in self._failed

    def read_on(self, streams: Iterable[Stream]) -> None:
        """Have streams read on, soon."""
        self._waiting.update(dict.fromkeys(streams))
        self._start()

    def are_behind(self, streams: Collection[Stream]) -> None:
        """Only these streams are behind: reading any other did not fail for long."""
        self._failed.intersection_update(streams)
        self._tell_if_all_is_well()

    async def end(self) -> None:
        """End what is read now, and read nothing more."""
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
            # It stays behind, so that the next poll finds it.
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
