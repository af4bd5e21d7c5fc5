"""Transactions that run in one hop: what wait together share a commit, and each stands or falls by itself."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text, update

from app.domain.lifecycle import Neem
from app.domain.model import Gebeurtenis, Initiatiefnemer, Rol
from app.domain.refusals import Weigering
from app.domain.registration import NieuweTaak, NieuwKlantcontact
from app.domain.rights import Login
from app.domain.streams import Start, Stream, StreamKind
from app.live.hub import Hub
from app.service.committed_records import CommittedRecords
from app.service.following import Following
from app.service.handle import Handle
from app.service.register import Register
from app.service.verwerking import Verwerking
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.storage.engine.database import Database
from app.storage.engine.failures import ConstraintViolated, DatabaseOnbereikbaar, TransactionLost
from app.storage.engine.lanes import AwaitedOutsideLane
from app.storage.engine.transaction import Transaction
from app.storage.schema.tables import organisatorische_eenheid, registratie
from tests.support.client import PATIENCE
from tests.support.databases import committed_volgnummers, connected, held, rows
from tests.support.each import each
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server
from tests.support.statements import statements_and_ends
from tests.support.waiting import until

NUMBER = organisatorische_eenheid.c.laatste_volgnummer
RAISE = update(organisatorische_eenheid).values({NUMBER: NUMBER + 1})


class Failed(Exception):
    pass


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url, synchronous="NORMAL", wait_seconds=PATIENCE)
    yield opened
    await opened.close()


def numbers(settings: Settings) -> set[int]:
    return {
        row[0] for row in rows(settings.database_url, "SELECT laatste_volgnummer FROM organisatorische_eenheid")
    }


async def raise_numbers(tx: Transaction) -> None:
    await tx.rows(RAISE)


async def fail(tx: Transaction) -> None:
    await tx.rows(RAISE)
    raise Failed


async def break_a_rule(tx: Transaction) -> None:
    await tx.rows(RAISE)
    await tx.rows(registratie.insert().values(id="een", nummer="1", medewerker_id="niemand"))


async def test_of_many_at_once_those_that_raise_leave_nothing_and_harm_no_other(
    database: Database, settings: Settings
) -> None:
    works = [raise_numbers, fail, break_a_rule] * 20
    answers = await asyncio.gather(*(database.writing(work) for work in works), return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), Failed, ConstraintViolated] * 20
    assert numbers(settings) == {20}


@pytest.mark.database("sqlite")
async def test_those_who_wait_together_share_a_commit(database: Database) -> None:
    await database.writing(raise_numbers)
    with statements_and_ends() as executed:
        await asyncio.gather(*(database.writing(raise_numbers) for _ in range(20)))
    assert len([sql for sql in executed if sql.startswith("SAVEPOINT")]) == 20
    assert len([sql for sql in executed if sql == "COMMIT"]) <= 3


@pytest.mark.database("sqlite")
async def test_a_commit_that_fails_fails_all_who_shared_it(database: Database, settings: Settings) -> None:
    async def defer(tx: Transaction) -> None:
        await tx.rows(text("PRAGMA defer_foreign_keys = ON"))
        await break_a_rule(tx)

    answers = await asyncio.gather(
        *(database.writing(work) for work in (raise_numbers, defer, raise_numbers)), return_exceptions=True
    )
    assert ConstraintViolated in {type(answer) for answer in answers}
    stored = [answer for answer in answers if answer is None]
    assert numbers(settings) == {len(stored)}
    await database.writing(raise_numbers)
    assert numbers(settings) == {len(stored) + 1}


@pytest.mark.database("sqlite")
async def test_where_the_database_breaks_a_transaction_off_all_who_share_it_may_ask_again(
    database: Database, settings: Settings
) -> None:
    async def break_off(tx: Transaction) -> None:
        await tx.rows(text("INSERT OR ROLLBACK INTO rechten SELECT versie FROM rechten"))

    works = (raise_numbers, break_off, raise_numbers)
    answers = await asyncio.gather(*(database.writing(work) for work in works), return_exceptions=True)
    kinds = [type(answer) for answer in answers]
    assert kinds[1] is ConstraintViolated
    assert {kinds[0], kinds[2]} <= {type(None), TransactionLost}
    assert numbers(settings) == {kinds.count(type(None))}


@pytest.mark.database("sqlite")
async def test_work_that_waits_for_something_else_is_refused(database: Database, settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    never: list[asyncio.Future[None]] = [loop.create_future(), loop.create_future()]

    async def wait(tx: Transaction) -> None:
        await tx.rows(select(NUMBER))
        await never.pop()

    async def write_and_wait(tx: Transaction) -> None:
        await tx.rows(RAISE)
        await never.pop()

    with pytest.raises(AwaitedOutsideLane):
        await database.writing(write_and_wait)
    with pytest.raises(AwaitedOutsideLane):
        await database.reading(wait)
    assert numbers(settings) == {0}


async def test_who_is_cancelled_before_their_turn_leaves_nothing(database: Database, settings: Settings) -> None:
    told: list[None] = []

    async def then(_: None) -> None:
        told.append(None)

    with held(settings.database_url):
        asked = [asyncio.ensure_future(database.writing(raise_numbers, then)) for _ in range(5)]
        # It waits for the other who holds the database, or has not come so far.
        for _ in range(20):
            await asyncio.sleep(0)
        for one in asked:
            one.cancel()
        await asyncio.wait(asked)
    await database.close()
    assert (numbers(settings), told) == ({0}, [])


@pytest.mark.database("sqlite")
async def test_who_is_cancelled_in_the_midst_is_done_to_the_end_and_told_of(
    database: Database, settings: Settings
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[None] = []

    async def raise_slowly(tx: Transaction) -> None:
        begun.set()
        go_on.wait(PATIENCE)
        await tx.rows(RAISE)

    async def then(_: None) -> None:
        await asyncio.sleep(0)
        told.append(None)

    asked = asyncio.ensure_future(database.writing(raise_slowly, then))
    await asyncio.to_thread(begun.wait, PATIENCE)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    go_on.set()
    await database.close()
    assert (numbers(settings), told) == ({1}, [None])


@pytest.mark.database("sqlite")
async def test_who_asks_a_closed_database_is_told_so(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.close()
    with pytest.raises(DatabaseOnbereikbaar):
        await database.writing(raise_numbers)


async def test_a_reading_sees_one_moment_whoever_writes_meanwhile(database: Database, settings: Settings) -> None:
    async def look(tx: Transaction) -> list[int]:
        before = await tx.rows(select(NUMBER))
        with connected(settings.database_url) as other:
            other.execute(RAISE)
        return [row[0] for row in [*before, *await tx.rows(select(NUMBER))]]

    assert set(await database.reading(look)) == {0}
    assert numbers(settings) == {1}


async def test_a_reading_cannot_write(database: Database, settings: Settings) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await database.reading(raise_numbers)
    assert numbers(settings) == {0}


async def test_many_writers_number_densely_and_each_follower_gets_each_fact_once_and_in_order(
    server: Server, settings: Settings, database: Database
) -> None:
    """The facts are handed over, by no hint and no poll; another process writes in between, and some take back."""
    for who in (DESK, VERGUNNINGEN):
        await server.as_(who).data("{ ik { rollen } }")
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    following = Following(database, max_behind=10_000, head=lambda stream: hub.head(stream))
    hub = Hub(following.facts_after, retry_seconds=0.01)

    def hand_over(facts: list[Gebeurtenis], _: CommittedRecords) -> None:
        hub.hand_over(facts)

    here = Writer(database, nobody_listens, hand_over=hand_over)  # type: ignore[arg-type]
    elsewhere = Writer(database, nobody_listens)
    desk = Login(DESK.subject, frozenset({Rol.KCC}), (server.eenheden["KCC"],))
    vera = Login(VERGUNNINGEN.subject, frozenset({Rol.BEHANDELAAR}), (ver,))
    chance = random.Random(5)  # noqa: S311 - no secret

    async def register(place: int) -> None:
        writer = elsewhere if place % 7 == 3 else here
        taken = tuple(
            NieuweTaak(None, "Terugbellen", False, None, chance.choice((ver, bur)), None)
            for _ in range(chance.randint(1, 3))
        )
        contact = NieuwKlantcontact(None, None, Initiatiefnemer.KLANT, "Dakkapel", None, taken)
        done = await Register(writer, ["Telefoon"]).klantcontact(desk, contact, Verwerking(desk.scope, desk))
        mine = [taak for (kind, _), taak in done.records._records.items() if kind == "InterneTaak"]
        for taak in each(mine):
            # Of two employees who take it, one is refused: their transaction uses no number.
            deeds = [
                Handle(writer)(vera, Neem(taak_id=taak.id), Verwerking(vera.scope, vera)),
                Handle(here)(vera, Neem(taak_id=taak.id), Verwerking(vera.scope, vera)),
            ]
            for answer in each(await asyncio.gather(*deeds, return_exceptions=True)):
                assert not isinstance(answer, Exception) or isinstance(answer, Weigering)

    async def follow(eenheid_id: str, seen: list[int]) -> None:
        stream = Stream(StreamKind.POSTVAK, eenheid_id)
        async for facts in hub.follow(Start(stream, 0, 0)):
            seen += [fact.volgnummer for fact in facts]

    seen: dict[str, list[int]] = {ver: [], bur: []}
    followers = [asyncio.create_task(follow(eenheid_id, seen[eenheid_id])) for eenheid_id in (ver, bur)]
    for round_ in range(4):
        await asyncio.gather(*(register(round_ * 20 + place) for place in range(20)))
    ends = await following.ends([Stream(StreamKind.POSTVAK, id_) for id_ in (ver, bur)])
    # What was written elsewhere is read as it is hinted, in the end.
    await hub.advance(ends)
    await until(lambda: {id_: len(found) for id_, found in seen.items()} == {s.id: end for s, end in ends.items()})
    for follower in followers:
        follower.cancel()
    await asyncio.gather(*followers, return_exceptions=True)
    for stream, end in each(ends.items()):
        assert end > 30
        assert seen[stream.id] == list(range(1, end + 1))
        assert committed_volgnummers(settings.database_url, stream.id) == list(range(1, end + 1))
