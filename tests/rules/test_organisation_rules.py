"""What a record of an employee allows, and when it follows a token: the rules alone, for who is of several
departments.
"""

from dataclasses import replace

import pytest

from app.domain.model import OrganisatorischeEenheid, Rol
from app.domain.organisation import Claims, Dienstverband, LoginGeweigerd

VER = OrganisatorischeEenheid("ver-id", "Afdeling vergunningen", "VER", True)
BUR = OrganisatorischeEenheid("bur-id", "Burgerzaken", "BUR", True)
BARE = OrganisatorischeEenheid("bare-id", "Zonder sleutel", None, True)

VERA = Dienstverband("vera", "Vera", True, frozenset({Rol.KCC}), (VER, BUR), 100)
SAID = Claims("vera", "Vera", ("VER", "BUR"), frozenset({Rol.KCC}), 100, 200, 260)


@pytest.mark.parametrize(
    "eenheden", [("VER", "BUR"), ("ver-id", "bur-id"), ("ver-id", "BUR"), ("VER", "ver-id", "BUR", "VER")]
)
def test_a_token_agrees_that_names_the_departments_in_their_order_by_id_or_identificatie(
    eenheden: tuple[str, ...],
) -> None:
    assert VERA.agrees_with(replace(SAID, eenheden=eenheden))


OTHERWISE = {
    "another name": replace(SAID, naam="Vera de Vries"),
    "a role less": replace(SAID, rollen=frozenset({Rol.BEHANDELAAR})),
    "another role": replace(SAID, rollen=frozenset({Rol.KCC, Rol.LEZER})),
    # The first one is filled in on what is registered, so that their order counts.
    "another order": replace(SAID, eenheden=("BUR", "VER")),
    "the first alone": replace(SAID, eenheden=("VER",)),
    "the second alone": replace(SAID, eenheden=("BUR",)),
    "one more": replace(SAID, eenheden=("VER", "BUR", "SOC")),
    "a department by its name": replace(SAID, eenheden=("Afdeling vergunningen", "BUR")),
}


@pytest.mark.parametrize("claims", OTHERWISE.values(), ids=OTHERWISE)
def test_a_token_that_says_anything_else_disagrees(claims: Claims) -> None:
    assert not VERA.agrees_with(claims)


def test_a_department_without_identificatie_is_named_by_its_id() -> None:
    of_bare = replace(VERA, eenheden=(BARE,))
    assert of_bare.agrees_with(replace(SAID, eenheden=("bare-id",)))
    assert not of_bare.agrees_with(replace(SAID, eenheden=("None",)))


@pytest.mark.parametrize(("issued", "follows"), [(99, False), (100, False), (101, True)])
def test_a_record_follows_only_a_token_that_is_newer(issued: int, follows: bool) -> None:
    assert VERA.follows(replace(SAID, uitgegeven=issued)) is follows


def test_who_is_let_in_has_their_roles_and_departments_the_first_one_first() -> None:
    login = VERA.login()
    assert (login.medewerker_id, login.eenheden) == ("vera", ("ver-id", "bur-id"))
    assert login.rollen == {Rol.KCC}
    assert login.eenheid_id == VERA.medewerker().eenheid_id == "ver-id"


@pytest.mark.parametrize(
    "record",
    [
        replace(VERA, actief=False),
        replace(VERA, eenheden=(replace(VER, actief=False), BUR)),
        replace(VERA, eenheden=(VER, replace(BUR, actief=False))),
        replace(VERA, rollen=frozenset({Rol.KCC, "NIEUWE_ROL"})),
        replace(VERA, rollen=frozenset({"NIEUWE_ROL"})),
    ],
    ids=["deactivated", "the first department closed", "the second closed", "one role unknown", "no role known"],
)
def test_who_is_deactivated_or_of_a_closed_department_or_has_an_unknown_role_is_refused(
    record: Dienstverband,
) -> None:
    with pytest.raises(LoginGeweigerd):
        record.login()


def test_a_task_of_any_of_their_departments_may_be_theirs_as_long_as_they_are_active() -> None:
    of = ("ver-id", "bur-id", "soc-id")
    assert [VERA.may_have_tasks_of(eenheid) for eenheid in of] == [True, True, False]
    assert not any(replace(VERA, actief=False).may_have_tasks_of(eenheid) for eenheid in of)
