"""What a text may hold, how long it may be, and the form in which it is kept: in every field of every mutation."""

import pytest

from app.settings import Settings
from tests.support.arrange import ask, done, new_taak, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.each import each
from tests.support.inputs import Place, at, changed, id_places, pad, right_inputs, text_places
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server

ASK = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on OngeldigeInvoer { velden { pad code maximum } }
    ... on Weigering { bericht }
  }
}
"""

REGISTER = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    ... on KlantcontactGeregistreerd {
      klantcontact { kanaal onderwerp inhoud interneTaken { gevraagdeHandeling toelichting } }
    }
    ... on OngeldigeInvoer { velden { pad code maximum } }
    ... on Weigering { bericht }
  }
}
"""

LAST = """
query ($id: ID!) { interneTaak(id: $id) { versie toelichting laatsteGebeurtenis { toelichting } } }
"""

MUTATIONS = [
    "registreerKlantcontact",
    "registreerInterneTaak",
    "neemInterneTaak",
    "wijsInterneTaakToe",
    "legInterneTaakTerug",
    "wijzigInterneTaakStatus",
    "stuurInterneTaakDoor",
    "trekInterneTaakIn",
    "voegToelichtingToe",
]
ONE_LINE = {("onderwerp",), ("interneTaken", 0, "gevraagdeHandeling")}
SEVERAL_LINES = {("inhoud",), ("interneTaken", 0, "toelichting")}
MAXIMUM = {"onderwerp": 200, "gevraagdeHandeling": 200, "inhoud": 1000, "toelichting": 1000}

FAMILY = "👩🏽‍👩🏽‍👧‍👦"
"""One sign on the screen, nine code points."""


def breach(place: Place, code: str, maximum: int | None = None) -> JSON:
    return {"pad": pad(place), "code": code, "maximum": maximum}


async def register(client: Client, eenheid: str, place: Place, text: str) -> JSON:
    """The answer to a contact with one task, with a text at a place."""
    right = {"onderwerp": "Dakkapel", "inhoud": None, "interneTaken": [taak(eenheid)]}
    return await ask(client, REGISTER, "registreerKlantcontact", **changed(right, place, text))


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_control_characters_and_lone_surrogates_are_refused_in_every_field(
    server: Server, settings: Settings, mutation: str
) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk, taak(server.eenheden["VER"]))
    right = right_inputs(server.eenheden, contact["id"], contact["interneTaken"][0])[mutation]
    before = stored(settings)
    for sign in ("\x00", "\x07", "\x0b", "\x1c", "\x7f", "\x85", "\ud800", "\udfff"):
        for place in each((*id_places(right), *text_places(right))):
            value, code = at(right, place), "ONGELDIG_TEKEN" if place[-1] in MAXIMUM else "ONGELDIGE_WAARDE"
            # Within and at the end: what is refused is not trimmed away.
            for wrong in (value[:4] + sign + value[4:], value + sign):
                answer = await ask(desk, ASK, mutation, **changed(right, place, wrong))
                assert answer.get("velden") == [breach(place, code)], (place, sign, answer)
    assert stored(settings) == before


