"""Whom a contact was with: at registration, noted later, and corrected."""

import asyncio
from typing import Any

import pytest

from tests.support.arrange import ask, registreer, taak
from tests.support.client import JSON, Client
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.server import Server

DO = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on BetrokkeneVastgelegd { betrokkene { ...Wie } }
    ... on Weigering {
      ... on BetrokkeneVersieVerouderd { betrokkene { ...Wie } }
      ... on OngeldigeInvoer { velden { pad code maximum } }
      ... on NietBevoegd { reden }
    }
  }
}
fragment Wie on Betrokkene {
  id versie rol contactnaam { voorletters voornaam voorvoegselAchternaam achternaam } organisatienaam
  digitaleAdressen { soortDigitaalAdres adres omschrijving }
}
"""
REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd { klantcontact { id betrokkenen { id versie contactnaam { achternaam } } } }
    ... on OngeldigeInvoer { velden { pad code maximum } }
  }
}
"""
READ = """
query ($id: ID!) {
  klantcontact(id: $id) { betrokkenen { versie } interneTaken { versie status logboek { soort } } }
}
"""


def adres(text: str, soort: str = "TELEFOONNUMMER", omschrijving: str | None = None) -> JSON:
    return {"soortDigitaalAdres": soort, "adres": text, "omschrijving": omschrijving}


BAKKER: JSON = {"contactnaam": {"achternaam": "Bakker"}, "digitaleAdressen": [adres("06 12345678")]}

WRONG: dict[str, tuple[JSON, list[str], str, int | None]] = {
    "nothing": ({}, [], "VERPLICHT", None),
    "blank": ({"contactnaam": {"achternaam": " "}, "organisatienaam": "\u200b"}, [], "VERPLICHT", None),
    "only initials": ({"contactnaam": {"voorletters": "A."}}, [], "VERPLICHT", None),
    "voorletters": (
        {"contactnaam": {"voorletters": "x" * 11, "achternaam": "B"}},
        ["contactnaam", "voorletters"],
        "TE_LANG",
        10,
    ),
    "voornaam": ({"contactnaam": {"voornaam": "x" * 201}}, ["contactnaam", "voornaam"], "TE_LANG", 200),
    "voorvoegsel": (
        {"contactnaam": {"voorvoegselAchternaam": "x" * 11, "achternaam": "B"}},
        ["contactnaam", "voorvoegselAchternaam"],
        "TE_LANG",
        10,
    ),
    "achternaam": ({"contactnaam": {"achternaam": "x" * 201}}, ["contactnaam", "achternaam"], "TE_LANG", 200),
    "organisatienaam": ({"organisatienaam": "x" * 201}, ["organisatienaam"], "TE_LANG", 200),
    "two lines": ({"organisatienaam": "a\nb"}, ["organisatienaam"], "ONGELDIG_TEKEN", None),
    "adres": ({"digitaleAdressen": [adres("x" * 81, "OVERIG")]}, ["digitaleAdressen", "0", "adres"], "TE_LANG", 80),
    "blank adres": ({"digitaleAdressen": [adres(" ")]}, ["digitaleAdressen", "0", "adres"], "VERPLICHT", None),
    "a line feed in a number": (
        {"digitaleAdressen": [adres("06\n12345678")]},
        ["digitaleAdressen", "0", "adres"],
        "ONGELDIG_TEKEN",
        None,
    ),
    "no number": (
        {"digitaleAdressen": [adres("0900 1234")]},
        ["digitaleAdressen", "0", "adres"],
        "ONGELDIGE_WAARDE",
        None,
    ),
    "no e-mail": (
        {"digitaleAdressen": [adres("a@b", "EMAIL")]},
        ["digitaleAdressen", "0", "adres"],
        "ONGELDIGE_WAARDE",
        None,
    ),
    "omschrijving": (
        {"digitaleAdressen": [adres("a@b.nl", "EMAIL", "x" * 41)]},
        ["digitaleAdressen", "0", "omschrijving"],
        "TE_LANG",
        40,
    ),
    "six": (
        {"digitaleAdressen": [adres(f"kamer {nth}", "OVERIG") for nth in range(6)]},
        ["digitaleAdressen"],
        "TE_LANG",
        5,
    ),
    "one number twice": (
        {"digitaleAdressen": [adres("06 12345678"), adres("+31 6 12345678")]},
        ["digitaleAdressen", "1", "adres"],
        "DUBBEL",
        None,
    ),
    "one e-mail twice": (
        {"digitaleAdressen": [adres("a@b.nl", "EMAIL"), adres("A@B.nl", "EMAIL")]},
        ["digitaleAdressen", "1", "adres"],
        "DUBBEL",
        None,
    ),
}


