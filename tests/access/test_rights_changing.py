"""When a connected caller's rights change, what they may no longer see stops, whichever process changed them."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from app.settings import Settings
from tests.support.arrange import command_line, new_taak
from tests.support.client import Client, Stream
from tests.support.people import DESK, VERGUNNINGEN, Person
from tests.support.server import Server, serving, serving_two
from tests.support.template import Template
from tests.support.tokens import NOW, newcomer, signed

POSTVAK = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer organisatorischeEenheid { identificatie } }
}
"""
TAAK = "subscription ($id: ID!) { interneTaak(id: $id) { versie soort } }"
ME = "{ ik { medewerker { id } postvakken { organisatorischeEenheid { identificatie } } } }"
NOTE = """
mutation ($id: ID!) {
  voegToelichtingToe(input: { id: $id, toelichting: "Graag voor vijf uur." }) { __typename }
}
"""
REGISTER = """
mutation ($id: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Dakkapel", interneTaken: [{ gevraagdeHandeling: "Terugbellen", organisatorischeEenheidId: $id }]
  }) { __typename }
}
"""
ADD = """
mutation ($contact: ID!, $id: ID!) {
  registreerInterneTaak(input: {
    klantcontactId: $contact, gevraagdeHandeling: "Terugbellen", organisatorischeEenheidId: $id
  }) { __typename }
}
"""
CONTACT = "query ($task: ID!) { interneTaak(id: $task) { ontstaanUitKlantcontact { id } } }"
TAKE = "mutation ($id: ID!) { neemInterneTaak(input: { id: $id }) { __typename } }"


@pytest.fixture
def watchful(settings: Settings) -> Settings:
    """Settings with which rights are looked at often, and a login is believed for long."""
    return settings.model_copy(update={"rights_poll_seconds": 0.05, "login_seconds": 60})


@pytest.fixture
async def server(watchful: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(watchful, template.eenheden) as running:
        yield running


async def deactivated(settings: Settings, who: Person) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=False)


async def moved_away(settings: Settings, who: Person) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.move(who.subject, ["SOC"])


async def department_closed(settings: Settings, who: Person) -> None:
    async with command_line(settings) as (eenheden, _):
        await eenheden.set_actief(who.eenheden[0], actief=False)


Change = Callable[[Settings, Person], Awaitable[None]]
each_change = pytest.mark.parametrize(
    "change", [deactivated, moved_away, department_closed], ids=lambda change: change.__name__.replace("_", " ")
)


@asynccontextmanager
async def following(server: Server, who: Person) -> AsyncIterator[Stream]:
    """The inbox of an employee's department on a socket of its own, followed already: what is still to begin is
    refused by itself, and its socket stays.
    """
    eenheid = server.eenheden[who.eenheden[0]]
    await new_taak(server.as_(DESK), eenheid)
    async with server.with_token(signed(who)).follow(POSTVAK, eenheid=eenheid) as stream:
        await stream.next()
        yield stream


@each_change
async def test_a_socket_on_which_nothing_is_left_is_closed_with_4401(
    server: Server, watchful: Settings, change: Change
) -> None:
    who = newcomer("VER")
    async with following(server, who) as stream:
        await change(watchful, who)
        assert await stream.socket.closed() == 4401


@each_change
async def test_it_is_so_on_every_process(watchful: Settings, template: Template, change: Change) -> None:
    who = newcomer("VER")
    async with (
        serving_two(watchful, template.eenheden) as (one, other),
        following(one, who) as here,
        following(other, who) as there,
    ):
        await change(watchful, who)
        assert [await stream.socket.closed() for stream in (here, there)] == [4401, 4401]


@each_change
async def test_an_event_stream_ends(server: Server, watchful: Settings, change: Change) -> None:
    who = newcomer("VER")
    await new_taak(server.as_(DESK), server.eenheden["VER"])
    async with server.with_token(signed(who)).events(POSTVAK, eenheid=server.eenheden["VER"]) as events:
        assert (await events.event()).name == "next"
        await change(watchful, who)
        if change is moved_away:
            refused = await events.event()
            assert [error["extensions"]["code"] for error in refused.data["errors"]] == ["NIET_BEVOEGD"]
            assert (await events.event()).name == "complete"
            assert await events.ended()
        else:
            with pytest.raises(httpx.RemoteProtocolError):
                await events.event()


