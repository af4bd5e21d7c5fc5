"""Payloads that are shared while they are made and kept after that: by what, how many, and until when."""

import asyncio
from collections import defaultdict

import pytest

from app.transport.delivery.receiving import Batch
from app.transport.delivery.sharing import SharedPayloads
from tests.support.waiting import SOON, until


class Held:
    """A selection that makes payloads of `size` bytes, each held up while it is told so; `fails` so many times."""

    def __init__(self, key: str = "de ene", size: int = 4) -> None:
        self.key = key
        self.size = size
        self.fails = 0
        self.made: list[str] = []
        self.passes: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.is_held = False

    async def payload(self, event: str) -> bytes:
        turn = len(self.made)
        self.made.append(event)
        if self.is_held:
            await self.passes[turn].wait()
        if self.fails:
            self.fails -= 1
            raise ZeroDivisionError
        return f"{self.key} {event} {turn}".encode().ljust(self.size)[: self.size]

    async def until_made(self, count: int) -> None:
        await until(lambda: len(self.made) >= count, SOON)


async def test_each_event_and_each_selection_has_its_own_payload_and_each_is_made_once() -> None:
    shared, one, other = SharedPayloads(), Held("een", 20), Held("twee", 20)
    asked = [(selection, event) for selection in (one, other) for event in ("a", "b")] * 2
    got = [(await shared.payload(selection, event)).split()[:2] for selection, event in asked]
    assert got == [[b"een", b"a"], [b"een", b"b"], [b"twee", b"a"], [b"twee", b"b"]] * 2
    assert (shared.executed, shared.bytes, one.made, other.made) == (4, 80, ["a", "b"], ["a", "b"])
    # Who selects the same is another one of the same key.
    await shared.payload(Held("een"), "a")
    assert shared.executed == 4


async def test_of_too_many_the_oldest_go() -> None:
    shared, one = SharedPayloads(keep=2), Held()
    for event in ("a", "b", "c", "c", "b"):
        await shared.payload(one, event)
    assert (one.made, shared.bytes) == (["a", "b", "c"], 8)
    await shared.payload(one, "a")
    assert (one.made, shared.bytes) == (["a", "b", "c", "a"], 8)


async def test_of_too_many_bytes_the_oldest_go_as_many_as_it_takes() -> None:
    shared, small, large = SharedPayloads(most_bytes=10), Held(size=2), Held("groot", size=10)
    for event in ("a", "b", "c", "d", "e"):
        await shared.payload(small, event)
    assert shared.bytes == 10
    await shared.payload(large, "f")
    assert shared.bytes == 10
    await shared.payload(small, "g")
    assert shared.bytes == 2
    assert len(await shared.payload(Held("te groot", size=11), "h")) == 11
    assert shared.bytes == 0


async def test_who_fails_to_make_it_is_told_why_and_another_who_waited_makes_it() -> None:
    shared, one = SharedPayloads(), Held()
    one.is_held, one.fails = True, 1
    first, second = (asyncio.create_task(shared.payload(one, "a")) for _ in range(2))
    await one.until_made(1)
    one.passes[0].set()
    await one.until_made(2)
    one.passes[1].set()
    with pytest.raises(ZeroDivisionError):
        await first
    assert await second == await shared.payload(one, "a")
    assert (shared.executed, shared.bytes) == (2, 4)


@pytest.mark.parametrize("end", ["it is made", "it fails", "nobody waits for it any more"])
async def test_what_was_forgotten_while_it_was_made_is_made_anew_and_takes_nothing_from_that(end: str) -> None:
    shared, one = SharedPayloads(), Held()
    one.is_held = True
    before = asyncio.create_task(shared.payload(one, "a"))
    await one.until_made(1)
    shared.forget()
    after = asyncio.create_task(shared.payload(one, "a"))
    await one.until_made(2)
    one.fails = end == "it fails"
    if end == "nobody waits for it any more":
        before.cancel()
    one.passes[0].set()
    await asyncio.wait([before])
    assert shared.bytes == 0
    also = asyncio.create_task(shared.payload(one, "a"))
    await asyncio.sleep(0)
    one.passes[1].set()
    got = await asyncio.wait_for(asyncio.gather(after, also, shared.payload(one, "a")), SOON)
    assert len(set(got)) == 1
    assert (len(one.made), shared.bytes) == (2, 4)


async def test_what_was_kept_is_forgotten_and_takes_no_room() -> None:
    shared, one = SharedPayloads(most_bytes=8), Held(size=8)
    await shared.payload(one, "a")
    shared.forget()
    assert shared.bytes == 0
    for _ in range(2):
        await shared.payload(one, "a")
    assert (len(one.made), shared.bytes) == (2, 8)


async def test_one_that_is_dropped_while_it_is_made_is_given_to_who_asked_and_not_counted() -> None:
    shared, slow, quick = SharedPayloads(keep=1), Held("traag"), Held("snel")
    slow.is_held = True
    asking = asyncio.create_task(shared.payload(slow, "a"))
    await slow.until_made(1)
    await shared.payload(quick, "b")
    slow.passes[0].set()
    assert await asking == b"traa"
    await shared.payload(quick, "b")
    assert (shared.bytes, len(quick.made)) == (4, 1)


@pytest.mark.parametrize(
    ("place", "expected"), [(0, [2, 3, 5]), (1, [2, 3, 5]), (2, [3, 5]), (4, [5]), (5, []), (9, [])]
)
def test_of_a_batch_each_is_given_what_comes_after_their_place(place: int, expected: list[int]) -> None:
    after = Batch([2, 3, 5], [b"2", b"3", b"5"], 3).after(place)
    assert (list(after.places), list(after.payloads), after.size) == (expected, [b"%d" % n for n in expected], 3)
