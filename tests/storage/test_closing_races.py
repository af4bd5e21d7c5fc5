"""A department closes, or a task changes hands, while a deed is under way: the rules hold as it stands at the end.

On PostgreSQL, where transactions run beside each other: what somebody else holds is waited for in the midst.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import ask, deed, done, new_taak, registreer, stored, taak
from tests.support.client import JSON
from tests.support.each import each
from tests.support.locks import changing, numbers_held_back, waits_or_is_over
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

pytestmark = pytest.mark.database("postgresql")

REFUSED = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) { __typename ... on OngeldigeInvoer { velden { pad code } } }
}
"""
TASK = "query ($id: ID!) { interneTaak(id: $id) { logboek { soort medewerker { id } } } }"

EENHEID = "organisatorische_eenheid"
CLOSE = "UPDATE organisatorische_eenheid SET actief = false WHERE id = :id"


async def while_it_closes(settings: Settings, eenheid_id: str, asked: Awaitable[JSON]) -> JSON:
    """The answer to what was asked while a department was being closed, and got so far as to wait for that."""
    # Everybody else sees it open, and closed when this ends.
    with changing(settings, CLOSE, id=eenheid_id):
        doing = asyncio.ensure_future(asked)
        await waits_or_is_over(settings, doing, 1)
        assert not doing.done()
    return await doing


async def refused_while_it_closes(settings: Settings, eenheid_id: str, asked: Awaitable[JSON]) -> JSON:
    """Why it is refused what was asked while a department was being closed; nothing of it may be left."""
    before = stored(settings)
    answer = await while_it_closes(settings, eenheid_id, asked)
    changed = set(stored(settings)) ^ set(before)
    # The department, as it was and as it is.
    assert len(changed) == 2
    assert all(row.startswith(EENHEID) for row in each(changed))
    return answer["velden"]


async def test_a_task_is_not_sent_to_a_department_that_closes_meanwhile(server: Server, settings: Settings) -> None:
    task, soc = (await new_taak(server.as_(DESK), server.eenheden["VER"]))["id"], server.eenheden["SOC"]
    forward = ask(
        server.as_(VERGUNNINGEN), REFUSED, "stuurInterneTaakDoor",
        id=task, versie=1, organisatorischeEenheidId=soc, toelichting="Voor jullie.",
    )  # fmt: skip
    velden = await refused_while_it_closes(settings, soc, forward)
    assert velden == [{"pad": ["organisatorischeEenheidId"], "code": "INACTIEF"}]


async def test_of_a_registration_for_several_departments_nothing_is_left_where_one_closes_meanwhile(
    server: Server, settings: Settings
) -> None:
    taken = [taak(server.eenheden[key]) for key in ("VER", "SOC", "BUR")]
    register = ask(server.as_(DESK), REFUSED, "registreerKlantcontact", onderwerp="Dakkapel", interneTaken=taken)
    velden = await refused_while_it_closes(settings, server.eenheden["SOC"], register)
    assert velden == [{"pad": ["interneTaken", "1", "organisatorischeEenheidId"], "code": "INACTIEF"}]


async def test_no_task_is_added_for_a_department_that_closes_meanwhile(server: Server, settings: Settings) -> None:
    desk, soc = server.as_(DESK), server.eenheden["SOC"]
    contact = await registreer(desk)
    add = ask(desk, REFUSED, "registreerInterneTaak", **taak(soc, klantcontactId=contact["id"]))
    velden = await refused_while_it_closes(settings, soc, add)
    assert velden == [{"pad": ["organisatorischeEenheidId"], "code": "INACTIEF"}]


# What overwrites or tells something of a task that stands in the department: it is no new one.
HANDLED: dict[str, tuple[str, dict[str, Any]]] = {
    "taken": ("neemInterneTaak", {}),
    "finished": ("wijzigInterneTaakStatus", {"versie": 1, "status": "GEDAAN"}),
    "opened again": ("wijzigInterneTaakStatus", {"versie": 2, "status": "TE_DOEN", "toelichting": "Toch niet."}),
    "sent on": ("stuurInterneTaakDoor", {"versie": 1, "toelichting": "Voor jullie."}),
}


@pytest.mark.parametrize("how", HANDLED)
async def test_what_is_handled_in_a_department_that_closes_meanwhile_is_done(
    server: Server, settings: Settings, how: str
) -> None:
    vera, ver = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    task = (await new_taak(server.as_(DESK), ver))["id"]
    mutation, input = HANDLED[how]
    if how == "opened again":
        await done(vera, "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN")
    to = {"organisatorischeEenheidId": server.eenheden["BUR"]} if how == "sent on" else {}
    answer = await while_it_closes(settings, ver, deed(vera, mutation, id=task, **input, **to))
    assert answer["__typename"] == "InterneTaakGewijzigd"


async def test_what_is_opened_again_stays_with_who_finished_it_meanwhile(
    server: Server, settings: Settings
) -> None:
    """Whose it was is looked up before the task is locked, and again where that was somebody else."""
    vera, victor, ver = server.as_(VERGUNNINGEN), server.as_(VERGUNNINGEN_COLLEGA), server.eenheden["VER"]
    task = (await new_taak(server.as_(DESK), ver))["id"]
    with numbers_held_back(settings, ver):
        finish = done(vera, "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN")
        finishing = asyncio.ensure_future(finish)
        await waits_or_is_over(settings, finishing, 1)
        again = {"id": task, "versie": 2, "status": "TE_DOEN", "toelichting": "Toch niet."}
        opening = asyncio.ensure_future(done(victor, "wijzigInterneTaakStatus", **again))
        await waits_or_is_over(settings, opening, 2)
    _, opened = await asyncio.gather(finishing, opening)
    assert opened == {"id": task, "versie": 3, "status": "TE_DOEN", "medewerker": {"id": VERGUNNINGEN.subject}}
    _, *told = (await vera.data(TASK, id=task))["interneTaak"]["logboek"]
    whose = {"medewerker": {"id": VERGUNNINGEN.subject}}
    assert told == [{"soort": "GEDAAN", **whose}, {"soort": "HEROPEND", **whose}]


@pytest.mark.parametrize(
    ("mutation", "input", "answer"),
    [
        ("neemInterneTaak", {}, "NietBevoegd"),
        ("wijzigInterneTaakStatus", {"versie": 1, "status": "GEDAAN"}, "VersieVerouderd"),
        ("voegToelichtingToe", {"toelichting": "De klant belt terug."}, "InterneTaakGewijzigd"),
    ],
)
async def test_who_waited_while_a_task_was_sent_on_sees_it_on(
    server: Server, settings: Settings, mutation: str, input: dict[str, Any], answer: str
) -> None:
    """What lets a colleague see it from then on, that it came from their department, is of the same moment."""
    vera, victor, ver = server.as_(VERGUNNINGEN), server.as_(VERGUNNINGEN_COLLEGA), server.eenheden["VER"]
    task = (await new_taak(server.as_(DESK), ver))["id"]
    to = {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": "Voor jullie."}
    with numbers_held_back(settings, ver):
        forwarding = asyncio.ensure_future(done(vera, "stuurInterneTaakDoor", id=task, versie=1, **to))
        await waits_or_is_over(settings, forwarding, 1)
        waiting = asyncio.ensure_future(deed(victor, mutation, id=task, **input))
        await waits_or_is_over(settings, waiting, 2)
    _, told = await asyncio.gather(forwarding, waiting)
    assert told["__typename"] == answer
