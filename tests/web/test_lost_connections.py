"""A lost connection loses nothing, and nothing is executed twice."""

import re

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from app.demo.people import DESK, VERGUNNINGEN
from app.settings import Settings
from tests.support.arrange import registreer, taak
from tests.support.databases import rows
from tests.support.template import Template
from tests.web.desk import PATH as DESK_PATH
from tests.web.desk import Desk, open_desk
from tests.web.inbox import open_inbox
from tests.web.stage import Stage, demo_stage
from tests.web.tabs import Tab, open_tab

ONDERWERP = "Kapvergunning voor een eik"
SINCE = re.compile(r"Geen verbinding sinds \d\d:\d\d:\d\d")


def banner(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("geen-verbinding")


def count_registered(settings: Settings) -> int:
    count: int = rows(settings.database_url, "SELECT count(*) FROM klantcontact")[0][0]
    return count


class LosesAnswer:
    """Aborts the first request that contains a text: `before` the server executes it, or after."""

    def __init__(self, text: str, *, before: bool) -> None:
        self._text, self._before = text, before
        self.lost = 0

    async def __call__(self, route: Route) -> None:
        if self.lost or self._text not in (route.request.post_data or ""):
            await route.continue_()
            return
        self.lost += 1
        if not self._before:
            await route.fetch()
        await route.abort("connectionreset")


async def test_text_typed_while_disconnected_stays_and_is_registered_once_after_a_reconnect(demo: Stage) -> None:
    network, url = await demo.network()
    desk = await open_desk(demo, url=url)
    desk.tab.expect_disconnect()
    await desk.fill_form(ONDERWERP, "Hij staat")
    network.unplug()
    await expect(banner(desk.tab)).to_contain_text(SINCE)
    await desk.field("Inhoud").press_sequentially(" in de voortuin.")
    await desk.submit()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    await expect(desk.field("Inhoud")).to_have_value("Hij staat in de voortuin.")
    assert count_registered(demo.settings) == 0
    network.plug()
    await expect(desk.card).to_contain_text("Hij staat in de voortuin.")
    await expect(banner(desk.tab)).to_have_count(0)
    await expect(desk.field("Onderwerp")).to_have_value("")
    assert count_registered(demo.settings) == 1


async def test_a_registration_whose_answer_is_lost_is_registered_once(demo: Stage) -> None:
    desk = await open_desk(demo)
    desk.tab.expect_disconnect()
    loses_answer = LosesAnswer(ONDERWERP, before=False)
    await desk.tab.page.route("**/graphql", loses_answer.__call__)
    await desk.fill_form(ONDERWERP)
    await desk.submit()
    await expect(desk.card).to_contain_text(ONDERWERP)
    assert loses_answer.lost == 1
    assert count_registered(demo.settings) == 1
    await expect(desk.doorverbindingen).to_have_count(1)


async def test_a_page_that_is_reloaded_while_it_registers_continues(demo: Stage) -> None:
    network, url = await demo.network()
    desk = await open_desk(demo, url=url)
    desk.tab.expect_disconnect()
    await desk.fill_form(ONDERWERP)
    network.unplug()
    await desk.submit()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    network.plug()
    await desk.tab.page.reload()
    await expect(desk.card).to_contain_text(ONDERWERP)
    assert count_registered(demo.settings) == 1


async def test_typed_text_survives_a_reload(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form(ONDERWERP, "Staat in de voortuin.", toelichting="Belt later terug.")
    await desk.tab.page.reload()
    await expect(desk.field("Onderwerp")).to_have_value(ONDERWERP)
    await expect(desk.field("Inhoud")).to_have_value("Staat in de voortuin.")
    await expect(desk.field("Toelichting")).to_have_value("Belt later terug.")
    await expect(desk.afdeling).to_have_value("Afdeling vergunningen")


async def test_the_inbox_says_since_when_it_is_disconnected_and_afterwards_what_it_missed(demo: Stage) -> None:
    network, url = await demo.network()
    inbox = await open_inbox(demo, url=url)
    inbox.tab.expect_disconnect()
    network.unplug()
    await expect(banner(inbox.tab)).to_contain_text(SINCE)
    for onderwerp in ("Eik", "Beuk", "Linde"):
        await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp=onderwerp)
    network.plug()
    await expect(inbox.rows).to_contain_text(["Eik", "Beuk", "Linde"])
    await expect(inbox.tab.page.get_by_test_id("intussen")).to_contain_text("3 nieuwe taken")
    await expect(banner(inbox.tab)).to_have_count(0)
    await inbox.expect_counters(3, 3, 0)


async def test_a_network_that_is_silently_gone_is_detected(demo: Stage) -> None:
    network, url = await demo.network()
    tab = await demo.new_tab(url)
    tab.expect_disconnect()
    await tab.page.clock.install()
    await tab.open(DESK_PATH)
    await tab.choose_employee(DESK)
    await expect(Desk(tab).field("Onderwerp")).to_be_focused()
    network.hold()
    # The page sends a ping every few seconds.
    for _ in range(2):
        await tab.page.clock.run_for(9_000)
    await expect(banner(tab)).to_contain_text(SINCE)
    network.cut()
    network.release()
    await expect(banner(tab)).to_have_count(0)


async def test_everybody_reconnects_to_a_restarted_server(
    demo_settings: Settings, demo_template: Template, browser: Browser
) -> None:
    eenheden = demo_template.eenheden
    async with open_tab(browser, "") as waiting, open_tab(browser, "") as typing:
        async with demo_stage(demo_settings, eenheden, browser) as before:
            for tab, wie, path in ((waiting, VERGUNNINGEN, "/postvak"), (typing, DESK, DESK_PATH)):
                tab.url = before.server.url
                tab.expect_disconnect()
                await tab.open(path)
                await tab.choose_employee(wie)
            await Desk(typing).fill_form(ONDERWERP)
        for tab in (waiting, typing):
            await expect(banner(tab)).to_contain_text(SINCE)
        port = int(before.server.url.rpartition(":")[2])
        async with demo_stage(demo_settings, eenheden, browser, port=port):
            for tab in (waiting, typing):
                await expect(banner(tab)).to_have_count(0)
            await Desk(typing).submit()
            await expect(Desk(typing).card).to_contain_text(ONDERWERP)
            await expect(waiting.page.get_by_role("listitem").filter(has_text=ONDERWERP)).to_be_visible()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_a_deed_whose_answer_is_lost_is_done_once(demo: Stage, before: bool) -> None:
    inbox = await open_inbox(demo)
    inbox.tab.expect_disconnect()
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp=ONDERWERP)
    await inbox.open(ONDERWERP)
    loses_answer = LosesAnswer("Uitgelegd.", before=before)
    await inbox.tab.page.route("**/graphql", loses_answer.__call__)
    await inbox.finish("Uitgelegd.")
    await expect(inbox.logbook).to_contain_text(["registreerde", "rondde de taak af"])
    await expect(inbox.opened.get_by_role("alert")).to_have_count(0)
    assert loses_answer.lost == 1


