"""Reading who and where: the login, employees, departments, and what is configured."""

from itertools import product

import pytest

from app.domain.organisation import NieuweEenheid
from app.domain.values.moments import now, read
from app.settings import Settings
from tests.support.arrange import command_line, new_taak, registreer
from tests.support.each import each
from tests.support.people import (
    DESK,
    EENHEDEN,
    LEZER,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    Person,
)
from tests.support.server import Server, serving
from tests.support.template import Template

IK = """
{
  ik {
    medewerker { __typename id naam actief organisatorischeEenheid { identificatie } }
    rollen
    postvakken { organisatorischeEenheid { identificatie } }
  }
}
"""

EENHEDEN_GEZOCHT = """
query ($zoektekst: String, $actief: Boolean) {
  organisatorischeEenheden(zoektekst: $zoektekst, actief: $actief) { naam }
}
"""

EENHEID = """
query ($zoektekst: String!) {
  organisatorischeEenheden(zoektekst: $zoektekst, actief: null) {
    __typename id naam identificatie actief
    medewerkers { naam actief organisatorischeEenheid { identificatie } }
  }
}
"""

MEDEWERKER = "query ($id: ID!) { node(id: $id) { ... on Medewerker { naam actief } } }"

DEPARTMENTS = """
query ($id: ID!) { node(id: $id) { ... on Medewerker { organisatorischeEenheden { identificatie actief } } } }
"""

OF_EVERYBODY = """
{
  organisatorischeEenheden(actief: null) {
    identificatie
    medewerkers { naam organisatorischeEenheid { identificatie } organisatorischeEenheden { identificatie } }
  }
}
"""

CONFIGURED = "{ kanalen gevraagdeHandelingen }"

CLOCK = "{ nu tijdzone }"

BOTH = Person("f0000000-0000-4000-8000-000000000001", "Bea van Beide", ["SOC", "VER"], ["LEZER", "BEHANDELAAR"])
TWO = Person("f0000000-0000-4000-8000-000000000002", "Kees de Kcc", ["KCC", "BUR"], ["KCC"])


@pytest.fixture
def server(either_way: Server) -> Server:
    """Both read alike."""
    return either_way


async def test_ik_is_who_logged_in_with_their_roles_and_their_departments_inboxes_the_first_one_first(
    server: Server,
) -> None:
    ik = (await server.as_(BOTH).data(IK))["ik"]
    assert ik["medewerker"] == {
        "__typename": "Medewerker",
        "id": BOTH.subject,
        "naam": "Bea van Beide",
        "actief": True,
        "organisatorischeEenheid": {"identificatie": "SOC"},
    }
    assert sorted(ik["rollen"]) == ["BEHANDELAAR", "LEZER"]
    assert [postvak["organisatorischeEenheid"]["identificatie"] for postvak in ik["postvakken"]] == ["SOC", "VER"]


async def test_a_department_shows_its_active_employees_that_have_logged_in_by_name(
    server: Server, settings: Settings
) -> None:
    await server.as_(BOTH).data(IK)
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(VERGUNNINGEN_COLLEGA.subject, actief=False)
    [found] = (await server.as_(DESK).data(EENHEID, zoektekst="VER"))["organisatorischeEenheden"]
    assert found == {
        "__typename": "OrganisatorischeEenheid",
        "id": server.eenheden["VER"],
        "naam": "Afdeling vergunningen",
        "identificatie": "VER",
        "actief": True,
        "medewerkers": [
            {"naam": BOTH.naam, "actief": True, "organisatorischeEenheid": {"identificatie": "SOC"}},
            {"naam": LEZER.naam, "actief": True, "organisatorischeEenheid": {"identificatie": "VER"}},
            {"naam": VERGUNNINGEN.naam, "actief": True, "organisatorischeEenheid": {"identificatie": "VER"}},
        ],
    }
    deactivated = await server.as_(DESK).data(MEDEWERKER, id=VERGUNNINGEN_COLLEGA.subject)
    assert deactivated["node"] == {"naam": VERGUNNINGEN_COLLEGA.naam, "actief": False}