async def do(client: Client, mutation: str, **input: Any) -> JSON:
    return await ask(client, DO, mutation, **input)


async def noted(server: Server, *taken: JSON) -> tuple[JSON, JSON]:
    """A contact of the desk with Bakker, and Bakker."""
    desk = server.as_(DESK)
    contact = await registreer(desk, *taken)
    answer = await do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=BAKKER)
    return contact, answer["betrokkene"]


@pytest.mark.parametrize("what", WRONG)
async def test_what_is_wrong_is_told_by_its_place_and_stores_nothing(server: Server, what: str) -> None:
    betrokkene, pad, code, maximum = WRONG[what]
    velden = [{"pad": ["betrokkene", *pad], "code": code, "maximum": maximum}]
    desk = server.as_(DESK)
    input = {"onderwerp": "Dakkapel", "betrokkene": betrokkene}
    answer = (await desk.data(REGISTER, input=input))["registreerKlantcontact"]
    assert answer == {"__typename": "OngeldigeInvoer", "velden": velden}
    contact = await registreer(desk)
    answer = await do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=betrokkene)
    assert answer == {"__typename": "OngeldigeInvoer", "velden": velden}
    assert (await desk.data(READ, id=contact["id"]))["klantcontact"]["betrokkenen"] == []


async def test_a_betrokkene_is_kept_as_given_with_blanks_as_null(server: Server) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk)
    given: JSON = {
        "rol": "VERTEGENWOORDIGER",
        "contactnaam": {
            "voorletters": " A.B. ",
            "voornaam": " ",
            "voorvoegselAchternaam": "van der",
            "achternaam": "e\u0301",
        },
        "organisatienaam": "",
        "digitaleAdressen": [
            adres("Kamer 2", "OVERIG"),
            adres("A@b.nl", "EMAIL", " "),
            adres("020 1234567", omschrijving="werk"),
        ],
    }
    answer = await do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=given)
    stands = answer["betrokkene"]
    del stands["id"]
    assert stands == {
        "versie": 1,
        "rol": "VERTEGENWOORDIGER",
        "contactnaam": {
            "voorletters": "A.B.",
            "voornaam": None,
            "voorvoegselAchternaam": "van der",
            "achternaam": "\u00e9",
        },
        "organisatienaam": None,
        "digitaleAdressen": [
            adres("Kamer 2", "OVERIG"),
            adres("A@b.nl", "EMAIL"),
            adres("+31201234567", omschrijving="werk"),
        ],
    }


async def test_who_is_second_is_shown_who_stands_and_the_same_input_again_is_answered(server: Server) -> None:
    contact, bakker = await noted(server)
    desk = server.as_(DESK)
    again = await do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=BAKKER)
    assert again == {"__typename": "BetrokkeneVastgelegd", "betrokkene": bakker}
    other = BAKKER | {"organisatienaam": "Bakkerij"}
    answer = await do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=other)
    assert answer == {"__typename": "BetrokkeneVersieVerouderd", "betrokkene": bakker}


