"""In the demo each tab logs in by choosing an employee."""

import re

from playwright.async_api import expect

from app.demo.people import DESK, LEZER, MEDEWERKERS, VERGUNNINGEN
from tests.web.desk import open_desk
from tests.web.stage import Stage


async def test_every_employee_of_the_demo_can_be_chosen_and_gets_the_screen_of_their_role(demo: Stage) -> None:
    tab = await demo.new_tab()
    await tab.open()
    for wie in MEDEWERKERS:
        await expect(tab.button(wie.naam)).to_be_visible()
    for wie, path in ((DESK, "klantcontactcentrum"), (VERGUNNINGEN, "postvak"), (LEZER, "wand")):
        entered = await demo.log_in(wie)
        await expect(entered.page).to_have_url(re.compile(f"/{path}"))


async def test_two_tabs_of_one_browser_stay_two_employees(demo: Stage) -> None:
    first = await demo.log_in(DESK)
    second = await first.page.context.new_page()
    await second.goto(demo.server.url)
    await second.get_by_role("button", name=VERGUNNINGEN.naam).click()
    await expect(second.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
    await first.page.reload()
    await expect(first.page.get_by_role("banner")).to_contain_text(DESK.naam)


async def test_logging_out_removes_everything_that_the_employee_typed(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("Eik in de voortuin")
    await desk.tab.button("Afmelden").click()
    await desk.tab.button("Toch afmelden").click()
    await expect(desk.tab.heading("Wie bent u vandaag?")).to_be_visible()
    assert await desk.tab.page.evaluate("() => sessionStorage.length") == 0
    await desk.tab.open("/klantcontactcentrum")
    await desk.tab.choose_employee(DESK)
    await expect(desk.field("Onderwerp")).to_have_value("")


async def test_logging_in_at_an_address_opens_that_screen_if_the_role_allows_it(demo: Stage) -> None:
    desk = await demo.log_in(DESK, "/wand")
    await expect(desk.page).to_have_url(re.compile("/wand"))
    reader = await demo.log_in(LEZER, "/klantcontactcentrum")
    await expect(reader.page).to_have_url(re.compile("/wand"))
