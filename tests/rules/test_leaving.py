"""When an employee leaves a department or is deactivated, the system gives back their open tasks there."""

from collections.abc import Awaitable, Callable

import pytest
import websockets

from app.settings import Settings
from tests.support.arrange import command_line, done, new_taak
from tests.support.client import JSON, Client, Socket
from tests.support.people import DESK, VERGUNNINGEN, Person
from tests.support.server import Server
from tests.support.tokens import NOW, newcomer, signed

INBOX = """
query ($id: ID!) {
  postvak(organisatorischeEenheidId: $id) {
    laatsteVolgnummer aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn
    interneTaken(filter: { status: TE_DOEN }) { edges { node { id klantAanDeLijn medewerker { id } } } }
  }
}
"""
FOLLOW = """
subscription ($id: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $id, na: $na) {
    versie soort status toelichting door { id } medewerker { id }
    interneTaak { id versie medewerker { id } }
    postvak { aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn }
  }
}
"""
TASK = "query ($id: ID!) { interneTaak(id: $id) { versie status medewerker { id } } }"
TAKE = "mutation ($id: ID!) { neemInterneTaak(input: { id: $id }) { __typename } }"
ME = "{ ik { rollen } }"


async def by_a_newer_token(server: Server, settings: Settings, who: Person) -> None:
    await server.with_token(signed(who, iat=NOW, eenheden=["SOC"])).data(ME)


async def by_being_moved(server: Server, settings: Settings, who: Person) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.move(who.subject, ["SOC"])


async def by_being_deactivated(server: Server, settings: Settings, who: Person) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=False)


async def by_being_let_in_again(server: Server, settings: Settings, who: Person) -> None:
    """Which changes nothing for who was never shut out."""
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=True)


Leave = Callable[[Server, Settings, Person], Awaitable[None]]
LEAVING = [by_a_newer_token, by_being_moved, by_being_deactivated]
each_way = pytest.mark.parametrize("leave", LEAVING, ids=lambda leave: leave.__name__.replace("_", " "))


async def task_in_hand(server: Server, who: Client, eenheid: str, *, at_once: bool = False) -> str:
    """A task that the desk registered and that the employee now has."""
    task = await new_taak(server.as_(DESK), server.eenheden[eenheid], klantAanDeLijn=at_once)
    await done(who, "neemInterneTaak", id=task["id"])
    return str(task["id"])


async def inbox_of(client: Client, eenheid_id: str) -> JSON:
    """An inbox, whose counters must be what its tasks count up to."""
    inbox = (await client.data(INBOX, id=eenheid_id))["postvak"]
    tasks = [edge["node"] for edge in inbox["interneTaken"]["edges"]]
    assert inbox["aantalTeDoen"] == len(tasks)
    assert inbox["aantalNietToegewezen"] == sum(task["medewerker"] is None for task in tasks)
    assert inbox["aantalKlantAanDeLijn"] == sum(task["klantAanDeLijn"] for task in tasks)
    return inbox


@each_way
async def test_their_open_tasks_there_are_laid_back_and_the_inbox_sees_it(
    server: Server, settings: Settings, leave: Leave
) -> None:
    who, eenheid = newcomer("VER", "SOC"), server.eenheden["VER"]
    client, colleague = server.with_token(signed(who)), server.as_(VERGUNNINGEN)
    mine = {await task_in_hand(server, client, "VER") for _ in range(2)}
    at_once = await task_in_hand(server, client, "VER", at_once=True)
    finished = await task_in_hand(server, client, "VER")
    await done(client, "wijzigInterneTaakStatus", id=finished, versie=2, status="GEDAAN")
    theirs = await task_in_hand(server, colleague, "VER")
    before = await inbox_of(colleague, eenheid)

    async with colleague.follow(FOLLOW, id=eenheid, na=before["laatsteVolgnummer"]) as stream:
        await leave(server, settings, who)
        facts = [(await stream.next())["postvak"] for _ in range(3)]
        after = await inbox_of(colleague, eenheid)
        # The next thing that happens here is something else: no other task was laid back.
        await done(colleague, "legInterneTaakTerug", id=theirs, versie=2)
        assert (await stream.next())["postvak"]["interneTaak"]["id"] == theirs

    assert {fact["interneTaak"]["id"] for fact in facts} == mine | {at_once}
    counters = {"aantalTeDoen": 4, "aantalNietToegewezen": 3, "aantalKlantAanDeLijn": 1}
    for fact in facts:
        assert fact == {
            "versie": 3,
            "soort": "TERUGGELEGD",
            "status": "TE_DOEN",
            "toelichting": None,
            "door": None,
            "medewerker": None,
            "interneTaak": {"id": fact["interneTaak"]["id"], "versie": 3, "medewerker": None},
            "postvak": counters,
        }
    assert after["laatsteVolgnummer"] == before["laatsteVolgnummer"] + 3
    assert after["interneTaken"]["edges"][0]["node"]["id"] == at_once
    assert (await colleague.data(TASK, id=finished))["interneTaak"] == {
        "versie": 3,
        "status": "GEDAAN",
        "medewerker": {"id": who.subject},
    }


