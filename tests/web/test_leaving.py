"""The browser asks for confirmation before unsent or unconfirmed text is lost, and only then."""

import asyncio

from playwright.async_api import Dialog, Page, expect

from app.demo.people import DESK
from tests.support.arrange import registreer, taak
from tests.web.desk import open_desk
from tests.web.inbox import open_inbox
from tests.web.stage import Stage


async def asks_confirmation(page: Page) -> bool:
    """Whether the browser asks for confirmation when the tab is closed. The test answers to stay."""
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def stay(dialog: Dialog) -> None:
        await dialog.dismiss()
        answer.set_result(dialog.type == "beforeunload")

    async def gone(_: Page) -> None:
        answer.set_result(False)

    page.once("dialog", stay)
    page.once("close", gone)
    await page.close(run_before_unload=True)
    is_asked = await answer
    page.remove_listener("close", gone)
    return is_asked


async def test_a_form_with_text_asks_for_confirmation_on_every_screen_until_it_is_sent(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await desk.fill_form("Dakkapel")
    assert await asks_confirmation(page)
    await page.get_by_role("link", name="Postvak").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Postvak")
    assert await asks_confirmation(page)
    await page.get_by_role("link", name="Klantcontactcentrum").click()
    # The form reads its choices again.
    await expect(desk.form.get_by_label("Gevraagde handeling")).to_contain_text("Terugbellen")
    await desk.submit()
    await expect(desk.card).to_contain_text("Dakkapel")
    assert not await asks_confirmation(page)


async def test_an_unconfirmed_registration_or_toelichting_asks_for_confirmation(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    desk.tab.expect_disconnect()
    await desk.register("Dakkapel")
    await page.route("**/graphql", lambda route: route.abort())
    await desk.add_toelichting("Het is een monument.")
    await expect(desk.card).to_contain_text("Nog niet bevestigd")
    assert await asks_confirmation(page)
    await page.unroute("**/graphql")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("Het is een monument.")
    await page.route("**/graphql", lambda route: route.abort())
    await desk.fill_form("Schutting")
    await desk.submit()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    assert await asks_confirmation(page)
    await page.unroute("**/graphql")
    await expect(desk.card).to_contain_text("Schutting")
    assert not await asks_confirmation(page)


async def test_an_unconfirmed_deed_asks_for_confirmation(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    inbox = await open_inbox(demo)
    page = inbox.tab.page
    inbox.tab.expect_disconnect()
    await inbox.open("Eik")
    await page.route("**/graphql", lambda route: route.abort())
    await inbox.deed_button("Neem taak").click()
    await expect(inbox.opened).to_contain_text("Het is niet bekend of het gelukt is")
    assert await asks_confirmation(page)
    await page.unroute("**/graphql")
    await expect(inbox.opened).to_contain_text("U hebt de taak nu")
    assert not await asks_confirmation(page)


async def test_a_dialog_that_is_filled_in_asks_for_confirmation_open_or_closed(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    inbox = await open_inbox(demo)
    await inbox.open("Eik")
    await inbox.deed_button("Voeg toelichting toe").click()
    await inbox.dialog.get_by_role("textbox").fill("Belt terug.")
    assert await asks_confirmation(inbox.tab.page)
    await inbox.tab.page.keyboard.press("Escape")
    assert await asks_confirmation(inbox.tab.page)
    await inbox.deed_button("Voeg toelichting toe").click()
    await inbox.dialog.get_by_role("button", name="Voeg toe").click()
    await expect(inbox.dialog).to_have_count(0)
    assert not await asks_confirmation(inbox.tab.page)


async def test_logging_out_with_unsent_text_asks_for_confirmation_and_can_be_cancelled(demo: Stage) -> None:
    desk = await open_desk(demo)
    dialog = desk.tab.page.get_by_role("dialog")
    await desk.fill_form("Dakkapel")
    await desk.tab.button("Afmelden").click()
    await expect(dialog).to_contain_text("niet of nog niet zeker is verstuurd")
    await dialog.get_by_role("button", name="Terug").click()
    await expect(desk.field("Onderwerp")).to_have_value("Dakkapel")
    await desk.tab.button("Afmelden").click()
    await dialog.get_by_role("button", name="Toch afmelden").click()
    await expect(desk.tab.button(DESK.naam)).to_be_visible()
    await desk.tab.button(DESK.naam).click()
    await expect(desk.field("Onderwerp")).to_have_value("")
    await desk.tab.button("Afmelden").click()
    await expect(desk.tab.button(DESK.naam)).to_be_visible()
