"""Everything is done without a mouse, and the focus is seen and never lost."""

from playwright.async_api import expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import registreer, taak
from tests.web.desk import Desk
from tests.web.inbox import Inbox, at_the_inbox
from tests.web.keyboard import keeps_the_focus, sees_the_focus, tabs_to
from tests.web.stage import Stage

DAKKAPEL = "Voorwaarden dakkapel achterzijde"


async def test_the_desk_registers_notes_and_withdraws_by_keys_alone(demo: Stage) -> None:
    came = await demo.comes()
    await came.opens()
    keys, page = came.page.keyboard, came.page
    await expect(came.button(DESK.naam)).to_be_visible()
    await tabs_to(page, came.button(DESK.naam))
    await keys.press("Enter")
    desk = Desk(came)
    await expect(desk.field("Onderwerp")).to_be_focused()
    await keys.type(DAKKAPEL)
    await keys.press("Tab")
    await keys.type("Aan de achterkant.")
    await keys.press("Tab")
    await expect(desk.afdeling).to_be_focused()
    await keys.type("vergun")
    await keys.press("Enter")
    await expect(desk.afdeling).to_have_value("Afdeling vergunningen")
    await keys.press("Control+Enter")
    await expect(desk.card.get_by_role("heading", level=2)).to_be_focused()
    await sees_the_focus(page)
    note = desk.card.get_by_role("textbox")
    await tabs_to(page, note)
    await keys.type("Het is een monument.")
    await keys.press("Control+Enter")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("Het is een monument.")
    await expect(note).to_be_focused()
    await keys.press("Alt+i")
    await keys.press("Enter")
    await expect(desk.card).to_contain_text("ingetrokken")
    await keeps_the_focus(page)
    await keys.press("Alt+n")
    await expect(desk.field("Onderwerp")).to_be_focused()


async def test_a_wrong_field_gets_the_focus_and_says_what_is_wrong(demo: Stage) -> None:
    came = await demo.comes()
    await came.opens("/klantcontactcentrum")
    await came.logs_in(DESK)
    desk, keys = Desk(came), came.page.keyboard
    await expect(desk.field("Onderwerp")).to_be_focused()
    await keys.press("Control+Enter")
    await expect(desk.field("Onderwerp")).to_be_focused()
    await expect(desk.field("Onderwerp")).to_have_accessible_description(
        "Vul in waar het over gaat. Nog 200 tekens"
    )
    await keys.type(DAKKAPEL)
    await keys.press("Control+Enter")
    await expect(desk.afdeling).to_be_focused()
    await keys.type("z")
    await keys.press("Control+Enter")
    await expect(desk.afdeling).to_be_focused()
    await expect(desk.form).to_contain_text("Kies een afdeling uit de lijst.")


async def test_the_inbox_is_worked_by_keys_alone(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    for onderwerp in ("Eik", "Beuk", "Linde"):
        await registreer(demo.api(DESK), taak(ver), onderwerp=onderwerp)
    inbox = await at_the_inbox(demo)
    page, keys = inbox.tab.page, inbox.tab.page.keyboard
    await tabs_to(page, inbox.row("Eik").get_by_role("link"))
    await keys.press("ArrowDown")
    await expect(inbox.row("Beuk").get_by_role("link")).to_be_focused()
    await sees_the_focus(page)
    await keys.press("Enter")
    title = inbox.opened.get_by_role("heading", level=2)
    await expect(title).to_be_focused()
    await keys.press("Alt+n")
    await expect(inbox.row("Beuk")).to_contain_text("Van u")
    await keeps_the_focus(page)
    for letter, button, typed in (
        ("l", "Leg terug", "Pauze."),
        ("t", "Voeg toe", "Belt nog."),
        ("g", "Gedaan", ""),
    ):
        await keys.press(f"Alt+{letter}")
        await expect(inbox.dialog).to_be_visible()
        await tabs_to(page, inbox.dialog.get_by_role("textbox", name="Toelichting"))
        await keys.type(typed)
        await tabs_to(page, inbox.dialog.get_by_role("button", name=button, exact=True))
        await keys.press("Enter")
        await expect(inbox.dialog).to_have_count(0)
        await keeps_the_focus(page)
    await expect(inbox.row("Beuk")).to_have_count(0)
    # The row below has taken its place.
    await tabs_to(page, inbox.row("Linde").get_by_role("link"))
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(inbox.opened).to_contain_text("Eik")


async def test_escape_closes_a_question_and_the_focus_goes_back_to_its_button(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    inbox = await at_the_inbox(demo)
    await inbox.opens("Eik")
    for deed in ("Gedaan", "Wijs toe aan collega", "Stuur door", "Voeg toelichting toe"):
        await inbox.can(deed).focus()
        await inbox.tab.page.keyboard.press("Enter")
        await expect(inbox.dialog).to_be_visible()
        await inbox.tab.page.keyboard.press("Escape")
        await expect(inbox.dialog).to_have_count(0)
        await expect(inbox.can(deed)).to_be_focused()


async def test_the_first_tab_skips_to_the_contents(demo: Stage) -> None:
    inbox = Inbox(await demo.enters(VERGUNNINGEN))
    page = inbox.tab.page
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.evaluate("() => document.activeElement.blur()")
    skip = page.get_by_role("link", name="Naar de inhoud")
    await tabs_to(page, skip)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
