"""The screens load few bytes, only once, and nothing from other servers."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from app.demo.people import DESK, LEZER, VERGUNNINGEN, DemoMedewerker
from tests.support.client import JSON
from tests.web.stage import Stage

MOST_BYTES = 150 * 1024

SCREENS = [(DESK, "/klantcontactcentrum"), (VERGUNNINGEN, "/postvak"), (LEZER, "/wand")]

LOADED = """() => ['navigation', 'resource'].flatMap(
  (kind) => performance.getEntriesByType(kind).map(({ name, transferSize }) => ({ name, transferSize })))"""
"""Everything that the page loaded, with its transferred bytes including headers."""


async def loaded(page: Page) -> JSON:
    await expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
    await page.wait_for_load_state("networkidle")
    return await page.evaluate(LOADED)


@pytest.mark.parametrize(("wie", "path"), SCREENS, ids=["desk", "inbox", "wall"])
async def test_the_first_load_of_a_screen_is_small_and_comes_only_from_our_server(
    demo: Stage, wie: DemoMedewerker, path: str
) -> None:
    tab = await demo.log_in(wie, path)
    found = await loaded(tab.page)
    assert 20_000 < sum(one["transferSize"] for one in found) <= MOST_BYTES
    assert {urlsplit(one["name"]).netloc for one in found} == {urlsplit(demo.server.url).netloc}


async def test_files_are_not_loaded_again(demo: Stage) -> None:
    tab = await demo.log_in(DESK)
    await loaded(tab.page)
    await tab.page.reload()
    files = {one["name"]: one["transferSize"] for one in await loaded(tab.page) if "/assets/" in one["name"]}
    assert len(files) >= 2
    assert [name for name, size in files.items() if size] == []