WHERE = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) { ... on OngeldigeInvoer { velden { pad code bericht } } }
}
"""


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("mutation", [name for name in MUTATIONS if name != "neemInterneTaak"])
async def test_a_sign_that_is_refused_is_named_with_its_place_in_the_text(server: Server, mutation: str) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk, taak(server.eenheden["VER"]))
    right = right_inputs(server.eenheden, contact["id"], contact["interneTaken"][0])[mutation]
    signs = [("\x0b", "U+000B"), ("\x00", "U+0000"), ("\x85", "U+0085"), ("\ud800", "U+D800")]
    for place in each(place for place in text_places(right) if place[-1] in MAXIMUM):
        one_line = place[-1] in ("onderwerp", "gevraagdeHandeling")
        for sign, name in [*signs, *([("\r\n", "U+000A")] if one_line else [])]:
            # Counted as a length is: in code points, after trimming and NFC, the first where there are several.
            answer = await ask(desk, WHERE, mutation, **changed(right, place, f"  cafe\u0301 😀{sign}a{sign}b"))
            said = f"{place[-1]}: teken 7 is een teken dat niet kan ({name})."
            assert answer["velden"] == [{"pad": pad(place), "code": "ONGELDIG_TEKEN", "bericht": said}]


@pytest.mark.parametrize("mutation", [name for name in MUTATIONS if name != "neemInterneTaak"])
async def test_a_text_is_as_long_as_it_may_be_and_one_more_is_refused(
    server: Server, settings: Settings, mutation: str
) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk, taak(server.eenheden["VER"]))
    right = right_inputs(server.eenheden, contact["id"], contact["interneTaken"][0])[mutation]
    places = [place for place in text_places(right) if place[-1] in MAXIMUM]
    longest = right
    before = stored(settings)
    for place in each(places):
        maximum = MAXIMUM[str(place[-1])]
        longest = changed(longest, place, "ë" * maximum)
        answer = await ask(desk, ASK, mutation, **changed(right, place, "ë" * (maximum + 1)))
        assert answer.get("velden") == [breach(place, "TE_LANG", maximum)]
    assert stored(settings) == before
    # The form of the longest is right: nothing is wrong with it but that the desk may not handle the task.
    assert (await ask(desk, ASK, mutation, **longest))["__typename"] in (
        "KlantcontactGeregistreerd",
        "InterneTaakGeregistreerd",
        "InterneTaakGewijzigd",
        "NietBevoegd",
    )


async def test_length_is_counted_in_code_points_after_trimming_and_nfc(server: Server, settings: Settings) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    fits = {
        "signs beyond the first plane": "😀" * 200,
        "accents apart": "e\u0301" * 200,
        "spaces around": "\u2003\t\n " + "x" * 200 + "\r\n\u2028\u00a0",
        "families": FAMILY * 22 + "xx",
    }
    too_long = {
        "signs beyond the first plane": "😀" * 201,
        "accents apart": "e\u0301" * 201,
        "letters that NFC takes apart": "\u0958" * 101,
        "spaces within": "x" + " " * 199 + "x",
        "families": FAMILY * 23,
    }
    for place in ONE_LINE:
        for why, text in fits.items():
            assert "klantcontact" in await register(desk, ver, place, text), why
        before = stored(settings)
        for why, text in too_long.items():
            assert (await register(desk, ver, place, text)).get("velden") == [breach(place, "TE_LANG", 200)], why
        assert stored(settings) == before
    for place in SEVERAL_LINES:
        assert "klantcontact" in await register(desk, ver, place, "x" + "\r\n" * 998 + "x")
        answer = await register(desk, ver, place, "x" + "\r\n" * 999 + "x")
        assert answer.get("velden") == [breach(place, "TE_LANG", 1000)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("een\r\ntwee\rdrie\nvier\tvijf", "een\ntwee\ndrie\nvier vijf"),
        (" \u00a0\t\r\neen  twee\u3000\u2029 ", "een  twee"),
        ("cafe\u0301", "café"),
        ("\u212b ﬁ ½ ２", "Å ﬁ ½ ２"),
        ("q\u0307\u0323 z\u0335", "q\u0323\u0307 z\u0335"),
        (f"{FAMILY} 🏴‍☠️ ✌🏿", f"{FAMILY} 🏴‍☠️ ✌🏿"),
        ("שלום \u202eabc\u202c \u200fمرحبا\u2067", "שלום \u202eabc\u202c \u200fمرحبا\u2067"),
        ("soft\u00adhyphen \u200bzero\u2060 width", "soft\u00adhyphen \u200bzero\u2060 width"),
        ("<b>\"'; DROP TABLE -- \\u0000 %s {{x}}", "<b>\"'; DROP TABLE -- \\u0000 %s {{x}}"),
    ],
)
async def test_a_text_is_kept_as_it_was_typed_but_for_line_ends_tabs_trimming_and_nfc(
    server: Server, typed: str, kept: str
) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    places = SEVERAL_LINES if "\n" in kept else ONE_LINE | SEVERAL_LINES
    for place in each(places):
        assert at((await register(desk, ver, place, typed))["klantcontact"], place) == kept

    task = await new_taak(desk, ver, toelichting=typed)
    await done(desk, "voegToelichtingToe", id=task["id"], toelichting=typed)
    found = (await desk.data(LAST, id=task["id"]))["interneTaak"]
    assert found == {"versie": 2, "toelichting": kept, "laatsteGebeurtenis": {"toelichting": kept}}


async def test_a_line_feed_is_refused_where_a_text_has_one_line(server: Server, settings: Settings) -> None:
    before = stored(settings)
    for place in ONE_LINE:
        for line_end in ("\n", "\r", "\r\n"):
            answer = await register(server.as_(DESK), server.eenheden["VER"], place, f"een{line_end}twee")
            assert answer.get("velden") == [breach(place, "ONGELDIG_TEKEN")]
    assert stored(settings) == before


BLANK = ["", " ", "\t\r\n", "\u00a0\u2003\u3000\u2028\u2029", "\u200b\ufeff\u200d"]


async def test_a_blank_required_text_is_refused(server: Server, settings: Settings) -> None:
    desk, colleague = server.as_(DESK), server.as_(VERGUNNINGEN)
    contact = await registreer(desk, taak(server.eenheden["VER"]))
    inputs = right_inputs(server.eenheden, contact["id"], contact["interneTaken"][0])
    reopen = inputs["wijzigInterneTaakStatus"] | {"status": "TE_DOEN"}
    before = stored(settings)
    for blank in BLANK:
        for place in ONE_LINE:
            assert (await register(desk, server.eenheden["VER"], place, blank)).get("velden") == [
                breach(place, "VERPLICHT")
            ]
        for mutation in ("stuurInterneTaakDoor", "trekInterneTaakIn", "voegToelichtingToe"):
            answer = await ask(colleague, ASK, mutation, **inputs[mutation] | {"toelichting": blank})
            assert answer.get("velden") == [breach(("toelichting",), "VERPLICHT")]
        answer = await ask(colleague, ASK, "wijzigInterneTaakStatus", **reopen | {"toelichting": blank})
        assert answer.get("velden") == [breach(("toelichting",), "VERPLICHT")]
    for nothing in ({"toelichting": None}, {}):
        left_out = {key: value for key, value in reopen.items() if key != "toelichting"} | nothing
        answer = await ask(colleague, ASK, "wijzigInterneTaakStatus", **left_out)
        assert answer.get("velden") == [breach(("toelichting",), "VERPLICHT")]
    assert stored(settings) == before


async def test_a_blank_optional_text_is_null(server: Server) -> None:
    desk, colleague, ver = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
    for blank in BLANK:
        for place in SEVERAL_LINES:
            assert at((await register(desk, ver, place, blank))["klantcontact"], place) is None
        task = await new_taak(desk, ver, medewerkerId=VERGUNNINGEN.subject)
        await done(colleague, "legInterneTaakTerug", id=task["id"], versie=1, toelichting=blank)
        found = (await desk.data(LAST, id=task["id"]))["interneTaak"]
        assert (found["versie"], found["laatsteGebeurtenis"]) == (2, {"toelichting": None})


async def test_a_blank_channel_is_the_default_one(server: Server) -> None:
    for blank in BLANK:
        answer = await register(server.as_(DESK), server.eenheden["VER"], ("kanaal",), blank)
        assert answer["klantcontact"]["kanaal"] == "Telefoon"
