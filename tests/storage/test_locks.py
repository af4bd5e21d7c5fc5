"""What transactions on PostgreSQL hold and wait for: in one order everywhere, so that none waits for another in a
circle, and what was true before a lock is asked again under it. SQLite has one writer, and locks no rows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.settings import Settings
from tests.rules.test_leaving import inbox_of
from tests.support.arrange import add_taak, command_line, deed, done, new_taak, registreer, taak
from tests.support.databases import rows
from tests.support.locks import held, is_free, numbers_held_back, waits_or_is_over
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

pytestmark = pytest.mark.database("postgresql")

EENHEID, TAAK, MEDEWERKER = "organisatorische_eenheid", "interne_taak", "medewerker"
HANDLERS = {"VER": VERGUNNINGEN, "BUR": BURGERZAKEN}


def begun(work: Awaitable[Any]) -> "asyncio.Task[Any]":
    return asyncio.ensure_future(work)


async def by_forwarding(server: Server, source: str, to: str) -> None:
    eenheden = {server.eenheden[key]: who for key, who in HANDLERS.items()}
    task = await new_taak(server.as_(DESK), source)
    away = {"organisatorischeEenheidId": to, "toelichting": "Voor jullie."}
    await done(server.as_(eenheden[source]), "stuurInterneTaakDoor", id=task["id"], versie=1, **away)


async def by_registering(server: Server, source: str, to: str) -> None:
    await registreer(server.as_(DESK), taak(source), taak(to), taak(source))


@pytest.mark.parametrize("write", [by_forwarding, by_registering], ids=["a forward", "a registration"])
async def test_numbers_of_two_departments_are_taken_in_the_order_of_their_ids(
    server: Server, settings: Settings, write: Callable[[Server, str, str], Awaitable[None]]
) -> None:
    lower, higher = sorted(server.eenheden[key] for key in HANDLERS)
    with numbers_held_back(settings, lower):
        # Its facts begin with the higher one's.
        writing = begun(write(server, higher, lower))
        await waits_or_is_over(settings, writing, 1)
        assert not writing.done()
        assert is_free(settings, EENHEID, higher)
    await writing
    with numbers_held_back(settings, higher):
        writing = begun(write(server, lower, higher))
        await waits_or_is_over(settings, writing, 1)
        assert not is_free(settings, EENHEID, lower)
    await writing


async def test_a_task_is_locked_before_its_department(server: Server, settings: Settings) -> None:
    task, ver = await new_taak(server.as_(DESK), server.eenheden["VER"]), server.eenheden["VER"]
    with held(settings, TAAK, task["id"]):
        taking = begun(done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=task["id"]))
        await waits_or_is_over(settings, taking, 1)
        assert not taking.done()
        assert is_free(settings, EENHEID, ver)
    await taking
    with numbers_held_back(settings, ver):
        finishing = begun(
            done(server.as_(VERGUNNINGEN), "wijzigInterneTaakStatus", id=task["id"], versie=2, status="GEDAAN")
        )
        await waits_or_is_over(settings, finishing, 1)
        assert not is_free(settings, TAAK, task["id"])
    await finishing


async def close(settings: Settings) -> None:
    async with command_line(settings) as (eenheden, _):
        await eenheden.set_actief("VER", actief=False)


async def move(settings: Settings) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.move(VERGUNNINGEN.subject, ["SOC"])


async def test_an_employee_is_locked_before_the_version_of_rights_and_that_before_tasks_and_departments(
    server: Server, settings: Settings
) -> None:
    vera, ver = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    task = await new_taak(server.as_(DESK), ver)
    await done(vera, "neemInterneTaak", id=task["id"])
    [[versie]] = rows(settings.database_url, "SELECT versie FROM rechten")
    for change, holds_the_employee in ((move, True), (close, False)):
        with held(settings, "rechten", versie, key="versie"):
            changing_rights = begun(change(settings))
            await waits_or_is_over(settings, changing_rights, 1)
            assert not changing_rights.done()
            assert all(is_free(settings, *row) for row in ((TAAK, task["id"]), (EENHEID, ver)))
            assert is_free(settings, MEDEWERKER, VERGUNNINGEN.subject) != holds_the_employee
        await changing_rights
        versie += 1


def departments(settings: Settings) -> list[str]:
    """Those of Vera as they are recorded."""
    found = "SELECT eenheid_id FROM medewerker_eenheid WHERE medewerker_id = :id"
    return [row[0] for row in rows(settings.database_url, found, id=VERGUNNINGEN.subject)]


async def test_of_two_moves_of_an_employee_at_once_the_later_one_stands(server: Server, settings: Settings) -> None:
    [[versie]] = rows(settings.database_url, "SELECT versie FROM rechten")
    async with command_line(settings) as (_, medewerkers), command_line(settings) as (_, others):
        with held(settings, "rechten", versie, key="versie"):
            first = begun(medewerkers.move(VERGUNNINGEN.subject, ["SOC"]))
            await waits_or_is_over(settings, first, 1)
            second = begun(others.move(VERGUNNINGEN.subject, ["BUR"]))
            await waits_or_is_over(settings, second, 2)
            assert not second.done()
        await asyncio.gather(first, second)
    assert departments(settings) == [server.eenheden["BUR"]]


async def test_who_is_moved_meanwhile_has_the_rights_that_they_have_by_then(
    server: Server, settings: Settings
) -> None:
    vera, task = server.as_(VERGUNNINGEN), await new_taak(server.as_(DESK), server.eenheden["VER"])
    [[versie]] = rows(settings.database_url, "SELECT versie FROM rechten")
    with held(settings, "rechten", versie, key="versie"):
        moving = begun(move(settings))
        await waits_or_is_over(settings, moving, 1)
        taking = begun(deed(vera, "neemInterneTaak", id=task["id"]))
        registering = begun(registreer(vera))
        await waits_or_is_over(settings, moving, 3)
        assert not any(one.done() for one in (taking, registering))
    await moving
    assert (await taking)["__typename"] == "NietGevonden"
    of = "SELECT eenheid_id FROM klantcontact WHERE id = :id"
    registered = rows(settings.database_url, of, id=(await registering)["id"])
    assert [row[0] for row in registered] == [server.eenheden["SOC"]]


async def test_counters_that_many_move_at_once_count_what_is_there(server: Server, settings: Settings) -> None:
    desk, vera, victor = server.as_(DESK), server.as_(VERGUNNINGEN), server.as_(VERGUNNINGEN_COLLEGA)
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    contact = await registreer(desk, *(taak(ver, klantAanDeLijn=True) for _ in range(6)))
    first, second, third, fourth, *_ = (task["id"] for task in contact["interneTaken"])
    away = {"organisatorischeEenheidId": bur, "toelichting": "Voor jullie."}
    with numbers_held_back(settings, ver):
        deeds = [
            begun(work)
            for work in (
                done(vera, "neemInterneTaak", id=first),
                done(victor, "wijzigInterneTaakStatus", id=second, versie=1, status="GEDAAN"),
                done(vera, "stuurInterneTaakDoor", id=third, versie=1, **away),
                done(desk, "trekInterneTaakIn", id=fourth, versie=1, toelichting="Opgehangen."),
                add_taak(desk, contact["id"], ver),
            )
        ]
        await waits_or_is_over(settings, deeds[0], len(deeds))
        assert not any(one.done() for one in deeds)
    await asyncio.gather(*deeds)
    inbox = await inbox_of(vera, ver)
    counters = [inbox[name] for name in ("aantalTeDoen", "aantalNietToegewezen", "aantalKlantAanDeLijn")]
    assert (inbox["laatsteVolgnummer"], counters) == (11, [4, 3, 3])
    await inbox_of(server.as_(BURGERZAKEN), bur)
