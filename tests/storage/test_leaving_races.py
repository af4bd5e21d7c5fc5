"""Who is given a task while they leave: whichever of the two is first, they have no open task where they are not.

On PostgreSQL, where transactions run beside each other. SQLite has one writer: one of the two is always first.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.settings import Settings
from tests.rules.test_leaving import ME, Leave, by_being_moved, each_way, inbox_of
from tests.support.arrange import ask, deed, done, new_taak, registreer, taak
from tests.support.locks import numbers_held_back, waits_or_is_over
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN, Person
from tests.support.server import Server
from tests.support.tokens import newcomer, signed

pytestmark = pytest.mark.database("postgresql")

TASK = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    interneTaken { edges { node { medewerker { id } logboek { soort medewerker { id } } } } }
  }
}
"""

NAMED = """
mutation ($input: INPUT!) { answer: MUTATION(input: $input) { ... on OngeldigeInvoer { velden { pad } } } }
"""
STANDS = "query ($id: ID!) { interneTaak(id: $id) { medewerker { id } logboek { soort } } }"

Give = Callable[[Server, Person, str], Awaitable[object]]


async def by_a_registration(server: Server, who: Person, _: str) -> None:
    await new_taak(server.as_(DESK), server.eenheden["BUR"], medewerkerId=who.subject)


async def by_giving_it_to_them(server: Server, who: Person, task: str) -> None:
    bur = server.with_token(signed(newcomer("BUR")))
    await done(bur, "wijsInterneTaakToe", id=task, versie=1, medewerkerId=who.subject)


async def by_forwarding_it_to_them(server: Server, who: Person, task: str) -> None:
    to = {"organisatorischeEenheidId": server.eenheden["BUR"], "medewerkerId": who.subject}
    await done(server.as_(VERGUNNINGEN), "stuurInterneTaakDoor", id=task, versie=1, toelichting="Voor u.", **to)


async def by_taking_it_themselves(server: Server, who: Person, task: str) -> None:
    await done(server.with_token(signed(who)), "neemInterneTaak", id=task)


async def by_opening_it_again(server: Server, who: Person, task: str) -> None:
    bur = server.with_token(signed(newcomer("BUR")))
    input = {"id": task, "versie": 2, "status": "TE_DOEN", "toelichting": "Toch niet."}
    await done(bur, "wijzigInterneTaakStatus", **input)


async def task_before(server: Server, who: Person, give: Give, first_in: str | None) -> str:
    """The task that they are given, if it is there already."""
    if first_in is None:
        return ""
    task = (await new_taak(server.as_(DESK), server.eenheden[first_in]))["id"]
    if give is by_opening_it_again:
        await done(server.with_token(signed(who)), "wijzigInterneTaakStatus", id=task, versie=1, status="GEDAAN")
    return str(task)


@each_way
@pytest.mark.parametrize(
    ("give", "first_in"),
    [
        (by_a_registration, None),
        (by_giving_it_to_them, "BUR"),
        (by_forwarding_it_to_them, "VER"),
        (by_taking_it_themselves, "BUR"),
        (by_opening_it_again, "BUR"),
    ],
    ids=["registered for them", "given to them", "forwarded to them", "taken", "opened again"],
)
async def test_who_is_given_a_task_while_they_leave_does_not_keep_it(
    server: Server, settings: Settings, leave: Leave, give: Give, first_in: str | None
) -> None:
    who, bur = newcomer("BUR", "SOC"), server.eenheden["BUR"]
    await server.with_token(signed(who)).data(ME)
    await server.with_token(signed(newcomer("BUR"))).data(ME)
    task = await task_before(server, who, give, first_in)

    with numbers_held_back(settings, bur):
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


async def in_hand_of_who_leaves(server: Server, who: Person, colleague: Person) -> str:
    """A task of Burgerzaken in the hands of somebody, whose colleague has logged in as well."""
    await server.with_token(signed(colleague)).data(ME)
    task = (await new_taak(server.as_(DESK), server.eenheden["BUR"]))["id"]
    await done(server.with_token(signed(who)), "neemInterneTaak", id=task)
    return str(task)


# What would make a task theirs: who asks it, how, and of which task.
GIVING: dict[str, tuple[Person, str, dict[str, Any]]] = {
    "registered for them": (DESK, "registreerInterneTaak", {"gevraagdeHandeling": "Terugbellen"}),
    "given to them": (BURGERZAKEN, "wijsInterneTaakToe", {"versie": 1}),
    "forwarded to them": (VERGUNNINGEN, "stuurInterneTaakDoor", {"versie": 1, "toelichting": "Voor u."}),
}


@each_way
@pytest.mark.parametrize("give", GIVING)
async def test_who_has_just_left_is_given_no_task(
    server: Server, settings: Settings, leave: Leave, give: str
) -> None:
    """What waited for their record sees it as it stands then."""
    who, bur = newcomer("BUR", "SOC"), server.eenheden["BUR"]
    await in_hand_of_who_leaves(server, who, BURGERZAKEN)
    contact = await registreer(server.as_(DESK), taak(bur), taak(server.eenheden["VER"]))
    at_bur, at_ver = (task["id"] for task in contact["interneTaken"])
    person, mutation, input = GIVING[give]
    if person == DESK:
        input = input | {"klantcontactId": contact["id"]}
    else:
        input = input | {"id": at_bur if person == BURGERZAKEN else at_ver}
    if person != BURGERZAKEN:
        input = input | {"organisatorischeEenheidId": bur}

    with numbers_held_back(settings, bur):
        leaving = asyncio.ensure_future(leave(server, settings, who))
        await waits_or_is_over(settings, leaving, 1)
        giving = asyncio.ensure_future(ask(server.as_(person), NAMED, mutation, medewerkerId=who.subject, **input))
        await waits_or_is_over(settings, giving, 2)
    answer, _ = await asyncio.gather(giving, leaving)
    assert [veld["pad"] for veld in answer["velden"]] == [["medewerkerId"]]


