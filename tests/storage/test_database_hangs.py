"""PostgreSQL is there and says nothing: who needs it is told so in time, and nothing is done for who is gone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import httpx
import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed

from app.storage.engine.database import Database
from app.storage.engine.failures import DatabaseOnbereikbaar
from app.storage.engine.snapshot import Snapshot
from app.storage.engine.transaction import Transaction
from app.storage.schema.tables import organisatorische_eenheid
from app.storage.sql.prepared import Prepared
from tests.support.arrange import new_taak, taak
from tests.support.client import PATIENCE, Client, Events, Stream
from tests.support.databases import connected
from tests.support.each import each
from tests.support.figures import figures, with_figures
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN
from tests.support.postgres import Postgres
from tests.support.proxy import Network, database_network
from tests.support.server import serving, settings_on
from tests.support.template import Template
from tests.support.waiting import soon, turns, until

pytestmark = pytest.mark.database("postgresql")

KANALEN = "{ kanalen }"
INBOX = "query ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { aantalTeDoen } }"
TASKS = "query ($woorden: String) { interneTaken(filter: { zoektekst: $woorden }) { totalCount } }"
# A fragment on an interface has no plan.
NODE = "query ($eenheid: ID!) { node(id: $eenheid) { id ... on Node { __typename } } }"
REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""
FACTS = """
subscription ($eenheid: ID!, $na: Int) { postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer } }
"""

NAMES = select(organisatorische_eenheid.c.naam)

READS = "database_wait_seconds_count{access=read}"

Hang = Callable[[Postgres, Network], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def stopped(postgres: Postgres, _: Network) -> AsyncIterator[None]:
    """Its processes stand still."""
    with postgres.hanging():
        yield


@asynccontextmanager
async def swallowed(_: Postgres, between: Network) -> AsyncIterator[None]:
    """The network passes nothing on, and says so to nobody."""
    between.hold()
    try:
        yield
    finally:
        between.release()


hangs = pytest.mark.parametrize("hang", [stopped, swallowed], ids=lambda hang: hang.__name__)


@pytest.fixture
async def between(own: Template) -> AsyncIterator[tuple[Network, str]]:
    """A network to that database, and its URL over it."""
    async with database_network(own.url) as reached:
        yield reached


def is_later(response: httpx.Response) -> bool:
    """Whether a response says that the same can be asked later."""
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    return response.status_code == 503 and codes == {"NIET_BESCHIKBAAR"}


async def opened(client: Client) -> int:
    """The code that a new socket is closed with."""
    with pytest.raises(ConnectionClosed) as closed:
        async with client.socket():
            pass
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


@hangs
async def test_what_needs_no_database_is_answered_and_all_else_is_told_to_come_later(
    own: Template, postgres: Postgres, between: tuple[Network, str], hang: Hang
) -> None:
    passing, url = between
    settings = settings_on(url, database_wait_seconds=1, login_seconds=60, database_readers=4)
    async with serving(settings, own.eenheden) as server:
        vera, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        contact = {"onderwerp": "Dakkapel", "interneTaken": [taak(eenheid)]}
        await vera.data(INBOX, eenheid=eenheid)
        await server.as_(DESK).data(REGISTER, input=contact)
        async with hang(postgres, passing):
            assert await vera.data(KANALEN) == {"kanalen": list(settings.kanalen)}
            asked = [
                *(vera.post(INBOX, eenheid=eenheid) for _ in range(40)),
                *(vera.post(TASKS, woorden="dakkapel") for _ in range(30)),
                *(vera.post(NODE, eenheid=eenheid) for _ in range(30)),
                *(server.as_(DESK).post(REGISTER, input=contact) for _ in range(30)),
                # Nobody knows this one.
                *(server.as_(BURGERZAKEN).post(KANALEN) for _ in range(20)),
            ]
            async with asyncio.timeout(PATIENCE):
                answers, new = await asyncio.gather(asyncio.gather(*asked), opened(server.as_(BURGERZAKEN)))
                assert [answer.text for answer in each(answers) if not is_later(answer)] == []
                assert new == 1013
                async with vera.events(FACTS, eenheid=eenheid) as events:
                    assert events.response.status_code == 503
                assert await vera.data(KANALEN) == {"kanalen": list(settings.kanalen)}
        await until(lambda: answers_again(vera, eenheid))
        async with vera.socket():
            pass


async def answers_again(client: Client, eenheid: str) -> bool:
    return await is_answered(client, INBOX, eenheid=eenheid)


async def is_answered(client: Client, document: str, **variables: str) -> bool:
    return "errors" not in (await client.answer(document, **variables))


@hangs
async def test_who_follows_stays_connected_and_goes_on_when_it_answers_again(
    own: Template, postgres: Postgres, between: tuple[Network, str], hang: Hang
) -> None:
    passing, url = between
    settings = settings_on(url, database_wait_seconds=0.5, login_seconds=60, rights_poll_seconds=0.1)
    async with serving(settings, own.eenheden) as server, AsyncExitStack() as stack:
        vera, desk, eenheid = server.as_(VERGUNNINGEN), server.as_(DESK), server.eenheden["VER"]
        await new_taak(desk, eenheid)
        streams: list[Stream | Events] = [
            await stack.enter_async_context(vera.follow(FACTS, eenheid=eenheid, na=0)),
            await stack.enter_async_context(vera.events(FACTS, eenheid=eenheid, na=0)),
        ]
        assert [(await one.next())["postvak"]["volgnummer"] for one in streams] == [1, 1]
        async with hang(postgres, passing):
            # Twice as long as anything waits for it: the poll, the rights, presence.
            for _ in range(2):
                assert is_later(await vera.post(INBOX, eenheid=eenheid))
        await until(lambda: answers_again(vera, eenheid))
        await new_taak(desk, eenheid)
        assert [(await one.next())["postvak"]["volgnummer"] for one in streams] == [2, 2]


async def test_a_plan_that_waits_for_the_database_is_asked_once_and_never_called_too_much(own: Template) -> None:
    settings = settings_on(own.url, database_wait_seconds=0.5, login_seconds=60, database_readers=1)
    async with serving(with_figures(settings), own.eenheden) as server:
        vera = server.as_(VERGUNNINGEN)
        # A busy machine may not be able to answer at once in so short a time.
        await until(lambda: is_answered(vera, TASKS))
        with connected(own.url) as other:
            other.exec_driver_sql("BEGIN")
            other.exec_driver_sql("LOCK TABLE interne_taak IN ACCESS EXCLUSIVE MODE")
            before = (await figures(server))[READS]
            assert is_later(await vera.post(TASKS))
            assert (await figures(server))[READS] == before + 1
            answers = await asyncio.gather(*(vera.post(TASKS) for _ in range(20)))
            assert all(map(is_later, each(answers)))
            other.exec_driver_sql("ROLLBACK")
        assert (await vera.data(TASKS))["interneTaken"]["totalCount"] == 0


@pytest.mark.parametrize("read", ["plan", "snapshot"])
async def test_reads_that_were_given_up_while_they_waited_are_not_executed(
    own: Template, postgres: Postgres, read: str
) -> None:
    begun: list[str] = []
    database = Database(
        own.url, readers=1, wait_seconds=PATIENCE, waited=lambda access, seconds: begun.append(access)
    )

    async def by_snapshot() -> None:
        async with Snapshot(database) as snapshot:
            await snapshot.run(Prepared.of(NAMES))

    async def by_plan() -> None:
        await database.reading(lambda tx: tx.rows(NAMES), alone=True)

    ask = by_plan if read == "plan" else by_snapshot
    await ask()
    with postgres.hanging():
        asked = [asyncio.ensure_future(ask()) for _ in range(20)]
        for _ in range(20):
            await asyncio.sleep(0)
        for one in asked:
            one.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
    await asyncio.wait(asked)
    await ask()
    await database.close()
    # One of those who were given up had begun.
    assert begun == ["read"] * 3


@hangs
@pytest.mark.parametrize("kind", ["reading", "writing"])
async def test_who_stops_does_not_wait_for_what_gets_no_answer(
    own: Template, postgres: Postgres, between: tuple[Network, str], hang: Hang, kind: str
) -> None:
    passing, url = between
    database = Database(url, readers=1, wait_seconds=0.5)
    ask = database.reading if kind == "reading" else database.writing
    await ask(lambda tx: tx.rows(NAMES))
    async with hang(postgres, passing):
        with pytest.raises(DatabaseOnbereikbaar):
            await ask(lambda tx: tx.rows(NAMES))
        await soon(database.close())


@pytest.mark.parametrize("kind", ["reading", "writing"])
async def test_who_stops_waits_for_what_is_under_way(own: Template, kind: str) -> None:
    database = Database(own.url, readers=1, wait_seconds=PATIENCE)
    began, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx: Transaction) -> int:
        began.set()
        await go_on.wait()
        return len(await tx.rows(NAMES))

    asked = asyncio.ensure_future(database.reading(work) if kind == "reading" else database.writing(work))
    await began.wait()
    closing = asyncio.ensure_future(database.close())
    await turns(50)
    assert not closing.done()
    go_on.set()
    assert await asked == len(own.eenheden)
    await closing


@pytest.mark.parametrize("kind", ["reading", "writing"])
async def test_the_time_that_somebody_waits_for_a_place_counts(own: Template, kind: str) -> None:
    """Who asked first is told first, though they began last."""
    one, other = (Database(own.url, readers=1, wait_seconds=2) for _ in range(2))
    began, go_on, loop = asyncio.Semaphore(0), asyncio.Event(), asyncio.get_running_loop()
    told: list[str] = []

    async def ask(database: Database, name: str, end: asyncio.Event) -> None:
        async def work(tx: Transaction) -> None:
            await tx.rows(NAMES)
            began.release()
            await end.wait()

        try:
            await (database.reading(work) if kind == "reading" else database.writing(work))
        except DatabaseOnbereikbaar:
            told.append(name)

    first = asyncio.ensure_future(ask(one, "first", go_on))
    await began.acquire()
    queued, since = asyncio.ensure_future(ask(one, "queued", asyncio.Event())), loop.time()

    await until(lambda: loop.time() > since + 0.05)
    later = asyncio.ensure_future(ask(other, "later", asyncio.Event()))
    await began.acquire()
    go_on.set()
    await asyncio.gather(first, queued, later)
    assert told == ["queued", "later"]
    await one.close()
    await other.close()
