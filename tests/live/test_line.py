"""One connection to a real Redis: what is read from it, and that nothing of it is left whatever Redis does."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.exceptions import ConnectionError as NotConnected

from app.domain.model import Hint
from app.live.line import CHANNEL, Message, opened
from tests.support.redis import RedisServer, absent_redis, running_redis
from tests.support.waiting import SOON

HINT = {"eenheid_id": "ver", "taak_id": "taak", "volgnummer": 1, "versie": 2}
WRONG: dict[str, list[Any]] = {
    "eenheid_id": [1, None, ["ver"], {}],
    "taak_id": [1, None, ["taak"], {}],
    "volgnummer": ["1", 1.0, True, None, [1]],
    "versie": ["2", 2.0, False, None, [2]],
}


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    async with running_redis() as server:
        yield server


def message(*hints: object, line: object = "x") -> bytes:
    return json.dumps({"line": line, "hints": hints}).encode()


WRONG_LINES: list[Any] = [1, None, ["x"], {}]
WRONG_HINTS: list[Any] = [None, 1, "x", [], {}, HINT | {"meer": 1}]

UNREADABLE = [
    b"",
    b"geen json",
    b"1",
    b"null",
    b"[1]",
    b"{}",
    b"[" * 100_000,
    b'{"line": "x"}',
    b'{"hints": []}',
    b'{"line": "x", "hints": null}',
    b'{"line": "x", "hints": 1}',
    *(message(line=line) for line in WRONG_LINES),
    *(message(hint) for hint in WRONG_HINTS),
    *(message({name: HINT[name] for name in HINT if name != missing}) for missing in HINT),
    *(message(HINT | {name: value}) for name, values in WRONG.items() for value in values),
    # One of several is enough.
    *(message(HINT, HINT | {name: values[0]}, HINT) for name, values in WRONG.items()),
]


async def test_a_message_of_which_anything_is_not_what_it_must_be_is_not_read_and_the_next_one_is(
    redis: RedisServer,
) -> None:
    async with opened(redis.url, within_seconds=SOON) as line:
        for unreadable in UNREADABLE:
            await redis.publish(CHANNEL, unreadable)
        await redis.publish(CHANNEL, message(HINT, HINT | {"versie": 3}))
        assert [await line.next() for _ in UNREADABLE] == [None] * len(UNREADABLE)
        assert await line.next() == Message("x", [Hint("ver", "taak", 1, 2), Hint("ver", "taak", 1, 3)])


async def test_a_line_hears_what_it_sends_and_what_another_sends_each_by_its_own_id(redis: RedisServer) -> None:
    async with opened(redis.url, within_seconds=SOON) as one, opened(redis.url, within_seconds=SOON) as other:
        await one.send([Hint("ver", "taak", 1, 2)])
        await other.send([])
        expected = [Message(one.id, [Hint("ver", "taak", 1, 2)]), Message(other.id, [])]
        for line in (one, other):
            assert [await line.next(), await line.next()] == expected
        assert one.id != other.id


@pytest.mark.parametrize("state", ["it answers", "it was killed", "it hangs"])
async def test_nothing_of_a_line_that_is_given_up_is_left(redis: RedisServer, state: str) -> None:
    before = asyncio.all_tasks()
    async with opened(redis.url, within_seconds=SOON) as line:
        await line.send([])
        assert await line.next() == Message(line.id, [])
        if state == "it was killed":
            await redis.kill()
        elif state == "it hangs":
            redis.hang()
    assert asyncio.all_tasks() == before


async def test_a_line_to_nobody_is_not_opened_for_the_reason_that_there_was_and_nothing_of_it_is_left() -> None:
    before = asyncio.all_tasks()
    async with absent_redis() as redis:
        with pytest.raises(NotConnected):
            async with opened(redis.url, within_seconds=SOON):
                pass
    assert asyncio.all_tasks() == before


async def test_a_line_that_is_not_opened_in_time_is_given_up_and_nothing_of_it_is_left(redis: RedisServer) -> None:
    redis.hang()
    before = asyncio.all_tasks()
    with pytest.raises(TimeoutError):
        async with opened(redis.url, within_seconds=0.1):
            pass
    assert asyncio.all_tasks() == before


async def test_whoever_breaks_off_opening_a_line_is_told_so_and_nothing_of_it_is_left(redis: RedisServer) -> None:
    redis.hang()
    before = asyncio.all_tasks()

    async def open_one() -> None:
        async with opened(redis.url, within_seconds=SOON):
            pass

    opening = asyncio.create_task(open_one())
    for _ in range(10):
        await asyncio.sleep(0)
    opening.cancel()
    await asyncio.wait([opening])
    assert opening.cancelled()
    assert asyncio.all_tasks() == before
