"""Bounds on waiting: for a place, in order and not for ever; and for work, which goes on without who asked it."""

import asyncio

import pytest

from app.storage.engine.failures import DatabaseOnbereikbaar
from app.storage.engine.limited import ConnectionQueue, WithDeadline
from tests.support.waiting import SOON, soon, turns

NEVER = float("inf")


class Late(Exception):
    pass


def places(number: int, wait_seconds: float, waited: list[str] | None = None) -> ConnectionQueue:
    told = [] if waited is None else waited
    return ConnectionQueue(number, "read", wait_seconds, lambda access, seconds: told.append(access))


async def test_who_finds_no_place_in_time_is_told_so_and_takes_none_later() -> None:
    waited: list[str] = []
    few = places(1, 0.05, waited)
    await few.take()
    with pytest.raises(DatabaseOnbereikbaar):
        await soon(few.take())
    few.leave()
    await soon(few.take())
    # Of who waited in vain it is not told how long it took to get a place.
    assert waited == ["read", "read"]


async def test_who_is_cancelled_in_the_queue_gives_up_their_turn_there() -> None:
    few = places(1, SOON)
    await few.take()
    gone, next_one = (asyncio.ensure_future(few.take()) for _ in "ab")
    await turns(5)
    gone.cancel()
    await turns(5)
    few.leave()
    await soon(next_one)
    assert gone.cancelled()


async def test_a_place_is_left_also_where_what_it_was_for_fails() -> None:
    few = places(1, 0.5)
    for _ in range(2):
        with pytest.raises(Late):
            async with few.taken():
                raise Late
    await soon(few.take())


class Slow:
    """Work that waits until it may go on, and what became of it."""

    def __init__(self, late: list["Slow"] | None = None) -> None:
        """`late` notes who was late, in order."""
        self.go_on = asyncio.Event()
        self.was_late = 0
        self.was_broken_off = asyncio.Event()
        self._late = [] if late is None else late

    async def __call__(self) -> str:
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.was_broken_off.set()
            raise
        return "done"

    def late(self) -> Exception:
        self.was_late += 1
        self._late.append(self)
        return Late()

    def limited(self, seconds: float) -> WithDeadline[str]:
        until = asyncio.get_running_loop().time() + seconds
        return WithDeadline(self(), until=until, late=self.late)


async def test_work_that_ends_in_time_is_answered_and_never_late() -> None:
    slow = Slow()
    limited = slow.limited(0.05)
    slow.go_on.set()
    assert await soon(limited.answer) == "done"
    later = Slow().limited(0.1)
    with pytest.raises(Late):
        await soon(later.answer)
    assert slow.was_late == 0


async def test_work_that_is_late_is_told_so_and_broken_off() -> None:
    slow = Slow()
    with pytest.raises(Late):
        await soon(slow.limited(0.01).answer)
    await soon(slow.was_broken_off.wait())
    assert slow.was_late == 1


async def test_work_whose_asker_is_gone_is_done_to_its_end_unless_it_is_late() -> None:
    in_time, too_slow = Slow(), Slow()
    done = in_time.limited(SOON)
    for limited in (done, too_slow.limited(0.05)):
        limited.answer.cancel()
    await soon(too_slow.was_broken_off.wait())
    assert too_slow.was_late == 1
    in_time.go_on.set()
    assert await soon(done.task) == "done"


async def test_work_that_fails_or_is_broken_off_tells_so() -> None:
    async def fail() -> str:
        raise DatabaseOnbereikbaar

    failing = WithDeadline(fail(), until=NEVER, late=Late)
    with pytest.raises(DatabaseOnbereikbaar):
        await soon(failing.answer)
    slow = Slow()
    broken_off = slow.limited(SOON)
    await turns(5)
    broken_off.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(broken_off.answer)


async def test_what_is_given_until_later_is_late_then_and_once() -> None:
    late: list[Slow] = []
    given_more, between = Slow(late), Slow(late)
    began = asyncio.get_running_loop().time()
    limited = given_more.limited(0.02)
    limited.extend_deadline(began + 0.2)
    for one in (between.limited(0.1), limited):
        with pytest.raises(Late):
            await soon(one.answer)
    assert late == [between, given_more]


async def test_what_is_given_until_earlier_keeps_its_time() -> None:
    slow = Slow()
    limited = slow.limited(SOON)
    limited.extend_deadline(asyncio.get_running_loop().time())
    await soon(asyncio.wait([Slow().limited(0.01).task]))
    slow.go_on.set()
    assert await soon(limited.answer) == "done"


async def test_what_has_no_limit_is_never_late() -> None:
    slow = Slow()
    limited = WithDeadline(slow(), until=NEVER, late=slow.late)
    limited.extend_deadline(0)
    await soon(asyncio.wait([Slow().limited(0.01).task]))
    slow.go_on.set()
    assert (await soon(limited.answer), slow.was_late) == ("done", 0)
