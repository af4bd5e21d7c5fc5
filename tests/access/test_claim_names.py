"""Where tokens say who calls is a setting: names of claims and paths, and what groups and roles are here."""

import json
from typing import Any

import pytest

from app.access.claims import TokenRefused, read_claims
from app.domain.model import Rol
from app.domain.organisation import Claims
from app.settings import Settings, SettingsWrong
from app.wiring.login import token_rules
from tests.support.people import DEMO_KEY, DESK
from tests.support.tokens import LEFT_OUT, said_of

VERGUNNINGEN = "a3c7e1f0-52d4-4b8e-8f57-6f0d1c2b3a44"
BURGERZAKEN = "d94f5b12-0c1e-4a6b-b1de-7a8b9c0d1e55"
OTHER = "11111111-2222-4333-8444-555555555555"


def read(payload: dict[str, Any], **settings: Any) -> Claims:
    """What a payload says by these settings, each without its `claim_`."""
    given = {f"claim_{name}": value for name, value in settings.items()}
    names = token_rules(Settings.read(token_demo_key=DEMO_KEY, **given)).names
    return read_claims(payload, names, leeway_seconds=0)


def eenheden(said: object, **settings: Any) -> tuple[str, ...]:
    """The departments that a claim `eenheden` names."""
    return read(said_of(DESK, eenheden=said), **settings).eenheden


def rollen(said: object, **settings: Any) -> set[str]:
    """The roles that a claim `rollen` names."""
    return {rol.value for rol in read(said_of(DESK, rollen=said), **settings).rollen}


def why_refused(payload: dict[str, Any], **settings: Any) -> str:
    """Why nobody is let in with a payload."""
    with pytest.raises(TokenRefused) as refused:
        read(payload, **settings)
    return str(refused.value)


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        pytest.param("roles", {"roles": ["KCC"]}, id="a name"),
        pytest.param("realm_access.roles", {"realm_access": {"roles": ["KCC"]}}, id="a path"),
        pytest.param("a.b.c", {"a": {"b": {"c": ["KCC"]}}}, id="a longer path"),
        pytest.param("a.b", {"a.b": ["KCC"], "a": {"b": ["LEZER"]}}, id="a name with a dot before a path"),
        pytest.param("a.b.c", {"a": {"b.c": ["KCC"], "b": {"c": ["LEZER"]}}}, id="such a name deeper down"),
        pytest.param(
            "resource_access.nl.gemeente.app.roles",
            {"resource_access": {"nl": {"roles": ["LEZER"]}, "nl.gemeente.app": {"roles": ["KCC"]}}},
            id="a client whose id has dots",
        ),
        pytest.param(
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
            {"http://schemas.microsoft.com/ws/2008/06/identity/claims/role": "KCC"},
            id="a URL",
        ),
    ],
)
def test_a_claim_is_named_exactly_or_by_a_path(path: str, claims: dict[str, Any]) -> None:
    assert read(said_of(DESK, rollen=LEFT_OUT, **claims), rollen=path).rollen == {Rol.KCC}


@pytest.mark.parametrize(
    "claims",
    [{}, {"a": None}, {"a": "b"}, {"a": ["b"]}, {"a": {}}, {"a": {"b": None}}, {"b": ["KCC"]}, {"a": {"b": {}}}],
)
def test_where_a_path_leads_nowhere_nobody_is_let_in(claims: dict[str, Any]) -> None:
    assert why_refused(said_of(DESK, rollen=LEFT_OUT, **claims), rollen="a.b")


def test_subject_and_name_may_be_nested_as_well() -> None:
    payload = said_of(DESK, sub=LEFT_OUT, name=LEFT_OUT, wie={"id": DESK.subject.upper(), "naam": "Dewi"})
    claims = read(payload, subject="wie.id", name="wie.naam")
    assert (claims.medewerker_id, claims.naam) == (DESK.subject, "Dewi")


def test_groups_are_the_departments_that_the_map_says() -> None:
    by_id = f"{VERGUNNINGEN}=VER, {BURGERZAKEN} = BUR"
    assert eenheden([VERGUNNINGEN], eenheden_map=by_id) == ("VER",)
    assert eenheden(VERGUNNINGEN.upper(), eenheden_map=by_id) == ("VER",), "a UUID, in any case"
    assert eenheden(["/gemeente/afdelingen/VER"], eenheden_map="/gemeente/afdelingen/VER=VER") == ("VER",)
    assert eenheden(["GG-Vergunningen"], eenheden_map=f"GG-Vergunningen={OTHER}") == (OTHER,)
    assert eenheden(["ou=ver"], eenheden_map="ou=ver=VER") == ("VER",)


def test_a_group_that_the_map_has_in_capitals_is_the_one_that_tokens_have_in_small_letters() -> None:
    assert eenheden([VERGUNNINGEN], eenheden_map=f"{VERGUNNINGEN.upper()}=VER") == ("VER",)


def test_groups_whose_names_hold_commas_are_mapped_by_a_json_object() -> None:
    name = "CN=Vergunningen,OU=Afdelingen,DC=gemeente"
    assert eenheden([name], eenheden_map=json.dumps({name: "VER"})) == ("VER",)


