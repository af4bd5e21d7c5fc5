"""Dialogs about a task: what is typed stays until it is sent."""

import pytest
from playwright.async_api import expect

from app.demo.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.arrange import done, registreer, taak
from tests.web.inbox import FINISH, Inbox, open_inbox
from tests.web.stage import Stage

DEEDS = ["Gedaan", "Wijs toe aan collega", "Leg terug", "Stuur door", "Voeg toelichting toe"]


async def open_own_task(demo: Stage) -> Inbox:
    """Open a task of the employee's own, with another one in the list."""
    ver = demo.server.eenheden["VERG"]
    for onderwerp in ("Eik", "Beuk"):
        contact = await registreer(demo.api(DESK), taak(ver), onderwerp=onderwerp)
        await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=contact["interneTaken"][0]["id"])
    inbox = await open_inbox(demo)
    await inbox.open("Eik")
    return inbox


async def test_typing_at_once_goes_into_the_first_field_of_every_dialog(demo: Stage) -> None:
    inbox = await open_own_task(demo)
    for deed in DEEDS:
        await inbox.deed_button(deed).focus()
        await inbox.tab.page.keyboard.press("Enter")
        await inbox.tab.page.keyboard.type("Ik bel zo.")
        await expect(inbox.dialog.locator("input, textarea").first).to_have_value("Ik bel zo.")
        await expect(inbox.dialog).to_contain_text("Eik")
        await inbox.tab.page.keyboard.press("Escape")
        await inbox.tab.page.keyboard.press("Escape")
        await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.row("Eik")).to_contain_text("Van u")


@pytest.mark.parametrize("closes", ["Escape", "Annuleren", "another task", "another screen", "reload"])
async def test_what_was_typed_stays_with_its_task_whatever_closes_the_dialog(demo: Stage, closes: str) -> None:
    inbox = await open_own_task(demo)
    page = inbox.tab.page
    await inbox.deed_button("Gedaan").click()
    await inbox.antwoord.fill("Vergunningvrij tot 4 meter.")
    if closes == "Escape":
        await page.keyboard.press("Escape")
    elif closes == "Annuleren":
        await inbox.dialog.get_by_role("button", name="Annuleren").click()
    elif closes == "reload":
        await page.reload()
    else:
        # Like a click on a notification or the Back button, this navigates while the dialog is open.
        name = "Beuk" if closes == "another task" else "Wandscherm"
        await page.get_by_text(name).first.evaluate("element => element.closest('a').click()")
    await expect(inbox.dialog).to_have_count(0)
    if closes == "another task":
        await inbox.deed_button("Gedaan").click()
        await expect(inbox.antwoord).to_have_value("")
        await page.keyboard.press("Escape")
        await inbox.open("Eik")
    elif closes == "another screen":
        await page.go_back()
    await inbox.deed_button("Gedaan").click()
    await expect(inbox.antwoord).to_have_value("Vergunningvrij tot 4 meter.")
    await inbox.dialog.get_by_role("button", name=FINISH).click()
    await expect(inbox.row("Eik")).to_have_count(0)
    # What was sent is not in the dialog the next time.
    await expect(inbox.logbook.last).to_contain_text("Vergunningvrij tot 4 meter.")
    await inbox.perform("Heropen", "Heropen", "Toch niet.")
    await inbox.deed_button("Gedaan").click()
    await expect(inbox.antwoord).to_have_value("")


async def test_a_key_that_is_held_down_opens_a_dialog_and_does_nothing_in_it(demo: Stage) -> None:
    inbox = await open_own_task(demo)
    contact = await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Linde")
    await done(
        demo.api(VERGUNNINGEN),
        "wijsInterneTaakToe",
        id=contact["interneTaken"][0]["id"],
        versie=1,
        medewerkerId=VERGUNNINGEN_COLLEGA.id,
    )
    await inbox.open("Linde")
    keys = inbox.tab.page.keyboard
    for deed in ("Overnemen van", "Gedaan"):
        await inbox.deed_button(deed).focus()
        for _ in range(4):
            await keys.down("Enter")
        await keys.up("Enter")
        await expect(inbox.dialog).to_be_visible()
        if deed == "Gedaan":
            await expect(inbox.antwoord).to_have_value("")
        await keys.press("Escape")
        await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.row("Linde")).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