async def test_who_refers_to_an_employee_who_is_leaving_does_not_wait_for_that(
    server: Server, settings: Settings
) -> None:
    """Such as a note on a task that they keep: it is told whose that is."""
    who = newcomer("BUR", "SOC")
    await in_hand_of_who_leaves(server, who, BURGERZAKEN)
    kept = (await new_taak(server.as_(DESK), server.eenheden["SOC"]))["id"]
    await done(server.with_token(signed(who)), "neemInterneTaak", id=kept)
    with numbers_held_back(settings, server.eenheden["BUR"]):
        leaving = asyncio.ensure_future(by_being_moved(server, settings, who))
        await waits_or_is_over(settings, leaving, 1)
        await done(server.as_(DESK), "voegToelichtingToe", id=kept, toelichting="De klant belt terug.")
        assert not leaving.done()
    await leaving


async def test_who_does_two_things_at_once_waits_for_neither(server: Server, settings: Settings) -> None:
    desk = server.as_(DESK)
    await desk.data(ME)
    with numbers_held_back(settings, server.eenheden["BUR"]):
        one = asyncio.ensure_future(new_taak(desk, server.eenheden["BUR"]))
        await waits_or_is_over(settings, one, 1)
        await new_taak(desk, server.eenheden["VER"])
        assert not one.done()
    await one


# What a colleague may do meanwhile with a task that somebody has who leaves, the facts that tell of it, and whose
# the task is then.
MEANWHILE: dict[str, tuple[str, dict[str, Any], list[str], str]] = {
    "finished": ("wijzigInterneTaakStatus", {"status": "GEDAAN"}, ["GEDAAN"], "WHO LEFT"),
    "laid back": ("legInterneTaakTerug", {}, ["TERUGGELEGD"], "NOBODY"),
    "given to another": ("wijsInterneTaakToe", {"medewerkerId": "COLLEAGUE"}, ["TOEGEWEZEN"], "COLLEAGUE"),
    "sent on": (
        "stuurInterneTaakDoor",
        {"organisatorischeEenheidId": "VER", "toelichting": "Voor jullie."},
        ["DOORGESTUURD", "ONTVANGEN"],
        "NOBODY",
    ),
}


@each_way
@pytest.mark.parametrize("meanwhile", MEANWHILE)
async def test_what_a_colleague_did_with_the_task_of_who_leaves_stands(
    server: Server, settings: Settings, leave: Leave, meanwhile: str
) -> None:
    """Their tasks are locked before they are laid back: what is somebody else's by then is left."""
    who, colleague, bur = newcomer("BUR", "SOC"), newcomer("BUR"), server.eenheden["BUR"]
    task = await in_hand_of_who_leaves(server, who, colleague)
    mutation, input, told, whose = MEANWHILE[meanwhile]
    named = server.eenheden | {"COLLEAGUE": colleague.subject}
    input = {key: named.get(value, value) for key, value in input.items()}

    with numbers_held_back(settings, bur):
        asked = done(server.with_token(signed(colleague)), mutation, id=task, versie=2, **input)
        doing = asyncio.ensure_future(asked)
        await waits_or_is_over(settings, doing, 1)
        assert not doing.done()
        leaving = asyncio.ensure_future(leave(server, settings, who))
        await waits_or_is_over(settings, leaving, 2)
        assert not leaving.done()
    await asyncio.gather(doing, leaving)

    stands = (await server.as_(DESK).data(STANDS, id=task))["interneTaak"]
    assert [fact["soort"] for fact in stands["logboek"]] == ["GEREGISTREERD", "GENOMEN", *told]
    ids = {"WHO LEFT": who.subject, "COLLEAGUE": colleague.subject}
    assert stands["medewerker"] == ({"id": ids[whose]} if whose in ids else None)
    await inbox_of(server.with_token(signed(colleague)), bur)


@each_way
async def test_a_deed_that_waited_while_the_task_was_laid_back_is_stale(
    server: Server, settings: Settings, leave: Leave
) -> None:
    who, colleague, bur = newcomer("BUR", "SOC"), newcomer("BUR"), server.eenheden["BUR"]
    task = await in_hand_of_who_leaves(server, who, colleague)

    with numbers_held_back(settings, bur):
        leaving = asyncio.ensure_future(leave(server, settings, who))
        await waits_or_is_over(settings, leaving, 1)
        finish = deed(
            server.with_token(signed(colleague)), "wijzigInterneTaakStatus", id=task, versie=2, status="GEDAAN"
        )
        doing = asyncio.ensure_future(finish)
        await waits_or_is_over(settings, doing, 2)
    answer, _ = await asyncio.gather(doing, leaving)

    assert answer["__typename"] == "VersieVerouderd"
    logboek = (await server.as_(DESK).data(STANDS, id=task))["interneTaak"]["logboek"]
    assert [fact["soort"] for fact in logboek] == ["GEREGISTREERD", "GENOMEN", "TERUGGELEGD"]