async def test_who_leaves_one_of_their_departments_goes_on_with_the_other(
    server: Server, watchful: Settings
) -> None:
    who, desk = newcomer("VER", "BUR"), server.as_(DESK)
    eenheden = server.eenheden
    async with server.with_token(signed(who)).socket() as socket:
        left = await socket.subscribe(POSTVAK, eenheid=eenheden["VER"])
        kept = await socket.subscribe(POSTVAK, eenheid=eenheden["BUR"])
        for eenheid in ("VER", "BUR"):
            await new_taak(desk, eenheden[eenheid])
            fact = (await socket.receive())["payload"]["data"]["postvak"]
            assert fact["organisatorischeEenheid"]["identificatie"] == eenheid
        async with command_line(watchful) as (_, medewerkers):
            await medewerkers.move(who.subject, ["BUR"])
        assert await left.refused() == ["NIET_BEVOEGD"]
        await new_taak(desk, eenheden["VER"])
        await new_taak(desk, eenheden["BUR"])
        assert (await kept.next())["postvak"] == {
            "volgnummer": 2,
            "organisatorischeEenheid": {"identificatie": "BUR"},
        }
        me = await socket.subscribe(ME)
        assert (await me.next())["ik"]["postvakken"] == [{"organisatorischeEenheid": {"identificatie": "BUR"}}]


async def test_nothing_is_missed_and_nothing_told_twice_by_who_goes_on(server: Server, watchful: Settings) -> None:
    who, desk = newcomer("BUR", "VER"), server.as_(DESK)
    eenheid = server.eenheden["BUR"]
    async with server.with_token(signed(who)).follow(POSTVAK, eenheid=eenheid) as kept:
        lost = await kept.socket.subscribe(POSTVAK, eenheid=server.eenheden["VER"])
        for _ in range(3):
            await new_taak(desk, eenheid)
        async with command_line(watchful) as (_, medewerkers):
            await medewerkers.move(who.subject, ["BUR"])
        for _ in range(3):
            await new_taak(desk, eenheid)
        got: list[int] = []
        while len(got) < 6:
            message = await kept.socket.receive()
            if message["id"] == kept.id:
                got.append(message["payload"]["data"]["postvak"]["volgnummer"])
            else:
                assert (message["id"], message["type"]) == (lost.id, "error")
        assert got == [1, 2, 3, 4, 5, 6]


async def test_an_event_stream_goes_on_from_its_place_as_a_socket_does(server: Server, watchful: Settings) -> None:
    who, desk, eenheid = newcomer("BUR", "VER"), server.as_(DESK), server.eenheden["BUR"]
    task = await new_taak(desk, eenheid)
    client = server.with_token(signed(who))
    async with (
        client.events(POSTVAK, eenheid=eenheid) as kept,
        client.events(TAAK, id=task["id"]) as followed,
        client.events(POSTVAK, eenheid=server.eenheden["VER"]) as lost,
    ):
        for _ in range(2):
            await new_taak(desk, eenheid)
        async with command_line(watchful) as (_, medewerkers):
            await medewerkers.move(who.subject, ["BUR"])
        refusal = await lost.event()
        assert [error["extensions"]["code"] for error in refusal.data["errors"]] == ["NIET_BEVOEGD"]
        for _ in range(3):
            await new_taak(desk, eenheid)
        assert [(await kept.event()).id for _ in range(6)] == [str(number) for number in range(1, 7)]
        await desk.data(NOTE, id=task["id"])
        assert (await followed.next())["interneTaak"] == {"versie": 2, "soort": "TOEGELICHT"}


async def test_a_task_that_may_still_be_read_is_followed_on(server: Server, watchful: Settings) -> None:
    who, desk = newcomer("KCC", "VER"), server.as_(DESK)
    task = await new_taak(desk, server.eenheden["VER"])
    async with server.with_token(signed(who)).follow(TAAK, id=task["id"]) as stream:
        inbox = await stream.socket.subscribe(POSTVAK, eenheid=server.eenheden["VER"])
        await inbox.next()
        async with command_line(watchful) as (_, medewerkers):
            await medewerkers.move(who.subject, ["KCC"])
        assert await inbox.refused() == ["NIET_BEVOEGD"]
        await server.as_(VERGUNNINGEN).data(NOTE, id=task["id"])
        assert (await stream.next())["interneTaak"] == {"versie": 2, "soort": "TOEGELICHT"}


