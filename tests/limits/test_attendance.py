"""Who is there behind sockets that a test holds: who is pinged, who is missed, and who is told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from app.transport.connections.attendance import PING, Attendance
from tests.support.each import each
from tests.support.pipes import HeldPipe
from tests.support.waiting import SOON, until

NEVER = 3600.0


class Told(list[bool]):
    """What somebody was told of whether a socket is there."""

    def there(self, is_there: bool) -> None:
        self.append(is_there)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment


@asynccontextmanager
async def attendance(*, answer_seconds: float, clock: Callable[[], float] = monotonic) -> AsyncIterator[Attendance]:
    """One that pings each socket twenty times a second."""
    made = Attendance(ping_seconds=0.05, answer_seconds=answer_seconds, most=1000, clock=clock)
    async with made.running():
        yield made


async def pings(pipe: HeldPipe, count: int) -> None:
    """Wait until it was pinged so many times more."""
    enough = len(pipe.offered) + count
    await until(lambda: len(pipe.offered) >= enough, SOON)


async def becomes(told: Told, *expected: bool) -> None:
    await until(lambda: len(told) >= len(expected), SOON)
    assert told == list(expected)


async def test_everybody_who_asked_is_told_once_that_a_socket_is_silent_and_once_that_it_is_heard_again() -> None:
    pipe, first, second = HeldPipe(), Told(), Told()
    async with attendance(answer_seconds=0.1) as one:
        one.follows(pipe, first.there)
        one.follows(pipe, second.there)
        await becomes(first, False)
        await becomes(second, False)
        await pings(pipe, 3)
        assert (first, second) == ([False], [False])
        one.heard(pipe)
        assert (first, second) == ([False, True], [False, True])
        await becomes(first, False, True, False)
    assert set(pipe.offered) == {PING}


async def test_who_asks_after_a_socket_that_is_away_is_told_so_at_once_and_when_it_is_heard() -> None:
    pipe, first, later = HeldPipe(), Told(), Told()
    async with attendance(answer_seconds=0.1) as one:
        one.follows(pipe, first.there)
        await becomes(first, False)
        one.follows(pipe, later.there)
        assert later == [False]
        one.heard(pipe)
        assert (first, later) == ([False, True], [False, True])


async def test_who_is_heard_again_has_as_long_to_answer_as_anybody_else() -> None:
    pipe, told = HeldPipe(), Told()
    async with attendance(answer_seconds=1) as one:
        one.follows(pipe, told.there)
        await becomes(told, False)
        one.heard(pipe)
        # Before each ping it is looked who has said nothing.
        await pings(pipe, 1)
        assert told == [False, True]


async def test_who_asks_after_a_socket_that_is_there_is_told_nothing() -> None:
    pipe, told = HeldPipe(), Told()
    async with attendance(answer_seconds=NEVER) as one:
        for _ in range(2):
            one.follows(pipe, told.there)
        one.heard(pipe)
        await pings(pipe, 3)
        assert told == []


async def test_who_asks_no_more_is_told_nothing_and_the_other_is() -> None:
    pipe, left, stays = HeldPipe(), Told(), Told()
    async with attendance(answer_seconds=0.1) as one:
        one.follows(pipe, stays.there)
        one.follows(pipe, left.there)
        one.follows(pipe, left.there)
        one.leaves(pipe, left.there)
        one.leaves(pipe, left.there)
        await becomes(stays, False)
        assert left == []
        await pings(pipe, 2)


async def test_a_socket_after_which_nobody_asks_any_more_is_not_pinged_whether_it_was_there_or_away() -> None:
    there, away, other, told = HeldPipe(), HeldPipe(), HeldPipe(), Told()
    async with attendance(answer_seconds=0.1) as one:
        one.follows(away, told.there)
        await becomes(told, False)
        one.leaves(away, told.there)
        one.follows(there, told.there)
        one.leaves(there, told.there)
        pinged = len(away.offered)
        one.follows(other, Told().there)
        await pings(other, 3)
        for gone in (away, there):
            one.heard(gone)
        assert (len(away.offered), there.offered, told) == (pinged, [], [False])
        # They come anew.
        for anew in (away, there):
            again = Told()
            one.follows(anew, again.there)
            assert again == []
            await pings(anew, 1)
            await becomes(again, False)


async def test_whoever_is_heard_is_there_for_as_long_again_whether_they_were_there_or_away() -> None:
    pipe, told, clock = HeldPipe(), Told(), Clock()
    async with attendance(answer_seconds=10, clock=clock) as one:
        one.follows(pipe, told.there)
        clock.moment = 9
        one.heard(pipe)
        clock.moment = 18
        await pings(pipe, 2)
        assert told == []
        clock.moment = 19
        await becomes(told, False)
        clock.moment = 25
        one.heard(pipe)
        clock.moment = 34
        await pings(pipe, 2)
        assert told == [False, True]
        clock.moment = 35
        await becomes(told, False, True, False)


async def test_an_away_socket_after_which_nobody_asked_any_more_is_asked_anew_as_any_other() -> None:
    pipe, told, again = HeldPipe(), Told(), Told()
    async with attendance(answer_seconds=0.1) as one:
        one.follows(pipe, told.there)
        await becomes(told, False)
        one.leaves(pipe, told.there)
        one.follows(pipe, again.there)
        assert again == []
        await pings(pipe, 1)
        await becomes(again, False)
    assert told == [False]


async def test_who_was_heard_last_hides_nobody_who_is_silent_for_longer() -> None:
    speaks, silent = HeldPipe(), HeldPipe()
    of_speaking, of_silent = Told(), Told()
    async with attendance(answer_seconds=0.5) as one:
        one.follows(speaks, of_speaking.there)
        one.follows(silent, of_silent.there)
        speaks.asked = lambda: one.heard(speaks)
        await becomes(of_silent, False)
        await pings(speaks, 2)
        assert of_speaking[-1:] != [False]


async def test_a_socket_is_missed_as_long_after_its_last_word_as_another_after_it_began() -> None:
    spoke, silent = HeldPipe(), HeldPipe()
    of_one, of_other = Told(), Told()
    async with attendance(answer_seconds=1) as one:
        one.follows(spoke, of_one.there)
        one.follows(silent, of_other.there)
        await pings(silent, 10)
        one.heard(spoke)
        await becomes(of_other, False)
        assert of_one == []
        await becomes(of_one, False)


async def test_a_socket_that_was_away_and_answers_again_is_there_from_ping_to_ping() -> None:
    pipe, told = HeldPipe(), Told()
    async with attendance(answer_seconds=0.5) as one:
        one.follows(pipe, told.there)
        await becomes(told, False)
        pipe.asked = lambda: one.heard(pipe)
        await pings(pipe, 12)
    # Now and then the machine may be held up for so long that it is missed; not between every two pings.
    assert len(told) < 12


async def test_the_pings_of_many_sockets_are_spread_over_ten_moments() -> None:
    pinged: list[int] = []
    pipes = [HeldPipe(str(number)) for number in range(20)]
    async with attendance(answer_seconds=NEVER) as one:
        for number, pipe in enumerate(pipes):
            pipe.asked = lambda number=number: pinged.append(number)  # type: ignore[misc]
            one.follows(pipe, Told().there)
        await until(lambda: len(pinged) >= 20, SOON)
    assert pinged[:20] == [number for turn in range(10) for number in (turn, turn + 10)]


async def test_who_leaves_when_pinged_or_when_told_takes_nothing_from_the_others() -> None:
    pipes = [HeldPipe(str(number)) for number in range(21)]
    leaves, stays, tolds = Told(), Told(), [Told() for _ in range(21)]
    async with attendance(answer_seconds=0.2) as one:
        for pipe, told in zip(pipes, tolds, strict=True):
            one.follows(pipe, told.there)

        def goes() -> None:
            pipes[0].asked = lambda: None
            one.leaves(pipes[0], tolds[0].there)

        def leaves_when_told(is_there: bool) -> None:
            leaves.append(is_there)
            one.leaves(pipes[1], leaves_when_told)

        pipes[0].asked = goes
        one.follows(pipes[1], leaves_when_told)
        one.follows(pipes[1], stays.there)
        await becomes(stays, False)
        assert leaves == [False]
        for told in tolds[1:]:
            await becomes(told, False)
        for pipe in each(pipes[1:]):
            await pings(pipe, 1)
    assert len(pipes[0].offered) == 1


async def test_others_have_their_turn_whenever_a_hundred_were_pinged() -> None:
    turns, pinged_at = 0, Counter[int]()

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    pipes = [HeldPipe(str(number)) for number in range(3000)]
    running = asyncio.create_task(others())
    async with attendance(answer_seconds=NEVER) as one:
        for pipe in pipes:
            pipe.asked = lambda: pinged_at.update([turns])
            one.follows(pipe, Told().there)
        # All that are pinged at one moment.
        await until(lambda: pinged_at.total() >= 300, SOON)
    running.cancel()
    assert list(pinged_at.values())[:3] == [100, 100, 100]


async def test_nothing_is_left_running_when_nobody_is_asked_after_any_more() -> None:
    before = asyncio.all_tasks()
    async with attendance(answer_seconds=NEVER):
        assert len(asyncio.all_tasks() - before) == 1
    assert asyncio.all_tasks() == before
