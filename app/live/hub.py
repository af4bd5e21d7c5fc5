"""The hub: streams that someone in this process follows, each read once for all who follow it.

A follower's place is his own, and he takes facts at his own pace: from the last few that the hub keeps while
he keeps up, from the table when he fell behind. So nothing is lost, nothing comes twice, and nothing is
buffered for him. What followers of equal selection and scope take from a fact is shared above, where it is
executed.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from functools import partial
from typing import TypeVar

from app.common.outage import Outage
from app.domain.model import Gebeurtenis
from app.domain.streams import Start, Stream, hint, hinted

log = logging.getLogger(__name__)

T = TypeVar("T")

ReadFacts = Callable[[Stream, int, int], Awaitable[list[Gebeurtenis]]]
"""Reads at most so many facts of a stream after a place."""

_BATCH = 200
"""How many facts are read from the table at once."""


class Feed:
    """One followed stream: how far it was read (`head`), and the facts last read."""

    def __init__(self, stream: Stream, head: int, keep: int) -> None:
        self.stream = stream
        self.head = head
        self.followers = 0
        self.turn = asyncio.Lock()
        self.reading: dict[int, asyncio.Future[list[Gebeurtenis]]] = {}
        self._recent: deque[Gebeurtenis] = deque(maxlen=keep)
        self._moved = asyncio.Event()

    def extend(self, facts: Sequence[Gebeurtenis]) -> None:
        """Add those of the facts that follow the head one by one, and wake those who wait for them. What it has
        already is passed over, and so is what would leave a gap.
        """
        was = self.head
        for fact in facts:
            if self.stream.position(fact) == self.head + 1:
                self._recent.append(fact)
                self.head += 1
        if self.head > was:
            self._moved.set()
            self._moved = asyncio.Event()

    def after(self, position: int) -> list[Gebeurtenis] | None:
        """The facts after a place up to the head; None where the oldest of them is no longer kept."""
        missing = self.head - position
        if missing > len(self._recent):
            return None
        return [self._recent[place] for place in range(len(self._recent) - missing, len(self._recent))]

    async def moved_beyond(self, position: int) -> None:
        """Wait until the head is beyond a place."""
        while self.head <= position:
            await self._moved.wait()


class Hub:
    """The feeds of this process. `keep` is how many facts each keeps for those who keep up; a reading that failed
    is tried again after `retry_seconds`.
    """

    def __init__(self, read: ReadFacts, *, retry_seconds: float, keep: int = 64) -> None:
        self._read = read
        self._retry_seconds = retry_seconds
        self._keep = keep
        self._feeds: dict[Stream, Feed] = {}
        self._outage = Outage(
            log, "followed facts cannot be read; trying on", "followed facts can be read again", trace=True
        )

    @property
    def heads(self) -> dict[Stream, int]:
        """Every followed stream, and how far it was read."""
        return {feed.stream: feed.head for feed in self._feeds.values()}

    def head(self, stream: Stream) -> int | None:
        """How far a stream was read, which may be less than it has; None where nobody follows it."""
        feed = self._feeds.get(stream)
        return None if feed is None else feed.head

    def lacks(self, stream: Stream, place: int) -> bool:
        """Whether somebody follows a stream that was not read as far as a place."""
        feed = self._feeds.get(stream)
        return feed is not None and feed.head < place

    def hand_over(self, facts: Sequence[Gebeurtenis]) -> None:
        """Take facts that were committed in this process, in their order, without reading them.

        A feed takes what follows its head; where another process wrote in between it takes nothing, and reads on
        when it is told to.
        """
        by_stream: dict[Stream, list[Gebeurtenis]] = defaultdict(list)
        for fact in facts:
            for stream in hinted(hint(fact)):
                if stream in self._feeds:
                    by_stream[stream].append(fact)
        for stream, theirs in by_stream.items():
            self._feeds[stream].extend(theirs)

    async def follow(self, start: Start) -> AsyncGenerator[list[Gebeurtenis], None]:
        """Every fact after the start: in order, none missing, none twice, as many at a time as there are. Ends when
        it is closed.
        """
        feed = self._feeds.get(start.stream)
        is_new = feed is None
        if feed is None:
            feed = self._feeds[start.stream] = Feed(start.stream, start.end, self._keep)
        feed.followers += 1
        try:
            # What was committed between the start and a new feed came too early for a hint.
            if is_new or feed.head < start.end:
                await self._patiently(partial(self._advance, feed))
            async with aclosing(self._facts(feed, start.after)) as found:
                async for facts in found:
                    yield facts
        finally:
            feed.followers -= 1
            if feed.followers == 0:
                self._feeds.pop(start.stream, None)

    async def _facts(self, feed: Feed, position: int) -> AsyncGenerator[list[Gebeurtenis], None]:
        while True:
            await feed.moved_beyond(position)
            facts = feed.after(position)
            if facts is None:
                facts = await self._patiently(partial(self._read_behind, feed, position))
            if facts:
                yield facts
                position = feed.stream.position(facts[-1])

    async def _read_behind(self, feed: Feed, position: int) -> list[Gebeurtenis]:
        """The facts after a place too far behind. A crowd that comes back with one place reads them once."""
        reading = feed.reading.get(position)
        if reading is None:
            reading = feed.reading[position] = asyncio.ensure_future(self._read(feed.stream, position, _BATCH))
            reading.add_done_callback(partial(_has_read, feed, position))
        return await asyncio.shield(reading)

    async def advance(self, streams: Collection[Stream]) -> None:
        """Read on in those of the streams that someone follows."""
        for stream in streams:
            if (feed := self._feeds.get(stream)) is not None:
                await self._advance(feed)

    async def _advance(self, feed: Feed) -> None:
        async with feed.turn:
            while facts := await self._read(feed.stream, feed.head, _BATCH):
                feed.extend(facts)
                if len(facts) < _BATCH:
                    break

    async def _patiently(self, reading: Callable[[], Awaitable[T]]) -> T:
        """What a reading finds. A database that is away ends nobody's following: it is asked until it answers."""
        while True:
            try:
                found = await reading()
            except Exception as error:
                self._outage.failed(error)
                await asyncio.sleep(self._retry_seconds)
            else:
                self._outage.over()
                return found


def _has_read(feed: Feed, position: int, reading: asyncio.Future[list[Gebeurtenis]]) -> None:
    del feed.reading[position]
    if not reading.cancelled():
        # Those who waited may be gone, and nobody left to take its exception.
        reading.exception()
