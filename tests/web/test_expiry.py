"""A login that expires costs nothing that was typed, and work goes on where it was once it is renewed."""

from playwright.async_api import Locator, expect

from app.demo.people import DESK, VERGUNNINGEN
from tests.support.databases import rows
from tests.support.waiting import until
from tests.web.desk import PATH, Desk
from tests.web.inbox import at_the_inbox
from tests.web.issuer import AUTHORIZE, TOKEN, LoginIssuer
from tests.web.stage import Stage, logs_in_at_the_issuer, person
from tests.web.tabs import Tab
from tests.web.watching import CUT, REFUSED

AN_HOUR = "01:00:30"


def expired(came: Tab) -> Locator:
    """What says that the login has expired, and lets renew it."""
    return came.page.get_by_test_id("aanmelding-verlopen")


async def test_what_is_typed_while_a_login_expires_stays_and_is_registered_once_it_is_renewed(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    issuer.who = person(DESK)
    came = await logs_in_at_the_issuer(organisation, PATH, ages=True)
    desk = Desk(came)
    await desk.types("Eik in de voortuin", "Mag hij om?")
    await came.page.clock.fast_forward(AN_HOUR)
    await expect(expired(came)).to_be_visible()
    await desk.sends()
    await expect(desk.form).to_contain_text("Meld u opnieuw aan; daarna gaat het vanzelf verder.")
    await expect(desk.field("Inhoud")).to_have_value("Mag hij om?")
    await came.button("Opnieuw aanmelden").click()
    await expect(desk.card).to_contain_text("Eik in de voortuin")
    await expect(expired(came)).to_have_count(0)
    assert rows(organisation.settings.database_url, "SELECT count(*) FROM klantcontact")[0][0] == 1


async def test_a_refresh_token_renews_the_login_and_nobody_notices(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    issuer.gives_refresh_tokens = True
    came = await logs_in_at_the_issuer(organisation, ages=True)
    async with came.page.expect_response(lambda response: response.url.endswith("/token")):
        await came.page.clock.fast_forward("59:30")
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN]) == (1, 2)
    await came.page.reload()
    await expect(came.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
    await expect(expired(came)).to_have_count(0)


async def test_without_a_refresh_token_one_is_asked_to_log_in_once_more(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    came = await logs_in_at_the_issuer(organisation, ages=True)
    await came.page.clock.fast_forward(AN_HOUR)
    await expect(expired(came)).to_be_visible()
    await came.button("Opnieuw aanmelden").click()
    await expect(expired(came)).to_have_count(0)

    async def is_closed() -> bool:
        await came.page.title()
        return came.page.context.pages == [came.page]

    await until(is_closed)
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN], issuer.refused) == (2, 2, [])


async def test_who_logs_in_once_more_as_somebody_else_does_not_go_on_as_the_first(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    came = await logs_in_at_the_issuer(organisation, ages=True)
    await came.page.clock.fast_forward(AN_HOUR)
    issuer.who = person(DESK)
    await came.button("Opnieuw aanmelden").click()
    await expect(expired(came)).to_contain_text("Dat lukte niet.")
    await expect(came.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)


async def test_who_was_deactivated_gets_in_no_more(organisation: Stage) -> None:
    came = await organisation.comes()
    came.complaints.expect(REFUSED)
    await came.opens()
    await organisation.deactivate(VERGUNNINGEN)
    await came.button("Aanmelden").click()
    await expect(expired(came)).to_be_visible()
    await expect(came.page.get_by_role("main").get_by_role("heading")).to_have_count(0)


async def test_who_is_deactivated_while_he_works_is_told(demo: Stage) -> None:
    inbox = await at_the_inbox(demo)
    inbox.tab.complaints.expect(f"{REFUSED}|{CUT}")
    await demo.deactivate(VERGUNNINGEN)
    await expect(expired(inbox.tab)).to_be_visible()
