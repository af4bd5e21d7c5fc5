"""A row stays under the pointer whatever happens above it, and a row that moved is not taken by accident."""

import re

import pytest
from playwright.async_api import FloatRect, Locator, expect

from app.demo.people import DESK, VERGUNNINGEN_COLLEGA
from tests.support.arrange import done, registreer, taak
from tests.web.inbox import Inbox, open_inbox
from tests.web.stage import Stage

FRAMES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))))"
MOST_TURNS = 50
"""How often the wheel may be turned to reach a row."""

PUSH = """(height) => {
  const block = document.createElement('div')
  block.style.blockSize = `${height}px`
  block.id = 'block'
  document.querySelector('[data-test=tellers]').after(block)
}"""


async def open_inbox_with(demo: Stage, rows: int, url: str | None = None) -> Inbox:
    """Open an inbox with this many rows."""
    ver = demo.server.eenheden["VERG"]
    for number in range(rows):
        await registreer(demo.api(DESK), taak(ver, gevraagdeHandeling="Terugbellen"), onderwerp=f"Boom {number:02}")
    inbox = await open_inbox(demo, url=url)
    await expect(inbox.row("Boom 00")).to_be_visible()
    return inbox


def neem_button(inbox: Inbox, text: str) -> Locator:
    return inbox.row(text).get_by_role("button", name=re.compile("^Neem"))


async def point_at(inbox: Inbox, text: str) -> FloatRect:
    """Move the pointer to the button of a row, and return where the button is."""
    for _ in range(MOST_TURNS):
        if await neem_button(inbox, text).count():
            break
        await inbox.tab.page.mouse.move(400, 600)
        await inbox.tab.page.mouse.wheel(0, 300)
        await inbox.tab.page.evaluate(FRAMES)
    await neem_button(inbox, text).hover()
    await inbox.tab.page.evaluate(FRAMES)
    return await box_of(inbox, text)


async def box_of(inbox: Inbox, text: str) -> FloatRect:
    box = await neem_button(inbox, text).bounding_box()
    assert box
    return box


async def expect_unmoved(inbox: Inbox, text: str, before: FloatRect) -> None:
    await inbox.tab.page.evaluate(FRAMES)
    after = await box_of(inbox, text)
    assert abs(after["y"] - before["y"]) < 1, (before, after)


async def click_to_take(inbox: Inbox, text: str) -> None:
    """Click where the pointer is, and again while the row says that the list has just moved."""
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


@pytest.mark.parametrize(("rows", "row"), [(3, "Boom 01"), (40, "Boom 02"), (40, "Boom 25")])
async def test_changes_above_the_list_move_no_row_under_the_pointer(demo: Stage, rows: int, row: str) -> None:
    inbox = await open_inbox_with(demo, rows)
    page, before = inbox.tab.page, await point_at(inbox, row)
    for height in (45, 130):
        await page.evaluate(PUSH, height)
        await expect_unmoved(inbox, row, before)
        await page.evaluate("() => document.getElementById('block').remove()")
        await expect_unmoved(inbox, row, before)
    await page.mouse.down()
    await page.evaluate(PUSH, 60)
    await expect_unmoved(inbox, row, before)
    await click_to_take(inbox, row)


@pytest.mark.parametrize(("rows", "row"), [(3, "Boom 01"), (40, "Boom 02"), (40, "Boom 25")])
async def test_rows_that_are_added_and_removed_above_move_no_row_under_the_pointer(
    demo: Stage, rows: int, row: str
) -> None:
    inbox = await open_inbox_with(demo, rows)
    before = await point_at(inbox, row)
    tab = await registreer(
        demo.api(DESK), taak(demo.server.eenheden["VERG"], klantAanDeLijn=True), onderwerp="Beller"
    )
    await inbox.expect_counters(rows + 1, rows + 1, 1)
    await expect_unmoved(inbox, row, before)
    task = tab["interneTaken"][0]
    await done(demo.api(DESK), "trekInterneTaakIn", id=task["id"], versie=1, toelichting="Opgehangen.")
    await inbox.expect_counters(rows, rows, 0)
    await expect_unmoved(inbox, row, before)
    await click_to_take(inbox, row)


async def test_a_lost_connection_is_shown_and_moves_no_row_under_the_pointer(demo: Stage) -> None:
    network, url = await demo.network()
    inbox = await open_inbox_with(demo, 3, url)
    inbox.tab.expect_disconnect()
    before = await point_at(inbox, "Boom 01")
    network.unplug()
    await expect(inbox.tab.page.get_by_role("region", name="Verbinding")).to_be_in_viewport()
    await expect_unmoved(inbox, "Boom 01", before)
    network.plug()
    await expect(inbox.tab.page.get_by_role("region", name="Verbinding")).to_have_count(0)
    await expect_unmoved(inbox, "Boom 01", before)


async def test_a_click_on_a_row_that_has_just_moved_there_takes_nothing_and_says_so(demo: Stage) -> None:
    inbox = await open_inbox_with(demo, 3)
    page = inbox.tab.page
    await page.get_by_label("Toon").select_option("Niet toegewezen")
    await point_at(inbox, "Boom 01")
    taken = await inbox.row("Boom 01").locator("[data-taak]").get_attribute("data-taak")
    # Click at the moment the row disappears.
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
    message = inbox.row("Boom 02").get_by_text("De lijst is net verschoven")
    await expect(message).to_be_visible()
    await expect(neem_button(inbox, "Boom 02")).to_be_visible()
