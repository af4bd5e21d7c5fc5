"""GraphiQL works under its policy, with the login of who opened it from the screens."""

from playwright.async_api import Page, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import registreer, taak
from tests.web.stage import Stage

FOLLOWING = """
subscription { postvak(organisatorischeEenheidId: "%s") { soort interneTaak { gevraagdeHandeling } } }
"""


async def opened(demo: Stage) -> Page:
    """GraphiQL, as Vincent opens it."""
    came = await demo.enters(VERGUNNINGEN)
    async with came.page.context.expect_page() as opening:
        await came.page.get_by_role("link", name="GraphiQL").click()
    return await opening.value


async def test_a_query_is_answered_as_who_opened_it(demo: Stage) -> None:
    page = await opened(demo)
    # The editor comes after the page, and its document after the editor.
    await expect(page.get_by_label("Operation Editor")).to_contain_text("query Postvakken")
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_label("Result Window")).to_contain_text(VERGUNNINGEN.naam)


async def test_a_subscription_shows_what_happens(demo: Stage) -> None:
    page = await opened(demo)
    eenheid = demo.server.eenheden["VERG"]
    await page.get_by_label("Operation Editor").locator(".view-lines").first.click()
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(FOLLOWING % eenheid)
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_role("button", name="Stop query")).to_be_visible()
    await demo.follows(VERGUNNINGEN)
    await registreer(demo.api(DESK), taak(eenheid))
    await expect(page.get_by_label("Result Window")).to_contain_text("GEREGISTREERD")