async def test_a_change_after_a_renewal_takes_nothing_of_the_time_that_it_gave(
    server: Server, watchful: Settings
) -> None:
    who, eenheden = newcomer("VER", "BUR"), server.eenheden
    short = server.with_token(signed(who, exp=int(time.time()) + 3))
    async with short.socket() as other, short.socket() as socket:
        kept = await socket.subscribe(POSTVAK, eenheid=eenheden["BUR"])
        lost = await socket.subscribe(POSTVAK, eenheid=eenheden["VER"])
        await socket.send({"type": "ping", "payload": {"authorization": f"Bearer {signed(who)}"}})
        assert (await socket.receive())["type"] == "pong"
        async with command_line(watchful) as (_, medewerkers):
            await medewerkers.move(who.subject, ["BUR"])
        assert await lost.refused() == ["NIET_BEVOEGD"]
        assert await other.closed() == 4403, "the one that was not renewed"
        await new_taak(server.as_(DESK), eenheden["BUR"])
        assert (await kept.next())["postvak"]["volgnummer"] == 1
        assert (await (await socket.subscribe(ME)).socket.receive())["type"] == "next"


async def test_who_comes_back_to_their_old_token_is_not_let_in(server: Server, watchful: Settings) -> None:
    who = newcomer("VER")
    async with following(server, who) as stream:
        await moved_away(watchful, who)
        await stream.socket.closed()
    assert await server.with_token(signed(who)).codes(ME) == ["NIET_AANGEMELD"]


async def believed(server: Server, who: Person, task: str) -> Client:
    """A client whose login the server has looked at, and believes for a while."""
    client = server.with_token(signed(who))
    await client.data(NOTE, id=task)
    return client


@pytest.mark.parametrize("change", [deactivated, department_closed], ids=["deactivated", "department closed"])
async def test_a_login_that_is_still_believed_handles_nothing_any_more(
    settings: Settings, template: Template, change: Change
) -> None:
    async with serving(settings.model_copy(update={"login_seconds": 60}), template.eenheden) as server:
        who = newcomer("VER")
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        client = await believed(server, who, task)
        await change(settings, who)
        assert await client.codes(TAKE, id=task) == ["NIET_AANGEMELD"]


async def test_who_was_moved_takes_nothing_from_the_inbox_that_they_left(
    settings: Settings, template: Template
) -> None:
    async with serving(settings.model_copy(update={"login_seconds": 60}), template.eenheden) as server:
        who = newcomer("VER")
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        client = await believed(server, who, task)
        await moved_away(settings, who)
        assert (await client.data(TAKE, id=task))["neemInterneTaak"] == {"__typename": "NietGevonden"}


async def test_a_login_that_is_still_believed_does_nothing_that_a_newer_token_took_away(
    settings: Settings, template: Template
) -> None:
    """Another process was shown the newer one."""
    long = settings.model_copy(update={"login_seconds": 60, "rights_poll_seconds": 60})
    async with serving_two(long, template.eenheden) as (one, other):
        who, eenheid = newcomer("VER", rollen=("KCC", "BEHANDELAAR")), one.eenheden["VER"]
        task = (await new_taak(one.as_(DESK), eenheid))["id"]
        client = await believed(one, who, task)
        contact = (await client.data(CONTACT, task=task))["interneTaak"]["ontstaanUitKlantcontact"]["id"]
        newer = replace(who, rollen=("LEZER",))
        await other.with_token(signed(newer, iat=NOW - 10)).data(ME)
        asked = [
            await client.data(REGISTER, id=eenheid),
            await client.data(ADD, contact=contact, id=eenheid),
            await client.data(TAKE, id=task),
        ]
        answers = [answer for data in asked for answer in data.values()]
        assert answers == [{"__typename": "NietBevoegd"}] * 3
