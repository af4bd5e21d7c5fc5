"""The hub over a table that is a list: what a subscriber gets, whatever their pace."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.model import Gebeurtenis
from app.domain.streams import Start, Stream, StreamKind
from app.live.hub import Feed, Hub
from tests.support.each import each
from tests.support.gates import Gate
from tests.support.table import STREAM, Table, fact
from tests.support.waiting import SOON, soon, turns, until


async def take(hub: Hub, start: Start, count: int, pause: int = 0) -> list[int]:
    """The numbers of the next facts, with some turns of the loop between them."""
    taken: list[int] = []
    async with aclosing(hub.follow(start)) as found:
        while len(taken) < count:
            taken += [fact.volgnummer for fact in await anext(found)]
            for _ in range(pause):
                await asyncio.sleep(0)
    return taken[:count]


@given(
    commits=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    paces=st.lists(st.integers(0, 6), min_size=1, max_size=5),
    keep=st.integers(1, 8),
)
def test_every_follower_gets_every_fact_once_and_in_order_whatever_their_pace(
    commits: list[int], paces: list[int], keep: int
) -> None:
    async def play() -> None:
        table = Table()
        hub = Hub(table.read, retry_seconds=0, keep=keep)
        total = sum(commits)

        async def commit() -> None:
            for count in commits:
                table.end += count
                await hub.advance([STREAM])
                await asyncio.sleep(0)
            # The poll, in the end: a follower may have begun after the last hint.
            await until(nobody_follows)

        async def nobody_follows() -> bool:
            await hub.advance([STREAM])
            return not hub.heads

        async def follow(pace: int) -> list[int]:
            for _ in range(pace):
                await asyncio.sleep(0)
            start = Start(STREAM, after=min(pace, table.end), end=table.end)
            return [start.after, *await take(hub, start, total - start.after, pace)]

        following = [asyncio.create_task(follow(pace)) for pace in paces]
        await asyncio.sleep(0)
        await commit()
        for seen in each(await asyncio.gather(*following)):
            assert seen == list(range(seen[0], total + 1))

    asyncio.run(play())


async def test_a_fact_is_read_once_for_all_who_keep_up() -> None:
    table = Table()
    hub = Hub(table.read, retry_seconds=0)
    following = [asyncio.create_task(take(hub, Start(STREAM, 0, 0), 3)) for _ in range(50)]
    await until(lambda: table.reads)
    for _ in range(3):
        table.end += 1
        await hub.advance([STREAM])
    assert await asyncio.gather(*following) == [[1, 2, 3]] * 50
    assert table.reads == 1 + 3


async def test_a_crowd_that_comes_back_with_one_place_reads_what_it_missed_once() -> None:
    table = Table()
    table.end = 300
    hub = Hub(table.read, retry_seconds=0)
    following = [asyncio.create_task(take(hub, Start(STREAM, 290, 300), 10)) for _ in range(50)]
    assert await asyncio.gather(*following) == [list(range(291, 301))] * 50
    # Once whether there is more than was there when the first one came, and once for all what they missed.
    assert table.reads == 2


async def test_a_stream_that_nobody_follows_any_more_is_forgotten() -> None:
    table = Table()
    table.end = 1
    hub = Hub(table.read, retry_seconds=0)
    assert await take(hub, Start(STREAM, 0, 1), 1) == [1]
    assert hub.heads == {}
    await hub.advance([STREAM])
    assert hub.heads == {}


async def test_a_feed_keeps_no_more_facts_than_it_was_told() -> None:
    feed = Feed(STREAM, head=0, keep=3)
    feed.extend([fact(number) for number in range(1, 11)])
    assert feed.after(6) is None
    assert [kept.volgnummer for kept in feed.after(7) or []] == [8, 9, 10]
    assert feed.after(10) == []


async def test_what_is_handed_over_costs_no_reading_and_a_gap_is_read() -> None:
    table = Table()
    hub = Hub(table.read, retry_seconds=0)
    following = asyncio.create_task(take(hub, Start(STREAM, 0, 0), 5))
    await until(lambda: table.reads)
    table.end = 2
    hub.hand_over([fact(1), fact(2)])
    assert (hub.head(STREAM), hub.lacks(STREAM, 2), hub.lacks(STREAM, 3)) == (2, False, True)
    # Another process wrote the third.
    table.end = 4
    hub.hand_over([fact(4)])
    assert hub.head(STREAM) == 2
    assert table.reads == 1
    await hub.advance([STREAM])
    hub.hand_over([fact(4), fact(5)])
    assert await following == [1, 2, 3, 4, 5]
    assert table.reads == 2
    assert not hub.lacks(STREAM, 9)


@given(
    steps=st.lists(st.tuples(st.sampled_from(["hand over", "hint", "turn"]), st.integers(1, 4)), max_size=30),
    paces=st.lists(st.integers(0, 4), min_size=1, max_size=4),
)
def test_facts_handed_over_early_late_or_not_at_all_come_once_and_in_order(
    steps: list[tuple[str, int]], paces: list[int]
) -> None:
    async def play() -> None:
        table = Table()
        hub = Hub(table.read, retry_seconds=0, keep=3)
        total = sum(count for _, count in steps)
        following = [asyncio.create_task(take(hub, Start(STREAM, 0, 0), total, pace)) for pace in paces]
        advancing = []
        for step, count in steps:
            committed = [fact(number) for number in range(table.end + 1, table.end + 1 + count)]
            table.end += count
            if step == "hand over":
                hub.hand_over(committed)
            elif step == "hint":
                advancing.append(asyncio.create_task(hub.advance([STREAM])))
            else:
                await asyncio.sleep(0)

        async def all_have_read() -> bool:
            await hub.advance([STREAM])
            return all(follower.done() for follower in following)

        await until(all_have_read)
        await asyncio.gather(*advancing)
        for follower in each(following):
            assert await follower == list(range(1, total + 1))

    asyncio.run(play())


MANY = 10
"""As many turns of the loop as a reading takes, and more."""


class HeldTable(Table):
    """A table whose answers are held up while it is told so; `read_facts` is how many facts it answered with."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.read_facts = 0

    async def read(self, stream: Stream, after: int, limit: int) -> list[Gebeurtenis]:
        facts = await super().read(stream, after, limit)
        await self.gate.passed()
        if self.is_away:
            raise ConnectionError
        self.read_facts += len(facts)
        return facts

    async def until_asked(self, reads: int) -> None:
        """Wait until it was asked so often."""
        await until(lambda: self.reads >= reads, SOON)


