"""What may have been done is never told as what can be asked again by itself, whichever deed it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import new_taak, taak
from tests.support.client import JSON, PATIENCE, Client
from tests.support.databases import commits_held, commits_waiting, counted, let_commits_wait, rows
from tests.support.locks import holding, numbers_held_back
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN
from tests.support.proxy import database_network
from tests.support.server import serving
from tests.support.template import Template
from tests.support.tokens import newcomer, signed
from tests.support.waiting import until

pytestmark = pytest.mark.database("postgresql")

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""
NOTE = "mutation ($input: VoegToelichtingToeInput!) { voegToelichtingToe(input: $input) { __typename } }"
TAKE = "mutation ($input: NeemInterneTaakInput!) { neemInterneTaak(input: $input) { __typename } }"
FINISH = (
    "mutation ($input: WijzigInterneTaakStatusInput!) { wijzigInterneTaakStatus(input: $input) { __typename } }"
)

# Who has an inbox open is read for the answer, from a table that no deed comes to.
REGISTER_AND_SHOW = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd {
      klantcontact { interneTaken { organisatorischeEenheid { aantalMetPostvakOpen } } }
    }
  }
}
"""
NOTE_AND_SHOW = """
mutation ($input: VoegToelichtingToeInput!) {
  voegToelichtingToe(input: $input) {
    ... on InterneTaakGewijzigd { interneTaak { organisatorischeEenheid { aantalMetPostvakOpen } } }
  }
}
"""
REGISTER_TWO = """
mutation ($first: RegistreerKlantcontactInput!, $second: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $first) { __typename }
  nogEen: registreerKlantcontact(input: $second) { __typename }
}
"""

NOBODY_READS = "LOCK TABLE postvak_lease IN ACCESS EXCLUSIVE MODE"
CONTACTS = "SELECT count(*) FROM klantcontact"
TOLD = "SELECT soort, count(*) AS aantal FROM gebeurtenis GROUP BY soort"

PERHAPS = {"code": "NIET_BESCHIKBAAR", "mogelijkUitgevoerd": True}
LATER = {"code": "NIET_BESCHIKBAAR"}

Ask = Callable[..., Awaitable[JSON]]


async def over_http(client: Client, document: str, **variables: object) -> JSON:
    """The extensions of the one error, whose status says the same: with 504 nothing is to be asked again."""
    response = await client.post(document, **variables)
    [error] = response.json()["errors"]
    is_perhaps = "mogelijkUitgevoerd" in error["extensions"]
    assert (response.status_code, "retry-after" in response.headers) == (
        (504, False) if is_perhaps else (503, True)
    )
    return error["extensions"]


async def over_an_event_stream(client: Client, document: str, **variables: Any) -> JSON:
    """As over HTTP, by a client that takes events only."""
    async with client.events(document, **variables) as events:
        await events.response.aread()
        assert (events.response.status_code, events.response.headers.get("retry-after")) in (
            (504, None),
            (503, "5"),
        )
        [error] = events.response.json()["errors"]
        assert ("mogelijkUitgevoerd" in error["extensions"]) == (events.response.status_code == 504)
        return error["extensions"]


async def over_a_socket(client: Client, document: str, **variables: object) -> JSON:
    """The extensions of the one error that ends the operation; the socket lives on."""
    async with client.socket() as socket:
        message = await (await socket.subscribe(document, **variables)).message()
        assert message["type"] == "error"
        [error] = message["payload"]
        assert (await (await socket.subscribe("{ kanalen }")).message())["type"] == "next"
        return error["extensions"]


each_way = pytest.mark.parametrize(
    "ask", [over_http, over_an_event_stream, over_a_socket], ids=lambda ask: ask.__name__.replace("_", " ")
)


def told(settings: Settings) -> dict[str, int]:
    """How many facts there are of each soort."""
    return {row.soort: row.aantal for row in rows(settings.database_url, TOLD)}


def impatient(settings: Settings, **more: object) -> Settings:
    return settings.model_copy(update={"database_wait_seconds": 1, "login_seconds": 60} | more)


async def known(*clients: Client) -> None:
    """They have logged in, so that nothing of them must be read."""
    for client in clients:
        await client.data("{ kanalen }")


