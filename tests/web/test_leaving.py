"""Nothing that is typed or not confirmed is left without a question, and nothing else is asked about."""

import asyncio

from playwright.async_api import Dialog, Page, expect

from app.demo.people import DESK
from tests.support.arrange import registreer, taak
from tests.web.desk import at_the_desk
from tests.web.inbox import at_the_inbox
from tests.web.stage import Stage


async def is_asked(page: Page) -> bool:
    """Whether the browser asks before the tab is closed. The answer is to stay; who is not asked leaves."""
    asked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def stay(dialog: Dialog) -> None:
        await dialog.dismiss()
        asked.set_result(dialog.type == "beforeunload")

    async def gone(_: Page) -> None:
        asked.set_result(False)

    page.once("dialog", stay)
    page.once("close", gone)
    await page.close(run_before_unload=True)
    answer = await asked
    page.remove_listener("close", gone)
    return answer


async def test_a_form_that_is_typed_is_asked_about_on_every_screen_until_it_is_sent(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    page = desk.tab.page
    await desk.types("Dakkapel")
    assert await is_asked(page)
    await page.get_by_role("link", name="Postvak").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Postvak")
    assert await is_asked(page)
    await page.get_by_role("link", name="Klantcontactcentrum").click()
    # What the form chooses from is read anew.
    await expect(desk.form.get_by_label("Gevraagde handeling")).to_contain_text("Terugbellen")
    await desk.sends()
    await expect(desk.card).to_contain_text("Dakkapel")
    assert not await is_asked(page)


async def test_a_registration_and_a_note_that_are_not_confirmed_are_asked_about(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    page = desk.tab.page
    desk.tab.expects_a_cut()
    await desk.transfers("Dakkapel")
    await page.route("**/graphql", lambda route: route.abort())
    await desk.notes("Het is een monument.")
    await expect(desk.card).to_contain_text("Nog niet bevestigd")
    assert await is_asked(page)
    await page.unroute("**/graphql")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("Het is een monument.")
    await page.route("**/graphql", lambda route: route.abort())
    await desk.types("Schutting")
    await desk.sends()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    assert await is_asked(page)
    await page.unroute("**/graphql")
    await expect(desk.card).to_contain_text("Schutting")
    assert not await is_asked(page)


async def test_a_deed_that_is_not_confirmed_is_asked_about(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    inbox = await at_the_inbox(demo)
    page = inbox.tab.page
    inbox.tab.expects_a_cut()
    await inbox.opens("Eik")
    await page.route("**/graphql", lambda route: route.abort())
    await inbox.can("Neem taak").click()
    await expect(inbox.opened).to_contain_text("Het is niet bekend of het gelukt is")
    assert await is_asked(page)
    await page.unroute("**/graphql")
    await expect(inbox.opened).to_contain_text("U hebt de taak nu")
    assert not await is_asked(page)


async def test_a_question_that_is_filled_in_is_asked_about_open_or_closed(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    inbox = await at_the_inbox(demo)
    await inbox.opens("Eik")
    await inbox.can("Voeg toelichting toe").click()
    await inbox.dialog.get_by_role("textbox").fill("Belt terug.")
    assert await is_asked(inbox.tab.page)
    await inbox.tab.page.keyboard.press("Escape")
    assert await is_asked(inbox.tab.page)
    await inbox.can("Voeg toelichting toe").click()
    await inbox.dialog.get_by_role("button", name="Voeg toe").click()
    await expect(inbox.dialog).to_have_count(0)
    assert not await is_asked(inbox.tab.page)


async def test_who_logs_out_with_something_typed_is_asked_and_can_go_back(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    dialog = desk.tab.page.get_by_role("dialog")
    await desk.types("Dakkapel")
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
