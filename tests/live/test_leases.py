"""The leases that a process keeps of who has an inbox open: what stands there, whatever was lost or failed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from app.service.presence import Opened, Presence
from app.storage.engine.database import Database
from app.storage.engine.transaction import AfterCommit, Work, nothing
from tests.support.databases import execute, rows
from tests.support.each import each
from tests.support.gates import Gate
from tests.support.people import BURGERZAKEN, VERGUNNINGEN, VERGUNNINGEN_COLLEGA, Person
from tests.support.statements import statements
from tests.support.template import Template
from tests.support.waiting import SOON, until

T = TypeVar("T")

LEASES = "SELECT proces_id, eenheid_id, medewerker_id, geldig_tot FROM postvak_lease"
DEAD = "INSERT INTO postvak_lease VALUES ('een proces dat er niet meer is', :eenheid, :medewerker, 1)"

Lease = tuple[str, str]


class HeldDatabase(Database):
    """A database whose transactions are held up, or fail before or after the commit, while it is told so."""

    def __init__(self, url: str) -> None:
        super().__init__(url, synchronous="NORMAL", wait_seconds=SOON)
        self.writes = 0
        self.fails = ""
        self.gate = Gate()

    async def writing(self, work: Work[T], then: AfterCommit[T] = nothing) -> T:
        self.writes += 1
        await self.gate.passed()
        if self.fails == "before":
            raise OSError
        found = await super().writing(work, then)
        if self.fails == "after":
            raise OSError
        return found

    async def until_asked(self, writes: int) -> None:
        """Wait until it was asked so often."""
        await until(lambda: self.writes >= writes, SOON)


class Process:
    """A process that keeps leases."""

    def __init__(self, template: Template, url: str, renew_seconds: float) -> None:
        self.database = HeldDatabase(url)
        self._eenheden = template.eenheden
        self._url = url
        self._presence = Presence(self.database, renew_seconds=renew_seconds, void_seconds=300)
        self.running = self._presence.running

    def opens(self, eenheid: str, who: Person) -> Opened:
        """An employee opens an inbox here."""
        return self._presence.opened(self._eenheden[eenheid], who.subject)

    @property
    def proces_id(self) -> str:
        """Its own id, as its leases have it."""
        return self._presence._proces_id

    def leases(self) -> set[Lease]:
        """Its leases, by the name of the department and the id of the employee."""
        names = {id_: name for name, id_ in self._eenheden.items()}
        return {
            (names[row.eenheid_id], row.medewerker_id)
            for row in rows(self._url, LEASES)
            if row.proces_id == self.proces_id
        }

    async def until(self, *expected: Lease) -> None:
        """Wait until it has these leases and no others."""

        async def as_expected() -> bool:
            return await asyncio.to_thread(self.leases) == set(expected)

        await until(as_expected, SOON)


VERA, VERA_IN_BUR = ("VER", VERGUNNINGEN.subject), ("BUR", VERGUNNINGEN.subject)
VICTOR, BO = ("VER", VERGUNNINGEN_COLLEGA.subject), ("BUR", BURGERZAKEN.subject)


@asynccontextmanager
async def process(template: Template, url: str, *, renew_seconds: float = 0.2) -> AsyncIterator[Process]:
    """A process that runs."""
    one = Process(template, url, renew_seconds)
    try:
        async with one.running():
            yield one
    finally:
        await one.database.close()


@pytest.mark.parametrize("lost", [VERGUNNINGEN.subject, "%"], ids=["some", "all"])
async def test_leases_that_were_dropped_as_void_stand_again_at_the_next_renewal(
    template: Template, migrated_url: str, lost: str
) -> None:
    async with process(template, migrated_url) as one:
        one.opens("VER", VERGUNNINGEN)
        one.opens("VER", VERGUNNINGEN_COLLEGA)
        one.opens("BUR", BURGERZAKEN)
        await one.until(VERA, VICTOR, BO)
        await asyncio.to_thread(
            execute, migrated_url, "DELETE FROM postvak_lease WHERE medewerker_id LIKE :lost", lost=lost
        )
        await one.until(VERA, VICTOR, BO)


@pytest.mark.parametrize("fails", ["before", "after"])
@pytest.mark.parametrize("closes", [False, True], ids=["opened", "closed"])
async def test_what_is_not_known_to_have_been_written_stands_right_as_soon_as_it_can(
    template: Template, migrated_url: str, fails: str, closes: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async with process(template, migrated_url) as one:
        opened = one.opens("VER", VERGUNNINGEN)
        if closes:
            await one.until(VERA)
        one.database.fails = fails
        if closes:
            opened.close()
        writes = one.database.writes
        await one.database.until_asked(writes + 3)
        one.database.fails = ""
        await one.until(*([] if closes else [VERA]))
        # The outage is told, with where it was raised, and its end.
        await until(lambda: said(caplog) == [True, False], SOON)


def said(caplog: pytest.LogCaptureFixture) -> list[bool]:
    """Of each line that the log has of it, whether it has a trace."""
    return [record.exc_info is not None for record in caplog.records if record.name == "app.service.presence"]


async def test_what_was_opened_when_the_database_could_not_be_written_and_closed_before_it_could_is_not_left(
    template: Template, migrated_url: str
) -> None:
    async with process(template, migrated_url) as one:
        one.database.fails = "after"
        opened = one.opens("VER", VERGUNNINGEN)
        await one.until(VERA)
        opened.close()
        one.database.fails = ""
        await one.until()


async def test_what_is_opened_while_another_is_written_does_not_wait_for_the_next_renewal(
    template: Template, migrated_url: str
) -> None:
    async with process(template, migrated_url, renew_seconds=3 * SOON) as one:
        one.database.gate.hold()
        one.opens("VER", VERGUNNINGEN)
        await one.database.until_asked(1)
        one.opens("BUR", BURGERZAKEN)
        one.database.gate.release()
        await one.until(VERA, BO)


async def test_changes_that_follow_soon_are_written_together_and_those_of_others_are_not_written_anew(
    template: Template, migrated_url: str
) -> None:
    async with process(template, migrated_url, renew_seconds=40) as one:
        vera = one.opens("VER", VERGUNNINGEN)
        await one.until(VERA)
        with statements() as executed:
            one.opens("BUR", BURGERZAKEN)
            for _ in range(10):
                await asyncio.sleep(0)
            one.opens("VER", VERGUNNINGEN_COLLEGA)
            vera.close()
            await one.until(BO, VICTOR)
        assert one.database.writes == 2
        deleted = [sql for sql in executed if sql.startswith("DELETE") and "geldig_tot <" not in sql]
        assert all("postvak_lease.eenheid_id = " in sql for sql in each(deleted))


async def test_what_does_not_change_is_written_again_only_when_it_is_renewed(
    template: Template, migrated_url: str
) -> None:
    async with process(template, migrated_url, renew_seconds=0.2) as one:
        one.opens("VER", VERGUNNINGEN)
        await one.until(VERA)
        began, writes = asyncio.get_running_loop().time(), one.database.writes
        await one.database.until_asked(writes + 4)
        # Three whole times between two renewals, at least: however slow the machine is, it is not sooner.
        assert asyncio.get_running_loop().time() - began > 3 * 0.2


async def test_who_has_an_inbox_open_twice_and_is_told_to_be_there_twice_is_counted_until_both_are_closed(
    template: Template, migrated_url: str
) -> None:
    async with process(template, migrated_url) as one:
        first, second = one.opens("VER", VERGUNNINGEN), one.opens("VER", VERGUNNINGEN)
        for opened in (first, second):
            opened.there(True)
        await one.until(VERA)
        first.close()
        first.close()
        one.opens("BUR", BURGERZAKEN)
        await one.until(VERA, BO)
        second.close()
        await one.until(BO)


async def test_a_process_closes_and_writes_anew_what_is_its_own_alone(
    template: Template, migrated_url: str
) -> None:
    # The other one would write its own anew at its next renewal.
    async with process(template, migrated_url) as one, process(template, migrated_url, renew_seconds=60) as other:
        vera = one.opens("VER", VERGUNNINGEN)
        one.opens("BUR", VERGUNNINGEN)
        one.opens("VER", VERGUNNINGEN_COLLEGA)
        other.opens("VER", VERGUNNINGEN)
        await one.until(VERA, VERA_IN_BUR, VICTOR)
        await other.until(VERA)
        vera.close()
        await one.until(VERA_IN_BUR, VICTOR)
        assert other.leases() == {VERA}
        one.database.fails = "after"
        await one.database.until_asked(one.database.writes + 2)
        one.database.fails = ""
        await one.database.until_asked(one.database.writes + 3)
        assert (one.leases(), other.leases()) == ({VERA_IN_BUR, VICTOR}, {VERA})


async def test_leases_of_a_process_that_died_go_and_those_of_the_living_are_only_made_to_last(
    template: Template, migrated_url: str
) -> None:
    async with process(template, migrated_url) as one, process(template, migrated_url) as other:
        one.opens("VER", VERGUNNINGEN)
        other.opens("VER", VERGUNNINGEN)
        await one.until(VERA)
        await other.until(VERA)
        dead = {"eenheid": template.eenheden["VER"], "medewerker": VERGUNNINGEN.subject}
        await asyncio.to_thread(execute, migrated_url, DEAD, **dead)
        with statements() as executed:
            await until(lambda: has_leases(migrated_url, 2), SOON)
            for living in (one, other):
                await living.database.until_asked(living.database.writes + 2)
        assert [sql for sql in executed if sql.startswith("INSERT")] == []
        assert {"geldig_tot <" in sql for sql in executed if sql.startswith("DELETE")} == {True}
        assert all(row.geldig_tot > 1 for row in each(await asyncio.to_thread(rows, migrated_url, LEASES)))


async def has_leases(url: str, count: int) -> bool:
    return len(await asyncio.to_thread(rows, url, LEASES)) == count


async def test_nothing_is_left_of_a_process_that_stops_neither_in_the_table_nor_running(
    template: Template, migrated_url: str
) -> None:
    before = asyncio.all_tasks()
    idle = Process(template, migrated_url, 60)
    async with idle.running():
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    await idle.database.close()
    assert idle.database.writes == 0
    async with process(template, migrated_url) as one:
        one.opens("VER", VERGUNNINGEN)
        await one.until(VERA)
    assert one.leases() == set()