async def begun(following: AsyncGenerator[list[Gebeurtenis], None]) -> asyncio.Task[list[Gebeurtenis]]:
    """A follower for whom was looked whether there is more, and who waits now."""
    waiting = asyncio.ensure_future(anext(following))
    await turns(MANY)
    return waiting


async def test_who_is_more_than_one_reading_behind_gets_all_of_it_by_one_hint() -> None:
    table = Table()
    hub = Hub(table.read, retry_seconds=0)
    following = asyncio.create_task(take(hub, Start(STREAM, 0, 0), 450))
    await turns(MANY)
    table.end = 450
    await hub.advance([STREAM])
    assert hub.head(STREAM) == 450
    assert await soon(following) == list(range(1, 451))


@pytest.mark.parametrize("end", [200, 400])
async def test_a_reading_that_is_just_full_is_followed_by_another(end: int) -> None:
    table = Table()
    hub = Hub(table.read, retry_seconds=0)
    following = asyncio.create_task(take(hub, Start(STREAM, 0, 0), end + 1))
    await turns(MANY)
    table.end = end
    await hub.advance([STREAM])
    assert hub.head(STREAM) == end
    table.end += 1
    await hub.advance([STREAM])
    assert await soon(following) == list(range(1, end + 2))


async def test_what_was_committed_before_a_new_follower_began_to_wait_comes_without_a_hint() -> None:
    table = Table()
    table.end = 450
    hub = Hub(table.read, retry_seconds=0)
    assert await soon(take(hub, Start(STREAM, 5, 10), 445)) == list(range(6, 451))


async def test_who_comes_knowing_of_more_than_was_read_here_gets_it_without_a_hint() -> None:
    table = Table()
    hub = Hub(table.read, retry_seconds=0)
    async with aclosing(hub.follow(Start(STREAM, 0, 0))) as earlier:
        waiting = await begun(earlier)
        table.end = 3
        assert await soon(take(hub, Start(STREAM, 1, 3), 2)) == [2, 3]
        assert [one.volgnummer for one in await waiting] == [1, 2, 3]


