"""Where a follower begins: by the table, whatever those read who follow already in this process.

A server is another process here, which hands nothing over and of which no hint comes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

import pytest

from app.domain.model import Gebeurtenis, Rol
from app.domain.refusals import NietBevoegd
from app.domain.rights import Login
from app.domain.streams import CursorOngeldig, CursorVerlopen, Start, Stream, StreamKind
from app.live.hub import Hub
from app.live.source import FactSource
from app.service.following import Following
from app.service.verwerking import Verwerking
from app.settings import Settings
from app.storage.engine.database import Database
from tests.support.arrange import done, new_taak
from tests.support.client import JSON
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server
from tests.support.statements import statements
from tests.support.table import STREAM, Table, fact
from tests.support.waiting import until

MAX_BEHIND = 3
NOBODYS = str(UUID(int=0))
"""The id of nothing."""


class Process:
    """Another process than the server, in which an employee of two departments begins to follow."""

    def __init__(self, server: Server, database: Database) -> None:
        self.eenheden = server.eenheden
        self._server = server
        self.following = Following(database, max_behind=MAX_BEHIND, head=lambda stream: self.hub.head(stream))
        self.hub = Hub(self.following.facts_after, retry_seconds=0.01)
        eenheden = (server.eenheden["VER"], server.eenheden["BUR"])
        login = Login(VERGUNNINGEN.subject, frozenset({Rol.BEHANDELAAR}), eenheden)
        self.verwerking = Verwerking(login.scope, login)

    def inbox(self, eenheid: str) -> Stream:
        """The stream of a department, by its name."""
        return Stream(StreamKind.POSTVAK, self.eenheden[eenheid])

    async def begin(self, eenheid: str, na: int | None = None) -> Start:
        """Begin to follow an inbox."""
        return await self.following.postvak(self.verwerking, self.eenheden[eenheid], na)

    async def begin_at(self, taak: JSON, na: int | None = None) -> Start:
        """Begin to follow a task."""
        return await self.following.interne_taak(self.verwerking, taak["id"], na)

    async def registers(self, eenheid: str, count: int) -> list[JSON]:
        """What the other process registers."""
        return [await new_taak(self._server.as_(DESK), self.eenheden[eenheid]) for _ in range(count)]

    async def takes(self, taak: JSON) -> None:
        """The other process has a task taken."""
        await done(self._server.as_(VERGUNNINGEN), "neemInterneTaak", id=taak["id"])


@pytest.fixture
async def here(server: Server, settings: Settings) -> AsyncIterator[Process]:
    database = Database(settings.database_url, synchronous="NORMAL")
    try:
        yield Process(server, database)
    finally:
        await database.close()


def numbers(facts: list[Gebeurtenis]) -> list[int]:
    return [fact.volgnummer for fact in facts]


@asynccontextmanager
async def begun_after_the_first(here: Process) -> AsyncIterator[asyncio.Future[list[Gebeurtenis]]]:
    """Somebody follows an inbox here who has read its first fact, and waits for more."""
    await here.registers("VER", 1)
    async with aclosing(here.hub.follow(await here.begin("VER"))) as following:
        waiting = asyncio.ensure_future(anext(following))
        await until(lambda: here.hub.head(here.inbox("VER")) == 1)
        yield waiting
        waiting.cancel()
        await asyncio.wait([waiting])


async def test_who_begins_now_is_told_nothing_of_before_though_others_here_have_not_read_it_yet(
    here: Process,
) -> None:
    inbox = here.inbox("VER")
    async with begun_after_the_first(here) as waiting:
        await here.registers("VER", 3)
        assert here.hub.head(inbox) == 1
        now = await here.begin("VER")
        assert now == Start(inbox, 4, 4)
        async with aclosing(FactSource(here.hub, now).events(now.after)) as later:
            first = asyncio.ensure_future(anext(later))
            # This subscriber causes the others to read the facts that they know of.
            assert numbers(await waiting) == [2, 3, 4]
            await here.registers("VER", 1)
            await here.hub.advance([inbox])
            assert numbers(await first) == [5]


@pytest.mark.parametrize("na", [2, 3])
async def test_a_place_is_one_if_the_table_has_it_and_all_after_it_comes_though_others_here_have_not_read_it_yet(
    here: Process, na: int
) -> None:
    async with begun_after_the_first(here) as waiting:
        await here.registers("VER", 3)
        start = await here.begin("VER", na)
        with pytest.raises(CursorOngeldig):
            await here.begin("VER", 5)
        async with aclosing(FactSource(here.hub, start).events(na)) as found:
            seen: list[int] = []
            while len(seen) < 4 - na:
                seen += numbers(await anext(found))
        assert seen == [1, 2, 3, 4][na:]
        assert numbers(await waiting) == [2, 3, 4]


async def test_a_place_that_was_read_here_costs_no_reading_up_to_the_last_one(here: Process) -> None:
    await here.registers("VER", 2)
    inbox = here.inbox("VER")
    async with aclosing(here.hub.follow(await here.begin("VER", 0))) as earlier:
        assert numbers(await anext(earlier)) == [1, 2]
        with statements() as executed:
            assert [await here.begin("VER", na) for na in (0, 1, 2)] == [Start(inbox, na, 2) for na in (0, 1, 2)]
        assert executed == []


async def test_each_department_has_its_own_end_also_where_several_begin_at_once(here: Process) -> None:
    await here.registers("VER", 3)
    await here.registers("BUR", 1)
    begun = await asyncio.gather(*(here.begin(eenheid) for eenheid in ("BUR", "VER", "BUR", "VER")))
    ver, bur = (Start(here.inbox(name), end, end) for name, end in (("VER", 3), ("BUR", 1)))
    assert begun == [bur, ver, bur, ver]
    with pytest.raises(CursorOngeldig):
        await here.begin("BUR", 2)
    with pytest.raises(NietBevoegd):
        await here.begin("SOC")


async def test_an_inbox_without_a_fact_begins_before_its_first(here: Process) -> None:
    assert await here.begin("VER") == await here.begin("VER", 0) == Start(here.inbox("VER"), 0, 0)
    with pytest.raises(CursorOngeldig):
        await here.begin("VER", 1)


async def test_a_task_begins_at_its_versie_and_not_at_a_place_in_the_inbox(here: Process) -> None:
    *_, taken, other = await here.registers("VER", 4)
    await here.takes(taken)
    stream = Stream(StreamKind.INTERNE_TAAK, taken["id"])
    assert await here.begin_at(taken) == Start(stream, 2, 2)
    assert await here.begin_at(taken, 1) == Start(stream, 1, 2)
    assert (await here.begin_at(other)).after == 1
    for na in (-1, 3):
        with pytest.raises(CursorOngeldig):
            await here.begin_at(taken, na)
    assert [fact.versie for fact in await here.following.facts_after(stream, 1, 9)] == [2]
    assert numbers(await here.following.facts_after(here.inbox("VER"), 1, 2)) == [2, 3]


async def test_who_follows_a_task_of_which_others_here_have_not_read_all_begins_at_its_versie(
    here: Process,
) -> None:
    [taak] = await here.registers("VER", 1)
    async with aclosing(here.hub.follow(await here.begin_at(taak))) as earlier:
        waiting = asyncio.ensure_future(anext(earlier))
        await until(lambda: here.hub.heads)
        await here.takes(taak)
        now = await here.begin_at(taak)
        assert (now.after, now.end, here.hub.head(now.stream)) == (2, 2, 1)
        waiting.cancel()
        await asyncio.wait([waiting])


async def test_just_so_many_facts_behind_is_not_too_many(here: Process) -> None:
    await here.registers("VER", MAX_BEHIND + 1)
    assert (await here.begin("VER", 1)).after == 1
    with pytest.raises(CursorVerlopen):
        await here.begin("VER", 0)


async def test_the_ends_of_inboxes_and_tasks_are_each_of_its_own_and_of_what_is_not_there_none(
    here: Process,
) -> None:
    taken, _ = await here.registers("VER", 2)
    await here.takes(taken)
    expected = {
        here.inbox("VER"): 3,
        here.inbox("BUR"): 0,
        Stream(StreamKind.INTERNE_TAAK, taken["id"]): 2,
    }
    absent = [Stream(kind, NOBODYS) for kind in StreamKind]
    # Neither kind is looked for as the other.
    crossed = [Stream(StreamKind.INTERNE_TAAK, here.eenheden["VER"]), Stream(StreamKind.POSTVAK, taken["id"])]
    assert await here.following.ends([*expected, *absent, *crossed]) == expected
    for stream, end in expected.items():
        assert await here.following.ends([stream, *absent]) == {stream: end}


async def test_the_ends_of_one_kind_cost_one_statement(here: Process) -> None:
    with statements() as executed:
        await here.following.ends([here.inbox("VER"), here.inbox("BUR")])
    assert len([sql for sql in executed if sql.startswith("SELECT")]) == 1


async def test_who_goes_on_from_a_later_place_reads_nothing_of_before() -> None:
    table = Table()
    table.end = 3
    hub = Hub(table.read, retry_seconds=0)
    async with aclosing(FactSource(hub, Start(STREAM, 0, 1)).events(3)) as found:
        waiting = asyncio.ensure_future(anext(found))
        await until(lambda: table.reads)
        assert hub.head(STREAM) == 3
        waiting.cancel()
        await asyncio.wait([waiting])


async def test_a_source_gives_every_fact_one_by_one_from_its_beginning() -> None:
    table = Table()
    table.end = 5
    facts = aiter(FactSource(Hub(table.read, retry_seconds=0), Start(STREAM, 2, 5)))
    assert [(await anext(facts)).volgnummer for _ in range(3)] == [3, 4, 5]


def test_the_place_of_a_fact_is_its_volgnummer_in_an_inbox_and_its_versie_for_a_task() -> None:
    seventh = fact(7)
    hub = Hub(Table().read, retry_seconds=0)
    of_inbox, of_taak = Start(STREAM, 0, 0), Start(Stream(StreamKind.INTERNE_TAAK, seventh.taak_id), 0, 0)
    assert [FactSource(hub, start).place(seventh) for start in (of_inbox, of_taak)] == [7, 1]
