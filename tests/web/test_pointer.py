"""Whatever happens above it, a row stays under the pointer; what could not is not taken by accident."""

import re

import pytest
from playwright.async_api import FloatRect, Locator, expect

from app.demo.people import DESK, VERGUNNINGEN_COLLEGA
from tests.support.arrange import done, registreer, taak
from tests.web.inbox import Inbox, at_the_inbox
from tests.web.stage import Stage

FRAMES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))))"
MOST_TURNS = 50
"""How often the wheel may be turned to get anywhere."""

PUSH = """(height) => {
  const block = document.createElement('div')
  block.style.blockSize = `${height}px`
  block.id = 'block'
  document.querySelector('[data-test=tellers]').after(block)
}"""


async def full(demo: Stage, rows: int, url: str | None = None) -> Inbox:
    """An inbox with so many rows."""
    ver = demo.server.eenheden["VERG"]
    for number in range(rows):
        await registreer(demo.api(DESK), taak(ver, gevraagdeHandeling="Terugbellen"), onderwerp=f"Boom {number:02}")
    inbox = await at_the_inbox(demo, url=url)
    await expect(inbox.row("Boom 00")).to_be_visible()
    return inbox


def neem(inbox: Inbox, text: str) -> Locator:
    return inbox.row(text).get_by_role("button", name=re.compile("^Neem"))


async def aims(inbox: Inbox, text: str) -> FloatRect:
    """The pointer goes to a button, and stays there."""
    for _ in range(MOST_TURNS):
        if await neem(inbox, text).count():
            break
        await inbox.tab.page.mouse.move(400, 600)
        await inbox.tab.page.mouse.wheel(0, 300)
        await inbox.tab.page.evaluate(FRAMES)
    await neem(inbox, text).hover()
    await inbox.tab.page.evaluate(FRAMES)
    return await place(inbox, text)


async def place(inbox: Inbox, text: str) -> FloatRect:
    box = await neem(inbox, text).bounding_box()
    assert box
    return box


async def stays(inbox: Inbox, text: str, before: FloatRect) -> None:
    await inbox.tab.page.evaluate(FRAMES)
    after = await place(inbox, text)
    assert abs(after["y"] - before["y"]) < 1, (before, after)


async def takes(inbox: Inbox, text: str) -> None:
    """A click where the pointer is; once more where the row says that the list moved just before it was reached."""
    mouse = inbox.tab.page.mouse
    await mouse.down()
    for _ in range(MOST_TURNS):
        await mouse.up()
        await expect(inbox.opened.or_(inbox.row(text).get_by_text("De lijst is net verschoven"))).to_be_visible()
        if await inbox.opened.count():
            break
        await mouse.down()
    await expect(inbox.opened).to_contain_text(text)
    await expect(inbox.opened).to_contain_text("U hebt de taak nu")


@pytest.mark.parametrize(("rows", "aimed"), [(3, "Boom 01"), (40, "Boom 02"), (40, "Boom 25")])
async def test_what_appears_and_goes_above_the_list_moves_no_row_under_the_pointer(
    demo: Stage, rows: int, aimed: str
) -> None:
    inbox = await full(demo, rows)
    page, before = inbox.tab.page, await aims(inbox, aimed)
    for height in (45, 130):
        await page.evaluate(PUSH, height)
        await stays(inbox, aimed, before)
        await page.evaluate("() => document.getElementById('block').remove()")
        await stays(inbox, aimed, before)
    await page.mouse.down()
    await page.evaluate(PUSH, 60)
    await stays(inbox, aimed, before)
    await takes(inbox, aimed)


@pytest.mark.parametrize(("rows", "aimed"), [(3, "Boom 01"), (40, "Boom 02"), (40, "Boom 25")])
async def test_rows_that_come_and_go_above_move_no_row_under_the_pointer(
    demo: Stage, rows: int, aimed: str
) -> None:
    inbox = await full(demo, rows)
    before = await aims(inbox, aimed)
    came = await registreer(
        demo.api(DESK), taak(demo.server.eenheden["VERG"], klantAanDeLijn=True), onderwerp="Beller"
    )
    await inbox.counts(rows + 1, rows + 1, 1)
    await stays(inbox, aimed, before)
    task = came["interneTaken"][0]
    await done(demo.api(DESK), "trekInterneTaakIn", id=task["id"], versie=1, toelichting="Opgehangen.")
    await inbox.counts(rows, rows, 0)
    await stays(inbox, aimed, before)
    await takes(inbox, aimed)


async def test_a_lost_line_is_said_and_moves_no_row_under_the_pointer(demo: Stage) -> None:
    cable, url = await demo.cable()
    inbox = await full(demo, 3, url)
    inbox.tab.expects_a_cut()
    before = await aims(inbox, "Boom 01")
    cable.unplug()
    await expect(inbox.tab.page.get_by_role("region", name="Verbinding")).to_be_in_viewport()
    await stays(inbox, "Boom 01", before)
    cable.plug()
    await expect(inbox.tab.page.get_by_role("region", name="Verbinding")).to_have_count(0)
    await stays(inbox, "Boom 01", before)


async def test_a_click_where_another_row_came_takes_nothing_and_says_so_at_the_row(demo: Stage) -> None:
    inbox = await full(demo, 3)
    page = inbox.tab.page
    await page.get_by_label("Toon").select_option("Niet toegewezen")
    await aims(inbox, "Boom 01")
    taken = await inbox.row("Boom 01").locator("[data-taak]").get_attribute("data-taak")
    # The click comes in the very moment in which the row is gone.
    await page.evaluate(
        """(id) => {
          new MutationObserver((_, observer) => {
            if (document.querySelector(`[data-taak="${id}"]`)) return
            observer.disconnect()
            requestAnimationFrame(() => requestAnimationFrame(() => {
              const rows = [...document.querySelectorAll('[data-taak]')]
              const row = rows.find((one) => one.textContent.includes('Boom 02'))
              row.querySelector('button').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }))
            }))
          }).observe(document.body, { childList: true, subtree: true })
        }""",
        taken,
    )
    await done(demo.api(VERGUNNINGEN_COLLEGA), "neemInterneTaak", id=taken)
    await expect(inbox.row("Boom 01")).to_have_count(0)
    said = inbox.row("Boom 02").get_by_text("De lijst is net verschoven")
    await expect(said).to_be_visible()
    await expect(neem(inbox, "Boom 02")).to_be_visible()
