"""Processes that are killed under load: whoever followed there comes back elsewhere and misses nothing."""

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.databases import rows
from tests.support.people import DESK, DESK_COLLEGA, VERGUNNINGEN, VERGUNNINGEN_COLLEGA, Person
from tests.support.processes import serving_process
from tests.support.server import Server
from tests.support.template import Template

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""

AFTER = 30
"""So many facts come before, and so many after the kill."""


@dataclass
class Dashboard:
    """Follows an inbox at one server after the other, and remembers where it left off."""

    person: Person
    na: int = 0
    got: list[int] = field(default_factory=list)

    async def follow(self, servers: list[Server], until: asyncio.Future[int]) -> None:
        """Read facts until the one with the number that is told at last."""
        turn = 0
        while not until.done() or self.na < until.result():
            server = servers[turn % len(servers)]
            turn += 1
            with suppress(ConnectionClosed, OSError, EOFError):
                await self._read(server, until)

    async def _read(self, server: Server, until: asyncio.Future[int]) -> None:
        eenheid = server.eenheden["VER"]
        async with server.as_(self.person).follow(POSTVAK, eenheid=eenheid, na=self.na) as inbox:
            while not until.done() or self.na < until.result():
                self.na = (await inbox.next())["postvak"]["volgnummer"]
                self.got.append(self.na)


async def register(server: Server, person: Person, count: int) -> None:
    for _ in range(count):
        await new_taak(server.as_(person), server.eenheden["VER"])


def stored(settings: Settings, eenheid_id: str) -> list[int]:
    """The table."""
    found = rows(
        settings.database_url,
        "SELECT volgnummer FROM gebeurtenis WHERE eenheid_id = :id ORDER BY volgnummer",
        id=eenheid_id,
    )
    return [row[0] for row in found]


async def test_who_followed_at_a_killed_process_goes_on_at_another_and_misses_nothing(
    settings: Settings, template: Template
) -> None:
    async with (
        serving_process(settings, template.eenheden) as first,
        serving_process(settings, template.eenheden) as second,
    ):
        servers = [first.server, second.server]
        dashboards = [Dashboard(person) for person in (VERGUNNINGEN, VERGUNNINGEN_COLLEGA) for _ in range(3)]
        last: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        following = [
            asyncio.create_task(dashboard.follow(servers[turn % 2 :] + servers[: turn % 2], last))
            for turn, dashboard in enumerate(dashboards)
        ]
        await asyncio.gather(register(first.server, DESK, AFTER), register(second.server, DESK_COLLEGA, AFTER))
        doomed = asyncio.create_task(register(first.server, DESK, 10 * AFTER))
        await register(second.server, DESK_COLLEGA, 3)
        await first.end(signal.SIGKILL)
        with suppress(httpx.HTTPError):
            await doomed
        await register(second.server, DESK_COLLEGA, AFTER)
        everything = stored(settings, template.eenheden["VER"])
        last.set_result(everything[-1])
        # Whoever has them all by now waits for one more.
        await asyncio.gather(register(second.server, DESK_COLLEGA, 1), *following)
    assert everything == list(range(1, len(everything) + 1))
    for dashboard in dashboards:
        assert dashboard.got[: len(everything)] == everything


# Two processes on one file of SQLite are above; several workers are for PostgreSQL.
@pytest.mark.database("postgresql")
async def test_several_workers_behave_as_one_and_one_that_is_killed_is_replaced(
    settings: Settings, template: Template
) -> None:
    async with serving_process(settings, template.eenheden, workers="2") as process:
        server = process.server
        dashboards = [Dashboard(person) for person in (VERGUNNINGEN, VERGUNNINGEN_COLLEGA) for _ in range(4)]
        last: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        following = [asyncio.create_task(dashboard.follow([server], last)) for dashboard in dashboards]
        await register(server, DESK, AFTER)
        workers = await process.workers()
        assert len(workers) == 2
        workers[0].kill()
        while await process.workers() in (workers, workers[1:]):
            await new_taak_at_any(server)
        await register(server, DESK, 3)
        everything = stored(settings, template.eenheden["VER"])
        last.set_result(everything[-1])
        await asyncio.gather(register(server, DESK, 1), *following)
    assert everything == list(range(1, len(everything) + 1))
    for dashboard in dashboards:
        assert dashboard.got[: len(everything)] == everything


async def new_taak_at_any(server: Server) -> None:
    """A registration, at whichever process takes it; one that was killed takes its connection along."""
    with suppress(httpx.HTTPError):
        await new_taak(server.as_(DESK), server.eenheden["VER"])
