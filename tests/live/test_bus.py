"""The bus over lines that a test holds: when it is deaf, and what becomes of hints meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from app.domain.model import Hint
from app.live.bus import LONGEST_RETRY_SECONDS, MOST_WAITING, Bus, retry_pause
from app.live.line import BrokerConnection, Message
from tests.support.gates import Gate
from tests.support.waiting import SOON, turns, until

NEVER = 3600.0
"""Longer than any test."""

ELSEWHERE = "a line of another process"


class HeldLine(BrokerConnection):
    """A line that hears what it sends, save what is lost, as its own or another's; sending may be held up."""

    def __init__(self, number: int) -> None:
        self.id = f"line {number}"
        self.beats = 0
        self.loses = 0
        self.gate = Gate()
        self.heard_as = self.id
        self.came: asyncio.Queue[Message | None] = asyncio.Queue()

    async def send(self, hints: Sequence[Hint]) -> None:
        if not hints:
            self.beats += 1
        await self.gate.passed()
        if self.loses > 0:
            self.loses -= 1
        else:
            self.came.put_nowait(Message(self.heard_as, list(hints)))

    async def next(self) -> Message | None:
        return await self.came.get()


class Lines:
    """Opens lines. `fail` so many times before the next one; closing one may be held up."""

    def __init__(self) -> None:
        self.opened: list[HeldLine] = []
        self.tried = 0
        self.fail = 0
        self.closes = asyncio.Event()
        self.closes.set()

    @asynccontextmanager
    async def open(self, url: str, *, within_seconds: float) -> AsyncIterator[BrokerConnection]:
        self.tried += 1
        if self.fail:
            self.fail -= 1
            raise OSError("no broker")
        self.opened.append(HeldLine(len(self.opened)))
        try:
            yield self.opened[-1]
        finally:
            await self.closes.wait()


