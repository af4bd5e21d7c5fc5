"""The hub: reads each stream that has subscribers in this process, once for all of them.

Each subscriber has a position of their own in the stream, and reads at their own pace: from the hub's buffer of
recent facts while they keep up, from the table when they have fallen behind. So no fact is lost or repeated, and
there is no queue per subscriber. Those with the same selection and scope also share the result for a fact: see
app/transport/delivery.
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
"""Reads facts of a stream from the table: the stream, the position after which they begin, the most facts to read.
"""

_BATCH = 200
"""The most facts that one read of the table returns."""


class Feed:
    """One stream with subscribers: the position up to which it was read (`head`), and its last `keep` facts."""

    def __init__(self, stream: Stream, head: int, keep: int) -> None:
        self.stream = stream
        self.head = head
        self.followers = 0
        self.turn = asyncio.Lock()
        self.reading: dict[int, asyncio.Future[list[Gebeurtenis]]] = {}
        self._recent: deque[Gebeurtenis] = deque(maxlen=keep)
        self._moved = asyncio.Event()

    def extend(self, facts: Sequence[Gebeurtenis]) -> None:
        """Append the facts that directly follow the head, and wake the subscribers that wait for them. Skips facts
        that are not new, and facts after a gap.
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
        """The facts after a position, up to the head; None if the oldest of them is no longer in the buffer."""
        missing = self.head - position
        if missing > len(self._recent):
            return None
        return [self._recent[place] for place in range(len(self._recent) - missing, len(self._recent))]

    async def moved_beyond(self, position: int) -> None:
        """Wait until the head is beyond a position."""
        while self.head <= position:
            await self._moved.wait()


class Hub:
    """The feeds of this process. Each buffers `keep` facts; a failed read is retried after `retry_seconds`."""

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
        """The position up to which each stream with subscribers was read."""
        return {feed.stream: feed.head for feed in self._feeds.values()}

    def head(self, stream: Stream) -> int | None:
        """The position up to which a stream was read (it may have newer facts); None if it has no subscribers."""
        feed = self._feeds.get(stream)
        return None if feed is None else feed.head

    def lacks(self, stream: Stream, place: int) -> bool:
        """Whether a stream has subscribers here and was not read up to this position yet."""
        feed = self._feeds.get(stream)
        return feed is not None and feed.head < place

    def hand_over(self, facts: Sequence[Gebeurtenis]) -> None:
        """Pass on facts that this process just committed, in their order, so that they need not be read.

        A feed accepts facts that directly follow its head. If another process wrote in between, it accepts none,
        and reads them when a hint or the poll says so.
        """
        by_stream: dict[Stream, list[Gebeurtenis]] = defaultdict(list)
        for fact in facts:
            for stream in hinted(hint(fact)):
                if stream in self._feeds:
                    by_stream[stream].append(fact)
        for stream, theirs in by_stream.items():
            self._feeds[stream].extend(theirs)

    async def follow(self, start: Start) -> AsyncGenerator[list[Gebeurtenis], None]:
        """Yield every fact after the start, in order, without gaps or duplicates, in batches of what is available.
        It goes on until the caller closes it.
        """
        feed = self._feeds.get(start.stream)
        is_new = feed is None
        if feed is None:
            feed = self._feeds[start.stream] = Feed(start.stream, start.end, self._keep)
        feed.followers += 1
        try:
            # The hints for facts committed between the start and the creation of this feed were ignored.
            if is_new or feed.head < start.end:
                await self._with_retries(partial(self._advance, feed))
            async with aclosing(self._facts(feed, start.after)) as batches:
                async for facts in batches:
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
                facts = await self._with_retries(partial(self._read_behind, feed, position))
            if facts:
                yield facts
                position = feed.stream.position(facts[-1])

    async def _read_behind(self, feed: Feed, position: int) -> list[Gebeurtenis]:
        """Read facts that are no longer in the buffer. Subscribers at the same position share one read."""
        reading = feed.reading.get(position)
        if reading is None:
            reading = feed.reading[position] = asyncio.ensure_future(self._read(feed.stream, position, _BATCH))
            reading.add_done_callback(partial(_has_read, feed, position))
        return await asyncio.shield(reading)

    async def advance(self, streams: Collection[Stream]) -> None:
        """Read the new facts of these streams; streams without subscribers are skipped."""
        for stream in streams:
            if (feed := self._feeds.get(stream)) is not None:
                await self._advance(feed)

    async def _advance(self, feed: Feed) -> None:
        async with feed.turn:
            while facts := await self._read(feed.stream, feed.head, _BATCH):
                feed.extend(facts)
                if len(facts) < _BATCH:
                    break

    async def _with_retries(self, reading: Callable[[], Awaitable[T]]) -> T:
        """Call `reading` until it succeeds, and return its result: an unavailable database ends no subscription."""
        while True:
            try:
                result = await reading()
            except Exception as error:
                self._outage.failed(error)
                await asyncio.sleep(self._retry_seconds)
            else:
                self._outage.over()
                return result


def _has_read(feed: Feed, position: int, reading: asyncio.Future[list[Gebeurtenis]]) -> None:
    del feed.reading[position]
    if not reading.cancelled():
        # If all who waited are gone, nobody else retrieves the exception and asyncio would log it.
        reading.exception()