async def test_a_toelichting_whose_answer_is_lost_is_saved_once(demo: Stage) -> None:
    desk = await open_desk(demo)
    desk.tab.expect_disconnect()
    await desk.register(ONDERWERP)
    loses_answer = LosesAnswer("Ook een beuk.", before=False)
    await desk.tab.page.route("**/graphql", loses_answer.__call__)
    await desk.add_toelichting("Ook een beuk.")
    logbook = desk.card.get_by_role("list", name="Logboek").get_by_role("listitem")
    await expect(logbook.nth(1)).to_contain_text("Ook een beuk.")
    await desk.add_toelichting("En een linde.")
    await expect(logbook).to_contain_text(["registreerde", "Ook een beuk.", "En een linde."])
    assert loses_answer.lost == 1


async def test_a_screen_that_cannot_be_loaded_says_so_and_can_be_retried(demo: Stage) -> None:
    network, url = await demo.network()
    inbox = await open_inbox(demo, url=url)
    inbox.tab.expect_disconnect()
    network.unplug()
    await expect(banner(inbox.tab)).to_contain_text(SINCE)
    await inbox.tab.page.get_by_role("link", name="Klantcontactcentrum").click()
    unloaded = inbox.tab.page.get_by_role("alert").filter(has_text="Dit scherm kon niet worden geladen.")
    await expect(unloaded).to_be_visible()
    network.plug()
    await expect(banner(inbox.tab)).to_have_count(0)
    await unloaded.get_by_role("button").click()
    await expect(Desk(inbox.tab).field("Onderwerp")).to_be_visible()
    await expect(unloaded).to_have_count(0)
