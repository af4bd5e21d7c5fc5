"""The settings that docs/login.md shows for Entra ID, ADFS and Keycloak let in who has a token as they make it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.settings import PREFIX, Settings
from tests.support.issuer import LocalIssuer, issuing
from tests.support.keys import rsa_key
from tests.support.pages import blocks, page
from tests.support.server import serving
from tests.support.template import Template
from tests.support.tokens import NOW, signed_claims

# Tokens are checked before anything is read.
pytestmark = pytest.mark.database("sqlite")

KEYS = {"key": (rsa_key(), "RS256")}
ME = """
query {
  ik { medewerker { id naam } rollen postvakken { organisatorischeEenheid { identificatie } } }
}
"""
OID = "7f1c2d3e-4a5b-4c6d-8e7f-901a2b3c4d5e"


def settings_of(issuer: str) -> dict[str, str]:
    """The settings of the example for an issuer, by their names here."""
    [section] = re.findall(rf"^## {issuer}\n(.*?)(?=^## |\Z)", page("docs/login.md"), re.DOTALL | re.MULTILINE)
    [block] = blocks(section, "ini")
    lines = (line.split("=", 1) for line in block.splitlines())
    return {name.removeprefix(PREFIX).lower(): value for name, value in lines}


def of_entra_id(settings: dict[str, str]) -> dict[str, Any]:
    """An access token of version 2 with the groups that are assigned to the application."""
    return {
        "aud": settings["token_audience"],
        "azp": "1d0a7c3e-6b5f-4e2d-9c8b-7a6f5e4d3c2b",
        "azpacr": "0",
        "groups": ["00000000-1111-4222-8333-444444444444", group(settings, "VER"), group(settings, "KCC").upper()],
        "name": "Nel Nieuw",
        "oid": OID,
        "preferred_username": "n.nieuw@gemeente.example",
        "rh": "0.AXkA",
        "roles": ["KCC", "BEHANDELAAR"],
        "scp": "Overdracht.Gebruiken",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "tid": settings["oidc_issuer"].split("/")[3],
        "uti": "2fVkuUOe_E2pbNWA8bMlAA",
        "ver": "2.0",
    }


def of_adfs(settings: dict[str, str]) -> dict[str, Any]:
    """An access token whose claims the issuance transform rules made; what there is one of is no list."""
    return {
        "aud": settings["token_audience"],
        "iss": settings["token_issuer"],
        "apptype": "Public",
        "appid": "5f0c6e1d-2b3a-4958-8776-655443322110",
        "authmethod": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "auth_time": "2026-11-24T08:00:00.000Z",
        "ver": "1.0",
        "scp": "openid",
        "primarysid": "S-1-5-21-1004336348-1177238915-682003330-512",
        "http://schemas.gemeente.example/claims/weergavenaam": "Nel Nieuw",
        "group": ["Domain Users", group(settings, "VER"), group(settings, "KCC")],
        "role": ["GG-Behandelaars", "GG-KCC-Medewerkers"],
    }


def of_keycloak(settings: dict[str, str]) -> dict[str, Any]:
    """An access token with an audience, groups by their full path, and its own roles among those of the client."""
    return {
        "aud": [settings["token_audience"], "account"],
        "sub": OID,
        "typ": "Bearer",
        "azp": "kcc-frontend",
        "sid": "c5b0d0e6-7f0f-4e0e-8d1a-1f2e3d4c5b6a",
        "acr": "1",
        "allowed-origins": ["https://kcc.gemeente.example"],
        "realm_access": {"roles": ["default-roles-gemeente", "offline_access", "uma_authorization"]},
        "resource_access": {
            "overdracht": {"roles": ["uma_protection", "behandelaar", "kcc-medewerker"]},
            "account": {"roles": ["manage-account", "view-profile"]},
        },
        "scope": "openid profile email",
        "groups": ["/gemeente/bestuur", group(settings, "VER"), group(settings, "KCC")],
        "name": "Nel Nieuw",
        "preferred_username": "n.nieuw",
    }


def group(settings: dict[str, str], identificatie: str) -> str:
    """The group that the map of an example has for a department."""
    pairs = (pair.strip().rsplit("=", 1) for pair in settings["claim_eenheden_map"].split(","))
    return {ours: theirs for theirs, ours in pairs}[identificatie]


@pytest.mark.parametrize(
    ("name", "of_issuer", "medewerker_id"),
    [("Entra ID", of_entra_id, OID), ("ADFS", of_adfs, None), ("Keycloak", of_keycloak, OID)],
)
async def test_the_settings_that_are_shown_for_an_issuer_let_in_who_has_a_token_of_it(
    settings: Settings,
    template: Template,
    name: str,
    of_issuer: Callable[[dict[str, str]], dict[str, Any]],
    medewerker_id: str | None,
) -> None:
    shown = settings_of(name)
    assert shown["oidc_issuer"].startswith("https://")
    async with issuing(LocalIssuer(KEYS)) as issuer:
        # Everything is as it stands there, but for the address: the issuer is here.
        read = Settings.read(**shown | {"oidc_issuer": issuer.address}).model_dump(include=set(shown))
        as_shown = settings.model_copy(update=read | {"token_demo_key": None})
        claims = {"iss": issuer.address, "iat": NOW - 100, "nbf": NOW - 100, "exp": NOW + 3600} | of_issuer(shown)
        async with serving(as_shown, template.eenheden) as server:
            token = signed_claims(claims, *KEYS["key"], "key")
            ik = (await server.with_token(token).data(ME))["ik"]
            async with server.with_token(token).socket():
                pass
            others = signed_claims(claims | {"aud": "elders"}, *KEYS["key"], "key")
            assert (await server.with_token(others).post(ME)).status_code == 401
    assert ik["medewerker"]["naam"] == "Nel Nieuw"
    assert medewerker_id in (None, ik["medewerker"]["id"])
    assert sorted(ik["rollen"]) == ["BEHANDELAAR", "KCC"]
    departments = [postvak["organisatorischeEenheid"]["identificatie"] for postvak in ik["postvakken"]]
    assert departments == ["KCC", "VER"], "in the order of the map"


async def test_a_token_of_entra_id_with_too_many_groups_is_refused_and_the_log_says_why(
    settings: Settings, template: Template, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    shown = settings_of("Entra ID")
    async with issuing(LocalIssuer(KEYS)) as issuer:
        read = Settings.read(**shown | {"oidc_issuer": issuer.address}).model_dump(include=set(shown))
        claims = {"iss": issuer.address, "iat": NOW - 100, "exp": NOW + 3600} | of_entra_id(shown)
        del claims["groups"]
        claims |= {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph"}}}
        async with serving(
            settings.model_copy(update=read | {"token_demo_key": None}),
            template.eenheden,
        ) as server:
            token = signed_claims(claims, *KEYS["key"], "key")
            assert (await server.with_token(token).post(ME)).status_code == 401
    assert "groups overage" in caplog.text
    assert OID not in caplog.text
    assert "Nel Nieuw" not in caplog.text
