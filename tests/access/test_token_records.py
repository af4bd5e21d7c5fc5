"""The record of an employee follows their newest token, and their rights follow the record."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from app.domain.organisation import NieuweEenheid
from app.settings import Settings
from tests.support.arrange import command_line, registreer, stored, taak
from tests.support.client import JSON
from tests.support.each import each
from tests.support.people import DESK
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.tokens import NOW, newcomer, signed, socket_closed

ME = """
query {
  ik { medewerker { id naam } rollen postvakken { organisatorischeEenheid { identificatie } } }
}
"""
COLLEAGUES = "query { organisatorischeEenheden { identificatie medewerkers { id naam } } }"
EMPLOYEE = """
query ($id: ID!) { node(id: $id) { ... on Medewerker { naam actief organisatorischeEenheid { identificatie } } } }
"""
FACT = "query ($id: ID!) { interneTaak(id: $id) { laatsteGebeurtenis { id postvak { id } } } }"
REGISTER = """
mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }
"""

RECORDED_AT = NOW - 500
OLDER, AS_OLD, NEWER = RECORDED_AT - 100, RECORDED_AT, RECORDED_AT + 100

# The recorded token says Nel Nieuw, BEHANDELAAR of VER and then BUR.
OTHERWISE = [
    pytest.param({"name": "Nel van Nieuwer"}, id="another name"),
    pytest.param({"eenheden": ["SOC"]}, id="another department"),
    pytest.param({"eenheden": ["VER"]}, id="a department less"),
    pytest.param({"eenheden": ["VER", "BUR", "SOC"]}, id="a department more"),
    pytest.param({"eenheden": ["BUR", "VER"]}, id="another first department"),
    pytest.param({"rollen": ["LEZER"]}, id="another role"),
    pytest.param({"rollen": ["BEHANDELAAR", "TOEZICHTHOUDER"]}, id="a role more"),
]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(shared, template.eenheden) as running:
        yield running


async def said_of_me(server: Server, token: str) -> dict[str, Any]:
    """What the server has on record of who calls, as a token would say it."""
    ik: JSON = (await server.with_token(token).data(ME))["ik"]
    return {
        "name": ik["medewerker"]["naam"],
        "rollen": ik["rollen"],
        "eenheden": [postvak["organisatorischeEenheid"]["identificatie"] for postvak in ik["postvakken"]],
    }


async def is_refused(server: Server, token: str) -> bool:
    """Whether a token lets nobody in, over HTTP and over a WebSocket alike."""
    if (await server.with_token(token).post(ME)).status_code == 200:
        return False
    assert await socket_closed(server, token) == 4403
    return True


@pytest.mark.parametrize("issued", [OLDER, AS_OLD, NEWER], ids=["older", "as old", "newer"])
async def test_a_token_that_agrees_with_the_record_works_whatever_its_age(server: Server, issued: int) -> None:
    who = newcomer("VER", "BUR", rollen=("BEHANDELAAR", "LEZER"))
    recorded = await said_of_me(server, signed(who, iat=RECORDED_AT))
    by_id = [server.eenheden[name] for name in who.eenheden]
    agrees = signed(who, iat=issued, eenheden=by_id, rollen=["LEZER", "BEHANDELAAR"])
    assert await said_of_me(server, agrees) == recorded
    assert await said_of_me(server, signed(who, iat=RECORDED_AT)) == recorded


@pytest.mark.parametrize("otherwise", OTHERWISE)
async def test_a_newer_token_that_says_otherwise_is_recorded_and_ends_the_older_one(
    server: Server, otherwise: dict[str, Any]
) -> None:
    who = newcomer("VER", "BUR")
    older, newer = signed(who, iat=RECORDED_AT), signed(who, iat=NEWER, **otherwise)
    recorded = await said_of_me(server, older)
    assert await said_of_me(server, newer) == recorded | otherwise
    assert await is_refused(server, older)
    assert await said_of_me(server, newer) == recorded | otherwise


@pytest.mark.parametrize("issued", [OLDER, AS_OLD], ids=["older", "as old"])
@pytest.mark.parametrize("otherwise", OTHERWISE)
async def test_a_token_that_says_otherwise_and_is_not_newer_is_refused_and_changes_nothing(
    server: Server, issued: int, otherwise: dict[str, Any]
) -> None:
    who = newcomer("VER", "BUR")
    recorded = await said_of_me(server, signed(who, iat=RECORDED_AT))
    assert await is_refused(server, signed(who, iat=issued, **otherwise))
    assert await said_of_me(server, signed(who, iat=RECORDED_AT)) == recorded


async def test_an_id_names_its_own_department_though_it_is_the_identificatie_of_another(
    server: Server, shared: Settings
) -> None:
    soc = server.eenheden["SOC"]
    async with command_line(shared) as (eenheden, medewerkers):
        await eenheden.add(NieuweEenheid("Sociale zaken van voorheen", soc))
        assert (await said_of_me(server, signed(newcomer(soc))))["eenheden"] == ["SOC"]
        who = newcomer("VER")
        await said_of_me(server, signed(who))
        await medewerkers.move(who.subject, [soc])
    assert (await said_of_me(server, signed(who, eenheden=["SOC"])))["eenheden"] == ["SOC"]


async def test_nobody_is_recorded_under_the_id_of_something_else(server: Server, shared: Settings) -> None:
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    fact = await server.as_(DESK).data(FACT, id=contact["interneTaken"][0]["id"])
    others = {
        "a contact": contact["id"],
        "a task": contact["interneTaken"][0]["id"],
        "a fact": fact["interneTaak"]["laatsteGebeurtenis"]["id"],
        "an inbox": fact["interneTaak"]["laatsteGebeurtenis"]["postvak"]["id"],
        "a department": server.eenheden["VER"],
    }
    before = stored(shared)
    refused = {what: await is_refused(server, signed(newcomer("VER"), sub=id_)) for what, id_ in others.items()}
    assert refused == dict.fromkeys(others, True)
    assert stored(shared) == before


async def test_colleagues_see_what_a_newer_token_says(server: Server) -> None:
    who = newcomer("VER")
    await said_of_me(server, signed(who, iat=RECORDED_AT))
    await said_of_me(server, signed(who, iat=NEWER, name="Nel van Nieuwer", eenheden=["SOC", "BUR"]))
    desk = server.as_(DESK)
    assert (await desk.data(EMPLOYEE, id=who.subject))["node"] == {
        "naam": "Nel van Nieuwer",
        "actief": True,
        "organisatorischeEenheid": {"identificatie": "SOC"},
    }
    found = {
        eenheid["identificatie"]
        for eenheid in (await desk.data(COLLEAGUES))["organisatorischeEenheden"]
        if {"id": who.subject, "naam": "Nel van Nieuwer"} in eenheid["medewerkers"]
    }
    assert found == {"SOC", "BUR"}


async def test_rights_follow_the_newest_roles(server: Server) -> None:
    who = newcomer("VER")
    worker = server.with_token(signed(who, iat=RECORDED_AT))
    assert (await worker.data(REGISTER))["registreerKlantcontact"]["__typename"] == "KlantcontactGeregistreerd"
    reader = server.with_token(signed(who, iat=NEWER, rollen=["LEZER"]))
    assert (await reader.data(REGISTER))["registreerKlantcontact"]["__typename"] == "NietBevoegd"
    assert (await worker.post(REGISTER)).status_code == 401


async def test_who_was_moved_needs_a_token_that_says_so_or_is_newer(server: Server, shared: Settings) -> None:
    who = newcomer("VER")
    await said_of_me(server, signed(who, iat=RECORDED_AT))
    async with command_line(shared) as (_, medewerkers):
        await medewerkers.move(who.subject, ["SOC", "BUR"])
    assert await is_refused(server, signed(who, iat=RECORDED_AT))
    assert await is_refused(server, signed(who, iat=NEWER))
    moved = await said_of_me(server, signed(who, iat=RECORDED_AT, eenheden=["SOC", "BUR"]))
    assert moved["eenheden"] == ["SOC", "BUR"]
    # As if some time had passed since: ahead of the server's clock, within the leeway.
    later = signed(who, iat=int(time.time()) + 20, exp=NOW + 7200)
    assert (await said_of_me(server, later))["eenheden"] == ["VER"]


async def test_who_is_moved_to_a_department_that_is_named_twice_is_in_it_once(
    server: Server, shared: Settings
) -> None:
    who, soc = newcomer("VER"), server.eenheden["SOC"]
    await said_of_me(server, signed(who))
    async with command_line(shared) as (_, medewerkers):
        await medewerkers.move(who.subject, ["SOC", "BUR", soc.upper(), "SOC"])
    assert (await said_of_me(server, signed(who, eenheden=["SOC", "BUR"])))["eenheden"] == ["SOC", "BUR"]


async def test_a_token_from_a_clock_ahead_of_ours_does_not_undo_a_move_that_came_after_it(
    server: Server, shared: Settings
) -> None:
    who = newcomer("VER")
    ahead = signed(who, iat=int(time.time()) + 20, exp=NOW + 7200)
    assert (await said_of_me(server, ahead))["eenheden"] == ["VER"]
    async with command_line(shared) as (_, medewerkers):
        await medewerkers.move(who.subject, ["SOC"])
    assert await is_refused(server, ahead)
    assert (await said_of_me(server, signed(who, eenheden=["SOC"])))["eenheden"] == ["SOC"]


async def test_who_was_deactivated_is_not_let_in_by_being_moved(server: Server, shared: Settings) -> None:
    who = newcomer("VER")
    await said_of_me(server, signed(who))
    async with command_line(shared) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=False)
        await medewerkers.move(who.subject, ["SOC"])
        assert await is_refused(server, signed(who, eenheden=["SOC"]))
        # Let in again they are where they were moved to.
        await medewerkers.set_actief(who.subject, actief=True)
    assert (await said_of_me(server, signed(who, eenheden=["SOC"])))["eenheden"] == ["SOC"]


async def test_who_is_deactivated_is_no_colleague_any_more_and_keeps_their_name(
    server: Server, shared: Settings
) -> None:
    who = newcomer("BUR")
    await said_of_me(server, signed(who))
    async with command_line(shared) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=False)
    desk = server.as_(DESK)
    assert (await desk.data(EMPLOYEE, id=who.subject))["node"] == {
        "naam": "Nel Nieuw",
        "actief": False,
        "organisatorischeEenheid": {"identificatie": "BUR"},
    }
    for eenheid in each((await desk.data(COLLEAGUES))["organisatorischeEenheden"]):
        assert who.subject not in {colleague["id"] for colleague in eenheid["medewerkers"]}
