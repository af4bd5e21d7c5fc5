"""A line that is lost loses nothing, and sends nothing twice."""

import re

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from app.demo.people import DESK, VERGUNNINGEN
from app.settings import Settings
from tests.support.arrange import registreer, taak
from tests.support.databases import rows
from tests.support.template import Template
from tests.web.desk import PATH as DESK_PATH
from tests.web.desk import Desk, at_the_desk
from tests.web.inbox import at_the_inbox
from tests.web.stage import Stage, by_choosing
from tests.web.tabs import Tab, tab

ONDERWERP = "Kapvergunning voor een eik"
SINCE = re.compile(r"Geen verbinding sinds \d\d:\d\d:\d\d")


def banner(tab: Tab) -> Locator:
    return tab.page.get_by_test_id("geen-verbinding")


def registered(settings: Settings) -> int:
    count: int = rows(settings.database_url, "SELECT count(*) FROM klantcontact")[0][0]
    return count


class Losing:
    """Loses the first answer to what has a text in it; `before` it was done, or after."""

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


async def test_what_is_typed_while_the_line_is_away_stays_and_is_registered_once_on_its_return(demo: Stage) -> None:
    between, url = await demo.cable()
    desk = await at_the_desk(demo, url=url)
    desk.tab.expects_a_cut()
    await desk.types(ONDERWERP, "Hij staat")
    between.unplug()
    await expect(banner(desk.tab)).to_contain_text(SINCE)
    await desk.field("Inhoud").press_sequentially(" in de voortuin.")
    await desk.sends()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    await expect(desk.field("Inhoud")).to_have_value("Hij staat in de voortuin.")
    assert registered(demo.settings) == 0
    between.plug()
    await expect(desk.card).to_contain_text("Hij staat in de voortuin.")
    await expect(banner(desk.tab)).to_have_count(0)
    await expect(desk.field("Onderwerp")).to_have_value("")
    assert registered(demo.settings) == 1