class Heard:
    """A bus that runs over held lines, and what it told."""

    def __init__(self, beat_seconds: float, deaf_seconds: float, retry_seconds: float = 0.001) -> None:
        self.lines = Lines()
        self.hints: list[Hint] = []
        self.again = 0
        self.failures: list[int] = []
        self.bus = Bus(
            "memory://",
            beat_seconds=beat_seconds,
            deaf_seconds=deaf_seconds,
            retry_seconds=retry_seconds,
            open_line=self.lines.open,
            pause=self._pause,
        )

    @property
    def line(self) -> HeldLine:
        """The line that was opened last."""
        return self.lines.opened[-1]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The bus runs while this is open."""
        async with self.bus.running(self.hints.extend, self._hears_again):
            yield

    def _hears_again(self) -> None:
        self.again += 1

    def _pause(self, failures: int, first_seconds: float) -> float:
        self.failures.append(failures)
        return first_seconds

    async def beats(self, count: int) -> None:
        """Wait until so many heartbeats more were sent on the line, and what became of them is known."""
        until_beats = self.line.beats + count + 1
        await until(lambda: self.line.beats >= until_beats, SOON)

    async def rebuilds(self, lines: int) -> None:
        """Wait until so many lines were opened, and the last is heard."""
        await until(lambda: len(self.lines.opened) >= lines and self.bus.hears, SOON)


def beating() -> Heard:
    """A bus that beats often, and is deaf when two heartbeats in a row are lost."""
    return Heard(beat_seconds=0.02, deaf_seconds=0.07)


def quiet() -> Heard:
    """A bus that beats once."""
    return Heard(beat_seconds=NEVER, deaf_seconds=NEVER)


def hint(number: int) -> Hint:
    return Hint("ver", "taak", number, number)


async def test_one_heartbeat_that_is_lost_makes_it_look_round_once_and_rebuilds_nothing() -> None:
    one = beating()
    async with one.running():
        assert one.again == 1
        await one.beats(3)
        assert one.again == 1
        for times in (1, 2, 3):
            one.line.loses = 1
            await one.beats(4)
            assert (one.again, len(one.lines.opened), one.bus.times_deaf) == (1 + times, 1, 0)
        assert one.bus.hears


@pytest.mark.parametrize(("deaf_seconds", "lost"), [(0.07, 2), (0.03, 1), (0.01, 1)])
async def test_as_many_heartbeats_in_a_row_as_make_it_deaf_rebuild_the_line_which_looks_round_when_it_hears(
    deaf_seconds: float, lost: int
) -> None:
    one = Heard(beat_seconds=0.02, deaf_seconds=deaf_seconds)
    async with one.running():
        one.line.loses = lost
        await one.rebuilds(2)
        assert (one.again, one.bus.times_deaf, one.bus.times_rebuilt) == (2, 1, 1)
        await one.beats(3)
        assert (one.again, len(one.lines.opened)) == (2, 2)


async def test_what_others_say_does_not_make_it_hear_itself() -> None:
    one = beating()
    async with one.running():
        one.line.heard_as = ELSEWHERE
        await one.bus.publish([hint(1)])
        await one.rebuilds(2)
        assert (one.bus.times_deaf, one.again, one.hints) == (1, 2, [hint(1)])


async def test_what_was_published_before_a_line_was_lost_is_dropped_and_counted_and_not_sent_on_the_next() -> None:
    one = beating()
    async with one.running():
        first = one.line
        first.gate.hold()
        await one.bus.publish([hint(1), hint(2)])
        await asyncio.sleep(0)
        await one.bus.publish([hint(3)])
        await one.rebuilds(2)
        assert (one.bus.hints_dropped, one.bus.hints_sent) == (3, 0)
        await one.bus.publish([hint(4)])
        await until(lambda: one.hints, SOON)
        assert (one.hints, one.bus.hints_sent, one.bus.hints_dropped) == ([hint(4)], 1, 3)


async def test_it_is_deaf_while_a_line_that_was_given_up_closes_slowly(caplog: pytest.LogCaptureFixture) -> None:
    one = beating()
    async with one.running():
        one.lines.closes.clear()
        one.line.loses = 1000
        await until(lambda: not one.bus.hears, SOON)
        assert len(said(caplog)) == 1
        await one.bus.publish([hint(1)])
        assert (one.bus.hints_dropped, one.bus.times_deaf, len(one.lines.opened)) == (1, 1, 1)
        one.lines.closes.set()
        await one.rebuilds(2)
        await until(lambda: len(said(caplog)) == 2, SOON)


async def test_however_often_it_is_tried_an_outage_is_one(caplog: pytest.LogCaptureFixture) -> None:
    one = beating()
    one.lines.fail = 4
    async with one.running():
        assert (one.bus.hears, one.bus.times_deaf, one.again) == (False, 1, 0)
        await one.rebuilds(1)
        assert (one.bus.times_deaf, one.bus.times_rebuilt, one.again) == (1, 4, 1)
        one.lines.fail = 3
        one.line.loses = 2
        await one.rebuilds(2)
        assert (one.bus.times_deaf, one.bus.times_rebuilt, one.again) == (2, 8, 2)
        # The first wait of every outage is a short one.
        assert one.failures == [1, 2, 3, 4, 1, 2, 3, 4]
    assert len(said(caplog)) == 4


async def test_a_hint_does_not_wait_for_a_heartbeat() -> None:
    one = quiet()
    async with one.running():
        await one.bus.publish([hint(1)])
        await until(lambda: one.hints == [hint(1)], SOON)


async def test_hints_published_together_or_while_another_is_sent_come_in_their_order() -> None:
    one = quiet()
    async with one.running():
        one.line.gate.hold()
        await one.bus.publish([hint(1)])
        await asyncio.sleep(0)
        await one.bus.publish([hint(2), hint(3)])
        await one.bus.publish([hint(4)])
        one.line.gate.release()
        await until(lambda: len(one.hints) == 4, SOON)
        assert one.hints == [hint(number) for number in (1, 2, 3, 4)]
    assert (one.bus.hints_sent, one.bus.hints_heard, one.bus.hints_dropped) == (4, 4, 0)


async def test_what_cannot_be_read_is_told_once_and_counted_and_what_follows_is_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = quiet()
    async with one.running():
        one.line.came.put_nowait(None)
        await until(lambda: said(caplog), SOON)
        for message in (None, Message(ELSEWHERE, [hint(1)]), None):
            one.line.came.put_nowait(message)
        await until(lambda: one.bus.unreadable == 3, SOON)
        assert one.hints == [hint(1)]
    assert [message.split(";")[0] for message in said(caplog)] == [
        "a message on the hint channel could not be read"
    ]


async def test_no_more_hints_wait_to_be_sent_than_may_and_those_that_waited_longest_are_sent() -> None:
    one = quiet()
    async with one.running():
        one.line.gate.hold()
        await one.bus.publish([hint(0)])
        await one.line.gate.reached()
        many = [hint(number) for number in range(1, MOST_WAITING + 4)]
        await one.bus.publish(many[: MOST_WAITING - 1])
        await one.bus.publish(many[MOST_WAITING - 1 : -1])
        await one.bus.publish(many[-1:])
        assert one.bus.hints_dropped == 3
        one.line.gate.release()
        await until(lambda: len(one.hints) > MOST_WAITING, SOON)
        assert one.hints == [hint(0), *many[:MOST_WAITING]]


async def test_a_line_that_could_not_be_opened_is_not_tried_again_at_once() -> None:
    one = Heard(beat_seconds=NEVER, deaf_seconds=NEVER, retry_seconds=NEVER)
    one.lines.fail = 1000
    async with one.running():
        await turns(10)
        assert one.lines.tried == 1


@pytest.mark.parametrize(
    ("failures", "first_seconds", "longest"),
    [
        (1, 0.1, 0.1),
        (2, 0.1, 0.2),
        (3, 0.1, 0.4),
        (4, 0.1, LONGEST_RETRY_SECONDS),
        (1, 9, LONGEST_RETRY_SECONDS),
        (5000, 0.01, LONGEST_RETRY_SECONDS),
    ],
)
def test_each_failure_doubles_the_wait_for_the_next_line_up_to_the_longest_and_no_two_wait_alike(
    failures: int, first_seconds: float, longest: float
) -> None:
    pauses = {retry_pause(failures, first_seconds) for _ in range(50)}
    assert longest / 2 <= min(pauses) < max(pauses) <= longest


@pytest.mark.parametrize("is_deaf", [False, True])
async def test_a_bus_that_stopped_leaves_nothing_running_and_what_waited_is_dropped(is_deaf: bool) -> None:
    before = asyncio.all_tasks()
    one = quiet()
    one.lines.fail = 1000 if is_deaf else 0
    async with one.running():
        for line in one.lines.opened:
            line.gate.hold()
        for number in (1, 2):
            await one.bus.publish([hint(number)])
            await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    assert (one.bus.hears, one.bus.hints_dropped, one.bus.hints_sent) == (False, 2, 0)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the bus said in the log, at the level of a warning."""
    return [r.getMessage() for r in caplog.records if r.name == "app.live.bus" and r.levelno == logging.WARNING]
