"""Who is given a task while he leaves: whichever of the two is first, he has no open task where he is not.

On PostgreSQL, where transactions run beside each other. SQLite has one writer: one of the two is always first.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.settings import Settings
from tests.support.arrange import done, new_taak
from tests.support.locks import numbers_held_back, waits_or_is_over
from tests.support.people import DESK, VERGUNNINGEN, Person
from tests.support.server import Server
from tests.support.tokens import newcomer, signed
from tests.test_leaving import LEAVING, ME, Leave, inbox_of

pytestmark = pytest.mark.database("postgresql")

TASK = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    interneTaken { edges { node { medewerker { id } logboek { soort medewerker { id } } } } }
  }
}
"""

Give = Callable[[Server, Person, str], Awaitable[object]]


async def by_a_registration(server: Server, who: Person, _: str) -> None:
    await new_taak(server.as_(DESK), server.eenheden["BUR"], medewerkerId=who.subject)


async def by_giving_it_to_him(server: Server, who: Person, task: str) -> None:
    bur = server.with_token(signed(newcomer("BUR")))
    await done(bur, "wijsInterneTaakToe", id=task, versie=1, medewerkerId=who.subject)


async def by_forwarding_it_to_him(server: Server, who: Person, task: str) -> None:
    to = {"organisatorischeEenheidId": server.eenheden["BUR"], "medewerkerId": who.subject}
    await done(server.as_(VERGUNNINGEN), "stuurInterneTaakDoor", id=task, versie=1, toelichting="Voor u.", **to)


async def by_opening_it_again(server: Server, who: Person, task: str) -> None:
    bur = server.with_token(signed(newcomer("BUR")))
    input = {"id": task, "versie": 2, "status": "TE_DOEN", "toelichting": "Toch niet."}
    await done(bur, "wijzigInterneTaakStatus", **input)


async def task_before(server: Server, who: Person, give: Give, first_in: str | None) -> str:
    """The task that he is given, if it is there already."""
    if first_in is None:
        return ""
    task = (await new_taak(server.as_(DESK), server.eenheden[first_in]))["id"]
    if give is by_opening_it_again:
        await done(server.with_token(signed(who)), "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN")
    return str(task)


@pytest.mark.parametrize("leave", LEAVING, ids=lambda leave: leave.__name__.replace("_", " "))
@pytest.mark.parametrize(
    ("give", "first_in"),
    [
        (by_a_registration, None),
        (by_giving_it_to_him, "BUR"),
        (by_forwarding_it_to_him, "VER"),
        (by_opening_it_again, "BUR"),
    ],
    ids=["registered for him", "given to him", "forwarded to him", "opened again"],
)
async def test_who_is_given_a_task_while_he_leaves_does_not_keep_it(
    server: Server, settings: Settings, leave: Leave, give: Give, first_in: str | None
) -> None:
    who, bur = newcomer("BUR", "SOC"), server.eenheden["BUR"]
    await server.with_token(signed(who)).data(ME)
    await server.with_token(signed(newcomer("BUR"))).data(ME)
    task = await task_before(server, who, give, first_in)

    async with numbers_held_back(settings, bur):
        giving = asyncio.ensure_future(give(server, who, task))
        await waits_or_is_over(settings, giving, 1)
        assert not giving.done()
        leaving = asyncio.ensure_future(leave(server, settings, who))
        await waits_or_is_over(settings, leaving, 2)
    await asyncio.gather(giving, leaving)

    viewer = server.with_token(signed(newcomer("BUR")))
    await inbox_of(viewer, bur)
    [edge] = (await viewer.data(TASK, eenheid=bur))["postvak"]["interneTaken"]["edges"]
    assert edge["node"]["medewerker"] is None
    *_, given, laid_back = edge["node"]["logboek"]
    assert given["medewerker"] == {"id": who.subject}
    assert laid_back == {"soort": "TERUGGELEGD", "medewerker": None}
