"""When a login expires nothing that was typed is lost, and work continues after it is renewed."""

from playwright.async_api import Locator, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.databases import rows
from tests.support.waiting import until
from tests.web.browser_errors import DISCONNECTED, REFUSED
from tests.web.desk import PATH, Desk
from tests.web.inbox import open_inbox
from tests.web.issuer import AUTHORIZE, TOKEN, LoginIssuer
from tests.web.stage import Stage, log_in_at_issuer, person
from tests.web.tabs import Tab

AN_HOUR = "01:00:30"


def expired(tab: Tab) -> Locator:
    """The banner that says that the login has expired."""
    return tab.page.get_by_test_id("aanmelding-verlopen")


async def test_what_is_typed_while_a_login_expires_stays_and_is_registered_once_it_is_renewed(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    issuer.who = person(DESK)
    tab = await log_in_at_issuer(organisation, PATH, with_clock=True)
    desk = Desk(tab)
    await desk.fill_form("Eik in de voortuin", "Mag hij om?")
    await tab.page.clock.fast_forward(AN_HOUR)
    await expect(expired(tab)).to_be_visible()
    await desk.submit()
    await expect(desk.form).to_contain_text("Meld u opnieuw aan; daarna gaat het vanzelf verder.")
    await expect(desk.field("Inhoud")).to_have_value("Mag hij om?")
    await tab.button("Opnieuw aanmelden").click()
    await expect(desk.card).to_contain_text("Eik in de voortuin")
    await expect(expired(tab)).to_have_count(0)
    assert rows(organisation.settings.database_url, "SELECT count(*) FROM klantcontact")[0][0] == 1


async def test_a_refresh_token_renews_the_login_unnoticed(organisation: Stage, issuer: LoginIssuer) -> None:
    issuer.gives_refresh_tokens = True
    tab = await log_in_at_issuer(organisation, with_clock=True)
    async with tab.page.expect_response(lambda response: response.url.endswith("/token")):
        await tab.page.clock.fast_forward("59:30")
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN]) == (1, 2)
    await tab.page.reload()
    await expect(tab.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
    await expect(expired(tab)).to_have_count(0)


async def test_without_a_refresh_token_the_employee_has_to_log_in_again(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    tab = await log_in_at_issuer(organisation, with_clock=True)
    await tab.page.clock.fast_forward(AN_HOUR)
    await expect(expired(tab)).to_be_visible()
    await tab.button("Opnieuw aanmelden").click()
    await expect(expired(tab)).to_have_count(0)

    async def is_closed() -> bool:
        await tab.page.title()
        return tab.page.context.pages == [tab.page]

    await until(is_closed)
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN], issuer.refused) == (2, 2, [])


async def test_a_renewed_login_of_another_employee_is_not_accepted(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    tab = await log_in_at_issuer(organisation, with_clock=True)
    await tab.page.clock.fast_forward(AN_HOUR)
    issuer.who = person(DESK)
    await tab.button("Opnieuw aanmelden").click()
    await expect(expired(tab)).to_contain_text("Dat lukte niet.")
    await expect(tab.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)


async def test_an_inactive_employee_cannot_log_in(organisation: Stage) -> None:
    tab = await organisation.new_tab()
    tab.errors.allow(REFUSED)
    await tab.open()
    await organisation.deactivate(VERGUNNINGEN)
    await tab.button("Aanmelden").click()
    await expect(expired(tab)).to_be_visible()
    await expect(tab.page.get_by_role("main").get_by_role("heading")).to_have_count(0)


async def test_an_employee_who_becomes_inactive_while_they_work_sees_it(demo: Stage) -> None:
    inbox = await open_inbox(demo)
    inbox.tab.errors.allow(f"{REFUSED}|{DISCONNECTED}")
    await demo.deactivate(VERGUNNINGEN)
    await expect(expired(inbox.tab)).to_be_visible()
