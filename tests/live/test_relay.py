"""The relay over a table that is a list: what is read when, and what the log says when it cannot be read."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import pytest

from app.common.outage import Outage
from app.domain.model import Hint
from app.domain.streams import Stream, StreamKind, hinted
from app.live.bus import Bus
from app.live.hub import Hub
from app.live.readers import Readers
from app.live.relay import Relay
from tests.support.waiting import until

VER, BUR, SOC = (Stream(StreamKind.POSTVAK, name) for name in ("ver", "bur", "soc"))


class Reading:
    """Reads streams, of which some are slow until they are let go, and some fail."""

    def __init__(self) -> None:
        self.begun: Counter[Stream] = Counter()
        self.done: Counter[Stream] = Counter()
        self.slow: dict[Stream, asyncio.Event] = {}
        self.broken: set[Stream] = set()

    async def advance(self, streams: Collection[Stream]) -> None:
        for stream in streams:
            self.begun[stream] += 1
            if stream in self.slow:
                await self.slow[stream].wait()
            if stream in self.broken:
                raise ConnectionError("the database is away")
            self.done[stream] += 1

    async def until(self, stream: Stream, *, begun: int = 0, done: int = 0) -> None:
        await until(lambda: self.begun[stream] >= begun and self.done[stream] >= done)


@pytest.fixture
def reading() -> Reading:
    return Reading()


@asynccontextmanager
async def readers_of(reading: Reading, at_once: int = 4) -> AsyncIterator[Readers]:
    outage = Outage(logging.getLogger("app.live.relay"), "cannot be read", "can be read", trace=True)
    readers = Readers(reading.advance, outage, at_once=at_once)
    try:
        yield readers
    finally:
        await readers.end()


async def test_a_slow_stream_holds_up_no_other(reading: Reading) -> None:
    reading.slow[VER] = asyncio.Event()
    async with readers_of(reading, at_once=2) as readers:
        for _ in range(50):
            readers.read_on([VER, BUR])
            await reading.until(VER, begun=1)
        await reading.until(BUR, done=1)
        readers.read_on([SOC])
        await reading.until(SOC, done=1)
        assert reading.done[VER] == 0


async def test_many_hints_while_a_stream_is_read_are_one_more_reading(reading: Reading) -> None:
    reading.slow[VER] = asyncio.Event()
    async with readers_of(reading) as readers:
        readers.read_on([VER])
        await reading.until(VER, begun=1)
        for _ in range(1000):
            readers.read_on([VER])
        assert readers.waiting == 1
        reading.slow[VER].set()
        await reading.until(VER, done=2)
        readers.read_on([BUR])
        await reading.until(BUR, done=1)
        assert reading.begun[VER] == 2


async def test_no_more_streams_are_read_at_once_than_was_said(reading: Reading) -> None:
    many = [Stream(StreamKind.INTERNE_TAAK, str(number)) for number in range(50)]
    gate = asyncio.Event()
    reading.slow = dict.fromkeys(many, gate)
    async with readers_of(reading, at_once=3) as readers:
        readers.read_on(many)
        await reading.until(many[2], begun=1)
        assert readers.waiting == 47
        gate.set()
        for stream in many:
            await reading.until(stream, done=1)


async def test_readers_that_ended_leave_nothing_and_begin_nothing(reading: Reading) -> None:
    before = asyncio.all_tasks()
    reading.slow[VER] = asyncio.Event()
    async with readers_of(reading, at_once=1) as readers:
        readers.read_on([VER, BUR])
        await reading.until(VER, begun=1)
    readers.read_on([SOC])
    assert asyncio.all_tasks() == before
    assert list(reading.begun) == [VER]


async def test_an_outage_of_reading_is_logged_once_and_its_end_once(
    reading: Reading, caplog: pytest.LogCaptureFixture
) -> None:
    reading.broken = {VER, BUR}
    async with readers_of(reading) as readers:
        for attempt in range(1, 4):
            readers.read_on([VER, BUR])
            await reading.until(VER, begun=attempt)
            await reading.until(BUR, begun=attempt)
        reading.broken = {BUR}
        readers.read_on([VER])
        await reading.until(VER, done=1)
        assert messages(caplog) == ["cannot be read (ConnectionError)"]
        reading.broken = set()
        readers.read_on([BUR])
        await reading.until(BUR, done=1)
        await asyncio.sleep(0)
        assert [message.split(",")[0] for message in messages(caplog)] == [
            "cannot be read (ConnectionError)",
            "can be read",
        ]


class Ends:
    """The ends of streams, which cannot be read for a while."""

    def __init__(self) -> None:
        self.broken = True
        self.asked = 0

    async def read(self, streams: Collection[Stream]) -> dict[Stream, int]:
        self.asked += 1
        if self.broken:
            raise OSError("the database is away")
        return dict.fromkeys(streams, 7)


class OneFeed(Hub):
    """A hub in which one stream is followed, that was read up to a place."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @property
    def heads(self) -> dict[Stream, int]:
        return {VER: 7 if self.reading.done[VER] else 4}

    def lacks(self, stream: Stream, place: int) -> bool:
        return stream != SOC

    async def advance(self, streams: Collection[Stream]) -> None:
        await self.reading.advance(streams)


