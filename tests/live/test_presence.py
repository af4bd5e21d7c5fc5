"""Who has an inbox open: over all processes, each employee once, and nobody whose process has died."""

import signal

import pytest

from app.settings import Settings
from tests.support.arrange import command_line, new_taak, registreer, taak
from tests.support.client import Client
from tests.support.databases import rows
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
)
from tests.support.processes import serving_process
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.tokens import newcomer, signed
from tests.support.waiting import until

PRESENT = "{ organisatorischeEenheden { identificatie aantalMetPostvakOpen } }"

POSTVAK = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    organisatorischeEenheid { naam aantalMetPostvakOpen }
    interneTaak { organisatorischeEenheid { aantalMetPostvakOpen } }
  }
}
"""

TAAK = "subscription ($taak: ID!) { interneTaak(id: $taak) { volgnummer } }"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Leases are renewed often, and void soon."""
    return settings.model_copy(update={"presence_renew_seconds": 0.2, "presence_void_seconds": 2})


async def present(client: Client) -> dict[str, int]:
    """How many have which inbox open, as the desk reads it before it transfers a call."""
    found = (await client.data(PRESENT))["organisatorischeEenheden"]
    return {eenheid["identificatie"]: eenheid["aantalMetPostvakOpen"] for eenheid in found}


NESTED = """
query ($id: ID!) {
  klantcontact(id: $id) { interneTaken { organisatorischeEenheid { aantalMetPostvakOpen } } }
}
"""


async def nested(client: Client, contact_id: str) -> int:
    """The same, nested in what hangs on a contact."""
    [task] = (await client.data(NESTED, id=contact_id))["klantcontact"]["interneTaken"]
    return int(task["organisatorischeEenheid"]["aantalMetPostvakOpen"])


async def leased(settings: Settings, count: int) -> None:
    """Wait until so many have an inbox open, whether they are counted or not."""
    await until(lambda: rows(settings.database_url, "SELECT count(*) FROM postvak_lease")[0][0] == count)


async def becomes(client: Client, **expected: int) -> None:
    """Wait until so many have those inboxes open, and nobody any other."""

    async def as_expected() -> bool:
        return {key: count for key, count in (await present(client)).items() if count} == expected

    await until(as_expected)


async def test_an_employee_is_counted_once_however_often_they_have_an_inbox_open(server: Server) -> None:
    ver, bur, desk = server.eenheden["VER"], server.eenheden["BUR"], server.as_(DESK)
    assert await present(desk) == {"KCC": 0, "VER": 0, "BUR": 0, "SOC": 0}
    async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver):
        await becomes(desk, VER=1)
        async with (
            server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver),
            server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver),
            server.as_(BURGERZAKEN).follow(POSTVAK, eenheid=bur) as other,
        ):
            await becomes(desk, VER=2, BUR=1)
            await other.complete()
            await becomes(desk, VER=2)
        await becomes(desk, VER=1)
    await becomes(desk)


async def test_an_inbox_that_is_open_over_server_sent_events_counts_too(server: Server) -> None:
    desk = server.as_(DESK)
    async with server.as_(VERGUNNINGEN).events(POSTVAK, eenheid=server.eenheden["VER"]):
        await becomes(desk, VER=1)
    await becomes(desk)


async def test_who_is_not_of_the_department_is_not_counted_in_it(server: Server) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with (
        server.as_(TOEZICHTHOUDER).follow(POSTVAK, eenheid=ver),
        server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver),
    ):
        await becomes(desk, VER=1)


@pytest.mark.parametrize(
    ("rollen", "counted"),
    [
        ("KCC", 1),
        ("BEHANDELAAR", 1),
        ("LEZER", 0),
        ("TOEZICHTHOUDER", 0),
        ("LEZER+TOEZICHTHOUDER", 0),
        ("LEZER+KCC", 1),
        ("BEHANDELAAR+TOEZICHTHOUDER", 1),
    ],
)
async def test_only_who_could_take_a_call_over_is_counted(
    server: Server, settings: Settings, rollen: str, counted: int
) -> None:
    who, ver, desk = newcomer("VER", rollen=tuple(rollen.split("+"))), server.eenheden["VER"], server.as_(DESK)
    async with (
        server.with_token(signed(who)).follow(POSTVAK, eenheid=ver),
        server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as colleague,
    ):
        await leased(settings, 2)
        await becomes(desk, VER=1 + counted)
        # Alone, and nested in something else.
        contact = await registreer(desk, taak(ver))
        assert await nested(desk, contact["id"]) == 1 + counted
        await colleague.complete()
        await becomes(desk, **({"VER": counted} if counted else {}))


@pytest.mark.parametrize("how", ["deactivated", "moved"])
async def test_who_left_is_not_counted_from_then_on_though_their_process_has_not_heard_of_it(
    settings: Settings, template: Template, how: str
) -> None:
    who, unaware = newcomer("VER"), settings.model_copy(update={"rights_poll_seconds": 60})
    async with serving(unaware, template.eenheden) as server:
        ver, desk = server.eenheden["VER"], server.as_(DESK)
        async with (
            server.with_token(signed(who)).follow(POSTVAK, eenheid=ver),
            server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver),
        ):
            await becomes(desk, VER=2)
            async with command_line(settings) as (_, medewerkers):
                if how == "deactivated":
                    await medewerkers.set_actief(who.subject, actief=False)
                else:
                    await medewerkers.move(who.subject, ["SOC"])
            assert await present(desk) == {"KCC": 0, "VER": 1, "BUR": 0, "SOC": 0}
            await leased(settings, 2)


async def test_who_follows_a_task_has_no_inbox_open(server: Server) -> None:
    desk = server.as_(DESK)
    task = await new_taak(desk, server.eenheden["VER"])
    async with (
        server.as_(VERGUNNINGEN).follow(TAAK, taak=task["id"]),
        server.as_(BURGERZAKEN).follow(POSTVAK, eenheid=server.eenheden["BUR"]),
    ):
        # Both are told in one go, the one that counts after the one that does not.
        await becomes(desk, BUR=1)


async def test_inside_a_fact_it_is_null(server: Server) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver) as inbox:
        await becomes(desk, VER=1)
        await new_taak(desk, ver)
        assert await inbox.next() == {
            "postvak": {
                "organisatorischeEenheid": {"naam": "Afdeling vergunningen", "aantalMetPostvakOpen": None},
                "interneTaak": {"organisatorischeEenheid": {"aantalMetPostvakOpen": None}},
            }
        }


async def test_an_employee_who_is_at_two_processes_is_counted_once(
    server: Server, settings: Settings, template: Template
) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with serving(settings, template.eenheden) as another:
        async with (
            server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver),
            another.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver),
            another.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver),
        ):
            await becomes(desk, VER=2)
            await becomes(another.as_(DESK), VER=2)
        await becomes(desk)


async def test_nobody_is_counted_whose_process_was_killed(
    server: Server, settings: Settings, template: Template
) -> None:
    ver, desk = server.eenheden["VER"], server.as_(DESK)
    async with (
        serving_process(settings, template.eenheden) as process,
        process.server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=ver),
        server.as_(VERGUNNINGEN_COLLEGA).follow(POSTVAK, eenheid=ver),
    ):
        await becomes(desk, VER=2)
        await process.end(signal.SIGKILL)
        await becomes(desk, VER=1)
