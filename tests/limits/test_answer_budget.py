"""Room for answers: what is taken before an answer is made, on a connection and in a process, and who waits."""

import asyncio

import pytest

from app.common.outage import Transient
from app.transport.connections.answer_budget import AnswerBudget, AnswerBudgetLimits, BudgetExhausted, Reservation
from tests.support.client import PATIENCE
from tests.support.pipes import Pipe
from tests.support.waiting import soon, turns


def room(patience_seconds: float = PATIENCE) -> AnswerBudget:
    """Room for 300 bytes on a connection, for 1,200 in the process, and for a quarter of that for one caller."""
    return AnswerBudget(AnswerBudgetLimits(100, 300, 1_200, patience_seconds))


async def waits(place: Reservation, size: int) -> "asyncio.Task[None]":
    """Somebody who waits for room, as they do still when all others had many turns."""
    task = asyncio.create_task(place.take(size))
    await turns(50)
    assert not task.done()
    return task


async def test_on_a_connection_there_is_so_much_room_and_who_comes_next_waits_until_some_is_left() -> None:
    answers, pipe = room(), Pipe()
    first, second, third = (answers.place(pipe, "vera") for _ in range(3))
    await first.take(200)
    await second.take(100)
    task = await waits(third, 1)
    assert not third.is_taken
    second.leave()
    await soon(task)
    assert third.is_taken


async def test_an_answer_that_is_larger_than_a_connection_has_room_for_is_made_alone() -> None:
    answers, pipe = room(), Pipe()
    first, second = answers.place(pipe, "vera"), answers.place(pipe, "vera")
    await first.take(1_000)
    task = await waits(second, 1)
    first.leave()
    await soon(task)


async def test_what_waits_to_be_taken_counts_until_it_is_taken() -> None:
    answers, pipe = room(), Pipe(pending=250)
    place = answers.place(pipe, "vera")
    await place.take(50)
    task = await waits(place, 51)
    pipe.taken()
    await soon(task)


async def test_those_of_a_connection_have_their_turn_in_the_order_in_which_they_came() -> None:
    answers, pipe = room(), Pipe()
    first, large, small = (answers.place(pipe, "vera") for _ in range(3))
    await first.take(200)
    of_large = await waits(large, 300)
    of_small = await waits(small, 1)
    first.leave()
    await soon(of_large)
    assert not of_small.done()
    large.leave()
    await soon(of_small)


async def test_who_waits_for_room_on_a_connection_keeps_their_turn_when_nothing_is_taken_there() -> None:
    """Meanwhile others look what is taken in the process."""
    answers, pipe = room(), Pipe(pending=300)
    first, second = answers.place(pipe, "vera"), answers.place(pipe, "vera")
    of_first = await waits(first, 300)
    pipe.pending = 0
    assert answers.has(1, "bo")
    of_second = await waits(second, 1)
    pipe.taken()
    await soon(of_first)
    assert not of_second.done()
    first.leave()
    await soon(of_second)


async def test_what_is_taken_again_is_taken_instead_and_what_was_made_is_what_counts() -> None:
    answers, pipe = room(), Pipe()
    place, other = answers.place(pipe, "vera"), answers.place(pipe, "vera")
    for _ in range(3):
        await place.take(300)
    task = await waits(other, 100)
    place.made(200)
    assert answers.made == 200
    await soon(task)
    place.made(150)
    assert answers.made == 150
    for _ in range(2):
        place.leave()
    assert (answers.made, place.is_taken) == (0, False)
    assert answers.pipes == [pipe]
    other.leave()
    assert answers.pipes == []


async def test_who_stops_waiting_takes_nothing_and_holds_nobody_up() -> None:
    answers, pipe = room(), Pipe()
    first, second, third = (answers.place(pipe, "vera") for _ in range(3))
    await first.take(300)
    of_second, of_third = await waits(second, 300), await waits(third, 300)
    of_second.cancel()
    first.leave()
    await soon(of_third)
    assert not second.is_taken


async def test_one_caller_has_a_quarter_of_a_process_on_all_their_connections_together() -> None:
    answers = room()
    for _ in range(2):
        await answers.place(Pipe(), "vera").take(140)
    assert answers.has(20, "vera")
    assert not answers.has(21, "vera")
    assert answers.has(300, "bo")


async def test_who_has_nothing_there_has_room_for_one_answer_whatever_it_is() -> None:
    answers = room()
    assert answers.has(10_000, "vera"), "an empty process has room for anything"
    await answers.place(Pipe(), "bo").take(100)
    assert answers.has(1_100, "vera")
    assert not answers.has(1_101, "vera")


async def test_what_may_be_larger_than_all_there_is_takes_all_there_is() -> None:
    answers = room()
    place = answers.place(Pipe(), "vera")
    await place.take(10_000)
    assert not answers.has(1, "vera")
    assert not answers.has(1, "bo")
    place.leave()
    assert answers.has(1, "bo")


async def test_what_was_written_counts_for_whom_it_was_written_to_until_it_is_taken() -> None:
    answers, pipe, other = room(), Pipe(), Pipe()
    for one in (pipe, other):
        answers.written(one, "vera")
    assert answers.pipes == []
    pipe.write(b"a" * 200)
    answers.written(pipe, "vera")
    assert answers.pipes == [pipe]
    assert not answers.has(101, "vera")
    assert answers.has(101, "bo")
    pipe.taken()
    assert answers.has(1_200, "vera")
    assert answers.pipes == []


async def test_who_waits_for_room_in_the_process_gets_it_when_others_took_what_they_were_sent() -> None:
    answers, full = room(), Pipe(pending=1_200)
    answers.written(full, "bo")
    place = answers.place(Pipe(), "vera")
    task = await waits(place, 1)
    full.taken()
    await soon(task)


async def test_who_waits_too_long_for_room_in_the_process_is_told_to_come_back() -> None:
    answers, full = room(patience_seconds=0.1), Pipe(pending=1_200)
    answers.written(full, "bo")
    place = answers.place(Pipe(), "vera")
    with pytest.raises(BudgetExhausted) as refused:
        await place.take(1)
    assert isinstance(refused.value, Transient)
    assert not place.is_taken
    full.taken()
    # They wait for nobody any more.
    await place.take(1)