def test_the_first_department_is_the_first_of_the_map_whatever_the_order_of_the_token() -> None:
    by_id = f"{VERGUNNINGEN}=VER, {BURGERZAKEN}=BUR"
    for said in ([VERGUNNINGEN, BURGERZAKEN], [BURGERZAKEN, OTHER, VERGUNNINGEN]):
        assert eenheden(said, eenheden_map=by_id) == ("VER", "BUR")
    assert eenheden(["BUR", "VER"]) == ("BUR", "VER"), "without a map it is the token's"


def test_two_groups_may_be_one_department() -> None:
    assert eenheden(["team2", "team1"], eenheden_map="team1=VER, team2=VER") == ("VER",)


def test_groups_and_roles_that_are_not_in_a_map_count_for_nothing() -> None:
    said = ["default-roles-gemeente", "kcc-medewerker", "offline_access", "BEHANDELAAR", ""]
    assert rollen(said, rollen_map="kcc-medewerker=KCC, lezer=LEZER") == {"KCC"}
    assert eenheden([OTHER, "BUR", VERGUNNINGEN], eenheden_map=f"{VERGUNNINGEN}=VER") == ("VER",)


def test_roles_that_are_mapped_add_up() -> None:
    assert rollen(["a", "b"], rollen_map="b=LEZER, a=KCC") == {"KCC", "LEZER"}


@pytest.mark.parametrize("said", [[], ["offline_access"], ["KCC"], "KCC", ""])
def test_who_has_nothing_left_that_is_in_the_map_is_refused(said: object) -> None:
    nothing = "no departments or roles that can be known here"
    assert why_refused(said_of(DESK, rollen=said), rollen_map="kcc-medewerker=KCC") == nothing
    assert why_refused(said_of(DESK, eenheden=said), eenheden_map=f"{VERGUNNINGEN}=VER") == nothing


@pytest.mark.parametrize("said", [None, 7, {"kcc-medewerker": True}, ["kcc-medewerker", 7], [["kcc-medewerker"]]])
def test_a_map_makes_no_texts_of_what_is_none(said: object) -> None:
    assert why_refused(said_of(DESK, rollen=said), rollen_map="kcc-medewerker=KCC")


def test_without_a_map_an_unknown_role_is_refused() -> None:
    assert why_refused(said_of(DESK, rollen=["KCC", "offline_access"])) == "an unknown role"


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {}}}, id="a reference"),
        pytest.param({"hasgroups": True}, id="a hint"),
        pytest.param({"hasgroups": "true"}, id="a hint in a text"),
    ],
)
def test_a_token_whose_groups_the_issuer_left_out_is_refused_with_that_reason(claims: dict[str, Any]) -> None:
    payload = said_of(DESK, eenheden=LEFT_OUT, **claims)
    for settings in ({}, {"eenheden_map": f"{VERGUNNINGEN}=VER"}):
        assert "groups overage" in why_refused(payload, eenheden="groups", **settings)
    assert read(payload | {"afdeling": "VER"}, eenheden="afdeling").eenheden == ("VER",), "they are not needed"
    assert read(payload | {"groups": ["VER"]}, eenheden="groups").eenheden == ("VER",), "they are there"


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        pytest.param("wie.groepen", {"_claim_names": {"wie": "src1"}}, id="a reference"),
        pytest.param("groups.afdelingen", {"hasgroups": True}, id="a hint"),
    ],
)
def test_a_token_that_leaves_out_what_a_nested_claim_is_in_is_refused_with_that_reason(
    path: str, claims: dict[str, Any]
) -> None:
    payload = said_of(DESK, eenheden=LEFT_OUT, **claims)
    assert "groups overage" in why_refused(payload, eenheden=path)


def test_a_token_for_development_says_things_as_the_issuer_would() -> None:
    settings = Settings.read(
        token_demo_key=DEMO_KEY,
        claim_subject="oid",
        claim_eenheden="groups",
        claim_eenheden_map=f"{VERGUNNINGEN}=VER",
        claim_rollen="realm_access.roles",
        claim_rollen_map="kcc-medewerker=KCC",
    )
    names = token_rules(settings).names
    said = names.as_claims(DESK.subject, "Dewi", ["VER"], [Rol.KCC])
    assert said["groups"] == [VERGUNNINGEN]
    claims = read_claims(said_of(DESK, sub=LEFT_OUT) | said, names, leeway_seconds=0)
    assert (claims.medewerker_id, claims.eenheden) == (DESK.subject, ("VER",))
    assert claims.rollen == {Rol.KCC}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("eenheden_map", "VER"),
        ("eenheden_map", "=VER"),
        ("eenheden_map", "group="),
        ("eenheden_map", "a=VER, a=BUR"),
        ("eenheden_map", '{"a": "VER", "a": "BUR"}'),
        ("eenheden_map", '{"a": ""}'),
        ("eenheden_map", '{"a": ["VER"]}'),
        ("eenheden_map", '{"a": "VER"'),
        ("rollen_map", "kcc-medewerker=BAAS"),
        ("rollen_map", "kcc-medewerker=kcc"),
        ("subject", ""),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_what_it_accepts(setting: str, value: str) -> None:
    with pytest.raises(SettingsWrong) as refused:
        Settings.read(token_demo_key=DEMO_KEY, **{f"claim_{setting}": value})
    assert str(refused.value).startswith(f"OVERDRACHT_CLAIM_{setting.upper()}: ")


@pytest.mark.parametrize("audience", ["", " , "])
def test_there_is_an_audience(audience: str) -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_TOKEN_AUDIENCE: "):
        Settings.read(token_audience=audience)