async def departments(server: Server, reader: Person, of: Person) -> list[tuple[str, bool]]:
    found = (await server.as_(reader).data(DEPARTMENTS, id=of.subject))["node"]
    return [(one["identificatie"], one["actief"]) for one in found["organisatorischeEenheden"]]


async def test_an_employee_has_all_of_their_departments_in_the_order_of_their_login(
    server: Server, settings: Settings
) -> None:
    everybody = {who.subject: who for who in (BOTH, TWO, DESK, LEZER, TOEZICHTHOUDER)}
    for who in everybody.values():
        await server.as_(who).data(IK)
    # Whoever asks, since departments and the names of colleagues are everybody's.
    for reader, who in each(product((LEZER, TOEZICHTHOUDER, TWO), everybody.values())):
        assert await departments(server, reader, who) == [(name, True) for name in who.eenheden]
    async with command_line(settings) as (eenheden, medewerkers):
        await medewerkers.move(BOTH.subject, ["VER", "KCC", "SOC"])
        await medewerkers.set_actief(BOTH.subject, actief=False)
        await eenheden.set_actief("SOC", actief=False)
    assert await departments(server, LEZER, BOTH) == [("VER", True), ("KCC", True), ("SOC", False)]


async def test_of_many_employees_each_has_their_own_departments(server: Server) -> None:
    people = (BOTH, TWO, DESK, LEZER, VERGUNNINGEN)
    for who in people:
        await server.as_(who).data(IK)
    found = (await server.as_(TWO).data(OF_EVERYBODY))["organisatorischeEenheden"]
    shown = {
        (eenheid["identificatie"], medewerker["naam"]): medewerker
        for eenheid in found
        for medewerker in eenheid["medewerkers"]
    }
    for who, name in each((each_of, name) for each_of in people for name in each_of.eenheden):
        assert shown[name, who.naam] == {
            "naam": who.naam,
            "organisatorischeEenheid": {"identificatie": who.eenheden[0]},
            "organisatorischeEenheden": [{"identificatie": name} for name in who.eenheden],
        }


async def test_the_answer_to_a_deed_has_all_departments_of_who_did_it(server: Server) -> None:
    shown = (
        "... on InterneTaakGewijzigd { interneTaak { medewerker { organisatorischeEenheden { identificatie } } } }"
    )
    take = f"mutation ($input: NeemInterneTaakInput!) {{ answer: neemInterneTaak(input: $input) {{ {shown} }} }}"
    new = await new_taak(server.as_(DESK), server.eenheden["VER"])
    taken = (await server.as_(BOTH).data(take, input={"id": new["id"]}))["answer"]["interneTaak"]
    assert taken["medewerker"] == {"organisatorischeEenheden": [{"identificatie": "SOC"}, {"identificatie": "VER"}]}


async def test_a_department_may_have_no_identificatie_and_no_employees(server: Server, settings: Settings) -> None:
    async with command_line(settings) as (eenheden, _):
        added = await eenheden.add(NieuweEenheid("Wijkbeheer"))
        await eenheden.set_actief(added.id, actief=False)
    [found] = (await server.as_(DESK).data(EENHEID, zoektekst="wijkbeheer"))["organisatorischeEenheden"]
    assert found == {
        "__typename": "OrganisatorischeEenheid",
        "id": added.id,
        "naam": "Wijkbeheer",
        "identificatie": None,
        "actief": False,
        "medewerkers": [],
    }


