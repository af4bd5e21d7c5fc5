"""Everything works with the keyboard, and the focus is always visible and never lost."""

from playwright.async_api import expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import registreer, taak
from tests.web.desk import Desk
from tests.web.inbox import FINISH_WITHOUT, Inbox, open_inbox
from tests.web.keyboard import expect_focus, expect_visible_focus, tab_to
from tests.web.stage import Stage

DAKKAPEL = "Voorwaarden dakkapel achterzijde"


async def test_the_desk_registers_adds_a_toelichting_and_withdraws_by_keyboard(demo: Stage) -> None:
    tab = await demo.new_tab()
    await tab.open()
    keys, page = tab.page.keyboard, tab.page
    await expect(tab.button(DESK.naam)).to_be_visible()
    await tab_to(page, tab.button(DESK.naam))
    await keys.press("Enter")
    desk = Desk(tab)
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
    await expect_visible_focus(page)
    note = desk.card.get_by_role("textbox")
    await tab_to(page, note)
    await keys.type("Het is een monument.")
    await keys.press("Control+Enter")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("Het is een monument.")
    await expect(note).to_be_focused()
    await keys.press("Alt+i")
    await keys.press("Enter")
    await expect(desk.card).to_contain_text("ingetrokken")
    await expect_focus(page)
    await keys.press("Alt+n")
    await expect(desk.field("Onderwerp")).to_be_focused()


async def test_an_invalid_field_gets_the_focus_and_says_what_is_wrong(demo: Stage) -> None:
    tab = await demo.new_tab()
    await tab.open("/klantcontactcentrum")
    await tab.choose_employee(DESK)
    desk, keys = Desk(tab), tab.page.keyboard
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


async def test_the_inbox_works_by_keyboard(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    for onderwerp in ("Eik", "Beuk", "Linde"):
        await registreer(demo.api(DESK), taak(ver), onderwerp=onderwerp)
    inbox = await open_inbox(demo)
    page, keys = inbox.tab.page, inbox.tab.page.keyboard
    await tab_to(page, inbox.row("Eik").get_by_role("link"))
    await keys.press("ArrowDown")
    await expect(inbox.row("Beuk").get_by_role("link")).to_be_focused()
    await expect_visible_focus(page)
    await keys.press("Enter")
    title = inbox.opened.get_by_role("heading", level=2)
    await expect(title).to_be_focused()
    await keys.press("Alt+n")
    await expect(inbox.row("Beuk")).to_contain_text("Van u")
    await expect_focus(page)
    for letter, button, typed in (
        ("l", "Leg terug", "Pauze."),
        ("t", "Voeg toe", "Belt nog."),
        ("g", FINISH_WITHOUT, "Was niet nodig."),
    ):
        await keys.press(f"Alt+{letter}")
        await expect(inbox.dialog).to_be_visible()
        await tab_to(page, inbox.dialog.get_by_role("textbox", name="Toelichting"))
        await keys.type(typed)
        await tab_to(page, inbox.dialog.get_by_role("button", name=button, exact=True))
        await keys.press("Enter")
        await expect(inbox.dialog).to_have_count(0)
        await expect_focus(page)
    await expect(inbox.row("Beuk")).to_have_count(0)
    # The row below is active now.
    await tab_to(page, inbox.row("Linde").get_by_role("link"))
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(inbox.opened).to_contain_text("Eik")


async def test_escape_closes_a_dialog_and_the_focus_returns_to_its_button(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    inbox = await open_inbox(demo)
    await inbox.open("Eik")
    for deed in ("Gedaan", "Wijs toe aan collega", "Stuur door", "Voeg toelichting toe"):
        await inbox.deed_button(deed).focus()
        await inbox.tab.page.keyboard.press("Enter")
        await expect(inbox.dialog).to_be_visible()
        await inbox.tab.page.keyboard.press("Escape")
        await expect(inbox.dialog).to_have_count(0)
        await expect(inbox.deed_button(deed)).to_be_focused()


async def test_the_first_tab_skips_to_the_contents(demo: Stage) -> None:
    inbox = Inbox(await demo.log_in(VERGUNNINGEN))
    page = inbox.tab.page
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.evaluate("() => document.activeElement.blur()")
    skip = page.get_by_role("link", name="Naar de inhoud")
    await tab_to(page, skip)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
