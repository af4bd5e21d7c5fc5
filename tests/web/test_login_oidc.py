"""Outside the demo one logs in at the issuer of the organisation: code flow with PKCE."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest_asyncio
from playwright.async_api import Browser, expect

from app.demo.people import DESK, VERGUNNINGEN
from app.settings import Settings
from tests.support.issuer import issuing
from tests.support.keys import ec_key
from tests.support.people import Person
from tests.support.privacy import TOKEN as TOKEN_BEGINS
from tests.support.privacy import found_in
from tests.support.template import Template
from tests.web.issuer import AUTHORIZE, CLIENT, LOGOUT, TOKEN, LoginIssuer
from tests.web.stage import Stage, by_issuer, person
from tests.web.tabs import Tab
from tests.web.watching import REFUSED

VINCENT: Person = person(VERGUNNINGEN)


@pytest_asyncio.fixture(loop_scope="session")
async def issuer() -> AsyncIterator[LoginIssuer]:
    """Vincent is logged in at it."""
    async with issuing(LoginIssuer({"es": (ec_key(), "ES256")}, VINCENT)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def organisation(
    demo_settings: Settings, demo_template: Template, browser: Browser, issuer: LoginIssuer
) -> AsyncIterator[Stage]:
    """A server whose employees log in at the issuer."""
    told = {"token_demo_key": None, "oidc_issuer": issuer.address, "oidc_client_id": CLIENT}
    settings = demo_settings.model_copy(update=told)
    async with by_issuer(settings, demo_template.eenheden, browser) as running:
        yield running


async def logs_in(organisation: Stage, path: str = "/") -> Tab:
    came = await organisation.comes()
    await came.opens(path)
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)
    return came


async def test_who_logs_in_comes_back_to_the_page_that_he_asked_for(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    wall = f"/wand/{organisation.server.eenheden['VERG']}"
    came = await logs_in(organisation, wall)
    await expect(came.page).to_have_url(organisation.server.url + wall)
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN], issuer.refused) == (1, 1, [])


async def test_a_code_that_was_stolen_on_its_way_back_is_worth_nothing(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    issuer.stolen = []
    came = await organisation.comes()
    await came.opens()
    await came.button("Aanmelden").click()
    await expect(came.page).to_have_url(re.compile(AUTHORIZE))
    query = urlsplit(issuer.stolen[0]).query
    thief = await organisation.comes()
    await thief.opens(f"/aangemeld?{query}")
    await expect(thief.heading("Overdracht is niet bereikbaar")).to_be_visible()
    assert issuer.asked[TOKEN] == 0
    form = {"grant_type": "authorization_code", "client_id": CLIENT, "code_verifier": "guessed"}
    form |= {"code": parse_qs(query)["code"][0], "redirect_uri": f"{organisation.server.url}/aangemeld"}
    refused = await organisation.server.http.post(issuer.url + TOKEN, data=form)
    assert (refused.status_code, issuer.refused) == (400, ["who asks is not who began"])


async def test_a_login_lasts_as_long_as_its_tab_and_ends_at_the_issuer_as_well(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    came = await logs_in(organisation)
    await came.page.reload()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)
    assert issuer.asked[TOKEN] == 1
    await came.button("Afmelden").click()
    await expect(came.button("Aanmelden")).to_be_visible()
    assert issuer.asked[LOGOUT] == 1
    kept = await came.page.evaluate("() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert found_in(kept, [TOKEN_BEGINS, VINCENT.naam, VINCENT.subject]) == []


async def test_a_refresh_token_renews_the_login_and_nobody_notices(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    issuer.gives_refresh_tokens = True
    came = await organisation.comes()
    await came.page.clock.install()
    await came.opens()
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)
    async with came.page.expect_response(lambda response: response.url.endswith("/token")):
        await came.page.clock.fast_forward("59:30")
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN]) == (1, 2)
    await came.page.reload()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)
    await expect(came.page.get_by_text("Uw aanmelding is verlopen.")).to_have_count(0)


async def test_without_a_refresh_token_one_is_asked_to_log_in_once_more(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    came = await organisation.comes()
    await came.page.clock.install()
    await came.opens()
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)
    await came.page.clock.fast_forward("01:00:30")
    await expect(came.page.get_by_role("alert")).to_contain_text("Uw aanmelding is verlopen.")
    async with came.page.expect_popup() as opened:
        await came.button("Opnieuw aanmelden").click()
    if not (await opened.value).is_closed():
        await (await opened.value).wait_for_event("close")
    await expect(came.page.get_by_role("alert")).to_have_count(0)
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN], issuer.refused) == (2, 2, [])


async def test_who_logs_in_once_more_as_somebody_else_does_not_go_on_as_the_first(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    came = await organisation.comes()
    await came.page.clock.install()
    await came.opens()
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)
    await came.page.clock.fast_forward("01:00:30")
    issuer.who = person(DESK)
    await came.button("Opnieuw aanmelden").click()
    await expect(came.page.get_by_role("alert")).to_contain_text("Dat lukte niet.")
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)


async def test_where_logging_in_was_not_set_up_the_page_says_so(
    demo_settings: Settings, demo_template: Template, browser: Browser
) -> None:
    async with by_issuer(demo_settings, demo_template.eenheden, browser) as bare:
        came = await bare.comes()
        await came.opens()
        await expect(came.page.get_by_text("niet ingericht")).to_be_visible()


async def test_an_issuer_that_is_away_is_said_and_can_be_tried_again(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    came = await organisation.comes()
    came.expects_a_cut()
    await came.opens()
    await issuer.stop()
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("alert")).to_contain_text("Aanmelden lukte niet.")
    issuer.start()
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("banner")).to_contain_text(VINCENT.naam)


async def test_who_was_deactivated_is_told_and_works_no_further(organisation: Stage) -> None:
    came = await organisation.comes()
    came.complaints.expect(REFUSED)
    await came.opens()
    await organisation.deactivate(VERGUNNINGEN)
    await came.button("Aanmelden").click()
    await expect(came.page.get_by_role("alert").first).to_be_visible()
