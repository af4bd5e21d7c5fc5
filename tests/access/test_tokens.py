"""Tokens: which are believed, and what they say about who calls."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from app.domain.organisation import NieuweEenheid
from app.settings import Settings
from tests.support.arrange import command_line, stored
from tests.support.client import JSON, Client
from tests.support.people import DEMO_KEY, DESK
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.tokens import LEFT_OUT, NOW, newcomer, signed, signed_by_hand, socket_closed

ME = """
query {
  ik { medewerker { id naam } rollen postvakken { organisatorischeEenheid { identificatie } } }
}
"""
REGISTER = """
mutation {
  registreerKlantcontact(input: { onderwerp: "Dakkapel" }) {
    ... on KlantcontactGeregistreerd { klantcontact { organisatorischeEenheid { identificatie } } }
    ... on Weigering { bericht }
  }
}
"""

# Tokens are checked before anything is read.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database("sqlite")]


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(shared, template.eenheden) as running:
        yield running


async def me(client: Client) -> JSON:
    return (await client.data(ME))["ik"]


def departments(ik: JSON) -> list[str]:
    return [postvak["organisatorischeEenheid"]["identificatie"] for postvak in ik["postvakken"]]


async def assert_not_let_in(server: Server, token: str | None) -> None:
    """Not over HTTP, and not over a WebSocket; both say no more than that."""
    response = await server.with_token(token).post(ME)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"].startswith("application/json")
    [error] = response.json()["errors"]
    assert "data" not in response.json()
    assert error["extensions"] == {"code": "NIET_AANGEMELD"}
    assert response.json() == (await server.with_token(None).post(ME)).json()
    assert await socket_closed(server, token) == 4403


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(None, id="no token"),
        pytest.param("garbage", id="garbage"),
        pytest.param("a.b.c", id="garbage in three parts"),
        pytest.param(signed(DESK, DEMO_KEY + "!"), id="wrong signature"),
        pytest.param(signed(DESK)[:-4], id="half a signature"),
        pytest.param(signed(DESK, None, "none"), id="alg none"),
        pytest.param(signed_by_hand(DESK, DEMO_KEY.encode(), "HS512"), id="an algorithm that is not allowed"),
    ],
)
async def test_only_a_token_with_a_good_signature_lets_anyone_in(server: Server, token: str | None) -> None:
    await assert_not_let_in(server, token)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": NOW - 60}, id="expired"),
        pytest.param({"iat": NOW + 3600}, id="issued in the future"),
        pytest.param({"iss": "elders"}, id="wrong issuer"),
        pytest.param({"aud": "elders"}, id="wrong audience"),
        *(
            pytest.param({name: LEFT_OUT}, id=f"no {name}")
            for name in ("iss", "aud", "iat", "exp", "sub", "name", "rollen", "eenheden")
        ),
        pytest.param({"iat": "gisteren"}, id="a moment that is none"),
        pytest.param({"exp": float("inf")}, id="a moment that is endless"),
        pytest.param({"iat": float("inf")}, id="issued at the end of time"),
        pytest.param({"iat": -(10**30)}, id="issued before all time"),
        pytest.param({"sub": ""}, id="an empty subject"),
        pytest.param({"sub": 7}, id="a subject that is no text"),
        pytest.param({"sub": "\ud800"}, id="a subject that is half a character"),
        pytest.param({"name": " \t\n"}, id="a blank name"),
        pytest.param({"name": ["Dewi"]}, id="a name that is no text"),
        pytest.param({"name": "x" * 201}, id="a name that is too long"),
        pytest.param({"name": "De\x07wi"}, id="a name with a control character"),
        pytest.param({"rollen": []}, id="no roles in the list"),
        pytest.param({"rollen": ["BAAS"]}, id="an unknown role"),
        pytest.param({"rollen": ["KCC", "BAAS"]}, id="an unknown role beside a known one"),
        pytest.param({"rollen": ["kcc"]}, id="a role in lower case"),
        pytest.param({"rollen": {"KCC": True}}, id="roles that are no list"),
        pytest.param({"eenheden": []}, id="no departments in the list"),
        pytest.param({"eenheden": ["NOP"]}, id="an unknown department"),
        pytest.param({"eenheden": ["KCC", "NOP"]}, id="an unknown department beside a known one"),
        pytest.param({"eenheden": ["99999999-9999-4999-8999-999999999999"]}, id="an unknown department by id"),
        pytest.param({"eenheden": ["Klantcontactcentrum"]}, id="a department by name"),
        pytest.param({"eenheden": ["KCC", 7]}, id="a department that is no text"),
        pytest.param({"eenheden": ["KCC", ""]}, id="a department that is empty"),
        pytest.param({"eenheden": ["KCC", "V\x00"]}, id="a department with a control character"),
    ],
)
async def test_a_token_that_says_too_little_or_something_wrong_lets_nobody_in_and_records_nothing(
    server: Server, shared: Settings, claims: dict[str, Any]
) -> None:
    before = stored(shared)
    await assert_not_let_in(server, signed(newcomer("KCC"), **claims))
    assert stored(shared) == before


@pytest.mark.parametrize("header", ["", "Bearer", "Basic {token}", "{token}", "Bearer é"])
async def test_only_a_bearer_token_lets_anyone_in(server: Server, header: str) -> None:
    value = header.format(token=signed(DESK)).encode("latin-1")
    response = await server.http.post(server.graphql, json={"query": ME}, headers={b"authorization": value})
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "NIET_AANGEMELD"}


async def test_a_deactivated_employee_is_not_let_in_until_they_are_activated(
    server: Server, shared: Settings
) -> None:
    who = newcomer("VER")
    before = await me(server.with_token(signed(who)))
    async with command_line(shared) as (_, medewerkers):
        await medewerkers.set_actief(who.subject, actief=False)
        await assert_not_let_in(server, signed(who))
        await assert_not_let_in(server, signed(who, iat=NOW, name="Nel Nieuwer"))
        await medewerkers.set_actief(who.subject, actief=True)
    assert await me(server.with_token(signed(who))) == before


async def test_nobody_is_let_in_with_an_inactive_department(server: Server, shared: Settings) -> None:
    known, unseen = newcomer("ARC", "VER"), newcomer("VER", "ARC")
    async with command_line(shared) as (eenheden, _):
        await eenheden.add(NieuweEenheid("Archief", "ARC"))
        await me(server.with_token(signed(known)))
        await eenheden.set_actief("ARC", actief=False)
        before = stored(shared)
        for token in (signed(known), signed(known, iat=NOW - 50, eenheden=["ARC"]), signed(unseen)):
            await assert_not_let_in(server, token)
        assert stored(shared) == before
        # A newer token without it is another matter.
        left = await me(server.with_token(signed(known, iat=NOW, eenheden=["VER"])))
        assert departments(left) == ["VER"]
        await eenheden.set_actief("ARC", actief=True)
        assert departments(await me(server.with_token(signed(unseen)))) == ["VER", "ARC"]


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({}, id="as it is"),
        pytest.param({"exp": NOW + 0.5 + 3600}, id="moments with a fraction"),
        pytest.param({"aud": ["elders", "overdracht"]}, id="one of several audiences"),
        pytest.param({"name": "  Nel\tNieuw "}, id="a name that is kept trimmed"),
        pytest.param({"rollen": "BEHANDELAAR", "eenheden": "VER"}, id="one role and department, not in a list"),
        pytest.param({"rollen": ["BEHANDELAAR"] * 2, "eenheden": ["VER"] * 2}, id="said twice"),
        pytest.param({"nonce": "x", "groups": ["a"]}, id="with other claims"),
    ],
)
async def test_a_good_token_says_who_calls(server: Server, claims: dict[str, Any]) -> None:
    who = newcomer("VER")
    assert await me(server.with_token(signed(who, **claims))) == {
        "medewerker": {"id": who.subject, "naam": "Nel Nieuw"},
        "rollen": ["BEHANDELAAR"],
        "postvakken": [{"organisatorischeEenheid": {"identificatie": "VER"}}],
    }


async def test_several_roles_add_up(server: Server) -> None:
    ik = await me(server.with_token(signed(newcomer("VER", rollen=("LEZER", "KCC")))))
    assert sorted(ik["rollen"]) == ["KCC", "LEZER"]


async def test_departments_are_named_by_id_or_identificatie_and_the_first_is_filled_in(server: Server) -> None:
    by_id = server.eenheden["BUR"].upper()
    client = server.with_token(signed(newcomer("BUR", "KCC"), eenheden=[by_id, "KCC", "BUR"]))
    assert departments(await me(client)) == ["BUR", "KCC"]
    registered = (await client.data(REGISTER))["registreerKlantcontact"]["klantcontact"]
    assert registered == {"organisatorischeEenheid": {"identificatie": "BUR"}}


async def test_an_employees_id_is_their_subject_if_that_is_a_uuid_in_lower_case(server: Server) -> None:
    who = newcomer("KCC")
    client = server.with_token(signed(who, sub=who.subject.upper()))
    assert (await me(client))["medewerker"]["id"] == who.subject


async def test_a_subject_that_is_no_uuid_is_the_same_employee_every_time(
    server: Server, shared: Settings, template: Template
) -> None:
    """Of the same issuer; another issuer may know somebody else by that subject."""
    who = newcomer("KCC")
    ids = [
        (await me(server.with_token(signed(who, sub=subject, iat=issued))))["medewerker"]["id"]
        for subject, issued in (("nel@gemeente", NOW - 90), ("nel@gemeente", NOW - 50), ("Nel@gemeente", NOW - 90))
    ]
    elsewhere = shared.model_copy(update={"token_issuer": "elders"})
    async with serving(elsewhere, template.eenheden) as other:
        client = other.with_token(signed(who, sub="nel@gemeente", iss="elders"))
        ids.append((await me(client))["medewerker"]["id"])
    assert [UUID(id_).version for id_ in ids] == [5] * 4
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


async def test_the_names_of_the_claims_are_settings(shared: Settings, template: Template) -> None:
    names = {"subject": "oid", "name": "naam", "eenheden": "groups", "rollen": "app_roles"}
    settings = shared.model_copy(update={f"claim_{key}": name for key, name in names.items()})
    who = newcomer("VER")
    said = dict.fromkeys(("sub", "name", "eenheden", "rollen"), LEFT_OUT)
    said |= {"oid": who.subject, "naam": who.naam, "groups": ["VER"], "app_roles": ["LEZER"]}
    async with serving(settings, template.eenheden) as server:
        ik = await me(server.with_token(signed(who, **said)))
        assert ik["medewerker"] == {"id": who.subject, "naam": who.naam}
        assert ik["rollen"] == ["LEZER"]
        await assert_not_let_in(server, signed(who))
