"""Searching over the API: every word of the zoektekst begins a word in the searched texts."""

from tests.support.arrange import registreer, taak
from tests.support.filling import nodes, the_list
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server

INTERNE_TAKEN = """
query ($zoektekst: String) {
  list: interneTaken(filter: { zoektekst: $zoektekst }) {
    totalCount edges { node { nummer ontstaanUitKlantcontact { nummer onderwerp } } }
  }
}
"""

POSTVAK = """
query ($zoektekst: String, $eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    list: interneTaken(filter: { zoektekst: $zoektekst }) {
      totalCount edges { node { nummer ontstaanUitKlantcontact { nummer onderwerp } } }
    }
  }
}
"""

KLANTCONTACTEN = """
query ($zoektekst: String) {
  list: klantcontacten(filter: { zoektekst: $zoektekst }) {
    totalCount edges { node { nummer onderwerp interneTaken { nummer } } }
  }
}
"""

LISTS = [INTERNE_TAKEN, POSTVAK, KLANTCONTACTEN]

ALL_LISTS = """
query ($zoektekst: String, $eenheid: ID!) {
  interneTaken(filter: { zoektekst: $zoektekst }) { ...Taken }
  postvak(organisatorischeEenheidId: $eenheid) { interneTaken(filter: { zoektekst: $zoektekst }) { ...Taken } }
  klantcontacten(filter: { zoektekst: $zoektekst }) { edges { node { onderwerp } } }
}
fragment Taken on InterneTaakConnection { edges { node { ontstaanUitKlantcontact { onderwerp } } } }
"""

HONDT = "Mevrouw d\u2019Hondt, 3512 AE"
TEXTS = {
    "Vergunningsvrije dakkapel": "Mag zij zonder vergunning een dakkapel op het voordakvlak plaatsen?",
    "Terras bij Café Élan": "Naïeve coöperatie; zo'n foto's-actie (re-integratie).",
    "Het \u0133sstadion": "In \u0132muiden, aan de Straßenbahn.",
    "İstanbul": "Mevrouw Işık en de heer Çağlar.",
    "Ὀδυσσεύς": "Παπαδόπουλος, ΝΊΚΟΣ",
    "عَرَبِيّ": "محمّد الأمين",
    "Ёлка": "Йод из Москвы",
    "100% korting_actie": "a\\b 50€ R2D2 \U0001f600",
    "Bel 0612345678": None,
    HONDT: "Bereikbaar op 020-765 43 21; kenteken 12-ABC-3, e-mail volgt.",
}

