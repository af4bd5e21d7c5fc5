"""The hub over a table that is a list: what a follower gets, whatever his pace."""

import asyncio
from contextlib import aclosing

from hypothesis import given
from hypothesis import strategies as st

from app.domain.streams import Start
from app.live.hub import Feed, Hub
from tests.support.each import each
from tests.support.table import STREAM, Table, fact
from tests.support.waiting import until


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
def test_every_follower_gets_every_fact_once_and_in_order_whatever_his_pace(
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