@pytest.mark.parametrize(
    ("leave", "kept"),
    [
        (by_a_newer_token, True),
        (by_being_moved, True),
        (by_being_let_in_again, True),
        (by_being_deactivated, False),
    ],
)
async def test_they_keep_their_tasks_where_they_stay(
    server: Server, settings: Settings, leave: Leave, kept: bool
) -> None:
    who = newcomer("VER", "SOC")
    task = await task_in_hand(server, server.with_token(signed(who)), "SOC")
    await leave(server, settings, who)
    assert (await server.as_(DESK).data(TASK, id=task))["interneTaak"] == {
        "versie": 2 if kept else 3,
        "status": "TE_DOEN",
        "medewerker": {"id": who.subject} if kept else None,
    }


async def test_a_refused_token_lays_nothing_back(server: Server) -> None:
    who = newcomer("VER", "SOC")
    task = await task_in_hand(server, server.with_token(signed(who)), "VER")
    for issued, eenheden in ((NOW - 200, ["SOC"]), (NOW, ["SOC", "NOP"])):
        token = signed(who, iat=issued, eenheden=eenheden)
        assert (await server.with_token(token).post(ME)).status_code == 401
    assert (await server.as_(DESK).data(TASK, id=task))["interneTaak"]["versie"] == 2


async def test_what_is_laid_back_can_be_taken_by_a_colleague(server: Server, settings: Settings) -> None:
    who = newcomer("VER")
    task = await task_in_hand(server, server.with_token(signed(who)), "VER")
    await by_being_deactivated(server, settings, who)
    assert (await done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=task))["versie"] == 4


@each_way
async def test_what_they_finished_and_is_opened_again_is_nobodys(
    server: Server, settings: Settings, leave: Leave
) -> None:
    who = newcomer("VER", "SOC")
    client, colleague = server.with_token(signed(who)), server.as_(VERGUNNINGEN)
    task = await task_in_hand(server, client, "VER", at_once=True)
    await done(client, "wijzigInterneTaakStatus", id=task, versie=2, status="GEDAAN")
    await leave(server, settings, who)
    opened = await done(
        colleague, "wijzigInterneTaakStatus", id=task, versie=3, status="TE_DOEN", toelichting="Toch niet."
    )
    assert opened == {"id": task, "versie": 4, "status": "TE_DOEN", "medewerker": None}
    inbox = await inbox_of(colleague, server.eenheden["VER"])
    assert (inbox["aantalNietToegewezen"], inbox["aantalKlantAanDeLijn"]) == (1, 0)


async def test_what_is_opened_again_is_still_theirs_who_is_there(server: Server, settings: Settings) -> None:
    who = newcomer("VER", "SOC")
    client = server.with_token(signed(who))
    task = await task_in_hand(server, client, "VER")
    await done(client, "wijzigInterneTaakStatus", id=task, versie=2, status="GEDAAN")
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.move(who.subject, ["VER"])
    input = {"id": task, "versie": 3, "status": "TE_DOEN", "toelichting": "Toch niet."}
    opened = await done(server.as_(VERGUNNINGEN), "wijzigInterneTaakStatus", **input)
    assert opened["medewerker"] == {"id": who.subject}


async def answered(socket: Socket, message: JSON) -> str:
    """The type of the first message after this one was sent, or that the socket is closed."""
    try:
        await socket.send(message)
        return str((await socket.receive())["type"])
    except websockets.ConnectionClosed:
        return "closed"


@each_way
async def test_who_left_takes_no_task_there_over_a_socket_that_they_still_have_open(
    server: Server, settings: Settings, leave: Leave
) -> None:
    """Rights follow the record: a task is never in the hands of who is not of its department."""
    who = newcomer("VER", "SOC")
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    async with server.with_token(signed(who)).socket() as socket:
        await leave(server, settings, who)
        payload = {"query": TAKE, "variables": {"id": task["id"]}}
        asked = {"id": "take", "type": "subscribe", "payload": payload}
        assert await answered(socket, asked) in ("next", "error", "closed")
    assert (await server.as_(DESK).data(TASK, id=task["id"]))["interneTaak"]["medewerker"] is None
