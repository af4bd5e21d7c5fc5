"""In the demo one chooses who one is, in each tab anew."""

import re

from playwright.async_api import expect

from app.demo.people import DESK, LEZER, MEDEWERKERS, VERGUNNINGEN
from tests.web.desk import at_the_desk
from tests.web.stage import Stage


async def test_everybody_of_the_demo_is_offered_and_each_gets_the_screen_of_his_role(demo: Stage) -> None:
    came = await demo.comes()
    await came.opens()
    for wie in MEDEWERKERS:
        await expect(came.button(wie.naam)).to_be_visible()
    for wie, path in ((DESK, "klantcontactcentrum"), (VERGUNNINGEN, "postvak"), (LEZER, "wand")):
        entered = await demo.enters(wie)
        await expect(entered.page).to_have_url(re.compile(f"/{path}"))


async def test_two_tabs_of_one_browser_are_two_people_and_each_stays_who_he_is(demo: Stage) -> None:
    first = await demo.enters(DESK)
    second = await first.page.context.new_page()
    await second.goto(demo.server.url)
    await second.get_by_role("button", name=VERGUNNINGEN.naam).click()
    await expect(second.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
    await first.page.reload()
    await expect(first.page.get_by_role("banner")).to_contain_text(DESK.naam)


async def test_who_logs_out_is_forgotten_by_the_tab_with_all_that_he_typed(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types("Eik in de voortuin")
    await desk.tab.button("Afmelden").click()
    await desk.tab.button("Toch afmelden").click()
    await expect(desk.tab.heading("Wie bent u vandaag?")).to_be_visible()
    assert await desk.tab.page.evaluate("() => sessionStorage.length") == 0
    await desk.tab.opens("/klantcontactcentrum")
    await desk.tab.logs_in(DESK)
    await expect(desk.field("Onderwerp")).to_have_value("")


async def test_who_logs_in_at_an_address_gets_that_screen_if_it_is_his(demo: Stage) -> None:
    desk = await demo.enters(DESK, "/wand")
    await expect(desk.page).to_have_url(re.compile("/wand"))
    reader = await demo.enters(LEZER, "/klantcontactcentrum")
    await expect(reader.page).to_have_url(re.compile("/wand"))
