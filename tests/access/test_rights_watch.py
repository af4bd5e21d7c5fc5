"""Whose rights change is told to those who watch: nothing of it is missed, and nothing is told to who left."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from app.domain.organisation import Dienstverband
from app.service.rights_watch import RightsWatch
from app.settings import Settings
from app.storage.write import organisation
from tests.support.arrange import command_line
from tests.support.between import Between
from tests.support.people import BURGERZAKEN, VERGUNNINGEN, Person
from tests.support.waiting import SOON, until

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Between]:
    opened = Between(settings.database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


class Looks:
    """What is forgotten, read and told, in that order or another."""

    def __init__(self, database: Between) -> None:
        self.seen: list[str] = []
        self.current = RightsWatch(database, lambda: self.seen.append("forgotten"), poll_seconds=0.005)
        self._database = database

    def told(self, name: str = "told") -> Callable[[Dienstverband], None]:
        """Notes each record that is told."""
        return lambda record: self.seen.append(f"{name} {record.naam} {record.actief}")

    async def until(self, seen: str) -> None:
        """Wait until something was seen."""
        await until(lambda: seen in self.seen, SOON)

    async def again(self) -> None:
        """Wait until there were some looks more."""
        readings = self._database.readings
        await until(lambda: self._database.readings >= readings + 3, SOON)


@pytest.fixture
def looks(database: Between) -> Looks:
    return Looks(database)


async def activated(settings: Settings, who: Person, *, actief: bool) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=actief)


def is_records(found: object) -> bool:
    """Whether it is what a look reads after it has seen that something changed."""
    return isinstance(found, tuple)


async def test_nothing_is_forgotten_and_nothing_told_while_nothing_changes(looks: Looks) -> None:
    looks.current.watch(VERGUNNINGEN.subject, looks.told())
    async with looks.current.running():
        before = list(looks.seen)
        await looks.again()
        assert looks.seen == before


async def test_all_is_forgotten_when_the_records_were_read_and_before_they_are_told(
    looks: Looks, database: Between, settings: Settings
) -> None:
    async def read(found: object) -> None:
        if is_records(found):
            looks.seen.append("read")

    looks.current.also_forget(lambda: looks.seen.append("also forgotten"))
    async with looks.current.running():
        looks.current.watch(VERGUNNINGEN.subject, looks.told())
        looks.current.watch(BURGERZAKEN.subject, looks.told())
        looks.seen.clear()
        database.meanwhile = read
        await activated(settings, VERGUNNINGEN, actief=False)
        await looks.until("told Vera Vergunning False")
        await looks.again()
    assert looks.seen[:3] == ["read", "forgotten", "also forgotten"]
    assert sorted(looks.seen[3:]) == ["told Bo Burgerzaken True", "told Vera Vergunning False"]


async def test_a_change_that_comes_while_the_records_are_read_is_told_by_the_next_look(
    looks: Looks, database: Between, settings: Settings
) -> None:
    async with looks.current.running():
        looks.current.watch(VERGUNNINGEN.subject, looks.told())

        async def changes_once_more(found: object) -> None:
            if is_records(found):
                database.meanwhile = None
                await activated(settings, VERGUNNINGEN, actief=True)

        database.meanwhile = changes_once_more
        await activated(settings, VERGUNNINGEN, actief=False)
        await looks.until("told Vera Vergunning True")
    assert [one for one in looks.seen if one.startswith("told")] == [
        "told Vera Vergunning False",
        "told Vera Vergunning True",
    ]


async def test_who_begins_to_watch_while_the_records_are_read_is_told(
    looks: Looks, database: Between, settings: Settings
) -> None:
    async with looks.current.running():

        async def somebody_comes(found: object) -> None:
            if is_records(found):
                database.meanwhile = None
                looks.current.watch(VERGUNNINGEN.subject, looks.told())

        database.meanwhile = somebody_comes
        await activated(settings, VERGUNNINGEN, actief=False)
        await looks.until("told Vera Vergunning False")


async def test_all_who_watch_an_employee_are_told_until_they_end_it(looks: Looks, settings: Settings) -> None:
    """One function may watch twice, and what ends one of them ends no other, however often it is called."""
    same, watch = looks.told("same"), looks.current.watch
    async with looks.current.running():
        unwatch = watch(VERGUNNINGEN.subject, same)
        watch(VERGUNNINGEN.subject, same)
        watch(VERGUNNINGEN.subject, looks.told("other"))
        gone = watch(BURGERZAKEN.subject, looks.told("gone"))
        gone()
        watch(BURGERZAKEN.subject, looks.told("new"))
        for _ in range(2):
            gone()
            unwatch()
        for who in (VERGUNNINGEN, BURGERZAKEN):
            await activated(settings, who, actief=False)
        await looks.until("new Bo Burgerzaken False")
        await looks.until("same Vera Vergunning False")
    assert not [one for one in looks.seen if one.startswith("gone")]
    by_name = [[one for one in looks.seen if one.startswith(name)] for name in ("same", "other")]
    assert len(by_name[0]) == len(by_name[1]), "the function that watched twice is called for what is left of it"


async def test_nobody_is_looked_up_who_is_not_watched_any_more(
    looks: Looks, database: Between, settings: Settings
) -> None:
    found: list[object] = []

    async def read(records: object) -> None:
        if is_records(records):
            found.append(records[1])  # type: ignore[index] # the version goes before them

    looks.current.watch(VERGUNNINGEN.subject, looks.told())()
    database.meanwhile = read
    async with looks.current.running():
        assert found == [{}]


async def test_who_ends_watching_when_they_are_told_keeps_nobody_else_from_it(
    looks: Looks, settings: Settings
) -> None:
    unwatch: list[Callable[[], None]] = []

    def leave(_: Dienstverband) -> None:
        for end in unwatch:
            end()
        looks.seen.append("left")

    async with looks.current.running():
        unwatch += [looks.current.watch(VERGUNNINGEN.subject, leave) for _ in range(2)]
        looks.current.watch(VERGUNNINGEN.subject, looks.told())
        await activated(settings, VERGUNNINGEN, actief=False)
        await looks.until("told Vera Vergunning False")
        await activated(settings, VERGUNNINGEN, actief=True)
        await looks.until("told Vera Vergunning True")
    assert looks.seen.count("left") == 2


async def test_a_look_that_fails_is_made_again_and_told_once_with_where_it_failed(
    looks: Looks, database: Between, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    failures = 0

    async def fails(_: object) -> None:
        nonlocal failures
        failures += 1
        if failures == 3:
            database.meanwhile = None
        raise ConnectionError

    async with looks.current.running():
        looks.current.watch(VERGUNNINGEN.subject, looks.told())
        database.meanwhile = fails
        await activated(settings, VERGUNNINGEN, actief=False)
        await looks.until("told Vera Vergunning False")
    assert failures == 3
    told = [record for record in caplog.records if record.name == "app.service.rights_watch"]
    assert [record.exc_info is not None for record in told] == [True, False]


async def test_nothing_is_looked_up_before_it_is_time_again(database: Between) -> None:
    seldom = RightsWatch(database, lambda: None, poll_seconds=60)
    async with seldom.running():
        before, others = database.readings, 20
        for _ in range(others):
            await database.reading(organisation.rights_version, alone=True)
        assert database.readings == before + others


async def test_nothing_is_left_running_when_nobody_is_to_be_told_any_more(looks: Looks) -> None:
    async with looks.current.running():
        await looks.again()
    before = asyncio.all_tasks()
    async with looks.current.running():
        await looks.again()
    assert asyncio.all_tasks() == before