FOUND = {
    # Every word begins a word, in any order and in any of the texts.
    "dakkapel": {"Vergunningsvrije dakkapel"},
    "dak": {"Vergunningsvrije dakkapel"},
    "kapel": set(),
    "dakkapellen": set(),
    "plaats vergun": {"Vergunningsvrije dakkapel"},
    "vergun dakkapel terras": set(),
    # Letter case and diacritics apart.
    "DAKKAPEL": {"Vergunningsvrije dakkapel"},
    "cafe elan": {"Terras bij Café Élan"},
    "CAFÉ ÈLAN": {"Terras bij Café Élan"},
    "cafe\u0301": {"Terras bij Café Élan"},
    "naieve cooperatie": {"Terras bij Café Élan"},
    "dàkkapel": {"Vergunningsvrije dakkapel"},
    # Punctuation separates.
    "integratie": {"Terras bij Café Élan"},
    "foto's": {"Terras bij Café Élan"},
    "actie": {"Terras bij Café Élan", "100% korting_actie"},
    "(dakkapel)!": {"Vergunningsvrije dakkapel"},
    # Letters that are written in more than one way.
    "ijsstadion": {"Het \u0133sstadion"},
    "IJMUIDEN": {"Het \u0133sstadion"},
    "\u0132sstadion": {"Het \u0133sstadion"},
    "strassen": {"Het \u0133sstadion"},
    "STRASSENBAHN": {"Het \u0133sstadion"},
    "STRAẞENBAHN": {"Het \u0133sstadion"},
    "istanbul": {"İstanbul"},
    "ISTANBUL": {"İstanbul"},
    "İSTANBUL": {"İstanbul"},
    "caglar": {"İstanbul"},
    "οδυσσευς": {"Ὀδυσσεύς"},
    "ΟΔΥΣΣΕΥΣ": {"Ὀδυσσεύς"},
    "οδυσσευσ": {"Ὀδυσσεύς"},
    "νίκος παπαδ": {"Ὀδυσσεύς"},
    "عربي": {"عَرَبِيّ"},
    "محمد": {"عَرَبِيّ"},
    "елка": {"Ёлка"},
    "МОСКВЫ иод": {"Ёлка"},
    # Nothing means anything special.
    "korting%": {"100% korting_actie"},
    "d%l": set(),
    "d_kkapel": set(),
    "%kapel": set(),
    "_akkapel": set(),
    "dak*": {"Vergunningsvrije dakkapel"},
    "dakkapel OR terras": set(),
    "a\\b 100": {"100% korting_actie"},
    "r2d2 50": {"100% korting_actie"},
    "'; DROP TABLE klantcontact": set(),
    # Blank is as if left out.
    "": set(TEXTS),
    " \n\t": set(TEXTS),
    "\u00a0\u2003": set(TEXTS),
    "%": set(TEXTS),
    "…?!": set(TEXTS),
    # Ten digits are a word as well.
    "0612345678": {"Bel 0612345678"},
    "061234": {"Bel 0612345678"},
    # What people write in several ways is found in each.
    "06 1234": {"Bel 0612345678"},
    "+31 (0)6 12 34 56": {"Bel 0612345678"},
    "0031612345678": {"Bel 0612345678"},
    "0207654321": {HONDT},
    "+31 20 7654321": {HONDT},
    "(020) 765": {HONDT},
    "dhondt": {HONDT},
    "D'Hondt 3512ae": {HONDT},
    "12abc3 email": {HONDT},
    "3512 ae 12 abc 3 e-mail": {HONDT},
    "3512 af": set(),
}


async def test_a_search_text_finds_where_every_word_begins_a_word(server: Server) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    for onderwerp, inhoud in TEXTS.items():
        await registreer(desk, taak(eenheid), onderwerp=onderwerp, inhoud=inhoud)
    wrong = {}
    for zoektekst, expected in FOUND.items():
        answer = await server.as_(VERGUNNINGEN).data(ALL_LISTS, zoektekst=zoektekst, eenheid=eenheid)
        for found in (answer["interneTaken"], answer["postvak"]["interneTaken"], answer["klantcontacten"]):
            contacts = [edge["node"].get("ontstaanUitKlantcontact", edge["node"]) for edge in found["edges"]]
            subjects = {contact["onderwerp"] for contact in contacts}
            if subjects != expected:
                wrong[zoektekst] = subjects
    assert wrong == {}


async def test_letter_case_does_not_count_for_the_dotless_i_either(server: Server) -> None:
    await registreer(server.as_(DESK), onderwerp="Mevrouw Işık, ISPARTA")
    for zoektekst in ("Işık", "IŞIK", "ışık", "ısparta", "Isparta"):
        assert len(await nodes(server.as_(DESK), KLANTCONTACTEN, zoektekst=zoektekst)) == 1, zoektekst


