"""The watch over connections that a test holds: who shows life, and who is ended."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from app.transport.connections.idle_watch import IdleWatch
from app.transport.connections.pipe import CloseCode
from tests.support.each import each
from tests.support.pipes import HeldPipe
from tests.support.waiting import SOON, until


@pytest.fixture
async def watch() -> AsyncIterator[IdleWatch]:
    """A watch that goes round a hundred times a second: whoever is silent in three rounds is ended."""
    made = IdleWatch(silence_seconds=0.03)
    async with made.running():
        yield made


def says_something(pipe: HeldPipe) -> None:
    pipe.heard += 1


async def rounds(pipe: HeldPipe, count: int) -> None:
    """Wait until it was looked at so many times more."""
    enough = pipe.looks + count
    await until(lambda: pipe.looks >= enough, SOON)


async def is_ended(pipe: HeldPipe) -> None:
    await until(lambda: pipe.ended, SOON)
    assert pipe.ended == [CloseCode.TRY_AGAIN_LATER]


async def test_who_says_nothing_is_asked_twice_and_ended_in_the_third_round(watch: IdleWatch) -> None:
    pipe = HeldPipe()
    watch.add(pipe)
    await is_ended(pipe)
    assert (pipe.pings, pipe.looks, len(watch)) == (2, 4, 0)


async def test_who_answers_now_and_then_stays(watch: IdleWatch) -> None:
    always, at_times = HeldPipe(), HeldPipe()
    always.asked = lambda: says_something(always)
    at_times.asked = lambda: says_something(at_times) if at_times.pings % 2 == 0 else None
    for pipe in (always, at_times):
        watch.add(pipe)
    await rounds(at_times, 12)
    assert (always.ended, at_times.ended, len(watch)) == ([], [], 2)
    always.asked = at_times.asked = lambda: None
    for pipe in (always, at_times):
        await is_ended(pipe)


async def test_who_takes_what_waits_stays_however_slowly_and_though_they_say_nothing(watch: IdleWatch) -> None:
    pipe = HeldPipe()
    pipe.waiting(1000)
    pipe.takes = 1
    watch.add(pipe)
    await rounds(pipe, 12)
    assert (pipe.ended, pipe.pings) == ([], 0)
    pipe.takes = 0
    await is_ended(pipe)
    assert pipe.pings == 0


async def test_who_takes_as_much_as_is_written_stays(watch: IdleWatch) -> None:
    """What waits does not become less, and is other than before."""
    pipe = HeldPipe(answers=False)
    pipe.waiting(1000)
    watch.add(pipe)
    for _ in range(12):
        pipe.written += 1
        await rounds(pipe, 1)
    assert pipe.ended == []
    for _ in range(12):
        pipe.waiting(1)
        looks = pipe.looks
        await until(lambda looks=looks: pipe.looks > looks or pipe.ended, SOON)  # type: ignore[misc]
    await is_ended(pipe)


async def test_who_takes_nothing_of_what_waits_is_ended_whatever_they_say(watch: IdleWatch) -> None:
    pipe = HeldPipe()
    pipe.waiting(1)
    watch.add(pipe)
    while not pipe.ended:
        pipe.heard += 1
        looks = pipe.looks
        await until(lambda looks=looks: pipe.looks > looks or pipe.ended, SOON)  # type: ignore[misc]
    assert (pipe.ended, pipe.pings) == ([CloseCode.TRY_AGAIN_LATER], 0)


async def test_who_has_taken_all_that_waited_has_shown_life(watch: IdleWatch) -> None:
    pipe = HeldPipe()
    pipe.waiting(5)
    watch.add(pipe)
    await rounds(pipe, 2)
    pipe.takes = 5
    await is_ended(pipe)
    # Silent for three rounds after it; it was asked in the one in which all was taken, too.
    assert pipe.pings == 3


async def test_who_says_something_while_the_first_thing_was_written_to_them_has_shown_life(
    watch: IdleWatch,
) -> None:
    pipe = HeldPipe()
    watch.add(pipe)
    pipe.heard += 1
    pipe.waiting(1)
    await is_ended(pipe)
    # It was looked at when it came, in the round in which it lived, and in three of silence.
    assert pipe.looks == 5


async def test_who_cannot_answer_and_for_whom_nothing_waits_stays(watch: IdleWatch) -> None:
    stream, socket = HeldPipe(answers=False), HeldPipe()
    watch.add(stream)
    watch.add(socket)
    assert (watch.sockets, len(watch)) == (1, 2)
    await is_ended(socket)
    await rounds(stream, 6)
    assert (stream.ended, watch.sockets, len(watch)) == ([], 0, 1)
    stream.waiting(1)
    await is_ended(stream)


async def test_who_goes_while_others_are_looked_at_is_not_looked_at_any_more(watch: IdleWatch) -> None:
    ends, gone, stays = HeldPipe(), HeldPipe(answers=False), HeldPipe(answers=False)
    ends.at_end = lambda: watch.remove(gone)
    for pipe in (ends, gone, stays):
        watch.add(pipe)
    await is_ended(ends)
    looks = gone.looks
    await rounds(stays, 3)
    assert (gone.looks, list(watch.pipes)) == (looks, [stays])


async def test_of_many_each_is_looked_at_in_every_round(watch: IdleWatch) -> None:
    pipes = [HeldPipe(str(number)) for number in range(250)]
    for pipe in pipes:
        watch.add(pipe)
    await until(lambda: len(watch) == 0, SOON)
    assert all((pipe.pings, len(pipe.ended)) == (2, 1) for pipe in each(pipes))


async def test_others_have_their_turn_whenever_a_hundred_were_looked_at(watch: IdleWatch) -> None:
    turns, asked_at = 0, Counter[int]()

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    pipes = [HeldPipe(str(number)) for number in range(300)]
    running = asyncio.create_task(others())
    for pipe in pipes:
        pipe.asked = lambda: asked_at.update([turns])
        watch.add(pipe)
    await until(lambda: asked_at.total() >= 300, SOON)
    running.cancel()
    assert list(asked_at.values())[:3] == [100, 100, 100]


async def test_nothing_is_left_running_when_nobody_is_watched_any_more() -> None:
    before = asyncio.all_tasks()
    async with IdleWatch(silence_seconds=60).running():
        assert len(asyncio.all_tasks() - before) == 1
    assert asyncio.all_tasks() == before
