"""A copied tab registers its own klantcontacten, and never that of the original."""

from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, expect

from app.demo.people import DESK
from tests.web.desk import PATH, Desk, open_desk
from tests.web.stage import Stage
from tests.web.tabs import Tab

ALL = "{ klantcontacten(first: 50) { edges { node { nummer onderwerp } } } }"
IDS = """() => Object.entries(sessionStorage)
  .filter(([key]) => key.startsWith('overdracht.getypt.concept'))
  .map(([, draft]) => JSON.parse(draft).klantcontactId)[0]"""


async def copy(desk: Desk) -> Desk:
    """Duplicate the tab with its session storage, as `window.open` does."""
    page = desk.tab.page
    async with page.context.expect_page() as opened:
        await page.evaluate("() => void window.open(location.href)")
    other = Desk(Tab(await opened.value, desk.tab.url, desk.tab.errors))
    await expect(other.field("Onderwerp")).to_be_visible()
    return other


async def count_registered(demo: Stage) -> int:
    """The number of registered klantcontacten, each with a number of its own."""
    edges = (await demo.api(DESK).data(ALL))["klantcontacten"]["edges"]
    assert len({edge["node"]["nummer"] for edge in edges}) == len(edges)
    return len(edges)


async def register_each(*desks: Desk) -> None:
    for desk in desks:
        await desk.register("Paspoort")


async def test_the_same_words_in_a_copy_made_before_a_registration_are_another_contact(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("Paspoort")
    other = await copy(desk)
    # The copy has the same text, but other ids.
    await expect(other.field("Onderwerp")).to_have_value("Paspoort")
    await desk.submit()
    await expect(desk.card).to_contain_text("Paspoort")
    await other.submit()
    await expect(other.card).to_contain_text("Paspoort")
    assert await count_registered(demo) == 2


async def test_the_same_words_in_a_copy_made_after_a_registration_are_another_contact(demo: Stage) -> None:
    desk = await open_desk(demo)
    await register_each(desk)
    other = await copy(desk)
    third = await copy(other)
    await register_each(third, other, desk)
    assert await count_registered(demo) == 4


async def test_a_copy_whose_original_is_closed_keeps_its_ids_over_a_reload(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("Paspoort")
    other = await copy(desk)
    await desk.submit()
    await expect(desk.card).to_contain_text("Paspoort")
    await desk.tab.page.close()
    before = await ids(other.tab.page)
    await other.tab.page.reload()
    await expect(other.field("Onderwerp")).to_have_value("Paspoort")
    assert await ids(other.tab.page) == before
    await other.submit()
    await expect(other.card).to_contain_text("Paspoort")
    assert await count_registered(demo) == 2


async def test_a_registration_whose_answer_is_lost_is_retried_by_its_tab_and_not_by_the_copy(demo: Stage) -> None:
    desk = await open_desk(demo)
    desk.tab.expect_disconnect()
    await desk.fill_form("Paspoort")
    await desk.tab.page.route("**/graphql", lambda route: route.abort())
    await desk.submit()
    await expect(desk.form).to_contain_text("Nog niet bevestigd")
    other = await copy(desk)
    await expect(other.field("Onderwerp")).to_have_value("")
    await register_each(other)
    await desk.tab.page.unroute("**/graphql")
    await expect(desk.card).to_contain_text("Paspoort")
    assert await count_registered(demo) == 2


async def test_a_reloaded_tab_keeps_its_ids(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("Paspoort")
    before = await ids(desk.tab.page)
    for _ in range(3):
        await desk.tab.page.reload()
        await expect(desk.field("Onderwerp")).to_have_value("Paspoort")
    assert await ids(desk.tab.page) == before


async def test_a_tab_that_is_restored_after_a_crash_keeps_its_ids_unless_another_tab_has_them(
    demo: Stage,
) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("Paspoort")
    before, storage = (
        await ids(desk.tab.page),
        await desk.tab.page.evaluate("() => JSON.stringify({...sessionStorage})"),
    )
    async with desk.tab.page.expect_event("crash"):
        # This address makes the process of the page crash.
        with suppress(PlaywrightError):
            await desk.tab.page.goto("chrome://crash")
    one, other = await restore(desk, storage), await restore(desk, storage)
    assert await ids(one.tab.page) == before
    assert await ids(other.tab.page) != before
    for tab in (one, other):
        await tab.submit()
        await expect(tab.card).to_contain_text("Paspoort")
    assert await count_registered(demo) == 2


async def restore(desk: Desk, storage: str) -> Desk:
    """Open a tab with this session storage, as a browser does after a crash."""
    page = await desk.tab.page.context.new_page()
    await page.add_init_script(
        "if (location.protocol === 'http:' && !sessionStorage.length)"
        f"  for (const [key, value] of Object.entries({storage})) sessionStorage.setItem(key, value)"
    )
    await page.goto(desk.tab.url + PATH)
    copy = Desk(Tab(page, desk.tab.url, desk.tab.errors))
    await expect(copy.field("Onderwerp")).to_have_value("Paspoort")
    return copy


async def ids(page: Page) -> str:
    storage: str = await page.evaluate(IDS)
    return storage
