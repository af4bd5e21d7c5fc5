"""A question about a task: what is typed in it is sent with it, and stays until it is."""

import pytest
from playwright.async_api import expect

from app.demo.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.arrange import done, registreer, taak
from tests.web.inbox import Inbox, at_the_inbox
from tests.web.stage import Stage

DEEDS = ["Gedaan", "Wijs toe aan collega", "Leg terug", "Stuur door", "Voeg toelichting toe"]


async def with_his_task(demo: Stage) -> Inbox:
    """Somebody whose own task is open, with another one below it."""
    ver = demo.server.eenheden["VERG"]
    for onderwerp in ("Eik", "Beuk"):
        contact = await registreer(demo.api(DESK), taak(ver), onderwerp=onderwerp)
        await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=contact["interneTaken"][0]["id"])
    inbox = await at_the_inbox(demo)
    await inbox.opens("Eik")
    return inbox


async def test_who_types_at_once_types_in_the_first_field_of_every_question(demo: Stage) -> None:
    inbox = await with_his_task(demo)
    for deed in DEEDS:
        await inbox.can(deed).focus()
        await inbox.tab.page.keyboard.press("Enter")
        await inbox.tab.page.keyboard.type("Ik bel zo.")
        await expect(inbox.dialog.locator("input, textarea").first).to_have_value("Ik bel zo.")
        await expect(inbox.dialog).to_contain_text("Eik")
        await inbox.tab.page.keyboard.press("Escape")
        await inbox.tab.page.keyboard.press("Escape")
        await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.row("Eik")).to_contain_text("Van u")


@pytest.mark.parametrize("closes", ["Escape", "Annuleren", "another task", "another screen", "reload"])
async def test_what_was_typed_stays_with_its_task_whatever_closes_the_question(demo: Stage, closes: str) -> None:
    inbox = await with_his_task(demo)
    page = inbox.tab.page
    await inbox.can("Gedaan").click()
    await inbox.dialog.get_by_role("textbox").fill("Vergunningvrij tot 4 meter.")
    if closes == "Escape":
        await page.keyboard.press("Escape")
    elif closes == "Annuleren":
        await inbox.dialog.get_by_role("button", name="Annuleren").click()
    elif closes == "reload":
        await page.reload()
    else:
        # As a click on a notification, or Back, does: it goes to another address under the question.
        name = "Beuk" if closes == "another task" else "Wandscherm"
        await page.get_by_text(name).first.evaluate("element => element.closest('a').click()")
    await expect(inbox.dialog).to_have_count(0)
    if closes == "another task":
        await inbox.can("Gedaan").click()
        await expect(inbox.dialog.get_by_role("textbox")).to_have_value("")
        await page.keyboard.press("Escape")
        await inbox.opens("Eik")
    elif closes == "another screen":
        await page.go_back()
    await inbox.can("Gedaan").click()
    await expect(inbox.dialog.get_by_role("textbox")).to_have_value("Vergunningvrij tot 4 meter.")
    await inbox.dialog.get_by_role("button", name="Gedaan").click()
    await expect(inbox.row("Eik")).to_have_count(0)
    # What was sent is not there another time; the task is still open.
    await expect(inbox.logbook.last).to_contain_text("Vergunningvrij tot 4 meter.")
    await inbox.does("Heropen", "Heropen", "Toch niet.")
    await inbox.can("Gedaan").click()
    await expect(inbox.dialog.get_by_role("textbox")).to_have_value("")


async def test_a_key_that_is_held_down_opens_a_question_and_does_nothing_in_it(demo: Stage) -> None:
    inbox = await with_his_task(demo)
    contact = await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Linde")
    await done(
        demo.api(VERGUNNINGEN),
        "wijsInterneTaakToe",
        id=contact["interneTaken"][0]["id"],
        versie=1,
        medewerkerId=VERGUNNINGEN_COLLEGA.id,
    )
    await inbox.opens("Linde")
    keys = inbox.tab.page.keyboard
    for deed in ("Overnemen van", "Gedaan"):
        await inbox.can(deed).focus()
        for _ in range(4):
            await keys.down("Enter")
        await keys.up("Enter")
        await expect(inbox.dialog).to_be_visible()
        if deed == "Gedaan":
            await expect(inbox.dialog.get_by_role("textbox")).to_have_value("")
        await keys.press("Escape")
        await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.row("Linde")).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