async def test_correcting_replaces_everything_and_tells_the_open_tasks(server: Server) -> None:
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    contact, bakker = await noted(server, taak(ver), taak(bur))
    desk = server.as_(DESK)
    new: JSON = {"organisatienaam": "Bakkerij", "digitaleAdressen": []}
    answer = await do(desk, "wijzigBetrokkene", id=bakker["id"], versie=1, betrokkene=new)
    stands = answer["betrokkene"]
    assert (stands["id"], stands["versie"], stands["contactnaam"]) == (bakker["id"], 2, None)
    assert (stands["organisatienaam"], stands["digitaleAdressen"]) == ("Bakkerij", [])
    same = await do(desk, "wijzigBetrokkene", id=bakker["id"], versie=2, betrokkene=new)
    assert same == {"__typename": "BetrokkeneVastgelegd", "betrokkene": stands}
    stale = await do(desk, "wijzigBetrokkene", id=bakker["id"], versie=1, betrokkene=new)
    assert stale == {"__typename": "BetrokkeneVersieVerouderd", "betrokkene": stands}
    taken = (await desk.data(READ, id=contact["id"]))["klantcontact"]["interneTaken"]
    changed = ["GEREGISTREERD", "CONTACTGEGEVENS_GEWIJZIGD", "CONTACTGEGEVENS_GEWIJZIGD"]
    assert [[fact["soort"] for fact in task["logboek"]] for task in taken] == [changed, changed]


async def test_who_has_the_task_in_their_inbox_corrects_and_a_supervisor_does_not(server: Server) -> None:
    contact, bakker = await noted(server, taak(server.eenheden["VER"]))
    given = {"id": bakker["id"], "versie": 1, "betrokkene": BAKKER | {"organisatienaam": "Bakkerij"}}
    assert (await do(server.as_(BURGERZAKEN), "wijzigBetrokkene", **given))["__typename"] == "NietGevonden"
    answer = await do(server.as_(TOEZICHTHOUDER), "wijzigBetrokkene", **given)
    assert answer == {"__typename": "NietBevoegd", "reden": "ROL"}
    assert (await do(server.as_(VERGUNNINGEN), "wijzigBetrokkene", **given))["betrokkene"]["versie"] == 2
    assert (await server.as_(DESK).data(READ, id=contact["id"]))["klantcontact"]["betrokkenen"] == [{"versie": 2}]


async def test_of_several_who_note_somebody_at_once_one_is_first(server: Server) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk, taak(server.eenheden["VER"]), taak(server.eenheden["BUR"]))
    several = [BAKKER | {"organisatienaam": f"Bakkerij {nth}"} for nth in range(6)]
    answers = await asyncio.gather(
        *(do(desk, "registreerBetrokkene", klantcontactId=contact["id"], betrokkene=one) for one in several)
    )
    names = sorted(answer["__typename"] for answer in answers)
    assert names == ["BetrokkeneVastgelegd", *["BetrokkeneVersieVerouderd"] * 5]
    assert len({answer["betrokkene"]["organisatienaam"] for answer in answers}) == 1
    stands = (await desk.data(READ, id=contact["id"]))["klantcontact"]
    assert stands["betrokkenen"] == [{"versie": 1}]
    assert [task["versie"] for task in stands["interneTaken"]] == [2, 2]


async def test_a_registration_with_a_betrokkene_sent_again_registers_once(server: Server) -> None:
    desk = server.as_(DESK)
    input = {
        "id": "0194f8a0-0000-7000-8000-00000000000a",
        "onderwerp": "Dakkapel",
        "betrokkene": BAKKER,
        "interneTaken": [taak(server.eenheden["VER"])],
    }
    first, again = [(await desk.data(REGISTER, input=input))["registreerKlantcontact"] for _ in range(2)]
    assert first == again
    [bakker] = first["klantcontact"]["betrokkenen"]
    assert (bakker["versie"], bakker["contactnaam"]) == (1, {"achternaam": "Bakker"})
    other = input | {"betrokkene": BAKKER | {"rol": "VERTEGENWOORDIGER"}}
    assert (await desk.data(REGISTER, input=other))["registreerKlantcontact"]["__typename"] == "IdAlInGebruik"