async def test_departments_are_found_by_words_of_their_name_or_identificatie_and_stand_by_name(
    server: Server, settings: Settings
) -> None:
    async with command_line(settings) as (eenheden, _):
        for naam, identificatie in (("Élan en sport", "ELA-2"), ("afval", None), ("Zorg", "ZRG")):
            await eenheden.add(NieuweEenheid(naam, identificatie))
        await eenheden.set_actief("SOC", actief=False)
    client = server.as_(DESK)

    async def found(**variables: object) -> list[str]:
        return [
            one["naam"] for one in (await client.data(EENHEDEN_GEZOCHT, **variables))["organisatorischeEenheden"]
        ]

    active = ["Afdeling vergunningen", "afval", "Burgerzaken", "Élan en sport", "Klantcontactcentrum", "Zorg"]
    assert await found() == active
    assert await found(actief=True) == active
    assert await found(actief=False) == [EENHEDEN["SOC"]]
    assert await found(actief=None) == [*active[:-1], EENHEDEN["SOC"], "Zorg"]

    assert await found(zoektekst=None) == active
    assert await found(zoektekst="  ") == active
    assert await found(zoektekst="af") == ["Afdeling vergunningen", "afval"]
    assert await found(zoektekst="SPORT elan") == ["Élan en sport"]
    assert await found(zoektekst="ela-2") == ["Élan en sport"]
    assert await found(zoektekst="vergunning afdeling") == ["Afdeling vergunningen"]
    assert await found(zoektekst="zaken") == []
    assert await found(zoektekst="soc") == []
    assert await found(zoektekst="soc", actief=None) == [EENHEDEN["SOC"]]


async def test_what_is_asked_of_all_departments_and_of_those_that_are_active_or_closed_is_told_apart(
    server: Server, settings: Settings
) -> None:
    async with command_line(settings) as (eenheden, _):
        await eenheden.set_actief("SOC", actief=False)
    client = server.as_(DESK)
    found = {
        actief: len((await client.data(EENHEDEN_GEZOCHT, actief=actief))["organisatorischeEenheden"])
        for actief in (None, True, False)
    }
    everything = len(EENHEDEN)
    assert found == {None: everything, True: everything - 1, False: 1}


async def test_departments_are_not_searched_with_too_long_a_text(server: Server) -> None:
    for zoektekst in ("a" * 201, "a b c d e f g h i j k"):
        assert await server.as_(DESK).codes(EENHEDEN_GEZOCHT, zoektekst=zoektekst) == ["ONGELDIG_ARGUMENT"]


async def test_the_channels_and_the_suggestions_are_those_configured_the_default_first(
    server: Server, settings: Settings
) -> None:
    assert await server.as_(DESK).data(CONFIGURED) == {
        "kanalen": list(settings.kanalen),
        "gevraagdeHandelingen": list(settings.gevraagde_handelingen),
    }
    assert settings.kanalen[0] == "Telefoon"
    assert settings.gevraagde_handelingen[0] == "Overname gesprek met klant"


async def test_another_configuration_offers_other_channels_and_suggestions(
    settings: Settings, template: Template
) -> None:
    other = settings.model_copy(update={"kanalen": ("Chat", "Balie"), "gevraagde_handelingen": ("Terugbellen",)})
    async with serving(other, template.eenheden) as server:
        desk = server.as_(DESK)
        assert await desk.data(CONFIGURED) == {
            "kanalen": ["Chat", "Balie"],
            "gevraagdeHandelingen": ["Terugbellen"],
        }
        assert (await registreer(desk))["kanaal"] == "Chat"


async def test_now_is_the_moment_of_each_answer_by_the_clock_of_the_server(server: Server) -> None:
    desk, moments = server.as_(DESK), [now()]
    for _ in range(3):
        moments += [(await desk.data(CLOCK))["nu"], now()]
    assert moments == sorted(moments)
    # As finely as moments are told, so that two of them may be the same.
    assert all(read(moment) == moment for moment in each(moments))
    registered = (await registreer(desk))["geregistreerdOp"]
    assert moments[-1] <= registered <= (await desk.data(CLOCK))["nu"]


async def test_the_time_zone_is_that_of_the_organisation(settings: Settings, template: Template) -> None:
    async with serving(settings, template.eenheden) as server:
        assert (await server.as_(DESK).data(CLOCK))["tijdzone"] == "Europe/Amsterdam"
    async with serving(settings.model_copy(update={"tijdzone": "America/Curacao"}), template.eenheden) as server:
        assert (await server.as_(LEZER).data(CLOCK))["tijdzone"] == "America/Curacao"
