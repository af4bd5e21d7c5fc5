"""The desk has a citizen called back, answers one itself, and finds who calls again by their number."""

import re
from typing import Any

from playwright.async_api import Locator, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import done
from tests.support.client import JSON
from tests.web.axe import expect_no_violations
from tests.web.desk import Desk, open_desk
from tests.web.keyboard import expect_focus
from tests.web.stage import Stage

EIK = "Kapvergunning voor een eik"
INHOUD = "Hij staat in de voortuin."
ANTWOORD = "Vergunningvrij tot vier meter."
NUMMER = "06 12345678"
MOST_KEYS = 6
TAKEN = """{ interneTaken(first: 10) { edges { node { id versie status gevraagdeHandeling klantAanDeLijn
  ontstaanUitKlantcontact { inhoud onderwerp betrokkenen { contactnaam { achternaam } digitaleAdressen { adres } } }
} } } }"""

CONTACTEN = "{ klantcontacten { edges { node { onderwerp inhoud interneTaken { id } } } } }"


def dialog_of(desk: Desk) -> Locator:
    """The dialog that is open."""
    return desk.tab.page.get_by_role("dialog")


async def only_task(demo: Stage) -> JSON:
    """The only task that is registered, as the desk reads it."""
    (edge,) = (await demo.api(DESK).data(TAKEN))["interneTaken"]["edges"]
    found: JSON = edge["node"]
    return found


async def call_back(desk: Desk) -> None:
    """Register a call that nobody takes, and have the citizen called back by the keyboard."""
    await desk.register(EIK, inhoud=INHOUD)
    keys = desk.tab.page.keyboard
    await keys.press("Alt+b")
    await expect(dialog_of(desk).get_by_role("textbox", name="Voornaam")).to_be_focused()
    await keys.type("Piet")
    await keys.press("Tab")
    await keys.type("Jansen")
    await keys.press("Tab")
    await keys.type(NUMMER)
    await keys.press("Control+Enter")
    await expect(dialog_of(desk)).to_have_count(0)


