"""The screen on the wall shows a postvak read-only."""

from playwright.async_api import Locator, expect

from app.demo.people import DESK, LEZER
from tests.support.arrange import registreer, taak
from tests.web.inbox import Inbox
from tests.web.stage import Stage
from tests.web.tabs import Tab


def rows(wall: Tab) -> Locator:
    return wall.page.get_by_role("list", name="Langst wachtende taken").get_by_role("listitem")


async def test_new_tasks_appear_on_the_wall_with_who_has_them(demo: Stage) -> None:
    wall = await demo.log_in(LEZER)
    await expect(wall.page.get_by_text("Er is niets te doen.")).to_be_visible()
    ver = demo.server.eenheden["VERG"]
    # The wall is not counted as an open postvak: this task shows that it is live.
    await registreer(demo.api(DESK), taak(ver, gevraagdeHandeling="Terugbellen"), onderwerp="Iep")
    await expect(rows(wall)).to_contain_text(["Iep"])
    await registreer(demo.api(DESK), taak(ver, gevraagdeHandeling="Terugbellen"), onderwerp="Eik")
    await registreer(demo.api(DESK), taak(ver, klantAanDeLijn=True), onderwerp="Beuk")
    await expect(rows(wall)).to_contain_text(["Beuk", "Iep", "Eik"])
    await expect(rows(wall).first).to_contain_text("Nieuw")
    await expect(rows(wall).first).to_contain_text("Klant aan de lijn")
    await expect(wall.page.get_by_role("definition")).to_have_text(["3", "3", "1"])


async def test_an_employee_who_only_reads_has_no_deeds_on_the_wall_or_in_the_inbox(demo: Stage) -> None:
    await registreer(demo.api(DESK), taak(demo.server.eenheden["VERG"]), onderwerp="Eik")
    wall = await demo.log_in(LEZER)
    await expect(rows(wall)).to_contain_text("Eik")
    await expect(rows(wall).get_by_role("button")).to_have_count(0)
    screens = wall.page.get_by_role("navigation", name="Schermen").get_by_role("link")
    await expect(screens).to_have_text(["Postvak", "Wandscherm", "GraphiQL"])
    await screens.first.click()
    inbox = Inbox(wall)
    await expect(inbox.row("Eik")).to_be_visible()
    await expect(inbox.row("Eik").get_by_role("button")).to_have_count(0)
    await inbox.open("Eik")
    await expect(inbox.opened.get_by_role("button")).to_have_count(0)
    await wall.page.keyboard.press("Alt+n")
    await expect(inbox.row("Eik")).to_contain_text("Van niemand")


async def test_tasks_that_do_not_fit_are_counted_below(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    for number in range(3):
        await registreer(demo.api(DESK), *(taak(ver) for _ in range(20)), onderwerp=f"Boom {number}")
    wall = await demo.log_in(LEZER)
    await expect(rows(wall).first).to_be_visible()
    shown = await rows(wall).count()
    assert 5 <= shown < 60
    await expect(wall.page.get_by_text(f"en nog {60 - shown} taken")).to_be_visible()
    height, room = await wall.page.evaluate("() => [document.scrollingElement.scrollHeight, innerHeight]")
    assert height <= room