@each_way
async def test_whatever_deeds_commit_got_no_answer_may_be_done_and_is_not_done_twice(
    settings: Settings, template: Template, ask: Ask
) -> None:
    """Each in a department of its own: in one they would wait for each other before they commit."""
    async with database_network(settings.database_url) as (between, url):
        there = impatient(settings, database_url=url, database_wait_seconds=3)
        async with serving(there, template.eenheden) as server:
            desk, bo, sam = server.as_(DESK), server.as_(BURGERZAKEN), server.with_token(signed(newcomer("SOC")))
            await known(desk, bo, sam)
            noted, taken, finished = [
                (await new_taak(desk, server.eenheden[key]))["id"] for key in ("VER", "BUR", "SOC")
            ]
            await asyncio.to_thread(let_commits_wait, settings.database_url)
            contact = {"onderwerp": "Dakkapel", "interneTaken": [taak(server.eenheden["KCC"])]}
            deeds = [
                (desk, REGISTER, contact),
                (desk, NOTE, {"id": noted, "toelichting": "De klant belt terug."}),
                (bo, TAKE, {"id": taken}),
                (sam, FINISH, {"id": finished, "versie": 1, "status": "GEDAAN"}),
            ]

            async def all_commit() -> bool:
                return await asyncio.to_thread(commits_waiting, settings.database_url) == len(deeds)

            with commits_held(settings.database_url):
                asked = [asyncio.ensure_future(ask(who, document, input=input)) for who, document, input in deeds]
                await until(all_commit)
                # Whatever PostgreSQL says from now on comes to nobody.
                between.hold()
            assert await asyncio.gather(*asked) == [PERHAPS] * len(deeds)
            between.release()

            async def all_are_told() -> bool:
                return await asyncio.to_thread(told, settings) == {
                    "GEREGISTREERD": 4, "TOEGELICHT": 1, "GENOMEN": 1, "GEDAAN": 1,
                }  # fmt: skip

            await until(all_are_told)


@each_way
@pytest.mark.parametrize("document", [REGISTER_AND_SHOW, NOTE_AND_SHOW], ids=["registered", "annotated"])
async def test_what_was_done_and_cannot_be_shown_is_not_told_as_undone(
    settings: Settings, template: Template, ask: Ask, document: str
) -> None:
    async with serving(impatient(settings), template.eenheden) as server:
        desk, ver = server.as_(DESK), server.eenheden["VER"]
        task = (await new_taak(desk, ver))["id"]
        input = {"onderwerp": "Dakkapel", "interneTaken": [taak(ver)]}
        if document == NOTE_AND_SHOW:
            input = {"id": task, "toelichting": "De klant belt terug."}
        with holding(settings, NOBODY_READS):
            assert await ask(desk, document, input=input) == PERHAPS
        assert sum(told(settings).values()) == 2


@each_way
async def test_where_the_first_of_two_deeds_was_done_nobody_is_told_to_ask_both_again(
    settings: Settings, template: Template, ask: Ask
) -> None:
    async with serving(impatient(settings), template.eenheden) as server:
        desk = server.as_(DESK)
        await known(desk)
        first, second = (
            {"onderwerp": "Dakkapel", "interneTaken": [taak(server.eenheden[key])]} for key in ("BUR", "VER")
        )
        with numbers_held_back(settings, server.eenheden["VER"]):
            assert await ask(desk, REGISTER_TWO, first=first, second=second) == PERHAPS
            assert counted(settings.database_url, CONTACTS) == 1
            # Where nothing was done it can be asked again.
            assert await ask(desk, REGISTER_TWO, first=second, second=first) == LATER
        assert counted(settings.database_url, CONTACTS) == 1


async def test_a_refused_deed_whose_answer_cannot_be_shown_is_asked_again(
    settings: Settings, template: Template
) -> None:
    """It did nothing."""
    document = """
    mutation ($input: WijzigInterneTaakStatusInput!) {
      wijzigInterneTaakStatus(input: $input) {
        ... on VersieVerouderd { interneTaak { organisatorischeEenheid { aantalMetPostvakOpen } } }
      }
    }
    """
    async with serving(impatient(settings), template.eenheden) as server:
        vera, ver = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        await known(vera)
        task = (await new_taak(server.as_(DESK), ver))["id"]
        with holding(settings, NOBODY_READS):
            stale = {"id": task, "versie": 7, "status": "GEDAAN"}
            assert await over_http(vera, document, input=stale) == LATER


async def test_a_deed_that_took_too_long_may_be_done(settings: Settings, template: Template) -> None:
    hasty = impatient(settings, max_execution_seconds=1, database_wait_seconds=PATIENCE)
    async with serving(hasty, template.eenheden) as server:
        desk = server.as_(DESK)
        await known(desk)
        await asyncio.to_thread(let_commits_wait, settings.database_url)
        contact = {"onderwerp": "Dakkapel", "interneTaken": [taak(server.eenheden["VER"])]}
        with commits_held(settings.database_url):
            [error] = (await desk.answer(REGISTER, input=contact))["errors"]
        limit = {"code": "LIMIET_OVERSCHREDEN", "limiet": "SECONDEN", "maximum": 1}
        assert error["extensions"] == limit | {"mogelijkUitgevoerd": True}

        async def is_stored() -> bool:
            return await asyncio.to_thread(counted, settings.database_url, CONTACTS) == 1

        await until(is_stored)