async def test_who_comes_while_the_only_other_one_leaves_goes_on_to_be_told() -> None:
    table = HeldTable()
    hub = Hub(table.read, retry_seconds=0)
    leaves = hub.follow(Start(STREAM, 0, 0))
    waiting = await begun(leaves)
    table.end = 1
    table.gate.hold()
    stays = asyncio.create_task(take(hub, Start(STREAM, 0, 1), 2))
    await table.until_asked(2)
    waiting.cancel()
    await asyncio.wait([waiting])
    table.gate.release()
    await turns(MANY)
    table.end = 2
    await hub.advance([STREAM])
    assert await soon(stays) == [1, 2]


async def test_who_leaves_in_the_midst_of_a_reading_takes_it_from_nobody_else() -> None:
    table = HeldTable()
    table.end = 10
    hub = Hub(table.read, retry_seconds=0)
    async with aclosing(hub.follow(Start(STREAM, 10, 10))) as at_the_end:
        waiting = await begun(at_the_end)
        table.gate.hold()
        leaves, stays = (asyncio.create_task(take(hub, Start(STREAM, 0, 10), 10)) for _ in range(2))
        await table.until_asked(2)
        leaves.cancel()
        await asyncio.wait([leaves])
        table.gate.release()
        assert await soon(stays) == list(range(1, 11))
        assert table.reads == 2
        waiting.cancel()
        await asyncio.wait([waiting])


@pytest.mark.parametrize("end", ["it fails", "the loop ends"])
async def test_a_reading_that_nobody_waits_for_any_more_ends_without_a_word(
    caplog: pytest.LogCaptureFixture, end: str
) -> None:
    table = HeldTable()
    table.end = 10
    hub = Hub(table.read, retry_seconds=0)
    async with aclosing(hub.follow(Start(STREAM, 10, 10))) as at_the_end:
        waiting = await begun(at_the_end)
        before = asyncio.all_tasks()
        table.gate.hold()
        leaves = asyncio.create_task(take(hub, Start(STREAM, 0, 10), 10))
        await table.until_asked(2)
        leaves.cancel()
        await asyncio.wait([leaves])
        # What it broke off with would hold on to the reading.
        del leaves
        for reading in asyncio.all_tasks() - before if end == "the loop ends" else ():
            reading.cancel()
        table.is_away = True
        table.gate.release()
        await turns(MANY)
        assert asyncio.all_tasks() == before
        waiting.cancel()
        await asyncio.wait([waiting])
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_following_outlives_a_table_that_is_away_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    table = Table()
    table.end, table.is_away = 100, True
    hub = Hub(table.read, retry_seconds=0)
    following = [asyncio.create_task(take(hub, Start(STREAM, after, 100), 100 - after)) for after in (0, 0, 99)]
    await until(lambda: table.reads >= 5, SOON)
    table.is_away = False
    for after, taken in zip((0, 0, 99), await soon(asyncio.gather(*following)), strict=True):
        assert taken == list(range(after + 1, 101))
    told = [record for record in caplog.records if record.name == "app.live.hub"]
    assert [record.getMessage().split(" (")[0].split(",")[0] for record in told] == [
        "followed facts cannot be read; trying on",
        "followed facts can be read again",
    ]
    assert [record.exc_info is not None for record in told] == [True, False]


async def test_who_begin_to_read_on_at_once_read_each_fact_once() -> None:
    table = HeldTable()
    hub = Hub(table.read, retry_seconds=0, keep=450)
    async with aclosing(hub.follow(Start(STREAM, 0, 0))) as following:
        waiting = await begun(following)
        table.end = 450
        await asyncio.gather(*(hub.advance([STREAM]) for _ in range(3)))
        await waiting
    assert table.read_facts == 450


async def test_what_is_handed_over_reaches_who_follow_its_inbox_and_who_follow_its_task() -> None:
    table = Table()
    hub = Hub(table.read, retry_seconds=0)
    committed = fact(1)
    streams = [STREAM, Stream(StreamKind.INTERNE_TAAK, committed.taak_id)]
    following = [hub.follow(Start(stream, 0, 0)) for stream in streams]
    waiting = [await begun(one) for one in following]
    hub.hand_over([committed])
    for one in waiting:
        assert await soon(one) == [committed]
    assert table.reads == 2
    for generator in following:
        await generator.aclose()
