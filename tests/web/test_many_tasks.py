"""An inbox of a thousand tasks works like one of ten."""

import asyncio

import pytest_asyncio
from playwright.async_api import expect

from app.demo.people import DESK
from tests.support.arrange import registreer, taak
from tests.web.inbox import Inbox, open_inbox
from tests.web.stage import Stage

MANY = 1_000
PER_CONTACT = 20
LAST = "Laatste van de duizend"
MOST_ROWS = 60
"""The most rows that the page may render at once."""


@pytest_asyncio.fixture(loop_scope="session")
async def crowded(demo: Stage) -> Inbox:
    """Open an inbox with a thousand tasks, the last of which has a known onderwerp."""
    ver = demo.server.eenheden["VERG"]

    async def some(number: int) -> None:
        tasks = (taak(ver, gevraagdeHandeling="Terugbellen") for _ in range(PER_CONTACT))
        await registreer(demo.api(DESK), *tasks, onderwerp=f"Boom {number}")

    await asyncio.gather(*(some(number) for number in range(MANY // PER_CONTACT - 1)))
    rest = (taak(ver, gevraagdeHandeling="Terugbellen") for _ in range(PER_CONTACT - 1))
    await registreer(demo.api(DESK), *rest, onderwerp="Struik")
    await registreer(demo.api(DESK), taak(ver), onderwerp=LAST)
    inbox = await open_inbox(demo)
    await inbox.expect_counters(MANY, MANY, 0)
    return inbox


async def test_scrolling_to_the_last_task_keeps_the_number_of_rows_small(crowded: Inbox) -> None:
    page = crowded.tab.page
    await expect(crowded.rows.first).to_have_attribute("aria-setsize", str(MANY))
    most = 0
    for _ in range(200):
        await page.mouse.wheel(0, 3_000)
        await page.evaluate(
            "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )
        most = max(most, await crowded.rows.count())
        if await crowded.row(LAST).count():
            break
    await expect(crowded.row(LAST)).to_be_in_viewport()
    assert 0 < most <= MOST_ROWS


async def test_the_last_and_the_first_task_can_be_opened_by_keyboard(crowded: Inbox) -> None:
    page = crowded.tab.page
    await expect(crowded.rows.first).to_have_attribute("aria-setsize", str(MANY))
    await crowded.rows.first.get_by_role("link").focus()
    await page.keyboard.press("End")
    await expect(crowded.row(LAST).get_by_role("link")).to_be_focused()
    await expect(crowded.row(LAST)).to_have_attribute("aria-posinset", str(MANY))
    await page.keyboard.press("Enter")
    await expect(crowded.opened).to_contain_text(LAST)
    await crowded.row(LAST).get_by_role("link").focus()
    await page.keyboard.press("Home")
    await expect(page.locator("[aria-posinset='1'] a")).to_be_focused()
    assert await crowded.rows.count() <= MOST_ROWS


async def test_search_and_filters_cover_all_tasks(crowded: Inbox) -> None:
    page = crowded.tab.page
    await page.get_by_label("Zoek").fill("laatste duizend")
    await expect(crowded.rows).to_have_count(1)
    await expect(crowded.rows).to_contain_text(LAST)
    await crowded.open(LAST)
    await crowded.deed_button("Neem taak").click()
    await page.get_by_label("Zoek").fill("")
    await page.get_by_label("Toon").select_option("Van mij")
    await expect(crowded.rows).to_have_count(1)
    await expect(crowded.rows).to_contain_text(LAST)
    await page.get_by_label("Toon").select_option("Niet toegewezen")
    await expect(crowded.rows.first).to_have_attribute("aria-setsize", str(MANY - 1))
