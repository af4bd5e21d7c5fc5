"""Delivery through random interleavings: each subscriber gets every fact after their place, in order and once."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.model import Gebeurtenis
from app.domain.streams import Start
from app.live.hub import Hub
from app.live.source import FactSource
from app.transport.delivery.groups import Deliveries, Delivery
from app.transport.delivery.receiving import Batch
from app.transport.delivery.sharing import TransientError
from tests.support.table import STREAM, Table
from tests.support.waiting import until

T = TypeVar("T")


class Selection:
    """Takes the volgnummer of a fact, and some turns of the loop for it; while the database is away it cannot."""

    def __init__(self, table: Table, key: str, turns: int = 1) -> None:
        self.key = key
        self.made = 0
        self._table = table
        self._turns = turns

    async def payload(self, event: Gebeurtenis) -> bytes:
        for _ in range(self._turns):
            await asyncio.sleep(0)
        if self._table.is_away:
            raise TransientError
        self.made += 1
        return b"%d" % event.volgnummer


class Reader:
    """A receiver with room for so many payloads until its reader takes them."""

    def __init__(self, after: int, room: int) -> None:
        self.after = after
        self.got: list[int] = []
        self.most_waiting = 0
        self._room = room
        self._waiting = 0
        self._emptied = asyncio.Event()

    def take(self, batch: Batch) -> bool:
        if self._waiting >= self._room:
            return False
        assert batch.payloads == [b"%d" % place for place in batch.places]
        self._waiting += len(batch.places)
        self._emptied.clear()
        self.got += batch.places
        return True

    async def ready(self) -> None:
        return

    def leave(self) -> None:
        return

    async def wait_for_room(self) -> None:
        await self._emptied.wait()

    def finish(self, error: Exception | None) -> None:
        raise AssertionError("a stream of facts has no end") from error

    def empty(self) -> None:
        self._waiting = 0
        self._emptied.set()


class Interleavings(RuleBasedStateMachine):
    """Commits, hints that come or are lost, readers that come, go, stall and read on, a database that goes away."""

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.loop = self.runner.get_loop()
        self.table = Table()
        self.hub = Hub(self.table.read, retry_seconds=0, keep=3)
        self.deliveries = Deliveries(retry_seconds=0, many=1)
        self.selections = [Selection(self.table, "quick"), Selection(self.table, "slow", turns=4)]
        self.following: list[tuple[Reader, Delivery]] = []
        self.gone: list[tuple[Reader, int]] = []
        self.hints: list[asyncio.Task[None]] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @rule(count=st.integers(1, 5), is_hinted=st.booleans())
    def commit(self, count: int, is_hinted: bool) -> None:
        self.table.end += count
        if is_hinted:
            self.hints.append(self.loop.create_task(self._hint()))

    async def _hint(self) -> None:
        try:
            await self.hub.advance([STREAM])
        except ConnectionError:
            # As the relay: the next poll tries again.
            return

    @rule(turns=st.integers(1, 12))
    def let_the_loop_turn(self, turns: int) -> None:
        async def turn() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        self.run(turn())

    @rule(back=st.integers(0, 8), room=st.integers(1, 4), which=st.integers(0, 1))
    def subscribe(self, back: int, room: int, which: int) -> None:
        async def start() -> Delivery:
            source = FactSource(self.hub, Start(STREAM, reader.after, self.table.end))
            return self.deliveries.start(source, self.selections[which], reader)

        reader = Reader(max(0, self.table.end - back), room)
        self.following.append((reader, self.run(start())))

    @precondition(lambda self: self.following)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        reader, delivery = self.following.pop(data.draw(st.integers(0, len(self.following) - 1)))
        delivery.stop()
        self.gone.append((reader, len(reader.got)))

    @precondition(lambda self: self.following)
    @rule(data=st.data())
    def read_on(self, data: st.DataObject) -> None:
        reader, _ = self.following[data.draw(st.integers(0, len(self.following) - 1))]
        self.run(_later(reader.empty))

    @rule(is_away=st.booleans())
    def the_database_goes_or_comes(self, is_away: bool) -> None:
        self.table.is_away = is_away

    @invariant()
    def nobody_misses_a_fact_or_gets_one_twice(self) -> None:
        got = [reader.got for reader, _ in self.following]
        assert got == [
            list(range(reader.after + 1, reader.after + 1 + len(reader.got))) for reader, _ in self.following
        ]

    @invariant()
    def nothing_comes_after_leaving(self) -> None:
        assert [len(reader.got) for reader, _ in self.gone] == [count for _, count in self.gone]

    def teardown(self) -> None:
        self.table.is_away = False
        self.run(self._catch_up())
        everything = [list(range(reader.after + 1, self.table.end + 1)) for reader, _ in self.following]
        assert [reader.got for reader, _ in self.following] == everything
        for _, delivery in self.following:
            delivery.stop()
        self.run(asyncio.wait_for(self.deliveries.ended(), 10))
        self.run(self._hinted())
        assert self.hub.heads == {}
        assert asyncio.all_tasks(self.loop) == set()
        self.runner.close()

    async def _hinted(self) -> None:
        await asyncio.gather(*self.hints)

    async def _catch_up(self) -> None:
        """The poll finds what no hint told, and everybody reads on."""
        await until(self._all_have_read_on)

    async def _all_have_read_on(self) -> bool:
        if all(len(reader.got) >= self.table.end - reader.after for reader, _ in self.following):
            return True
        await self._hint()
        for reader, _ in self.following:
            reader.empty()
        return False


async def _later(done: Any) -> None:
    done()


def test_whatever_happens_everybody_gets_every_fact_after_their_place_in_order_and_once() -> None:
    run_state_machine_as_test(Interleavings, settings=settings(max_examples=150, stateful_step_count=40))


async def test_all_who_keep_up_share_one_reading_and_one_payload() -> None:
    table = Table()
    hub, deliveries = Hub(table.read, retry_seconds=0), Deliveries(retry_seconds=0)
    readers = [Reader(0, room=10) for _ in range(50)]
    selections = [Selection(table, "the same") for _ in readers]
    following = [
        deliveries.start(FactSource(hub, Start(STREAM, 0, 0)), selection, reader)
        for selection, reader in zip(selections, readers, strict=True)
    ]

    def all_have(number: int) -> bool:
        return all(len(reader.got) >= number for reader in readers)

    await until(lambda: table.reads)
    for number in range(1, 4):
        table.end = number
        await hub.advance([STREAM])
        await until(partial(all_have, number))
    assert table.reads == 1 + 3
    assert sum(selection.made for selection in selections) == 3
    for delivery in following:
        delivery.stop()
    await deliveries.ended()


async def test_handing_out_to_a_crowd_leaves_turns_to_others() -> None:
    table, crowd = Table(), 1000
    hub, deliveries, selection = (
        Hub(table.read, retry_seconds=0),
        Deliveries(retry_seconds=0),
        Selection(table, "a"),
    )
    readers = [Reader(0, room=10) for _ in range(crowd)]
    following = [deliveries.start(FactSource(hub, Start(STREAM, 0, 0)), selection, reader) for reader in readers]
    await until(lambda: table.reads)
    table.end = 1
    await hub.advance([STREAM])
    served = {0}

    def all_are_served() -> bool:
        served.add(sum(bool(reader.got) for reader in readers))
        return max(served) == crowd

    await until(all_are_served)
    # In between others had as many turns as there are parts of the crowd.
    assert len(served) >= crowd / 200
    for delivery in following:
        delivery.stop()
    await deliveries.ended()
