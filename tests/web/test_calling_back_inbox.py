"""The inbox calls back: whom to call, what was tried, the answer, and finding a citizen by their number."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from app.demo.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.arrange import ask, done, registreer, taak
from tests.support.client import JSON
from tests.web.axe import expect_no_violations
from tests.web.inbox import FINISH, FINISH_WITHOUT, Inbox, open_inbox
from tests.web.keyboard import expect_focus
from tests.web.stage import Stage

EIK, BEUK = "Kapvergunning voor een eik", "Kapvergunning voor een beuk"
NUMMER, ADRES = "+31612345678", "jansen@voorbeeld.nl"
ANTWOORD = "Vergunningvrij tot vier meter."
JANSEN = {
    "contactnaam": {"voornaam": "Piet", "achternaam": "Jansen"},
    "digitaleAdressen": [
        {"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "06-12345678"},
        {"soortDigitaalAdres": "EMAIL", "adres": ADRES},
    ],
}
NOTEER = """mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename
  ... on BetrokkeneVastgelegd { betrokkene { id versie } } ... on Weigering { bericht } } }"""


async def call_back(demo: Stage, onderwerp: str = EIK, betrokkene: JSON | None = None, **more: Any) -> JSON:
    """Register a task to call back, with whom to call where one is given."""
    known = {"betrokkene": betrokkene} if betrokkene else {}
    ver = demo.server.eenheden["VERG"]
    asked = taak(ver, **{"gevraagdeHandeling": "Terugbellen"} | more)
    return await registreer(demo.api(DESK), asked, onderwerp=onderwerp, **known)


async def open_call_back(demo: Stage, betrokkene: JSON | None = JANSEN) -> Inbox:
    """Register a task to call back and open it."""
    await call_back(demo, betrokkene=betrokkene)
    inbox = await open_inbox(demo)
    await inbox.open(EIK)
    return inbox


async def test_whom_to_call_and_the_number_are_beside_the_question(demo: Stage) -> None:
    inbox = await open_call_back(demo)
    block = inbox.opened.get_by_role("region", name="Wie bellen")
    await expect(block).to_contain_text("Piet Jansen")
    number = block.get_by_role("link", name="06 12345678")
    await expect(number).to_have_attribute("href", f"tel:{NUMMER}")
    await expect(block.get_by_role("link", name=ADRES)).to_have_attribute("href", f"mailto:{ADRES}")
    await expect_no_violations(inbox.tab.page, "whom to call")


async def test_not_reached_is_told_by_one_key_and_what_was_tried_is_shown(demo: Stage) -> None:
    inbox = await open_call_back(demo)
    page = inbox.tab.page
    await page.keyboard.press("Alt+b")
    await expect(inbox.opened).to_contain_text("Eén keer gebeld, niet bereikt")
    await expect(inbox.row(EIK)).to_contain_text("Van u")
    await expect(inbox.dialog).to_have_count(0)
    await page.keyboard.press("Alt+b")
    await expect(inbox.row(EIK)).to_contain_text("2 keer gebeld, niet bereikt")
    tried = inbox.opened.get_by_role("list", name="Wat is geprobeerd").get_by_role("listitem")
    await expect(tried).to_contain_text([VERGUNNINGEN.naam, VERGUNNINGEN.naam])
    await expect(inbox.logbook).to_contain_text(["registreerde", "niet bereiken", "niet bereiken"])
    await expect_focus(page)
    await expect_no_violations(page, "tried twice")


async def test_an_attempt_cannot_be_told_while_the_citizen_is_on_the_line(demo: Stage) -> None:
    await call_back(demo, klantAanDeLijn=True)
    inbox = await open_inbox(demo)
    await inbox.open(EIK)
    await expect(inbox.deed_button("Neem gesprek over")).to_be_visible()
    await expect(inbox.deed_button("Niet bereikt")).to_have_count(0)


async def test_a_colleagues_attempt_and_its_note_are_seen_live(demo: Stage) -> None:
    contact = await call_back(demo, betrokkene=JANSEN)
    inbox = await open_inbox(demo)
    await inbox.open(EIK)
    task = contact["interneTaken"][0]["id"]
    colleague = demo.api(VERGUNNINGEN_COLLEGA)
    await done(colleague, "registreerContactpoging", id=task, versie=1, toelichting="Voicemail ingesproken.")
    await expect(inbox.row(EIK)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await expect(inbox.opened.get_by_role("list", name="Wat is geprobeerd")).to_contain_text(
        "Voicemail ingesproken."
    )


async def test_finishing_asks_for_the_answer_which_stands_with_the_done_task(demo: Stage) -> None:
    inbox = await open_call_back(demo)
    page = inbox.tab.page
    await page.keyboard.press("Alt+g")
    await expect(inbox.antwoord).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(inbox.antwoord).to_be_focused()
    await expect(inbox.antwoord).to_have_accessible_description(re.compile("Er is nog geen antwoord"))
    await expect_no_violations(page, "an answer is missing")
    await page.keyboard.type(ANTWOORD)
    await page.keyboard.press("Control+Enter")
    await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.row(EIK)).to_have_count(0)
    await expect(inbox.opened.get_by_role("region", name="Antwoord aan de klant")).to_contain_text(ANTWOORD)
    await page.get_by_label("Status").select_option("Gedaan")
    await expect(inbox.row(EIK)).to_contain_text(ANTWOORD)
    await expect_no_violations(page, "a done task with its answer")


@pytest.mark.parametrize("closes", ["Escape", "reload", "another task"])
async def test_a_typed_answer_is_kept_for_its_task(demo: Stage, closes: str) -> None:
    await call_back(demo, BEUK)
    inbox = await open_call_back(demo)
    page = inbox.tab.page
    await page.keyboard.press("Alt+g")
    await page.keyboard.type(ANTWOORD)
    if closes == "reload":
        await page.reload()
    else:
        await page.keyboard.press("Escape")
    if closes == "another task":
        await inbox.open(BEUK)
        await inbox.deed_button("Gedaan").click()
        await expect(inbox.antwoord).to_have_value("")
        await page.keyboard.press("Escape")
        await inbox.open(EIK)
    await inbox.deed_button("Gedaan").click()
    await expect(inbox.antwoord).to_have_value(ANTWOORD)
    await inbox.dialog.get_by_role("button", name=FINISH).click()
    await expect(inbox.row(EIK)).to_have_count(0)
    await inbox.perform("Heropen", "Heropen", "Nog een vraag.")
    await inbox.deed_button("Gedaan").click()
    await expect(inbox.antwoord).to_have_value("")


async def test_finishing_without_an_answer_is_deliberate_and_throws_no_typed_one_away(demo: Stage) -> None:
    inbox = await open_call_back(demo)
    await inbox.deed_button("Gedaan").click()
    await inbox.antwoord.fill(ANTWOORD)
    await inbox.dialog.get_by_role("button", name=FINISH_WITHOUT).click()
    await expect(inbox.antwoord).to_be_focused()
    await expect(inbox.antwoord).to_have_accessible_description(re.compile("Maak dit veld leeg"))
    await inbox.antwoord.fill("")
    await inbox.dialog.get_by_role("button", name=FINISH_WITHOUT).click()
    await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.logbook.last).to_contain_text("rondde de taak af")
    await expect(inbox.opened.get_by_role("region", name="Antwoord aan de klant")).to_have_count(0)


@pytest.mark.parametrize("typed", ["06 1234 5678", "+31612345678", "Jansen@Voorbeeld.nl"])
async def test_a_number_or_an_address_finds_the_citizen_and_is_in_no_url(demo: Stage, typed: str) -> None:
    await call_back(demo, EIK, JANSEN)
    await call_back(demo, BEUK)
    inbox = await open_inbox(demo)
    page = inbox.tab.page
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    search = page.get_by_label("Zoek")
    await expect(search).to_have_accessible_description(re.compile("telefoonnummer"))
    await expect(inbox.rows).to_have_count(2)
    await search.fill(typed)
    await expect(inbox.rows).to_have_count(1)
    await expect(inbox.row(EIK)).to_be_visible()
    assert {url.split("?")[0].rsplit("/", 1)[-1] for url in requested} == {"graphql"}
    kept = await page.evaluate("() => JSON.stringify([location.href, {...localStorage}, {...sessionStorage}])")
    for text in [kept, *requested]:
        assert "5678" not in text
        assert "oorbeeld" not in text
    await search.fill("06 87654321")
    await expect(page.get_by_test_id("aantal")).to_contain_text("Kijk ook bij de status “Gedaan”.")


async def test_whom_to_call_is_noted_corrected_and_read_again_when_a_colleague_does(demo: Stage) -> None:
    contact = await call_back(demo)
    inbox = await open_inbox(demo)
    page = inbox.tab.page
    await inbox.open(EIK)
    block = inbox.opened.get_by_role("region", name="Wie bellen")
    # Whom to call is for this afdeling as well: the task in its inbox was registered by another one.
    await expect(block).to_contain_text("Er zijn geen contactgegevens.")
    await block.get_by_role("button", name="Noteer contactgegevens").click()
    await expect(inbox.dialog.get_by_role("textbox").first).to_be_focused()
    await inbox.dialog.get_by_role("textbox", name="Telefoonnummer").fill("0900 1234567")
    await inbox.dialog.get_by_role("button", name="Opslaan").click()
    await expect(inbox.dialog.locator("[aria-invalid=true]")).to_be_focused()
    await expect_no_violations(page, "a number that nobody can be called on")
    await inbox.dialog.get_by_role("textbox", name="Telefoonnummer").fill("06 12345678")
    await inbox.dialog.get_by_role("textbox", name="Achternaam").fill("Jansen")
    await page.keyboard.press("Control+Enter")
    await expect(block.get_by_role("link", name="06 12345678")).to_be_visible()
    await expect(inbox.logbook.last).to_contain_text("werkte naam of nummer van de klant bij")
    standing = await betrokkene_of(demo, contact["id"])
    answer = await ask(demo.api(DESK), NOTEER, "wijzigBetrokkene", **standing, betrokkene=JANSEN)
    assert answer["__typename"] == "BetrokkeneVastgelegd", answer
    await expect(block).to_contain_text("Piet Jansen")


async def test_when_a_colleague_notes_whom_to_call_first_the_dialog_shows_who_stands(demo: Stage) -> None:
    inbox = await open_call_back(demo)
    block = inbox.opened.get_by_role("region", name="Wie bellen")
    await block.get_by_role("button", name="Verbeter contactgegevens").click()
    await inbox.dialog.get_by_role("textbox", name="Voornaam").fill("Jan")
    contact = await demo.api(DESK).data("{ klantcontacten { edges { node { id } } } }")
    standing = await betrokkene_of(demo, contact["klantcontacten"]["edges"][0]["node"]["id"])
    pieters = JANSEN | {"contactnaam": {"achternaam": "Pieters"}}
    await ask(demo.api(DESK), NOTEER, "wijzigBetrokkene", **standing, betrokkene=pieters)
    await inbox.dialog.get_by_role("button", name="Opslaan").click()
    await expect(inbox.dialog.get_by_role("alert")).to_contain_text("Pieters")
    await expect_no_violations(inbox.tab.page, "somebody was first")
    await inbox.dialog.get_by_role("button", name="Neem over wat er staat").click()
    await expect(inbox.dialog.get_by_role("textbox", name="Achternaam")).to_have_value("Pieters")
    await inbox.dialog.get_by_role("textbox", name="Voornaam").fill("Jan")
    await inbox.dialog.get_by_role("button", name="Opslaan").click()
    await expect(block).to_contain_text("Jan Pieters")


async def test_a_call_back_that_the_desk_asks_for_is_no_longer_on_the_line(demo: Stage) -> None:
    contact = await call_back(demo, klantAanDeLijn=True, gevraagdeHandeling="Overname gesprek met klant")
    await call_back(demo, BEUK)
    inbox = await open_inbox(demo)
    await inbox.open(EIK)
    await expect(inbox.row(EIK)).to_contain_text("Klant aan de lijn")
    task = contact["interneTaken"][0]["id"]
    await done(demo.api(DESK), "vraagTerugbellen", id=task, versie=1, betrokkene=JANSEN)
    await expect(inbox.row(EIK)).to_contain_text("Terugbellen")
    await expect(inbox.row(EIK)).not_to_contain_text("Klant aan de lijn")
    await expect(inbox.opened.get_by_role("region", name="Wie bellen")).to_contain_text("Piet Jansen")


async def betrokkene_of(demo: Stage, contact: str) -> JSON:
    """Whom a contact was with, by id and versie."""
    document = "query ($id: ID!) { klantcontact(id: $id) { betrokkenen { id versie } } }"
    found: JSON = (await demo.api(DESK).data(document, id=contact))["klantcontact"]["betrokkenen"][0]
    return found
