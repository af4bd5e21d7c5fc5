"""What is sent to who follows, where there is room for it: little is sent at once, much only where it may wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.transport.connections.answer_budget import AnswerBudget, AnswerBudgetLimits, BudgetExhausted
from app.transport.delivery.receiving import Batch, BudgetedReceiver
from app.transport.execution.request import GraphQLRequest
from tests.support.pipes import Pipe
from tests.support.waiting import soon
from tests.support.wires import COUNT, SETTINGS, Wires

SMALL, LARGE = 65_536, 65_537
"""The most bytes of what is not looked at, and one more."""


class Receiver(BudgetedReceiver):
    """Sends whatever it is offered, which waits on its connection then."""

    def offer(self, batch: Batch) -> bool:
        """Send it."""
        return self.pipe.offer(b"", batch.payloads, b"", 0)


@asynccontextmanager
async def receiving(pipe: Pipe, *, process: int) -> AsyncIterator[tuple[Receiver, AnswerBudget]]:
    """A receiver for vera, and the room for so many bytes of its process, for which it is not patient."""
    wires = Wires(
        settings=replace(SETTINGS, budget=AnswerBudgetLimits(process, process, process, patience_seconds=0.1))
    )
    operation = await wires.serving.executor.prepare(GraphQLRequest(COUNT, None, None, None, None))
    yield Receiver(wires.serving.budget, pipe, "vera", operation), wires.serving.budget
    wires.serving.executor.documents.close()


def batch(size: int) -> Batch:
    return Batch([1], [size * b"a"], size)


def waits_for_others(room: AnswerBudget, size: int) -> Pipe:
    """So much waits on somebody else's connection."""
    other = Pipe(pending=size)
    room.written(other, "bo")
    return other


async def test_little_is_sent_though_there_is_no_room() -> None:
    pipe = Pipe()
    async with receiving(pipe, process=SMALL) as (receiver, room):
        other = waits_for_others(room, SMALL)
        assert receiver.take(batch(SMALL))
        assert pipe.pending == SMALL
        assert room.pipes == [other], "it is little, and not looked at"


async def test_much_is_sent_where_there_is_room_and_counts_for_its_caller_until_it_is_taken() -> None:
    pipe = Pipe()
    async with receiving(pipe, process=4 * LARGE) as (receiver, room):
        other = waits_for_others(room, 3 * LARGE + 1)
        assert not receiver.take(batch(LARGE))
        assert pipe.pending == 0
        other.pending -= 1
        assert receiver.take(batch(LARGE))
        assert pipe.pending == LARGE
        other.taken()
        assert not room.has(1, "vera"), "a quarter is theirs"
        assert room.has(1, "bo")
        pipe.taken()
        assert room.has(1, "vera")


async def test_room_is_taken_before_anything_is_made_for_one_alone_and_what_is_made_is_sent_in_it() -> None:
    pipe = Pipe()
    async with receiving(pipe, process=4 * LARGE) as (receiver, room):
        await receiver.ready()
        assert room.pipes == [pipe]
        waits_for_others(room, 4 * LARGE)
        # What was taken is enough for it, whatever waits meanwhile.
        assert receiver.take(batch(LARGE))
        receiver.leave()
        pipe.taken()
        assert pipe not in room.pipes


async def test_room_is_taken_once_however_often_it_is_asked_for() -> None:
    pipe = Pipe()
    async with receiving(pipe, process=4 * LARGE) as (receiver, room):
        for _ in range(5):
            await receiver.ready()
        for _ in range(2):
            receiver.leave()
        assert room.pipes == []


async def test_nothing_is_made_for_one_alone_until_there_is_room_however_long_that_takes() -> None:
    pipe = Pipe()
    async with receiving(pipe, process=4 * LARGE) as (receiver, room):
        other = waits_for_others(room, 4 * LARGE)
        ready = asyncio.create_task(receiver.ready())
        # Others who wait are refused meanwhile.
        for _ in range(2):
            with pytest.raises(BudgetExhausted):
                await room.wait(1, "bo")
        assert not ready.done()
        other.taken()
        await soon(ready)
        assert room.pipes == [pipe]
        receiver.leave()
