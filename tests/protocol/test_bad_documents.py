"""What GraphQL itself refuses, and the words in which everything else is refused."""

import re

import pytest

from app.settings import Settings
from tests.support.arrange import ask, registreer, stored, taak
from tests.support.client import Client
from tests.support.each import each
from tests.support.inputs import UNKNOWN, Input, changed, right_inputs, text_places
from tests.support.people import DESK, LEZER, VERGUNNINGEN
from tests.support.server import Server

# GraphQL refuses before anything is read.
pytestmark = pytest.mark.database("sqlite")

MUTATE = """
mutation ($input: INPUT!) { MUTATION(input: $input) { __typename } }
"""

LITERAL = """
mutation { wijzigInterneTaakStatus(input: %s) { __typename } }
"""

ASK = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on Weigering { bericht ... on OngeldigeInvoer { velden { bericht } } }
  }
}
"""

REQUIRED = {
    "registreerKlantcontact": ["onderwerp"],
    "registreerInterneTaak": ["klantcontactId", "gevraagdeHandeling", "organisatorischeEenheidId"],
    "neemInterneTaak": ["id"],
    "wijsInterneTaakToe": ["id", "versie", "medewerkerId"],
    "legInterneTaakTerug": ["id", "versie"],
    "wijzigInterneTaakStatus": ["id", "versie", "status"],
    "stuurInterneTaakDoor": ["id", "versie", "organisatorischeEenheidId", "toelichting"],
    "trekInterneTaakIn": ["id", "versie", "toelichting"],
    "voegToelichtingToe": ["id", "toelichting"],
}


async def refused(client: Client, mutation: str, input: object) -> bool:
    """Whether GraphQL itself refuses an input, before anything of it is done."""
    document = MUTATE.replace("MUTATION", mutation).replace("INPUT", f"{mutation[0].upper()}{mutation[1:]}Input")
    return await client.codes(document, input=input) == ["DOCUMENT_ONGELDIG"]


async def test_a_required_field_that_is_missing_or_null_or_of_another_type_is_a_graphql_error(
    server: Server, settings: Settings
) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk, taak(server.eenheden["VER"]))
    inputs = right_inputs(server.eenheden, contact["id"], contact["interneTaken"][0])
    before = stored(settings)
    assert inputs.keys() == REQUIRED.keys()
    for mutation, right in each(inputs.items()):
        for field in each(REQUIRED[mutation]):
            left_out = {key: value for key, value in right.items() if key != field}
            assert await refused(desk, mutation, left_out), (mutation, field)
            for wrong in (None, True, [right[field]], {"waarde": right[field]}):
                assert await refused(desk, mutation, right | {field: wrong}), (mutation, field, wrong)
        assert await refused(desk, mutation, right | {"onbekend": None}), mutation
        for no_input in (None, "x", [[right]]):
            assert await refused(desk, mutation, no_input), (mutation, no_input)
    assert stored(settings) == before


async def test_a_value_that_its_type_does_not_have_is_a_graphql_error(server: Server, settings: Settings) -> None:
    desk, before = server.as_(DESK), stored(settings)
    contact: Input = {"onderwerp": "Dakkapel"}
    task = taak(server.eenheden["VER"])
    status: Input = {"id": UNKNOWN, "versie": 1, "status": "GEDAAN"}
    wrong: list[tuple[str, Input]] = [
        *(("wijzigInterneTaakStatus", status | {"status": value}) for value in ("KLAAR", "gedaan", "", 1, True)),
        *(
            ("wijzigInterneTaakStatus", status | {"versie": value})
            for value in (2**31, -(2**31) - 1, 1.5, "1", 1e99)
        ),
        *(("registreerKlantcontact", contact | {"initiatiefnemer": value}) for value in ("BURGER", None, 0)),
        *(("registreerKlantcontact", contact | {"interneTaken": value}) for value in (None, [None], "x")),
        *(("registreerKlantcontact", contact | {field: 5}) for field in ("onderwerp", "inhoud", "kanaal")),
        *(
            ("registreerKlantcontact", contact | {"interneTaken": [task | {"klantAanDeLijn": value}]})
            for value in (None, "true", 1)
        ),
    ]
    for mutation, input in wrong:
        assert await refused(desk, mutation, input), (mutation, input)

    literals = [
        '{ id: "x", versie: 2147483648, status: GEDAAN }',
        '{ id: "x", versie: 1, status: "GEDAAN" }',
        '{ id: "x", versie: 1, status: KLAAR }',
        '{ id: "x", versie: 1, versie: 2, status: GEDAAN }',
        '{ id: "x", versie: 1, status: GEDAAN, toelichting: "\\ud800" }',
        '{ id: "x", versie: 1, status: GEDAAN, toelichting: "twee\nregels" }',
    ]
    for literal in literals:
        assert await desk.codes(LITERAL % literal) == ["DOCUMENT_ONGELDIG"], literal
    assert stored(settings) == before


TYPED = "Xyzzy"
DUTCH = {"dit", "de", "deze", "het", "een", "is", "niet", "u", "er", "uit", "tekens", "vul"}
ENGLISH = {"the", "this", "must", "not", "invalid", "value", "task", "should", "has", "already"}


async def test_a_message_is_dutch_and_never_holds_what_was_typed(server: Server) -> None:
    desk, colleague, ver = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
    contact = await registreer(desk, taak(ver))
    task = contact["interneTaken"][0]
    inputs = right_inputs(server.eenheden, contact["id"], task)
    asked: list[tuple[Client, str, Input]] = []
    for mutation, right in inputs.items():
        asked.append((desk, mutation, right | {"id": TYPED}))
        for place in text_places(right):
            asked += [(desk, mutation, changed(right, place, text)) for text in (TYPED * 300, f"{TYPED}\x00")]
    note = {"toelichting": TYPED}
    asked += [
        (desk, "registreerKlantcontact", {"onderwerp": TYPED, "kanaal": TYPED}),
        (desk, "registreerKlantcontact", {"onderwerp": TYPED, "interneTaken": [taak(UNKNOWN, **note)]}),
        (desk, "registreerKlantcontact", {"onderwerp": TYPED, "id": task["id"]}),
        (server.as_(LEZER), "registreerKlantcontact", {"onderwerp": TYPED}),
        (colleague, "stuurInterneTaakDoor", inputs["stuurInterneTaakDoor"] | {"toelichting": " "}),
        (colleague, "wijzigInterneTaakStatus", inputs["wijzigInterneTaakStatus"] | {"status": "TE_DOEN"}),
        (colleague, "voegToelichtingToe", note | {"id": UNKNOWN}),
        (colleague, "legInterneTaakTerug", inputs["legInterneTaakTerug"] | note | {"versie": 9}),
        (colleague, "legInterneTaakTerug", inputs["legInterneTaakTerug"] | note),
        (desk, "stuurInterneTaakDoor", inputs["stuurInterneTaakDoor"] | note),
    ]
    kinds = set()
    for client, mutation, input in each(asked):
        answer = await ask(client, ASK, mutation, **input)
        kinds.add(answer["__typename"])
        for bericht in (veld["bericht"] for veld in (answer, *answer.get("velden", []))):
            words = set(re.findall(r"\w+", bericht.lower()))
            assert words & DUTCH, bericht
            assert not words & ENGLISH, bericht
            assert TYPED.lower() not in bericht.lower()
            assert bericht.endswith(".")
    assert kinds == {
        "OngeldigeInvoer",
        "NietGevonden",
        "NietBevoegd",
        "IdAlInGebruik",
        "VersieVerouderd",
        "OvergangGeweigerd",
    }
