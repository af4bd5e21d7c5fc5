"""Where following begins, whatever this process has read by then, and what it costs to find that out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.domain.model import Rol
from app.domain.refusals import NietBevoegd
from app.domain.rights import Login
from app.domain.streams import CursorOngeldig, Stream, StreamKind
from app.service.following import Following
from app.service.verwerking import Verwerking
from app.settings import Settings
from app.storage.engine.database import Database
from tests.support.arrange import add_taak, new_taak, registreer, taak
from tests.support.people import DESK, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server
from tests.support.statements import statements, statements_and_ends

FACTS = 3


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.fixture
async def eenheid(server: Server) -> str:
    """A department with a few facts."""
    contact = await registreer(server.as_(DESK), *[taak(server.eenheden["VER"])] * FACTS)
    assert len(contact["interneTaken"]) == FACTS
    return server.eenheden["VER"]


def following(database: Database, head: int | None = None) -> Following:
    """Of a process that has read so far what is followed."""
    return Following(database, max_behind=100, head=lambda stream: head)


def asking(person: Person, eenheid_id: str) -> Verwerking:
    login = Login(person.subject, frozenset(Rol(rol) for rol in person.rollen), (eenheid_id,))
    return Verwerking(login.scope, login)


async def test_a_place_that_this_process_has_not_read_yet_is_a_place(database: Database, eenheid: str) -> None:
    """They were told of it by another process, or saw it in the inbox, a moment ago."""
    behind = following(database, head=FACTS - 1)
    start = await behind.postvak(asking(VERGUNNINGEN, eenheid), eenheid, FACTS)
    assert (start.after, start.end) == (FACTS, FACTS)
    with pytest.raises(CursorOngeldig):
        await behind.postvak(asking(VERGUNNINGEN, eenheid), eenheid, FACTS + 1)


@pytest.mark.parametrize("na", [0, FACTS])
async def test_who_comes_back_to_what_is_followed_here_costs_no_statement(
    database: Database, eenheid: str, na: int
) -> None:
    with statements() as executed:
        start = await following(database, head=FACTS).postvak(asking(VERGUNNINGEN, eenheid), eenheid, na)
    assert (start.after, start.end, executed) == (na, FACTS, [])


async def test_who_follows_from_now_on_begins_where_the_department_is_and_not_where_this_process_is(
    database: Database, eenheid: str
) -> None:
    start = await following(database, head=FACTS - 1).postvak(asking(VERGUNNINGEN, eenheid), eenheid, None)
    assert (start.after, start.end) == (FACTS, FACTS)


@pytest.mark.parametrize("person", [VERGUNNINGEN, TOEZICHTHOUDER])
async def test_what_is_no_id_is_no_inbox_whatever_they_may_see(
    database: Database, eenheid: str, person: Person
) -> None:
    with pytest.raises(NietBevoegd):
        await following(database).postvak(asking(person, eenheid), "no-uuid", 0)


async def test_the_ends_of_streams_are_read_by_a_statement_for_each_kind(
    server: Server, database: Database, eenheid: str
) -> None:
    tasks = [(await new_taak(server.as_(DESK), eenheid))["id"] for _ in range(2)]
    inboxes = {
        Stream(StreamKind.POSTVAK, eenheid): FACTS + 2,
        Stream(StreamKind.POSTVAK, server.eenheden["BUR"]): 0,
    }
    cards = {Stream(StreamKind.INTERNE_TAAK, task): 1 for task in tasks}
    costs = []
    for asked in (inboxes, cards, inboxes | cards):
        with statements() as executed:
            assert await following(database).ends(asked) == asked
        costs.append(len(executed))
    assert costs == [1, 1, 2]


@pytest.mark.database("postgresql")
async def test_on_postgresql_what_is_one_statement_is_one_round_trip(
    server: Server, database: Database, eenheid: str
) -> None:
    contact = await registreer(server.as_(DESK))
    task = (await add_taak(server.as_(DESK), contact["id"], eenheid))["id"]
    inbox, card = Stream(StreamKind.POSTVAK, eenheid), Stream(StreamKind.INTERNE_TAAK, task)
    who, service = asking(VERGUNNINGEN, eenheid), following(database)
    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        "begin to follow an inbox": lambda: service.postvak(who, eenheid, 0),
        "begin to follow a task": lambda: service.interne_taak(who, task, 1),
        "the facts of an inbox": lambda: service.facts_after(inbox, 0, 10),
        "the facts of a task": lambda: service.facts_after(card, 0, 10),
        "the end of an inbox": lambda: service.ends([inbox]),
        "the end of a task": lambda: service.ends([card]),
    }
    trips = {}
    for what, ask in asked.items():
        # The first time it is learned what the statement takes and gives.
        await ask()
        with statements_and_ends() as executed:
            assert await ask()
        trips[what] = len(executed)
    assert trips == dict.fromkeys(asked, 1)
