"""GraphiQL works under its security policy, with the login of the employee who opened it."""

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


async def open_graphiql(demo: Stage) -> Page:
    """Open GraphiQL as Vincent, and wait for the editor with the first query."""
    tab = await demo.log_in(VERGUNNINGEN)
    async with tab.page.context.expect_page() as opening:
        await tab.page.get_by_role("link", name="GraphiQL").click()
    page = await opening.value
    await expect(page.get_by_label("Operation Editor")).to_contain_text("query Postvakken")
    await expect(operation_tab(page, "Postvakken")).to_be_visible()
    return page


def operation_tab(page: Page, operation: str) -> Locator:
    """The tab with the name of an operation, once GraphiQL has parsed it."""
    return page.get_by_role("tab", name=operation)


async def test_a_query_is_answered_for_the_employee_who_opened_it(demo: Stage) -> None:
    page = await open_graphiql(demo)
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_label("Result Window")).to_contain_text(VERGUNNINGEN.naam)


async def test_a_subscription_shows_what_happens(demo: Stage) -> None:
    page = await open_graphiql(demo)
    eenheid = demo.server.eenheden["VERG"]
    # Subscribe from the current volgnummer, so that nothing is missed however late the subscription starts.
    inbox = await demo.api(VERGUNNINGEN).data(INBOX, id=eenheid)
    await page.get_by_label("Operation Editor").locator(".view-lines").first.click()
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(FOLLOWING % (eenheid, inbox["postvak"]["laatsteVolgnummer"]))
    await expect(operation_tab(page, "Volgen")).to_be_visible()
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.get_by_role("button", name="Stop query")).to_be_visible()
    await registreer(demo.api(DESK), taak(eenheid))
    await expect(page.get_by_label("Result Window")).to_contain_text("GEREGISTREERD")