async def test_a_task_is_found_by_its_requested_act_its_note_and_its_contacts_texts_and_a_contact_by_its_own(
    server: Server,
) -> None:
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]
    task = taak(eenheid, gevraagdeHandeling="Terugbellen", toelichting="Liefst\nvanmiddag")
    await registreer(desk, task, onderwerp="Dakkapel", inhoud="Zonder vergunning")
    await registreer(desk, taak(eenheid), onderwerp="Trouwen", inhoud=None)
    for zoektekst, tasks, contacts in (
        ("terugbellen", 1, 0),
        ("vanmiddag", 1, 0),
        ("dakkapel", 1, 1),
        ("vergunning", 1, 1),
        ("terugbellen vanmiddag dakkapel vergunning", 1, 0),
        ("overname gesprek", 1, 0),
        ("dakkapel overname", 0, 0),
    ):
        found = [
            (await the_list(server.as_(VERGUNNINGEN), document, zoektekst=zoektekst, eenheid=eenheid))["totalCount"]
            for document in LISTS
        ]
        assert found == [tasks, tasks, contacts], zoektekst


async def test_ten_digits_find_by_either_number_that_the_caller_may_read(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    contact = await registreer(server.as_(DESK), taak(eenheid), taak(server.eenheden["BUR"]), inhoud="4711")
    await registreer(server.as_(DESK), taak(eenheid), inhoud="4711")
    his, not_his = (task["nummer"] for task in contact["interneTaken"])

    async def found(zoektekst: str, who: Person = VERGUNNINGEN) -> list[list[str]]:
        found = [await nodes(server.as_(who), document, zoektekst=zoektekst, eenheid=eenheid) for document in LISTS]
        return [sorted(node["nummer"] for node in one) for one in found]

    assert await found(contact["nummer"]) == [[his], [his], [contact["nummer"]]]
    assert await found(his) == [[his], [his], [contact["nummer"]]]
    assert await found(f" {his}\n") == [[his], [his], [contact["nummer"]]]
    for shown in (f"{his[:4]} {his[4:7]} {his[7:]}", f"{his[:4]}-{his[4:7]}, {his[7:]}"):
        for called in ("", "Taak ", "taak: ", "#", "Contact #"):
            assert await found(called + shown) == [[his], [his], [contact["nummer"]]], called + shown
    assert await found(f"Taak {not_his[:4]} {not_his[4:7]} {not_his[7:]}") == [[], [], []]
    assert await found(not_his) == [[], [], []]
    assert await found(not_his, TOEZICHTHOUDER) == [[not_his], [], [contact["nummer"]]]
    assert await found(his[1:]) == [[], [], []]
    assert await found(f"{his} 4711") == [[his], [his], []]
    assert await found(f"{contact['nummer']} 4711") == [[his], [his], [contact["nummer"]]]


async def test_ten_digits_find_by_the_number_of_a_task_also_after_words_were_looked_for_and_the_other_way_about(
    server: Server,
) -> None:
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    [task] = contact["interneTaken"]
    for zoektekst in ("dakkapel", task["nummer"], "dakkapel"):
        found = await nodes(server.as_(VERGUNNINGEN), KLANTCONTACTEN, zoektekst=zoektekst)
        assert [node["nummer"] for node in found] == [contact["nummer"]], zoektekst


async def test_a_search_never_shows_what_is_not_for_the_caller(server: Server) -> None:
    await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    for document in (INTERNE_TAKEN, KLANTCONTACTEN):
        found = await the_list(server.as_(BURGERZAKEN), document, zoektekst="dakkapel")
        assert found == {"totalCount": 0, "edges": []}


async def test_a_search_text_has_at_most_two_hundred_characters_and_ten_words(server: Server) -> None:
    client, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
    for document in LISTS:
        for allowed in ("a" * 200, "é" * 200, "\U0001f600" * 200, " ".join("abcdefghij"), "a-b.c_d e,f;g!h?i/j"):
            assert await client.codes(document, zoektekst=allowed, eenheid=eenheid) == [], allowed
        for refused in ("a" * 201, "." * 201, " ".join("abcdefghijk"), "a-b.c_d e,f;g!h?i/j+k"):
            codes = await client.codes(document, zoektekst=refused, eenheid=eenheid)
            assert codes == ["ONGELDIG_ARGUMENT"], refused
