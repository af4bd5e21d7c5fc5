"""Whether the server lives and is ready, for who watches over it; nobody needs a token for that."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import orjson
import pytest
from starlette.types import Message

from app.monitoring.health import Readiness, Shared, State
from app.settings import Settings
from app.transport.connections.pipe import PIPE
from tests.support.client import PATIENCE
from tests.support.databases import execute
from tests.support.health import WELL, asked
from tests.support.redis import absent_redis
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.waiting import until


async def test_a_server_that_serves_lives_and_is_ready(server: Server) -> None:
    assert await asked(server, "/livez") == (200, {"status": "lives"})
    assert await asked(server) == (200, {"status": "ready", "checks": WELL})


async def test_a_deaf_bus_is_told_and_the_server_is_ready_all_the_same(
    settings: Settings, template: Template
) -> None:
    async with absent_redis() as redis:
        deaf = settings.model_copy(update={"broker_url": redis.url})
        async with serving(deaf, template.eenheden) as server:
            assert await asked(server) == (200, {"status": "ready", "checks": WELL | {"bus": "degraded"}})


async def test_a_database_of_another_version_is_not_ready(settings: Settings, template: Template) -> None:
    fresh = settings.model_copy(update={"ready_keep_seconds": 0})
    async with serving(fresh, template.eenheden) as server:
        execute(settings.database_url, "UPDATE alembic_version SET version_num = '0001'")
        assert await asked(server) == (503, {"status": "failed", "checks": WELL | {"migrations": "failed"}})
        assert (await asked(server, "/livez"))[0] == 200


class Hanging:
    """A check that finds what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.made = 0
        self._may_end = asyncio.Event()

    async def __call__(self) -> State:
        self.made += 1
        await self._may_end.wait()
        return "ok"

    def end(self) -> None:
        self._may_end.set()


@pytest.fixture
async def hanging() -> Hanging:
    return Hanging()


async def test_a_check_that_hangs_has_failed_after_a_while_and_is_made_once_for_all(hanging: Hanging) -> None:
    check = Shared("database", hanging, within_seconds=0.05, keep_seconds=PATIENCE)
    assert set(await asyncio.gather(*(check.state() for _ in range(1000)))) == {"failed"}
    # Nobody waits any more for what did not come in time.
    assert set(await asyncio.gather(*(check.state() for _ in range(1000)))) == {"failed"}
    assert hanging.made == 1
    hanging.end()

    async def is_well() -> bool:
        return await check.state() == "ok"

    await until(is_well)
    assert hanging.made == 1


async def test_a_check_that_hangs_can_be_ended(hanging: Hanging) -> None:
    check = Shared("database", hanging, within_seconds=0.05, keep_seconds=0)
    assert await check.state() == "failed"
    await check.end()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_check_that_does_not_end_is_not_waited_for(hanging: Hanging) -> None:
    async def deaf() -> State:
        with suppress(asyncio.CancelledError):
            await hanging()
        return await hanging()

    check = Shared("database", deaf, within_seconds=0.05, keep_seconds=0)
    assert await check.state() == "failed"
    async with asyncio.timeout(PATIENCE):
        await check.end()
    assert hanging.made == 2
    hanging.end()
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})


async def test_what_a_check_found_serves_all_who_ask_soon_after(hanging: Hanging) -> None:
    hanging.end()
    check = Shared("database", hanging, within_seconds=PATIENCE, keep_seconds=PATIENCE)
    for _ in range(100):
        assert await check.state() == "ok"
    assert hanging.made == 1
    fresh = Shared("database", hanging, within_seconds=PATIENCE, keep_seconds=0)
    for _ in range(2):
        assert await fresh.state() == "ok"
    assert hanging.made == 3


async def test_a_server_that_is_stopping_is_not_ready_however_well_it_is(hanging: Hanging) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nothing is sent with it")

    async def send(message: Message) -> None:
        sent.append(message)

    hanging.end()
    readiness = Readiness({"database": hanging}, within_seconds=PATIENCE, keep_seconds=0)
    scope = {"type": "http", "extensions": {PIPE: SimpleNamespace(is_stopping=True)}}
    await readiness(scope, receive, send)
    assert sent[0]["status"] == 503
    assert orjson.loads(sent[1]["body"]) == {"status": "stopping", "checks": {"database": "ok"}}
