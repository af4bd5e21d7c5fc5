"""GraphiQL works under its policy, with the login of who opened it from the screens."""

from playwright.async_api import Locator, Page, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.arrange import registreer, taak
from tests.support.world import INBOX
from tests.web.stage import Stage

FOLLOWING = """
subscription Volgen {
  postvak(organisatorischeEenheidId: "%s", na: %d) { soort interneTaak { gevraagdeHandeling } }
}
"""


async def opened(demo: Stage) -> Page:
    """GraphiQL, as Vincent opens it, with its first document: the editor comes after the page."""
    came = await demo.enters(VERGUNNINGEN)
    async with came.page.context.expect_page() as opening:
        await came.page.get_by_role("link", name="GraphiQL").click()
    page = await opening.value
    await expect(page.get_by_label("Operation Editor")).to_contain_text("query Postvakken")
    await expect(tab(page, "Postvakken")).to_be_visible()
    return page


def tab(page: Page, operation: str) -> Locator:
    """The tab that bears the name of its operation, once GraphiQL has read it."""
    return page.get_by_role("tab", name=operation)


async def test_a_query_is_answered_as_who_opened_it(demo: Stage) -> None:
    page = await opened(demo)
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_label("Result Window")).to_contain_text(VERGUNNINGEN.naam)


async def test_a_subscription_shows_what_happens(demo: Stage) -> None:
    page = await opened(demo)
    eenheid = demo.server.eenheden["VERG"]
    # From where the inbox is now, so that nothing is missed however late GraphiQL begins to follow.
    inbox = await demo.api(VERGUNNINGEN).data(INBOX, id=eenheid)
    await page.get_by_label("Operation Editor").locator(".view-lines").first.click()
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(FOLLOWING % (eenheid, inbox["postvak"]["laatsteVolgnummer"]))
    await expect(tab(page, "Volgen")).to_be_visible()
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_role("button", name="Stop query")).to_be_visible()
    await registreer(demo.api(DESK), taak(eenheid))
    await expect(page.get_by_label("Result Window")).to_contain_text("GEREGISTREERD")
