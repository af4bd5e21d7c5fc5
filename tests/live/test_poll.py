"""The poll beneath the hints: what is looked at, and when, whatever happens while the database is asked."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager

import pytest

from app.domain.model import Gebeurtenis, Hint
from app.domain.streams import Stream, StreamKind
from app.live.bus import Bus, Hear
from app.live.hub import Hub
from app.live.relay import Relay
from tests.live.test_relay import BUR, SOC, VER, Reading, messages
from tests.support.gates import Gate
from tests.support.waiting import until


class SpokenBus(Bus):
    """A bus by which the test speaks."""

    def __init__(self) -> None:
        super().__init__("memory://", beat_seconds=60, deaf_seconds=60, retry_seconds=60)

    @asynccontextmanager
    async def running(self, hear: Hear, hears_again: Callable[[], None]) -> AsyncIterator[None]:
        self.hear, self.hears_again = hear, hears_again
        yield


class Places(Hub):
    """Followed streams, and how far each was read. What is read on is read to its end."""

    def __init__(self, reading: Reading, places: dict[Stream, int]) -> None:
        super().__init__(_nothing, retry_seconds=0)
        self.places = places
        self._reading = reading

    @property
    def heads(self) -> dict[Stream, int]:
        return dict(self.places)

    def lacks(self, stream: Stream, place: int) -> bool:
        return stream in self.places and self.places[stream] < place

    async def advance(self, streams: Collection[Stream]) -> None:
        await self._reading.advance(streams)


async def _nothing(stream: Stream, after: int, limit: int) -> list[Gebeurtenis]:
    return []


class Ends:
    """The ends of streams, of which an answer may be held up."""

    def __init__(self) -> None:
        self.places: dict[Stream, int] = {}
        self.asked: list[Sequence[Stream]] = []
        self.gate = Gate()

    async def read(self, streams: Collection[Stream]) -> dict[Stream, int]:
        self.asked.append(list(streams))
        await self.gate.passed()
        return {stream: self.places[stream] for stream in streams}


class Polling:
    """A relay whose next poll is an hour away, so that it looks when the bus hears again."""

    def __init__(self, **places: int) -> None:
        self.bus, self.ends, self.reading = SpokenBus(), Ends(), Reading()
        self.hub = Places(self.reading, {Stream(StreamKind.POSTVAK, name): at for name, at in places.items()})
        self.relay = Relay(self.bus, self.hub, self.ends.read, poll_seconds=3600)

    async def begin_to_look(self) -> None:
        """Have it look, and wait until it has begun."""
        looks = self.relay.polls
        self.bus.hears_again()
        await until(lambda: self.relay.polls > looks)

    async def look(self) -> None:
        """Have it look, and wait until it has: it begins another look then."""
        await self.begin_to_look()
        await self.begin_to_look()

    def hear(self, volgnummer: int, *streams: Stream) -> None:
        """A hint of a fact in each of these inboxes, of a task that nobody follows."""
        self.bus.hear([Hint(stream.id, "taak", volgnummer, 1) for stream in streams])


@asynccontextmanager
async def polling(**places: int) -> AsyncIterator[Polling]:
    """A relay that runs, over inboxes that are followed and were read so far."""
    made = Polling(**places)
    async with made.relay.running():
        yield made


async def test_a_hint_of_what_was_read_already_or_of_what_nobody_follows_reads_nothing() -> None:
    async with polling(ver=4) as one:
        one.hear(4, VER)
        one.hear(9, BUR)
        one.hear(5, VER)
        await one.reading.until(VER, done=1)
        assert one.reading.begun == {VER: 1}


async def test_who_asks_for_a_look_in_the_midst_of_another_is_given_one_more() -> None:
    """What is committed now may come too late for the one that is under way."""
    async with polling(ver=4) as one:
        one.ends.places = {VER: 4}
        one.ends.gate.hold()
        await one.begin_to_look()
        one.bus.hears_again()
        one.ends.places = {VER: 5}
        one.ends.gate.release()
        await one.reading.until(VER, done=1)
        assert one.relay.polls == 2


async def test_where_nobody_follows_anything_the_database_is_not_asked() -> None:
    async with polling() as one:
        await one.look()
        assert one.ends.asked == []


async def test_what_was_read_while_its_end_was_asked_for_is_not_behind() -> None:
    async with polling(ver=4) as one:
        one.ends.places = {VER: 7}
        one.ends.gate.hold()
        await one.begin_to_look()
        one.hub.places[VER] = 7
        one.ends.gate.release()
        await one.look()
        assert (one.relay.found_by_poll, one.reading.begun) == (0, {})


async def test_who_leaves_while_the_ends_are_asked_for_costs_the_others_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with polling(ver=4, bur=1) as one:
        one.ends.places = {VER: 7, BUR: 2}
        one.ends.gate.hold()
        await one.begin_to_look()
        del one.hub.places[VER]
        one.ends.gate.release()
        await one.reading.until(BUR, done=1)
        assert (one.relay.found_by_poll, one.reading.begun) == (1, {BUR: 1})
    assert messages(caplog) == []


async def test_an_outage_of_reading_is_over_when_nobody_follows_what_could_not_be_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with polling(ver=4, bur=1) as one:
        one.ends.places = {VER: 5, BUR: 1}
        one.reading.broken = {VER}
        for attempt in range(1, 4):
            await one.begin_to_look()
            await one.reading.until(VER, begun=attempt)
        assert kinds(caplog) == ["facts cannot be read"]
        del one.hub.places[VER]
        await one.look()
        assert kinds(caplog) == ["facts cannot be read", "facts can be read again"]


@pytest.mark.parametrize("told", ["it waits", "it is being read", "it could not be read"])
async def test_what_a_hint_had_told_is_not_counted_as_found_by_the_poll(
    told: str, caplog: pytest.LogCaptureFixture
) -> None:
    others = [Stream(StreamKind.POSTVAK, str(number)) for number in range(4)]
    async with polling(ver=4, soc=1, **{stream.id: 0 for stream in others}) as one:
        one.ends.places = {VER: 7, SOC: 3} | dict.fromkeys(others, 0)
        gate = asyncio.Event()
        one.reading.slow = {VER: gate} | dict.fromkeys(others, gate)
        if told == "it waits":
            one.hear(1, *others)
            one.hear(5, VER)
            await one.reading.until(others[-1], begun=1)
        else:
            one.hear(5, VER)
            await one.reading.until(VER, begun=1)
        if told == "it could not be read":
            one.reading.broken = {VER}
            gate.set()
            await until(lambda: messages(caplog))
        await one.begin_to_look()
        await until(lambda: one.relay.found_by_poll)
        # Both are behind, by three and by two.
        assert one.relay.found_by_poll == 2


@pytest.mark.parametrize("reads", ["a stream", "the ends"])
async def test_a_relay_that_stopped_leaves_nothing_running(reads: str) -> None:
    before = asyncio.all_tasks()
    async with polling(ver=4) as one:
        if reads == "a stream":
            one.reading.slow = {VER: asyncio.Event()}
            one.hear(5, VER)
            await one.reading.until(VER, begun=1)
        else:
            one.ends.gate.hold()
            await one.begin_to_look()
    assert asyncio.all_tasks() == before


def kinds(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the relay said in the log, without the details."""
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    return [message.split(";")[0].split(",")[0] for message in told]
