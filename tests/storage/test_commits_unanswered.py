"""A commit that PostgreSQL did not answer may be stored or not, and that is what is told of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from app.service.writing import Done, Writer, nobody_listens
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.engine.failures import CommitUnanswered, DatabaseOnbereikbaar
from app.storage.engine.transaction import Transaction
from app.storage.schema.tables import organisatorische_eenheid
from app.storage.sql.prepared import Prepared
from tests.support.arrange import taak
from tests.support.client import PATIENCE
from tests.support.databases import commits_held, connected, let_commits_wait, rows
from tests.support.http import send
from tests.support.people import DESK
from tests.support.proxy import Network, database_network
from tests.support.server import serving
from tests.support.template import Template
from tests.support.waiting import until

pytestmark = pytest.mark.database("postgresql")

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""

NUMBER = organisatorische_eenheid.c.laatste_volgnummer
RAISE = Prepared.of(update(organisatorische_eenheid).values({NUMBER: NUMBER + 1}))
NAMES = select(organisatorische_eenheid.c.naam)
STORED = "SELECT DISTINCT laatste_volgnummer FROM organisatorische_eenheid"


@pytest.fixture
async def between(settings: Settings) -> AsyncIterator[tuple[Network, str]]:
    """A network to the database, and its URL over it."""
    async with database_network(settings.database_url) as reached:
        yield reached


async def test_a_commit_that_is_not_answered_may_be_stored_and_is_not_called_undone(
    settings: Settings, between: tuple[Network, str]
) -> None:
    passing, url = between
    database = Database(url, wait_seconds=1)

    async def hold_at_the_commit(tx: Transaction) -> Done[None]:
        await tx.run(RAISE)
        passing.hold()
        return Done(None)

    with pytest.raises(CommitUnanswered):
        await Writer(database, nobody_listens).run(hold_at_the_commit)
    passing.release()

    async def is_stored() -> bool:
        found = await asyncio.to_thread(rows, settings.database_url, STORED)
        return [row[0] for row in found] == [1]

    await until(is_stored)
    await database.close()


async def test_a_commit_is_waited_for_a_second_however_late_it_was_asked(
    settings: Settings, between: tuple[Network, str]
) -> None:
    passing, url = between
    hasty, clock = Database(url, wait_seconds=0.8), Database(settings.database_url, wait_seconds=0.9)
    told: list[str] = []

    async def hold_at_the_commit(tx: Transaction) -> None:
        await tx.run(RAISE)
        passing.hold()

    async def wait_for_nothing(tx: Transaction) -> None:
        await asyncio.Event().wait()

    async def deed() -> None:
        with pytest.raises(CommitUnanswered):
            await hasty.writing(hold_at_the_commit)
        told.append("commit")

    async def beside_it() -> None:
        with pytest.raises(DatabaseOnbereikbaar):
            await clock.reading(wait_for_nothing)
        told.append("later limit")

    for database in (hasty, clock):
        await database.writing(lambda tx: tx.run(Prepared.of(NAMES)))
        await database.reading(lambda tx: tx.run(Prepared.of(NAMES)))
    await asyncio.gather(deed(), beside_it())
    assert told == ["later limit", "commit"]
    passing.release()
    await hasty.close()
    await clock.close()


async def test_what_gets_no_answer_before_its_commit_is_not_stored(
    settings: Settings, between: tuple[Network, str]
) -> None:
    passing, url = between
    database = Database(url, wait_seconds=1)

    async def hold_before_the_end(tx: Transaction) -> Done[None]:
        await tx.run(RAISE)
        passing.hold()
        await tx.run(RAISE)
        return Done(None)

    with pytest.raises(DatabaseOnbereikbaar) as told:
        await Writer(database, nobody_listens).run(hold_before_the_end)
    assert not isinstance(told.value, CommitUnanswered)
    passing.release()
    await database.writing(lambda tx: tx.run(Prepared.of(NAMES)))
    await database.close()
    assert [row[0] for row in await asyncio.to_thread(rows, settings.database_url, STORED)] == [0]


async def test_who_registers_is_told_that_it_may_be_stored_where_the_commit_got_no_answer(
    settings: Settings, template: Template
) -> None:
    own, hasty = settings.database_url, {"database_wait_seconds": 1, "login_seconds": 60}
    async with serving(settings.model_copy(update=hasty), template.eenheden) as server:
        desk = server.as_(DESK)
        contact = {"onderwerp": "Dakkapel", "interneTaken": [taak(server.eenheden["VER"])]}
        await desk.data(REGISTER, input=contact)
        await asyncio.to_thread(let_commits_wait, own)
        with commits_held(own):
            response = await send(server, {"query": REGISTER, "variables": {"input": contact}})
        # Nothing that has a client ask the same again by itself.
        assert (response.status_code, response.headers.get("retry-after")) == (504, None)
        [error] = response.json()["errors"]
        assert error["extensions"]["code"] == "NIET_BESCHIKBAAR"
        assert error["extensions"]["mogelijkUitgevoerd"] is True
        # What is refused before its commit is not called that.
        with connected(own) as other:
            other.exec_driver_sql("BEGIN; LOCK TABLE organisatorische_eenheid IN EXCLUSIVE MODE")
            [error] = (await desk.answer(REGISTER, input=contact))["errors"]
            other.exec_driver_sql("ROLLBACK")
        assert "mogelijkUitgevoerd" not in error["extensions"]


async def test_rows_that_nobody_holds_any_more_are_free_though_the_server_was_not_told(
    settings: Settings, between: tuple[Network, str]
) -> None:
    passing, url = between
    gone, other = Database(url, wait_seconds=0.5), Database(settings.database_url, wait_seconds=PATIENCE)

    async def hold_in_the_midst(tx: Transaction) -> None:
        await tx.run(RAISE)
        passing.hold()
        await tx.run(RAISE)

    with pytest.raises(DatabaseOnbereikbaar):
        await gone.writing(hold_in_the_midst)
    await other.writing(lambda tx: tx.run(RAISE))
    passing.release()
    assert [row[0] for row in await asyncio.to_thread(rows, settings.database_url, STORED)] == [1]
    await gone.close()
    await other.close()