async def test_the_poll_outlives_a_database_that_is_away_and_finds_what_no_hint_told(
    reading: Reading, caplog: pytest.LogCaptureFixture
) -> None:
    bus = Bus("memory://", beat_seconds=0.05, deaf_seconds=5.0, retry_seconds=0.05)
    ends = Ends()
    relay = Relay(bus, OneFeed(reading), ends.read, poll_seconds=0.01)
    async with relay.running():
        await until(lambda: ends.asked >= 5)
        assert [message.split(";")[0] for message in messages(caplog)] == ["facts cannot be read"]
        ends.broken = False
        await reading.until(VER, done=1)
        asked = ends.asked
        await until(lambda: ends.asked >= asked + 2)
    assert relay.found_by_poll == 3
    assert reading.done[VER] == 1
    traced = [record.exc_info is not None for record in caplog.records if record.name == "app.live.relay"]
    assert traced == [True, False]


async def test_a_hint_reads_its_two_streams_on(reading: Reading) -> None:
    bus = Bus("memory://", beat_seconds=0.05, deaf_seconds=5.0, retry_seconds=0.05)
    ends = Ends()
    relay = Relay(bus, OneFeed(reading), ends.read, poll_seconds=60)
    async with relay.running():
        await bus.publish([Hint("bur", "taak", 1, 1)])
        await reading.until(BUR, done=1)
        await reading.until(Stream(StreamKind.INTERNE_TAAK, "taak"), done=1)


async def test_too_many_hints_to_keep_are_one_look_at_everything_that_is_followed(reading: Reading) -> None:
    bus = Bus("memory://", beat_seconds=0.05, deaf_seconds=5.0, retry_seconds=0.05)
    ends = Ends()
    ends.broken = False
    gate = asyncio.Event()
    relay = Relay(bus, OneFeed(reading), ends.read, poll_seconds=60)
    published = 0

    def all_are_heard() -> bool:
        return bus.hints_heard == published

    async with relay.running():
        await reading.until(VER, done=1)
        looked = relay.polls
        for thousand in range(6):
            told = [Hint(f"{thousand}-{number}", f"{thousand}-{number}", 1, 1) for number in range(1000)]
            for hint in told:
                reading.slow |= dict.fromkeys(hinted(hint), gate)
            await bus.publish(told)
            published += len(told)
            await until(all_are_heard)
        assert relay.polls == looked
        await bus.publish([Hint("nog een", "nog een", 1, 1)])
        await until(lambda: relay.polls > looked)
    assert reading.begun.total() - reading.done.total() == 4


async def test_what_is_published_while_nobody_can_hear_it_is_dropped_and_counted() -> None:
    bus = Bus("memory://", beat_seconds=0.05, deaf_seconds=5.0, retry_seconds=0.05)
    await bus.publish([Hint("bur", "taak", 1, 1)])
    assert (bus.hints_dropped, bus.hints_sent) == (1, 0)
    async with bus.running(lambda hints: None, lambda: None):
        await bus.publish([Hint("bur", "taak", number, number) for number in range(1001)])
        assert bus.hints_dropped == 2
        await until(lambda: bus.hints_heard >= 1000)
    await bus.publish([Hint("bur", "taak", 1, 1)])
    assert (bus.hints_sent, bus.hints_dropped, bus.hears) == (1000, 3, False)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "app.live.relay"]