async def test_a_call_that_nobody_takes_becomes_a_call_back_and_its_answer_shows_at_once(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await call_back(desk)
    klant = desk.card.get_by_role("region", name="Klant")
    await expect(klant).to_contain_text(f"Wordt teruggebeld op {NUMMER}")
    await expect(klant).to_contain_text("Piet Jansen")
    await expect(klant.get_by_role("link", name=NUMMER)).to_have_attribute("href", "tel:+31612345678")
    await expect(desk.card.get_by_test_id("stand")).to_contain_text("De klant wordt teruggebeld.")
    await expect(desk.card).to_contain_text(INHOUD)
    await expect(desk.card.get_by_role("button", name="Laat terugbellen")).to_have_count(0)
    await expect_focus(page)
    await expect_no_violations(page, "a citizen who is called back")
    task = await only_task(demo)
    assert task["gevraagdeHandeling"] == "Terugbellen"
    assert task["klantAanDeLijn"] is False
    assert task["ontstaanUitKlantcontact"]["inhoud"] == INHOUD
    await attempts_and_answer(demo, desk, task["id"])


async def attempts_and_answer(demo: Stage, desk: Desk, task: str) -> None:
    """Let a colleague call twice in vain and then finish with the answer, and see it on the desk at once."""
    row = desk.doorverbindingen.filter(has_text=EIK)
    colleague = demo.api(VERGUNNINGEN)
    versie = (await done(colleague, "registreerContactpoging", id=task, versie=2))["versie"]
    await expect(desk.card.get_by_test_id("pogingen")).to_contain_text("Eén keer gebeld, niet bereikt")
    versie = (await done(colleague, "registreerContactpoging", id=task, versie=versie))["versie"]
    await expect(desk.card.get_by_test_id("pogingen")).to_contain_text("2 keer gebeld, niet bereikt")
    await expect(desk.card.get_by_test_id("pogingen")).to_contain_text(VERGUNNINGEN.naam)
    await expect(row).to_contain_text("2 keer gebeld, niet bereikt")
    await expect_no_violations(desk.tab.page, "a citizen who was not reached")
    status: dict[str, Any] = {"status": "GEDAAN", "antwoord": ANTWOORD}
    await done(colleague, "wijzigInterneTaakStatus", id=task, versie=versie, **status)
    await expect(desk.card.get_by_role("region", name="Antwoord aan de klant")).to_contain_text(ANTWOORD)
    await expect(row).to_contain_text(ANTWOORD)
    await expect(row).to_contain_text("gedaan door")
    await expect(desk.tab.page.get_by_role("status").filter(has_text=ANTWOORD)).to_have_count(1)
    await expect_no_violations(desk.tab.page, "an answer on the card")


async def test_calling_back_asks_for_a_number_that_can_be_called(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await desk.register(EIK)
    await desk.card.get_by_role("button", name="Laat terugbellen").click()
    number = dialog_of(desk).get_by_role("textbox", name="Telefoonnummer")
    await expect_no_violations(page, "the dialog before a citizen is called back")
    await page.keyboard.press("Control+Enter")
    await expect(number).to_be_focused()
    await expect(number).to_have_accessible_description(re.compile("op welk nummer"))
    await number.fill("0900 1234567")
    await page.keyboard.press("Control+Enter")
    await expect(number).to_have_attribute("aria-invalid", "true")
    await expect(number).to_be_focused()
    await expect_no_violations(page, "a number that nobody can be called on")
    await page.keyboard.press("Escape")
    await expect(desk.card.get_by_role("button", name="Laat terugbellen")).to_be_focused()
    await page.keyboard.press("Alt+b")
    await expect(number).to_have_value("0900 1234567")
    await number.fill(NUMMER)
    await page.keyboard.press("Control+Enter")
    await expect(desk.card).to_contain_text(f"Wordt teruggebeld op {NUMMER}")


async def test_a_colleague_who_takes_the_call_while_a_number_is_typed_closes_the_dialog(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.register(EIK)
    await desk.tab.page.keyboard.press("Alt+b")
    await dialog_of(desk).get_by_role("textbox", name="Achternaam").fill("Jansen")
    await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=(await only_task(demo))["id"])
    await expect(desk.card).to_contain_text("u kunt doorverbinden")
    await expect(dialog_of(desk)).to_have_count(0)
    await expect_focus(desk.tab.page)
    await desk.tab.page.keyboard.press("Alt+b")
    await expect(dialog_of(desk)).to_have_count(0)


async def test_whoever_needs_no_name_or_number_transfers_within_six_keys_beside_what_they_type(
    demo: Stage,
) -> None:
    desk = await open_desk(demo)
    keys = desk.tab.page.keyboard
    pressed: list[str] = []
    for typed, key in ((EIK, "Tab"), (INHOUD, "Tab"), ("vergun", "Enter"), ("", "Control+Enter")):
        await keys.type(typed)
        await keys.press(key)
        pressed += key.split("+")
    await expect(desk.card.get_by_role("heading", level=2)).to_be_focused()
    await expect(desk.card).to_contain_text(EIK)
    await expect(desk.form.get_by_role("textbox", name="Telefoonnummer")).to_have_count(0)
    assert len(pressed) <= MOST_KEYS


async def test_a_name_and_a_number_are_registered_by_their_own_key_and_kept_nowhere_else(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    await desk.fill_form(EIK)
    await page.keyboard.press("Alt+k")
    await expect(desk.field("Voornaam")).to_be_focused()
    await page.keyboard.type("Piet")
    await desk.field("Achternaam").fill("Jansen")
    await desk.field("Telefoonnummer").fill("0900 1234567")
    await expect_no_violations(page, "the fields for the citizen")
    await page.reload()
    await expect(desk.field("Achternaam")).to_have_value("Jansen")
    await desk.submit()
    await expect(desk.field("Telefoonnummer")).to_have_attribute("aria-invalid", "true")
    await expect(desk.field("Telefoonnummer")).to_be_focused()
    await expect_no_violations(page, "a number that the server refuses")
    await page.keyboard.press("Control+a")
    await page.keyboard.type(NUMMER)
    await page.keyboard.press("Control+Enter")
    await expect(desk.card.get_by_role("region", name="Klant")).to_contain_text("Piet Jansen")
    kept = await page.evaluate("() => JSON.stringify([location.href, {...localStorage}, {...sessionStorage}])")
    assert all("5678" not in text and "Jansen" not in text for text in [kept, *requested])
    # The number stands already: calling back takes one key.
    await page.keyboard.press("Alt+b")
    await expect(desk.card).to_contain_text(f"Wordt teruggebeld op {NUMMER}")
    await expect(dialog_of(desk)).to_have_count(0)


async def test_a_question_that_the_employee_answers_is_registered_without_a_task(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await page.keyboard.type(EIK)
    await page.keyboard.press("Alt+z")
    form = page.get_by_role("form", name="Registreren wat u zelf hebt beantwoord")
    answer = form.get_by_role("textbox", name="Wat u hebt geantwoord")
    await expect(answer).to_be_focused()
    await expect(form.get_by_role("combobox", name="Afdeling")).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await expect(answer).to_be_focused()
    await expect(answer).to_have_accessible_description(re.compile("Vul in wat u hebt geantwoord."))
    await expect_no_violations(page, "an answer of the desk is missing")
    await page.keyboard.type(ANTWOORD)
    await page.keyboard.press("Control+Enter")
    confirmation = page.get_by_role("region", name=re.compile("^Klantcontact "))
    await expect(confirmation.get_by_role("heading", level=2)).to_be_focused()
    await expect(confirmation).to_contain_text(ANTWOORD)
    await expect_no_violations(page, "a question that the desk answered")
    found = await demo.api(DESK).data(CONTACTEN)
    assert [edge["node"] for edge in found["klantcontacten"]["edges"]] == [
        {"onderwerp": EIK, "inhoud": ANTWOORD, "interneTaken": []}
    ]
    await page.keyboard.press("Alt+n")
    await expect(desk.field("Onderwerp")).to_be_focused()
    await expect(desk.afdeling).to_be_visible()


async def test_a_question_that_is_not_answered_after_all_is_transferred_with_what_was_typed(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await desk.fill_form(EIK, toelichting="Belt later terug.")
    await page.keyboard.press("Alt+z")
    await page.get_by_role("textbox", name="Wat u hebt geantwoord").fill(INHOUD)
    await page.reload()
    await page.get_by_role("button", name="Toch doorverbinden").click()
    await expect(desk.afdeling).to_be_focused()
    await desk.submit()
    for text in (EIK, INHOUD, "Belt later terug."):
        await expect(desk.card).to_contain_text(text)


async def test_the_citizen_who_calls_again_is_found_by_their_number_with_the_answer(demo: Stage) -> None:
    await call_back(await open_desk(demo))
    task = await only_task(demo)
    status: dict[str, Any] = {"status": "GEDAAN", "antwoord": ANTWOORD}
    await done(demo.api(VERGUNNINGEN), "wijzigInterneTaakStatus", id=task["id"], versie=2, **status)
    desk = await open_desk(demo)
    page = desk.tab.page
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    await page.keyboard.press("Alt+t")
    search = page.get_by_role("search").get_by_role("textbox")
    await expect(search).to_be_focused()
    await page.keyboard.type("06 123")
    await page.keyboard.press("Enter")
    await expect(search).to_have_accessible_description(re.compile("heel telefoonnummer"))
    await expect(search).to_be_focused()
    await expect_no_violations(page, "a number that is not whole")
    await search.fill("+31 6 1234 5678")
    await page.keyboard.press("Enter")
    found = page.get_by_role("list", name="Gevonden contacten").get_by_role("article", name=EIK)
    for text in (EIK, INHOUD, "Piet Jansen", NUMMER, "gedaan door", ANTWOORD):
        await expect(found).to_contain_text(text)
    await expect_no_violations(page, "a citizen who was found")
    await found.get_by_role("button", name="Taak").click()
    await expect(desk.card.get_by_role("heading", level=2)).to_be_focused()
    await expect(desk.card).to_contain_text(ANTWOORD)
    kept = await page.evaluate("() => JSON.stringify([location.href, {...localStorage}, {...sessionStorage}])")
    assert all("5678" not in text for text in [kept, *requested])
    await page.keyboard.press("Alt+n")
    await expect(search).to_have_value("")
    await expect(found).to_have_count(0)


async def test_a_number_that_nobody_has_finds_nothing(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await page.keyboard.press("Alt+t")
    await page.keyboard.type("06 87654321")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("gevonden")).to_contain_text("Geen contact gevonden")
