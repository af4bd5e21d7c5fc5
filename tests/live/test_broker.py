"""Two servers on one database and a real Redis between them, which is killed, absent and stopped in its tracks.

Where the poll is a minute away, only a hint brings a fact, or the look round of a bus that hears again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.client import Client, Stream
from tests.support.databases import KINDS
from tests.support.figures import METRICS_TOKEN, figures, until
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.redis import RedisServer, absent_redis, running_redis
from tests.support.server import Server, serving, serving_two
from tests.support.template import Template

# What goes over Redis has nothing to do with the database; what is read when hints were lost has.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""

HEARS = {"bus_hears": 1.0}
DEAF = {"bus_hears": 0.0}
NO_POLL = {"poll_seconds": 60.0}
QUICK_POLL = {"poll_seconds": 0.1}


@pytest.fixture
async def redis() -> AsyncIterator[RedisServer]:
    async with running_redis() as server:
        yield server


def over(redis: RedisServer, settings: Settings, **more: object) -> Settings:
    """The settings with hints over a Redis, figures, and a bus that soon notices."""
    bus = {"bus_beat_seconds": 0.1, "bus_deaf_seconds": 1.0, "bus_retry_seconds": 0.05}
    return settings.model_copy(
        update={"broker_url": redis.url, "metrics_token": METRICS_TOKEN, **bus, **more},
    )


async def numbers(stream: Stream, count: int) -> list[int]:
    return [(await stream.next())["postvak"]["volgnummer"] for _ in range(count)]


async def register(client: Client, eenheid: str, count: int) -> None:
    for _ in range(count):
        await new_taak(client, eenheid)


async def both(servers: tuple[Server, Server], **expected: float) -> None:
    for server in servers:
        await until(server, **expected)


async def test_a_fact_of_one_server_reaches_a_subscriber_of_the_other_by_a_hint(
    redis: RedisServer, settings: Settings, template: Template
) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        serving_two(over(redis, settings, **NO_POLL), template.eenheden) as (one, other),
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await register(one.as_(DESK), eenheid, 5)
        assert await numbers(inbox, 5) == [1, 2, 3, 4, 5]
        await until(one, hints_sent_total=5.0)
        await until(other, hints_heard_total=5.0)


@pytest.mark.database(*KINDS)
async def test_redis_killed_under_load_loses_nothing_and_the_poll_carries_the_facts_meanwhile(
    redis: RedisServer, settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        serving_two(over(redis, settings, **QUICK_POLL), template.eenheden) as (one, other),
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        writing = asyncio.create_task(register(one.as_(DESK), eenheid, 40))
        seen = await numbers(inbox, 5)
        await redis.kill()
        seen += await numbers(inbox, 35)
        await writing
        await both((one, other), **DEAF, bus_deaf_total=1.0)
        await register(one.as_(DESK), eenheid, 5)
        seen += await numbers(inbox, 5)
        assert seen == list(range(1, 46))
        assert (await figures(one))["hints_dropped_total"] >= 5
        assert (await figures(other))["poll_found_facts_total"] >= 1
    assert told(caplog) == ["deaf", "deaf"]


@pytest.mark.database(*KINDS)
async def test_what_was_registered_while_redis_was_away_is_there_when_it_is_back_and_hints_carry_again(
    redis: RedisServer, settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        serving_two(over(redis, settings, **NO_POLL), template.eenheden) as (one, other),
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await register(one.as_(DESK), eenheid, 1)
        assert await numbers(inbox, 1) == [1]
        await redis.kill()
        await both((one, other), **DEAF)
        await register(one.as_(DESK), eenheid, 10)
        await redis.start()
        assert await numbers(inbox, 10) == list(range(2, 12))
        await both((one, other), **HEARS)
        await register(one.as_(DESK), eenheid, 2)
        assert await numbers(inbox, 2) == [12, 13]
        assert (await figures(other))["bus_rebuilt_total"] >= 1
    assert told(caplog) == ["deaf", "deaf", "hears", "hears"]


async def test_a_server_starts_without_redis_and_hears_when_it_comes(
    settings: Settings, template: Template
) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        absent_redis() as redis,
        serving_two(over(redis, settings, **QUICK_POLL), template.eenheden) as (one, other),
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await register(one.as_(DESK), eenheid, 3)
        assert await numbers(inbox, 3) == [1, 2, 3]
        assert (await figures(one))["bus_hears"] == 0
        await redis.start()
        await both((one, other), **HEARS)
        await register(one.as_(DESK), eenheid, 1)
        assert await numbers(inbox, 1) == [4]
        await until(one, hints_sent_total=1.0)


async def test_no_answer_waits_for_a_redis_that_hangs_and_nothing_is_lost(
    redis: RedisServer, settings: Settings, template: Template
) -> None:
    """It hangs until it is told to go on, so that what came in between did without it."""
    eenheid = template.eenheden["VER"]
    async with (
        serving_two(over(redis, settings, **QUICK_POLL), template.eenheden) as (one, other),
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await register(one.as_(DESK), eenheid, 1)
        redis.hang()
        await register(one.as_(DESK), eenheid, 10)
        seen = await numbers(inbox, 11)
        await both((one, other), **DEAF)
        await register(one.as_(DESK), eenheid, 3)
        seen += await numbers(inbox, 3)
        redis.go_on()
        await both((one, other), **HEARS)
        await register(one.as_(DESK), eenheid, 3)
        assert seen + await numbers(inbox, 3) == list(range(1, 18))


async def test_a_server_starts_and_stops_while_redis_hangs(
    redis: RedisServer, settings: Settings, template: Template
) -> None:
    redis.hang()
    async with serving(over(redis, settings), template.eenheden) as server:
        await register(server.as_(DESK), template.eenheden["VER"], 1)
        assert (await figures(server))["bus_hears"] == 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"geen json",
        b"[1]",
        b"[" * 100_000,
        b'{"line": "x"}',
        b'{"line": 1, "hints": []}',
        b'{"hints": [{}]}',
        b'{"line": "x", "hints": [{"eenheid_id": ["a"], "taak_id": "b", "volgnummer": 1}]}',
    ],
    ids=range(8),
)
async def test_what_cannot_be_read_on_the_channel_is_skipped(
    redis: RedisServer, settings: Settings, template: Template, garbage: bytes
) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        serving(over(redis, settings, **NO_POLL), template.eenheden) as server,
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await redis.publish("overdracht.feiten", garbage)
        await until(server, bus_unreadable_total=1.0)
        await register(server.as_(DESK), eenheid, 1)
        assert await numbers(inbox, 1) == [1]
        assert (await figures(server))["bus_deaf_total"] == 0


async def test_bytes_that_are_no_text_on_the_channel_deafen_a_server_only_until_it_has_connected_anew(
    redis: RedisServer, settings: Settings, template: Template
) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        serving(over(redis, settings, **NO_POLL), template.eenheden) as server,
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await redis.publish("overdracht.feiten", b"\xff\xfe")
        await until(server, bus_deaf_total=1.0, bus_hears=1.0)
        await register(server.as_(DESK), eenheid, 1)
        assert await numbers(inbox, 1) == [1]


async def test_a_password_of_the_broker_is_not_logged(
    redis: RedisServer, settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    """This Redis knows no password, and refuses whoever sends one."""
    with_password = {"broker_url": redis.url.replace("//", "//:geheim@")}
    caplog.set_level(logging.DEBUG)
    async with serving(over(redis, settings, **with_password), template.eenheden) as server:
        assert (await figures(server))["bus_hears"] == 0
    assert told(caplog) == ["deaf"]
    assert "geheim" not in caplog.text


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the buses said in the log, in order, at the level of a warning."""
    said = [r.getMessage() for r in caplog.records if r.name == "app.live.bus" and r.levelno == logging.WARNING]
    return ["deaf" if "is deaf" in message else "hears" for message in said]
