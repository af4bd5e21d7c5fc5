"""A server says that it is not ready while its database is away or hangs, and lives all the while."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.health import WELL, asked
from tests.support.postgres import Postgres
from tests.support.server import Server, serving, settings_on
from tests.support.template import Template
from tests.support.waiting import until

pytestmark = pytest.mark.database("postgresql")

AWAY = WELL | {"database": "failed", "migrations": "failed"}


@pytest.fixture
async def server(own: Template) -> AsyncIterator[Server]:
    """A server that looks again at each request, and waits half a second for what it finds."""
    async with serving(settings_on(own.url, ready_seconds=0.5, ready_keep_seconds=0), own.eenheden) as running:
        yield running


def is_asked(server: Server) -> bool:
    """Whether a request is being answered."""
    assert server.process is not None
    return bool(server.process.server_state.tasks)


async def until_ready(server: Server) -> None:
    """Wait until it is ready."""

    async def is_ready() -> bool:
        return await asked(server) == (200, {"status": "ready", "checks": WELL})

    await until(is_ready)


async def test_while_the_database_is_away_the_server_is_not_ready(server: Server, postgres: Postgres) -> None:
    await until_ready(server)
    await asyncio.to_thread(postgres.stop)
    assert await asked(server) == (503, {"status": "failed", "checks": AWAY})
    assert await asked(server, "/livez") == (200, {"status": "lives"})
    await asyncio.to_thread(postgres.start)
    await until_ready(server)


async def test_while_the_database_hangs_everybody_is_answered_all_the_same(
    server: Server, postgres: Postgres
) -> None:
    await until_ready(server)
    with postgres.hanging():
        answers = await asyncio.gather(*(asked(server) for _ in range(50)))
        assert answers == [(503, {"status": "failed", "checks": AWAY})] * 50
        assert await asked(server, "/livez") == (200, {"status": "lives"})
    await until_ready(server)


async def test_who_asks_a_server_that_is_stopping_is_told_so(server: Server, postgres: Postgres) -> None:
    await until_ready(server)
    with postgres.hanging():
        answer = asyncio.create_task(asked(server))
        await until(lambda: is_asked(server))
        server.stop()
        assert await answer == (503, {"status": "stopping", "checks": AWAY})
