"""A new task announces itself: in the tab's title, by a sound, by a notification; each of them as one wishes."""

from typing import Any

from playwright.async_api import Page, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import done, registreer, taak
from tests.web.inbox import Inbox
from tests.web.stage import Stage

EARS_AND_EYES = """() => {
  window.told = []
  window.heard = 0
  window.Notification = class extends EventTarget {
    static permission = 'granted'
    constructor(title, { body }) { super(); window.told.push(`${title} / ${body}`); window.last = this }
    close() { window.isPutAway = true }
  }
  Object.defineProperty(document, 'hidden', { get: () => window.isAway === true })
  const make = AudioContext.prototype.createOscillator
  AudioContext.prototype.createOscillator = function () { window.heard += 1; return make.call(this) }
}"""
"""What a notification says and how many notes sound, since nobody is there; a page that is away if it is told so.

A headless browser has no notifications and is never behind another window.
"""


async def listening(demo: Stage) -> Inbox:
    """An inbox whose notifications are allowed, and whose notifications and notes are counted."""
    came = await demo.comes()
    await came.page.clock.install()
    await came.page.context.add_init_script(f"({EARS_AND_EYES})()")
    await came.opens("/postvak")
    await came.logs_in(VERGUNNINGEN)
    await demo.follows(VERGUNNINGEN)
    return Inbox(came)


async def arrives(demo: Stage, onderwerp: str, **more: Any) -> None:
    more = {"klantAanDeLijn": True} | more
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"], **more), onderwerp=onderwerp)


async def is_away(page: Page, away: bool) -> None:
    await page.evaluate("(away) => { window.isAway = away }", away)


async def test_a_notification_tells_of_a_new_task_while_the_page_is_not_seen_and_opens_it(demo: Stage) -> None:
    inbox = await listening(demo)
    page = inbox.tab.page
    await arrives(demo, "Eik")
    # Those that come at once are told of together.
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text("Eik")
    await is_away(page, True)
    await arrives(demo, "Beuk")
    await page.wait_for_function("() => window.told.length")
    assert await page.evaluate("() => window.told") == [
        "Nieuwe taak: klant aan de lijn / Overname gesprek met klant: Beuk"
    ]
    await page.evaluate("() => window.last.dispatchEvent(new Event('click'))")
    await expect(inbox.opened).to_contain_text("Beuk")
    assert await page.evaluate("() => window.isPutAway")


async def test_nothing_that_the_citizen_told_stands_in_a_notification(demo: Stage) -> None:
    inbox = await listening(demo)
    await is_away(inbox.tab.page, True)
    await registreer(
        demo.api(DESK), taak(demo.server.eenheden["VERG"], toelichting="Woont op 12."), inhoud="Mevrouw Jansen"
    )
    await inbox.tab.page.wait_for_function("() => window.told.length")
    told = str(await inbox.tab.page.evaluate("() => window.told"))
    assert "Jansen" not in told
    assert "Woont" not in told


async def test_a_sound_is_heard_until_it_is_switched_off_and_stays_off(demo: Stage) -> None:
    inbox = await listening(demo)
    page = inbox.tab.page
    await page.get_by_role("heading", level=1).click()
    await arrives(demo, "Eik")
    await page.wait_for_function("() => window.heard === 2")
    await page.get_by_text("Meldingen").first.click()
    await page.get_by_role("switch", name="Geluid bij een nieuwe taak").uncheck()
    await arrives(demo, "Beuk")
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text("Beuk")
    assert await page.evaluate("() => window.heard") == 2
    await page.reload()
    await expect(inbox.row("Beuk")).to_be_visible()
    await demo.follows(VERGUNNINGEN)
    await page.get_by_role("heading", level=1).click()
    await arrives(demo, "Linde")
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text("Linde")
    assert await page.evaluate("() => window.heard") == 0
    await page.get_by_text("Meldingen").first.click()
    await expect(page.get_by_role("switch", name="Geluid bij een nieuwe taak")).not_to_be_checked()


async def test_the_title_counts_what_nobody_has_looked_at(demo: Stage) -> None:
    inbox = await listening(demo)
    page = inbox.tab.page
    await is_away(page, True)
    await expect(page).to_have_title("Postvak Afdeling vergunningen – Overdracht")
    await arrives(demo, "Eik")
    await arrives(demo, "Beuk")
    await expect(page).to_have_title("(2) Postvak Afdeling vergunningen – Overdracht")
    await inbox.opens("Eik")
    await expect(page).to_have_title("(1) Postvak Afdeling vergunningen – Overdracht")
    await is_away(page, False)
    # A row that is in view long enough was looked at.
    await page.clock.run_for(40_000)
    await expect(page).to_have_title("Postvak Afdeling vergunningen – Overdracht")


async def test_what_one_does_oneself_is_not_announced(demo: Stage) -> None:
    inbox = await listening(demo)
    await is_away(inbox.tab.page, True)
    ver = demo.server.eenheden["VERG"]
    mine = await registreer(demo.api(VERGUNNINGEN), taak(ver), onderwerp="Eik")
    await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=mine["interneTaken"][0]["id"])
    await expect(inbox.row("Eik")).to_contain_text("Van u")
    await arrives(demo, "Beuk")
    await inbox.tab.page.wait_for_function("() => window.told.length")
    assert len(await inbox.tab.page.evaluate("() => window.told")) == 1
