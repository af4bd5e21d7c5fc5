"""An inbox of a thousand tasks is worked as one of ten."""

import asyncio

import pytest_asyncio
from playwright.async_api import expect

from app.demo.people import DESK
from tests.support.arrange import registreer, taak
from tests.web.inbox import Inbox, at_the_inbox
from tests.web.stage import Stage

MANY = 1_000
PER_CONTACT = 20
LAST = "Laatste van de duizend"
MOST_ROWS = 60
"""How many rows there may be in the page at once."""


@pytest_asyncio.fixture(loop_scope="session")
async def crowded(demo: Stage) -> Inbox:
    """An inbox with so many, the last of which is known."""
    ver = demo.server.eenheden["VERG"]

    async def some(number: int) -> None:
        tasks = (taak(ver, gevraagdeHandeling="Terugbellen") for _ in range(PER_CONTACT))
        await registreer(demo.api(DESK), *tasks, onderwerp=f"Boom {number}")

    await asyncio.gather(*(some(number) for number in range(MANY // PER_CONTACT - 1)))
    rest = (taak(ver, gevraagdeHandeling="Terugbellen") for _ in range(PER_CONTACT - 1))
    await registreer(demo.api(DESK), *rest, onderwerp="Struik")
    await registreer(demo.api(DESK), taak(ver), onderwerp=LAST)
    inbox = await at_the_inbox(demo)
    await inbox.counts(MANY, MANY, 0)
    return inbox


async def test_scrolling_through_all_keeps_the_page_small_and_reaches_the_last(crowded: Inbox) -> None:
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


async def test_the_last_is_reached_and_opened_by_keys_and_the_first_again(crowded: Inbox) -> None:
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


async def test_what_is_searched_for_and_filtered_is_found_among_all(crowded: Inbox) -> None:
    page = crowded.tab.page
    await page.get_by_label("Zoek").fill("laatste duizend")
    await expect(crowded.rows).to_have_count(1)
    await expect(crowded.rows).to_contain_text(LAST)
    await crowded.opens(LAST)
    await crowded.can("Neem taak").click()
    await page.get_by_label("Zoek").fill("")
    await page.get_by_label("Toon").select_option("Van mij")
    await expect(crowded.rows).to_have_count(1)
    await expect(crowded.rows).to_contain_text(LAST)
    await page.get_by_label("Toon").select_option("Niet toegewezen")
    await expect(crowded.rows.first).to_have_attribute("aria-setsize", str(MANY - 1))
