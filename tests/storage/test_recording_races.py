"""What is recorded at once, of one employee or under one id: one is first, and the other finds what that left.

On PostgreSQL, where transactions run beside each other. SQLite has one writer: one of the two is always first.
"""

import asyncio
import time

import pytest

from app.settings import Settings
from tests.support.arrange import command_line, done, new_taak, registreer, taak
from tests.support.client import JSON
from tests.support.databases import connected, counted
from tests.support.locks import holding, numbers_held_back, waits_or_is_over
from tests.support.people import DESK, DESK_COLLEGA, Person
from tests.support.server import Server
from tests.support.tokens import NOW, newcomer, signed

pytestmark = pytest.mark.database("postgresql")

ME = "{ ik { medewerker { id } postvakken { organisatorischeEenheid { identificatie } } } }"
REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  answer: registreerKlantcontact(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd { klantcontact { id nummer interneTaken { id nummer versie } } }
    ... on IdAlInGebruik { gekozenId }
  }
}
"""
ADD = """
mutation ($input: RegistreerInterneTaakInput!) {
  answer: registreerInterneTaak(input: $input) {
    __typename
    ... on InterneTaakGeregistreerd { interneTaak { id nummer versie } }
    ... on IdAlInGebruik { gekozenId }
  }
}
"""

# As another process records somebody: with the departments of an employee who was there before.
RECORDED_ELSEWHERE = (
    "INSERT INTO medewerker (id, naam, actief, rollen, vastgesteld) "
    "VALUES ('{id}', 'Nel Nieuw', true, 'BEHANDELAAR', 1)",
    "INSERT INTO medewerker_eenheid (medewerker_id, eenheid_id, plaats) "
    "SELECT '{id}', id, 0 FROM organisatorische_eenheid WHERE identificatie = 'VER'",
)


async def eenheden_of(server: Server, token: str) -> list[str]:
    """The departments of who has a token; none where they are not let in."""
    response = await server.with_token(token).post(ME)
    if response.status_code == 401:
        return []
    return [one["organisatorischeEenheid"]["identificatie"] for one in response.json()["data"]["ik"]["postvakken"]]


async def with_a_task(server: Server, who: Person) -> None:
    """Somebody has an open task of Afdeling vergunningen: who records that they leave waits for its numbers."""
    task = await new_taak(server.as_(DESK), server.eenheden["VER"])
    await done(server.with_token(signed(who)), "neemInterneTaak", id=task["id"])


async def test_who_is_recorded_elsewhere_while_they_come_in_for_the_first_time_is_let_in(
    server: Server, settings: Settings
) -> None:
    who = newcomer("VER")
    with connected(settings.database_url) as elsewhere:
        # Whoever is new waits here, with a look at the employees behind them.
        elsewhere.exec_driver_sql("BEGIN; LOCK TABLE registratie IN ACCESS EXCLUSIVE MODE")
        coming = asyncio.ensure_future(eenheden_of(server, signed(who)))
        await waits_or_is_over(settings, coming, 1)
        for statement in RECORDED_ELSEWHERE:
            elsewhere.exec_driver_sql(statement.format(id=who.subject))
        elsewhere.exec_driver_sql("COMMIT")
    assert await coming == ["VER"]


async def test_a_token_that_is_older_than_one_that_is_just_recorded_is_refused(
    server: Server, settings: Settings
) -> None:
    who = newcomer("VER")
    await with_a_task(server, who)
    newest, between = (signed(who, iat=NOW - age, eenheden=[name]) for age, name in ((0, "SOC"), (50, "BUR")))
    with numbers_held_back(settings, server.eenheden["VER"]):
        first = asyncio.ensure_future(eenheden_of(server, newest))
        await waits_or_is_over(settings, first, 1)
        second = asyncio.ensure_future(eenheden_of(server, between))
        await waits_or_is_over(settings, second, 2)
    assert (await first, await second) == (["SOC"], [])
    assert await eenheden_of(server, newest) == ["SOC"]


async def test_who_is_moved_while_a_token_of_theirs_is_recorded_stays_where_they_were_moved_to(
    server: Server, settings: Settings
) -> None:
    who = newcomer("VER")
    await with_a_task(server, who)
    # A little ahead of our clock, as the clocks of issuers may be.
    ahead = signed(who, iat=int(time.time()) + 20, exp=NOW + 7200, eenheden=["SOC"])
    async with command_line(settings) as (_, medewerkers):
        with numbers_held_back(settings, server.eenheden["VER"]):
            coming = asyncio.ensure_future(eenheden_of(server, ahead))
            await waits_or_is_over(settings, coming, 1)
            moving = asyncio.ensure_future(medewerkers.move(who.subject, ["BUR"]))
            await waits_or_is_over(settings, moving, 2)
        await asyncio.gather(coming, moving)
    assert await eenheden_of(server, ahead) == []
    assert await eenheden_of(server, signed(who, eenheden=["BUR"])) == ["BUR"]


CHOSEN = "abcdef00-0000-4000-8000-00000000000c"


async def sent_twice(server: Server, settings: Settings, document: str, second: Person) -> tuple[JSON, JSON]:
    """The answers to a registration under a chosen id by the desk, and to the same that somebody sends before the
    first is stored.
    """
    ver = server.eenheden["VER"]
    input: JSON = {"id": CHOSEN, "onderwerp": "Dakkapel", "interneTaken": [taak(ver)]}
    if document == ADD:
        contact = await registreer(server.as_(DESK))
        input = taak(ver, id=CHOSEN, klantcontactId=contact["id"])
    with numbers_held_back(settings, ver):
        first = asyncio.ensure_future(server.as_(DESK).data(document, input=input))
        await waits_or_is_over(settings, first, 1)
        again = asyncio.ensure_future(server.as_(second).data(document, input=input))
        await waits_or_is_over(settings, again, 2)
    return (await first)["answer"], (await again)["answer"]


each_kind = pytest.mark.parametrize("document", [REGISTER, ADD], ids=["klantcontact", "interne taak"])


def number_of_tasks(settings: Settings) -> int:
    return counted(settings.database_url, "SELECT count(*) FROM interne_taak")


@each_kind
async def test_the_same_registration_that_comes_before_the_first_is_stored_is_answered_with_that(
    server: Server, settings: Settings, document: str
) -> None:
    first, again = await sent_twice(server, settings, document, DESK)
    assert first["__typename"].endswith("Geregistreerd")
    assert again == first
    assert number_of_tasks(settings) == 1


@each_kind
async def test_a_colleagues_registration_that_comes_before_the_first_is_stored_finds_its_id_in_use(
    server: Server, settings: Settings, document: str
) -> None:
    first, again = await sent_twice(server, settings, document, DESK_COLLEGA)
    assert first["__typename"].endswith("Geregistreerd")
    assert again == {"__typename": "IdAlInGebruik", "gekozenId": CHOSEN}
    assert number_of_tasks(settings) == 1


async def test_a_registration_that_waited_for_one_that_failed_is_the_first(
    server: Server, settings: Settings
) -> None:
    """As where the other process ended in the midst of it."""
    claim = "INSERT INTO registratie (id, nummer, medewerker_id) VALUES (:id, '1234567890', :wie)"
    input = {"id": CHOSEN, "onderwerp": "Dakkapel"}
    with holding(settings, claim, id=CHOSEN, wie=DESK.subject):
        doing = asyncio.ensure_future(server.as_(DESK).data(REGISTER, input=input))
        await waits_or_is_over(settings, doing, 1)
        assert not doing.done()
    assert (await doing)["answer"]["klantcontact"]["id"] == CHOSEN
