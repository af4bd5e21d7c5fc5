"""A `versie` is stale when something was overwritten since. A note overwrites nothing, so it costs no deed."""

from asyncio import gather
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import ask, done, new_taak, stored
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving

DO = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { ...Taak } }
    ... on VersieVerouderd { interneTaak { ...Taak } }
    ... on OvergangGeweigerd { interneTaak { ...Taak } }
  }
}
fragment Taak on InterneTaak { versie status medewerker { id } logboek { soort versie toelichting } }
"""

NOTE = "De klant belt met een ander nummer terug."

GUARDED: dict[str, tuple[str, dict[str, Any]]] = {
    "given": ("wijsInterneTaakToe", {"medewerkerId": VERGUNNINGEN_COLLEGA.subject}),
    "laid back": ("legInterneTaakTerug", {}),
    "finished": ("wijzigInterneTaakStatus", {"status": "GEDAAN"}),
    "opened again": ("wijzigInterneTaakStatus", {"status": "TE_DOEN", "toelichting": "Toch niet."}),
    "sent on": ("stuurInterneTaakDoor", {"toelichting": "Voor jullie."}),
    "withdrawn": ("trekInterneTaakIn", {"toelichting": "Opgehangen."}),
}
"""Every deed that is guarded by a versie."""
BEFORE = {"laid back": ("neemInterneTaak", {}), "opened again": ("wijzigInterneTaakStatus", {"status": "GEDAAN"})}
"""What must have been done before such a deed, where that is anything."""


@pytest.fixture
async def other_server(server: Server, settings: Settings) -> AsyncIterator[Server]:
    """A second serving process on the same database."""
    async with serving(settings, server.eenheden) as other:
        yield other


async def task_for(server: Server, deed: str) -> tuple[str, int]:
    """A task as far along as a deed needs it, and its versie."""
    made = await new_taak(server.as_(DESK), server.eenheden["VER"])
    if deed not in BEFORE:
        return made["id"], 1
    mutation, more = BEFORE[deed]
    guard = {"versie": 1} if more else {}
    await done(server.as_(VERGUNNINGEN), mutation, id=made["id"], **guard, **more)
    return made["id"], 2


def input_of(server: Server, deed: str) -> dict[str, Any]:
    to = {"organisatorischeEenheidId": server.eenheden["BUR"]} if deed == "sent on" else {}
    return GUARDED[deed][1] | to


@pytest.mark.parametrize("deed", GUARDED)
async def test_notes_that_came_in_meanwhile_cost_nobody_their_deed(server: Server, deed: str) -> None:
    task, versie = await task_for(server, deed)
    for number in range(3):
        await done(server.as_(DESK), "voegToelichtingToe", id=task, toelichting=f"{NOTE} {number}")
    who = server.as_(DESK if deed == "withdrawn" else VERGUNNINGEN)
    for seen in (versie + 4, versie - 1):
        answer = await ask(who, DO, GUARDED[deed][0], id=task, versie=seen, **input_of(server, deed))
        assert (answer["__typename"], answer["interneTaak"]["versie"]) == ("VersieVerouderd", versie + 3), seen
    answer = await ask(who, DO, GUARDED[deed][0], id=task, versie=versie, **input_of(server, deed))
    assert answer["__typename"] == "InterneTaakGewijzigd"
    told = answer["interneTaak"]["logboek"]
    assert [fact["versie"] for fact in told] == list(range(1, len(told) + 1))
    assert [fact["soort"] for fact in told[versie : versie + 3]] == ["TOEGELICHT"] * 3


async def test_what_was_overwritten_stays_overwritten_however_many_notes_came_before_and_after(
    server: Server, settings: Settings
) -> None:
    vera, victor, desk = (server.as_(who) for who in (VERGUNNINGEN, VERGUNNINGEN_COLLEGA, DESK))
    task = (await new_taak(desk, server.eenheden["VER"]))["id"]
    await done(desk, "voegToelichtingToe", id=task, toelichting=NOTE)
    await done(victor, "neemInterneTaak", id=task)
    await done(desk, "voegToelichtingToe", id=task, toelichting=NOTE)
    before = stored(settings)
    for seen in (1, 2):
        stale = await ask(vera, DO, "wijzigInterneTaakStatus", id=task, versie=seen, status="GEDAAN")
        assert stale["__typename"] == "VersieVerouderd"
        assert stale["interneTaak"]["medewerker"] == {"id": VERGUNNINGEN_COLLEGA.subject}
    assert stored(settings) == before
    await done(vera, "wijzigInterneTaakStatus", id=task, versie=3, status="GEDAAN")


async def test_a_second_try_of_a_deed_that_succeeded_is_stale_and_shows_it_also_behind_a_note(
    server: Server,
) -> None:
    vera, task = server.as_(VERGUNNINGEN), (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
    await done(vera, "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN")
    await done(server.as_(DESK), "voegToelichtingToe", id=task, toelichting=NOTE)
    again = await ask(vera, DO, "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN")
    assert (again["__typename"], again["interneTaak"]["status"]) == ("VersieVerouderd", "GEDAAN")


async def test_of_a_note_and_a_finish_at_once_both_succeed(server: Server, other_server: Server) -> None:
    for round_ in range(20):
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        at = server if round_ % 2 else other_server
        deeds = [
            ask(at.as_(DESK), DO, "voegToelichtingToe", id=task, toelichting=NOTE),
            ask(server.as_(VERGUNNINGEN), DO, "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN"),
        ]
        answers = await gather(*deeds[:: 1 if round_ % 4 < 2 else -1])
        assert [answer["__typename"] for answer in answers] == ["InterneTaakGewijzigd"] * 2
        logboek = max((answer["interneTaak"]["logboek"] for answer in answers), key=len)
        assert {fact["soort"] for fact in logboek} == {"GEREGISTREERD", "TOEGELICHT", "GEDAAN"}


async def test_of_two_finishes_between_notes_at_once_one_wins_and_the_other_is_stale(
    server: Server, other_server: Server
) -> None:
    for _ in range(10):
        task = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"]
        finish = {"id": task, "versie": 1, "status": "GEDAAN"}
        answers = await gather(
            ask(server.as_(DESK), DO, "voegToelichtingToe", id=task, toelichting=NOTE),
            ask(server.as_(VERGUNNINGEN), DO, "wijzigInterneTaakStatus", **finish),
            ask(other_server.as_(DESK), DO, "voegToelichtingToe", id=task, toelichting=NOTE),
            ask(other_server.as_(VERGUNNINGEN_COLLEGA), DO, "wijzigInterneTaakStatus", **finish),
        )
        finished = sorted(answers[place]["__typename"] for place in (1, 3))
        assert finished == ["InterneTaakGewijzigd", "VersieVerouderd"]