async def test_a_registration_whose_answer_is_lost_stands_once(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    desk.tab.expects_a_cut()
    losing = Losing(ONDERWERP, before=False)
    await desk.tab.page.route("**/graphql", losing.__call__)
    await desk.types(ONDERWERP)
    await desk.sends()
    await expect(desk.card).to_contain_text(ONDERWERP)
    assert losing.lost == 1
    assert registered(demo.settings) == 1
    await expect(desk.sent).to_have_count(1)


async def test_a_page_that_is_closed_while_it_registers_goes_on_where_it_was(demo: Stage) -> None:
    between, url = await demo.cable()
    desk = await at_the_desk(demo, url=url)
    desk.tab.expects_a_cut()
    await desk.types(ONDERWERP)
    between.unplug()
    await desk.sends()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    between.plug()
    await desk.tab.page.reload()
    await expect(desk.card).to_contain_text(ONDERWERP)
    assert registered(demo.settings) == 1


async def test_what_was_typed_stays_when_the_page_is_loaded_anew(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types(ONDERWERP, "Staat in de voortuin.", toelichting="Belt later terug.")
    await desk.tab.page.reload()
    await expect(desk.field("Onderwerp")).to_have_value(ONDERWERP)
    await expect(desk.field("Inhoud")).to_have_value("Staat in de voortuin.")
    await expect(desk.field("Toelichting")).to_have_value("Belt later terug.")
    await expect(desk.afdeling).to_have_value("Afdeling vergunningen")


async def test_the_inbox_says_since_when_it_was_away_and_on_return_what_came_in(demo: Stage) -> None:
    between, url = await demo.cable()
    inbox = await at_the_inbox(demo, url=url)
    inbox.tab.expects_a_cut()
    between.unplug()
    await expect(banner(inbox.tab)).to_contain_text(SINCE)
    for onderwerp in ("Eik", "Beuk", "Linde"):
        await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp=onderwerp)
    between.plug()
    await expect(inbox.rows).to_contain_text(["Eik", "Beuk", "Linde"])
    await expect(inbox.tab.page.get_by_test_id("intussen")).to_contain_text("3 nieuwe taken")
    await expect(banner(inbox.tab)).to_have_count(0)
    await inbox.counts(3, 3, 0)


async def test_a_network_that_is_silently_gone_is_found(demo: Stage) -> None:
    between, url = await demo.cable()
    came = await demo.comes(url)
    came.expects_a_cut()
    await came.page.clock.install()
    await came.opens(DESK_PATH)
    await came.logs_in(DESK)
    await expect(Desk(came).field("Onderwerp")).to_be_focused()
    between.hold()
    # The page asks every few seconds whether somebody is there.
    for _ in range(2):
        await came.page.clock.run_for(9_000)
    await expect(banner(came)).to_contain_text(SINCE)
    between.cut()
    between.release()
    await expect(banner(came)).to_have_count(0)


async def test_a_server_that_is_started_anew_finds_everybody_back(
    demo_settings: Settings, demo_template: Template, browser: Browser
) -> None:
    eenheden = demo_template.eenheden
    async with tab(browser, "") as waiting, tab(browser, "") as typing:
        async with by_choosing(demo_settings, eenheden, browser) as before:
            for came, wie, path in ((waiting, VERGUNNINGEN, "/postvak"), (typing, DESK, DESK_PATH)):
                came.url = before.server.url
                came.expects_a_cut()
                await came.opens(path)
                await came.logs_in(wie)
            await Desk(typing).types(ONDERWERP)
        for came in (waiting, typing):
            await expect(banner(came)).to_contain_text(SINCE)
        port = int(before.server.url.rpartition(":")[2])
        async with by_choosing(demo_settings, eenheden, browser, port=port):
            for came in (waiting, typing):
                await expect(banner(came)).to_have_count(0)
            await Desk(typing).sends()
            await expect(Desk(typing).card).to_contain_text(ONDERWERP)
            await expect(waiting.page.get_by_role("listitem").filter(has_text=ONDERWERP)).to_be_visible()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_a_deed_whose_answer_is_lost_is_done_once(demo: Stage, before: bool) -> None:
    inbox = await at_the_inbox(demo)
    inbox.tab.expects_a_cut()
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp=ONDERWERP)
    await inbox.opens(ONDERWERP)
    losing = Losing("Uitgelegd.", before=before)
    await inbox.tab.page.route("**/graphql", losing.__call__)
    await inbox.does("Gedaan", "Gedaan", "Uitgelegd.")
    await expect(inbox.logbook).to_contain_text(["registreerde", "rondde de taak af"])
    await expect(inbox.opened.get_by_role("alert")).to_have_count(0)
    assert losing.lost == 1


async def test_a_note_whose_answer_is_lost_is_noted_once(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    desk.tab.expects_a_cut()
    await desk.transfers(ONDERWERP)
    losing = Losing("Ook een beuk.", before=False)
    await desk.tab.page.route("**/graphql", losing.__call__)
    await desk.notes("Ook een beuk.")
    logbook = desk.card.get_by_role("list", name="Logboek").get_by_role("listitem")
    await expect(logbook.nth(1)).to_contain_text("Ook een beuk.")
    await desk.notes("En een linde.")
    await expect(logbook).to_contain_text(["registreerde", "Ook een beuk.", "En een linde."])
    assert losing.lost == 1


async def test_a_screen_that_cannot_be_loaded_is_said_and_is_loaded_when_it_can_be(demo: Stage) -> None:
    between, url = await demo.cable()
    inbox = await at_the_inbox(demo, url=url)
    inbox.tab.expects_a_cut()
    between.unplug()
    await expect(banner(inbox.tab)).to_contain_text(SINCE)
    await inbox.tab.page.get_by_role("link", name="Klantcontactcentrum").click()
    unloaded = inbox.tab.page.get_by_role("alert").filter(has_text="Dit scherm kon niet worden geladen.")
    await expect(unloaded).to_be_visible()
    between.plug()
    await expect(banner(inbox.tab)).to_have_count(0)
    await unloaded.get_by_role("button").click()
    await expect(Desk(inbox.tab).field("Onderwerp")).to_be_visible()
    await expect(unloaded).to_have_count(0)
