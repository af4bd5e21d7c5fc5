"""A tab that is copied registers for itself: nobody's contact is taken for another's."""

from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, expect

from app.demo.people import DESK
from tests.web.desk import PATH, Desk, at_the_desk
from tests.web.stage import Stage
from tests.web.tabs import Tab

ALL = "{ klantcontacten(first: 50) { edges { node { nummer onderwerp } } } }"
IDS = """() => Object.entries(sessionStorage)
  .filter(([key]) => key.startsWith('overdracht.getypt.concept'))
  .map(([, draft]) => JSON.parse(draft).klantcontactId)[0]"""


async def copy(desk: Desk) -> Desk:
    """The tab is duplicated: what it keeps is copied with it, as `window.open` does."""
    page = desk.tab.page
    async with page.context.expect_page() as opened:
        await page.evaluate("() => void window.open(location.href)")
    other = Desk(Tab(await opened.value, desk.tab.url, desk.tab.complaints))
    await expect(other.field("Onderwerp")).to_be_visible()
    return other


async def registered(demo: Stage) -> int:
    """How many contacts there are, each under a number of its own."""
    edges = (await demo.api(DESK).data(ALL))["klantcontacten"]["edges"]
    assert len({edge["node"]["nummer"] for edge in edges}) == len(edges)
    return len(edges)


async def transfers(*desks: Desk) -> None:
    for desk in desks:
        await desk.transfers("Paspoort")


async def test_the_same_words_in_a_copy_made_before_a_registration_are_another_contact(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types("Paspoort")
    other = await copy(desk)
    # What was typed is copied; what it stands for is not.
    await expect(other.field("Onderwerp")).to_have_value("Paspoort")
    await desk.sends()
    await expect(desk.card).to_contain_text("Paspoort")
    await other.sends()
    await expect(other.card).to_contain_text("Paspoort")
    assert await registered(demo) == 2


async def test_the_same_words_in_a_copy_made_after_a_registration_are_another_contact(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await transfers(desk)
    other = await copy(desk)
    third = await copy(other)
    await transfers(third, other, desk)
    assert await registered(demo) == 4


async def test_a_copy_whose_original_is_closed_is_itself_over_a_reload(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types("Paspoort")
    other = await copy(desk)
    await desk.sends()
    await expect(desk.card).to_contain_text("Paspoort")
    await desk.tab.page.close()
    before = await ids(other.tab.page)
    await other.tab.page.reload()
    await expect(other.field("Onderwerp")).to_have_value("Paspoort")
    assert await ids(other.tab.page) == before
    await other.sends()
    await expect(other.card).to_contain_text("Paspoort")
    assert await registered(demo) == 2


async def test_a_registration_whose_answer_is_lost_is_sent_on_by_its_tab_and_not_by_the_copy(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    desk.tab.expects_a_cut()
    await desk.types("Paspoort")
    await desk.tab.page.route("**/graphql", lambda route: route.abort())
    await desk.sends()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    other = await copy(desk)
    await expect(other.field("Onderwerp")).to_have_value("")
    await transfers(other)
    await desk.tab.page.unroute("**/graphql")
    await expect(desk.card).to_contain_text("Paspoort")
    assert await registered(demo) == 2


async def test_a_tab_that_is_loaded_again_has_its_ids_still(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types("Paspoort")
    before = await ids(desk.tab.page)
    for _ in range(3):
        await desk.tab.page.reload()
        await expect(desk.field("Onderwerp")).to_have_value("Paspoort")
    assert await ids(desk.tab.page) == before


async def test_a_tab_that_is_restored_after_a_crash_is_itself_unless_another_has_taken_its_place(
    demo: Stage,
) -> None:
    desk = await at_the_desk(demo)
    await desk.types("Paspoort")
    before, kept = (
        await ids(desk.tab.page),
        await desk.tab.page.evaluate("() => JSON.stringify({...sessionStorage})"),
    )
    async with desk.tab.page.expect_event("crash"):
        # The address at which Chromium ends the page's process.
        with suppress(PlaywrightError):
            await desk.tab.page.goto("chrome://crash")
    one, other = await restored(desk, kept), await restored(desk, kept)
    assert await ids(one.tab.page) == before
    assert await ids(other.tab.page) != before
    for restores in (one, other):
        await restores.sends()
        await expect(restores.card).to_contain_text("Paspoort")
    assert await registered(demo) == 2


async def restored(desk: Desk, kept: str) -> Desk:
    """A tab that the browser opens again with what it kept."""
    page = await desk.tab.page.context.new_page()
    await page.add_init_script(
        "if (location.protocol === 'http:' && !sessionStorage.length)"
        f"  for (const [key, value] of Object.entries({kept})) sessionStorage.setItem(key, value)"
    )
    await page.goto(desk.tab.url + PATH)
    came = Desk(Tab(page, desk.tab.url, desk.tab.complaints))
    await expect(came.field("Onderwerp")).to_have_value("Paspoort")
    return came


async def ids(page: Page) -> str:
    kept: str = await page.evaluate(IDS)
    return kept
