"""Reading for many at once: few readings, each of after it was asked, and nobody is left without an answer."""

import asyncio
import gc
from collections.abc import Collection, Mapping

import pytest

from app.common.coalesced_reads import CoalescedReads
from tests.support.waiting import SOON, soon


class Away(Exception):
    pass


class Table:
    """What is read: under each key its name and how often all was changed. A reading waits until it may go on."""

    def __init__(self) -> None:
        self.changed = 0
        self.readings: list[list[str]] = []
        self.gates: list[asyncio.Event] = []
        self.fails_with: BaseException | None = None
        self._began = asyncio.Condition()

    async def read(self, keys: Collection[str]) -> Mapping[str, str]:
        found = {key: f"{key}{self.changed}" for key in keys if key != "unknown"}
        gate = asyncio.Event()
        async with self._began:
            self.readings.append(list(keys))
            self.gates.append(gate)
            self._began.notify_all()
        await gate.wait()
        if self.fails_with is not None:
            raise self.fails_with
        return found

    async def began(self, readings: int) -> None:
        """Wait until so many readings have begun."""
        async with asyncio.timeout(SOON), self._began:
            await self._began.wait_for(lambda: len(self.readings) >= readings)

    def go_on(self) -> None:
        """The last reading that began is answered."""
        self.gates[-1].set()


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def together(table: Table) -> CoalescedReads[str, str]:
    return CoalescedReads(table.read)


def asked(together: CoalescedReads[str, str], *keys: str) -> list[asyncio.Task[str | None]]:
    return [asyncio.ensure_future(together(key)) for key in keys]


async def answers(*asking: asyncio.Task[str | None]) -> list[str | BaseException | None]:
    return list(await soon(asyncio.gather(*asking, return_exceptions=True)))


async def test_those_who_ask_at_once_share_a_reading_and_each_gets_what_is_theirs(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    asking = asked(together, "a", "b", "unknown", "a")
    await table.began(1)
    table.go_on()
    assert await answers(*asking) == ["a0", "b0", None, "a0"]
    assert table.readings == [["a", "b", "unknown"]]


async def test_who_asks_while_the_same_is_read_gets_what_stood_after_they_asked(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    first = asked(together, "a")
    await table.began(1)
    table.changed += 1
    second = asked(together, "a", "b", "a")
    table.go_on()
    await table.began(2)
    table.go_on()
    assert await answers(*first, *second) == ["a0", "a1", "b1", "a1"]
    assert table.readings == [["a"], ["a", "b"]]


async def test_who_asks_when_all_were_answered_is_read_for_anew(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    for number in range(1, 4):
        table.changed = number
        asking = asked(together, "a")
        await table.began(number)
        table.go_on()
        assert await answers(*asking) == [f"a{number}"]


async def test_of_more_than_one_reading_takes_all_are_answered(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    keys = [f"{number}-" for number in range(1201)]
    asking = asked(together, *keys)
    for number in range(1, 4):
        await table.began(number)
        table.go_on()
    assert await answers(*asking) == [f"{key}0" for key in keys]
    assert [len(keys) for keys in table.readings] == [500, 500, 201]


async def test_who_goes_away_takes_the_answer_from_nobody_else(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    leaving, staying = asked(together, "a", "a")
    await table.began(1)
    leaving.cancel()
    await asyncio.wait([leaving])
    table.go_on()
    assert await answers(staying) == ["a0"]


async def test_a_reading_that_fails_does_so_for_who_waits_for_the_next_one_and_for_nobody_after_them(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    first = asked(together, "a", "b")
    await table.began(1)
    waiting = asked(together, "a", "c")
    await asyncio.sleep(0)
    table.fails_with = Away()
    table.go_on()
    assert [type(answer) for answer in await answers(*first, *waiting)] == [Away] * 4
    table.fails_with = None
    after = asked(together, "a")
    await table.began(2)
    table.go_on()
    assert await answers(*after) == ["a0"]
    assert table.readings == [["a", "b"], ["a"]]


async def test_a_reading_that_is_broken_off_leaves_nobody_waiting(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    before = asyncio.all_tasks()
    asking = asked(together, "a")
    await table.began(1)
    [reading] = asyncio.all_tasks() - before - {*asking}
    reading.cancel()
    [answer] = await answers(*asking)
    assert isinstance(answer, asyncio.CancelledError)
    assert reading.cancelled(), "it is ended for whoever ended it as well"
    again = asked(together, "a")
    await table.began(2)
    table.go_on()
    assert await answers(*again) == ["a0"]


async def test_a_failure_that_nobody_is_left_to_hear_of_is_no_error(
    table: Table, together: CoalescedReads[str, str]
) -> None:
    said: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: said.append(told))
    before = asyncio.all_tasks()
    [asking] = asked(together, "a")
    await table.began(1)
    [reading] = asyncio.all_tasks() - before - {asking}
    asking.cancel()
    await asyncio.wait([asking])
    table.fails_with = Away()
    table.go_on()
    await asyncio.wait([reading])
    table.fails_with = None
    # Whatever was never asked for its exception says so when it goes.
    del reading, asking
    gc.collect()
    assert said == []
