"""Groups of subscribers who select alike: who comes, goes or fails while the others are served."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar

import pytest

from app.domain.model import Gebeurtenis
from app.domain.streams import Start
from app.live.hub import Hub
from app.live.source import FactSource
from app.transport.delivery.groups import Deliveries, Delivery
from app.transport.delivery.receiving import Batch
from tests.live.test_delivery import Reader, Selection
from tests.support.client import PATIENCE
from tests.support.each import each
from tests.support.table import STREAM, Table
from tests.support.waiting import SOON, until

CROWD = 1000


class Broken(Selection):
    """A selection that cannot be made while it is broken, because of an error of ours."""

    is_broken = False

    async def payload(self, event: Gebeurtenis) -> bytes:
        if self.is_broken:
            raise ZeroDivisionError
        return await super().payload(event)


class Told(Reader):
    """A reader who is told of the end."""

    def __init__(self, after: int, room: int) -> None:
        super().__init__(after, room)
        self.told: list[Exception | None] = []

    def finish(self, error: Exception | None) -> None:
        self.told.append(error)


class Crossed(Reader):
    """A reader who finds that others took the room that they were told of, so many times."""

    def __init__(self, after: int, times: int) -> None:
        super().__init__(after, room=100)
        self.times = times

    def take(self, batch: Batch) -> bool:
        if self.times:
            self.times -= 1
            return False
        return super().take(batch)

    async def wait_for_room(self) -> None:
        await asyncio.sleep(0)


class InLine(Reader):
    """A reader who waits in a line for what is created for them alone; `line` is the result."""

    def __init__(self, after: int, room: int) -> None:
        super().__init__(after, room)
        self.line: list[str] = []

    async def ready(self) -> None:
        self.line.append("ready")

    def take(self, batch: Batch) -> bool:
        taken = super().take(batch)
        self.line += ["taken"] if taken else []
        return taken

    def leave(self) -> None:
        # Who has left may say so again.
        if self.line[-1:] != ["left"]:
            self.line.append("left")


class Stopping(Told):
    """A reader who leaves as soon as they get the end."""

    delivery: Delivery

    def finish(self, error: Exception | None) -> None:
        super().finish(error)
        self.delivery.stop()


class Counting(Reader):
    """A reader who notes how many facts came at a time, whatever they are."""

    def __init__(self) -> None:
        super().__init__(0, room=1)
        self.sizes: list[int] = []

    def take(self, batch: Batch) -> bool:
        self.sizes.append(len(batch.places))
        self.got += batch.places
        return True


class Played:
    """Deliveries over a table, by which readers of one selection follow it."""

    def __init__(self, many: int = 250) -> None:
        self.table = Table()
        self.hub = Hub(self.table.read, retry_seconds=0)
        self.deliveries = Deliveries(retry_seconds=0, many=many)
        self.selection = Broken(self.table, "the same")
        self.following: list[Delivery] = []

    def follow(self, reader: Reader, gone: Callable[[int], None] = lambda place: None) -> Delivery:
        """Have a reader follow on from where they are."""
        source = FactSource(self.hub, Start(STREAM, reader.after, self.table.end), gone=gone)
        self.following.append(self.deliveries.start(source, self.selection, reader))
        return self.following[-1]

    async def commit(self, count: int = 1) -> None:
        """Commit so many facts, of which a hint tells."""
        self.table.end += count
        await self.hub.advance([STREAM])

    async def crowd(self) -> Sequence[Reader]:
        """Many readers, all members."""
        readers = [Reader(self.table.end, room=10) for _ in range(CROWD)]
        for reader in readers:
            self.follow(reader)
        await until(lambda: self.table.reads)
        return readers

    async def half_served(self, readers: Sequence[Reader]) -> None:
        """Commit a fact, and wait until some of a crowd were given it and others not."""
        await self.commit()
        await until(lambda: any(reader.got for reader in readers))
        assert not all(reader.got for reader in readers)


@asynccontextmanager
async def played(many: int = 250) -> AsyncIterator[Played]:
    """Deliveries that are stopped in the end, and leave nothing then."""
    one = Played(many)
    async with asyncio.timeout(PATIENCE):
        yield one
        for delivery in one.following:
            delivery.stop()
        await one.deliveries.ended()
    assert (one.deliveries.groups, one.hub.heads) == (0, {})


async def test_who_stops_while_a_crowd_is_served_is_given_nothing_from_then_on() -> None:
    async with played() as one:
        readers = await one.crowd()
        await one.half_served(readers)
        stopped = [
            reader for reader, delivery in zip(readers, one.following, strict=True) if not _given(reader, delivery)
        ]
        assert stopped
        await one.commit()
        others = [reader for reader in readers if reader not in stopped]
        await until(lambda: all(len(reader.got) >= 2 for reader in others))
        assert [reader.got for reader in stopped] == [[]] * len(stopped)


def _given(reader: Reader, delivery: Delivery) -> bool:
    """Whether a reader was given something; who was not stops."""
    if not reader.got:
        delivery.stop()
    return bool(reader.got)


async def test_who_comes_while_a_crowd_is_served_is_given_that_fact_too_and_once() -> None:
    async with played() as one:
        readers = await one.crowd()
        await one.half_served(readers)
        behind, live = Reader(0, room=10), Reader(1, room=10)
        one.follow(behind)
        one.follow(live)
        await one.commit()
        await until(lambda: all(len(reader.got) >= 2 for reader in (*readers, behind)) and live.got)
        assert (behind.got, live.got) == ([1, 2], [2])
        assert all(reader.got == [1, 2] for reader in each(readers))


async def test_who_begins_ahead_of_a_group_waits_for_it_as_a_member() -> None:
    """They read the inbox when the group had not been given its last facts yet."""
    async with played() as one:
        first, ahead = Reader(0, room=10), Reader(5, room=10)
        one.follow(first)
        await until(lambda: one.table.reads)
        one.table.end = 5
        one.follow(ahead)
        assert one.deliveries.catching_up == 0
        await one.commit()
        await until(lambda: len(first.got) >= 6 and ahead.got)
        assert (first.got, ahead.got) == ([1, 2, 3, 4, 5, 6], [6])


async def test_who_finds_their_room_taken_by_others_waits_again_and_misses_nothing() -> None:
    async with played() as one:
        one.table.end = 3
        crossed = Crossed(0, times=4)
        one.follow(crossed)
        await until(lambda: len(crossed.got) >= 3)
        crossed.times = 4
        await one.commit(2)
        await until(lambda: len(crossed.got) >= 5)
        assert crossed.got == [1, 2, 3, 4, 5]


async def test_an_error_of_ours_ends_the_delivery_and_says_so() -> None:
    async with played() as one:
        one.table.end, one.selection.is_broken = 1, True
        live, behind = Told(1, room=1), Told(0, room=1)
        one.follow(live)
        one.follow(behind)
        await until(lambda: behind.told)
        await one.commit()
        await until(lambda: live.told)
        assert [type(error) for error in live.told + behind.told] == [ZeroDivisionError, ZeroDivisionError]


async def test_an_error_of_ours_that_was_met_once_stops_nobody_who_comes_later_or_is_behind() -> None:
    async with played() as one:
        one.table.end = 2
        live, behind, later = Told(2, room=9), Reader(0, room=1), Reader(3, room=9)
        failed = one.follow(live)
        one.follow(behind)
        await until(lambda: behind.got)
        one.selection.is_broken = True
        await one.commit()
        await until(lambda: live.told)
        failed.stop()
        one.selection.is_broken = False
        one.follow(later)
        await one.commit()

        def both_have_all() -> bool:
            behind.empty()
            return behind.got == [1, 2, 3, 4] and later.got == [4]

        await until(both_have_all)


async def test_who_comes_after_a_group_failed_begins_another_whoever_leaves_the_old_one_later() -> None:
    async with played() as one:
        old = Told(0, room=10)
        failed = one.follow(old)
        await until(lambda: one.table.reads)
        one.selection.is_broken = True
        await one.commit()
        await until(lambda: old.told)
        one.selection.is_broken = False
        new, newer = Reader(1, room=10), Reader(1, room=10)
        one.follow(new)
        assert (one.deliveries.groups, one.deliveries.subscriptions, one.deliveries.catching_up) == (1, 1, 0)
        failed.stop()
        one.follow(newer)
        assert (one.deliveries.groups, one.deliveries.subscriptions, one.deliveries.catching_up) == (1, 2, 0)
        await one.commit()
        await until(lambda: new.got and newer.got)
        assert (new.got, newer.got, one.deliveries.payloads_made) == ([2], [2], 2)


async def test_what_is_made_for_all_takes_nothing_along_of_who_began_the_group() -> None:
    whose: ContextVar[str] = ContextVar("whose", default="nobody's")
    seen = []

    class Looking(Broken):
        async def payload(self, event: Gebeurtenis) -> bytes:
            seen.append(whose.get())
            return await super().payload(event)

    async with played() as one:
        one.selection = Looking(one.table, "the same")
        one.table.end = 1
        live, behind = Reader(1, room=10), Reader(0, room=10)
        whose.set("theirs")
        one.follow(live)
        one.follow(behind)
        await one.commit()
        await until(lambda: len(behind.got) >= 2 and live.got)
    assert set(seen) == {"nobody's"}


async def test_who_goes_goes_once_after_the_last_fact_that_they_were_given_and_nothing_runs_on_for_them() -> None:
    async with played() as one:
        readers = [Reader(0, room=100), Reader(0, room=100), Reader(0, room=2)]
        gone: list[list[int]] = [[], [], []]
        following = [one.follow(reader, places.append) for reader, places in zip(readers, gone, strict=True)]
        await until(lambda: one.table.reads, SOON)
        await one.commit(5)
        await until(lambda: all(len(reader.got) == 5 for reader in readers[:2]), SOON)
        assert (one.deliveries.subscriptions, one.deliveries.catching_up) == (3, 1)
        # The group goes on without the one who stalls, who goes first.
        for delivery in reversed(following):
            for _ in range(2):
                delivery.stop()
        await asyncio.wait_for(one.deliveries.ended(), SOON)
        assert gone == [[5], [5], [2]]
        assert (one.deliveries.groups, one.deliveries.subscriptions) == (0, 0)


async def test_who_catches_up_waits_in_line_for_each_and_leaves_it_when_it_is_taken() -> None:
    async with played() as one:
        one.table.end = 3
        one.follow(Reader(3, room=10))
        behind = InLine(0, room=10)
        one.follow(behind)
        await until(lambda: len(behind.got) == 3 and one.deliveries.catching_up == 0, SOON)
        assert behind.line == ["ready", "taken", "left"] * 3


async def test_who_goes_while_what_is_made_finds_no_room_leaves_the_line() -> None:
    async with played() as one:
        one.table.end = 3
        one.follow(Reader(3, room=10))
        behind = InLine(0, room=1)
        delivery = one.follow(behind)
        await until(lambda: behind.line.count("ready") == 2, SOON)
        await one.commit()
        delivery.stop()
        await until(lambda: behind.line[-1] == "left", SOON)
        assert behind.line == ["ready", "taken", "left", "ready", "left"]


async def test_of_a_group_that_fails_everybody_is_told_though_each_goes_at_once() -> None:
    async with played() as one:
        readers = [Stopping(0, room=10) for _ in range(3)]
        for reader in readers:
            reader.delivery = one.follow(reader)
        await until(lambda: one.table.reads, SOON)
        one.selection.is_broken = True
        await one.commit()
        await until(lambda: all(reader.told for reader in readers), SOON)
        assert all(len(reader.told) == 1 for reader in each(readers))


@pytest.mark.parametrize(
    ("members", "length", "sizes"),
    [
        (1, 1, [2] * 20),
        (3, 1, [4] * 10),
        (15, 1, [16, 16, 8]),
        (40, 1, [16, 16, 8]),
        (15, 65_535, [2] * 20),
        (15, 65_536, [1] * 40),
    ],
)
async def test_so_many_facts_at_a_time_are_handed_to_a_group_as_it_has_members_up_to_a_bound_of_facts_and_of_bytes(
    members: int, length: int, sizes: list[int]
) -> None:
    class Long(Broken):
        async def payload(self, event: Gebeurtenis) -> bytes:
            return b"x" * length

    async with played(many=1) as one:
        one.selection = Long(one.table, "the same")
        readers = [Counting() for _ in range(members)]
        for reader in readers:
            one.follow(reader)
        await until(lambda: one.table.reads, SOON)
        await one.commit(40)
        await until(lambda: all(len(reader.got) >= 40 for reader in readers), SOON)
        assert all((reader.sizes, reader.got) == (sizes, list(range(1, 41))) for reader in each(readers))
