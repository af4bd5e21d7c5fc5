"""A new task is announced in the tab's title, by a sound and by a notification."""

from typing import Any

from playwright.async_api import Page, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import done, registreer, taak
from tests.web.inbox import Inbox
from tests.web.stage import Stage

RECORDING = """() => {
  window.notifications = []
  window.notes = 0
  window.Notification = class extends EventTarget {
    static permission = 'granted'
    constructor(title, { body }) { super(); window.notifications.push(`${title} / ${body}`); window.last = this }
    close() { window.isClosed = true }
  }
  Object.defineProperty(document, 'hidden', { get: () => window.isHidden === true })
  const make = AudioContext.prototype.createOscillator
  AudioContext.prototype.createOscillator = function () { window.notes += 1; return make.call(this) }
}"""
"""Records notifications and notes of the sound, and hides the page where the test says so.

A headless browser has no notifications, and its page is never hidden.
"""


async def open_recorded_inbox(demo: Stage) -> Inbox:
    """Open an inbox with allowed notifications, and record notifications and notes."""
    tab = await demo.new_tab()
    await tab.page.clock.install()
    await tab.page.context.add_init_script(f"({RECORDING})()")
    await tab.open("/postvak")
    await tab.choose_employee(VERGUNNINGEN)
    await demo.wait_until_live(VERGUNNINGEN)
    return Inbox(tab)


async def register(demo: Stage, onderwerp: str, **more: Any) -> None:
    more = {"klantAanDeLijn": True} | more
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"], **more), onderwerp=onderwerp)


async def hide_page(page: Page, hidden: bool) -> None:
    await page.evaluate("(hidden) => { window.isHidden = hidden }", hidden)


async def test_a_notification_shows_a_new_task_while_the_page_is_hidden_and_opens_it(demo: Stage) -> None:
    inbox = await open_recorded_inbox(demo)
    page = inbox.tab.page
    await register(demo, "Eik")
    # Tasks that arrive together have one notification.
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text("Eik")
    await hide_page(page, True)
    await register(demo, "Beuk")
    await page.wait_for_function("() => window.notifications.length")
    assert await page.evaluate("() => window.notifications") == [
        "Nieuwe taak: klant aan de lijn / Overname gesprek met klant: Beuk"
    ]
    await page.evaluate("() => window.last.dispatchEvent(new Event('click'))")
    await expect(inbox.opened).to_contain_text("Beuk")
    assert await page.evaluate("() => window.isClosed")


async def test_a_notification_contains_nothing_that_the_citizen_said(demo: Stage) -> None:
    inbox = await open_recorded_inbox(demo)
    await hide_page(inbox.tab.page, True)
    await registreer(
        demo.api(DESK), taak(demo.server.eenheden["VERG"], toelichting="Woont op 12."), inhoud="Mevrouw Jansen"
    )
    await inbox.tab.page.wait_for_function("() => window.notifications.length")
    notifications = str(await inbox.tab.page.evaluate("() => window.notifications"))
    assert "Jansen" not in notifications
    assert "Woont" not in notifications


async def test_a_sound_is_heard_until_it_is_switched_off_and_stays_off(demo: Stage) -> None:
    inbox = await open_recorded_inbox(demo)
    page = inbox.tab.page
    await page.get_by_role("heading", level=1).click()
    await register(demo, "Eik")
    await page.wait_for_function("() => window.notes === 2")
    await page.get_by_text("Meldingen").first.click()
    await page.get_by_role("switch", name="Geluid bij een nieuwe taak").uncheck()
    await register(demo, "Beuk")
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text("Beuk")
    assert await page.evaluate("() => window.notes") == 2
    await page.reload()
    await expect(inbox.row("Beuk")).to_be_visible()
    await demo.wait_until_live(VERGUNNINGEN)
    await page.get_by_role("heading", level=1).click()
    await register(demo, "Linde")
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text("Linde")
    assert await page.evaluate("() => window.notes") == 0
    await page.get_by_text("Meldingen").first.click()
    await expect(page.get_by_role("switch", name="Geluid bij een nieuwe taak")).not_to_be_checked()


async def test_the_title_counts_the_tasks_that_nobody_has_looked_at(demo: Stage) -> None:
    inbox = await open_recorded_inbox(demo)
    page = inbox.tab.page
    await hide_page(page, True)
    await expect(page).to_have_title("Postvak Afdeling vergunningen – Overdracht")
    await register(demo, "Eik")
    await register(demo, "Beuk")
    await expect(page).to_have_title("(2) Postvak Afdeling vergunningen – Overdracht")
    await inbox.open("Eik")
    await expect(page).to_have_title("(1) Postvak Afdeling vergunningen – Overdracht")
    await hide_page(page, False)
    # A row counts as looked at when it is in view for long enough.
    await page.clock.run_for(40_000)
    await expect(page).to_have_title("Postvak Afdeling vergunningen – Overdracht")


async def test_ones_own_deeds_are_not_announced(demo: Stage) -> None:
    inbox = await open_recorded_inbox(demo)
    await hide_page(inbox.tab.page, True)
    ver = demo.server.eenheden["VERG"]
    mine = await registreer(demo.api(VERGUNNINGEN), taak(ver), onderwerp="Eik")
    await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=mine["interneTaken"][0]["id"])
    await expect(inbox.row("Eik")).to_contain_text("Van u")
    await register(demo, "Beuk")
    await inbox.tab.page.wait_for_function("() => window.notifications.length")
    assert len(await inbox.tab.page.evaluate("() => window.notifications")) == 1
