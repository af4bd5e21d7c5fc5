"""Outside the demo employees log in at the issuer of the organisation: code flow with PKCE."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, expect

from app.demo.people import VERGUNNINGEN
from app.settings import Settings
from tests.support.privacy import TOKEN as TOKEN_BEGINS
from tests.support.privacy import found_in
from tests.support.template import Template
from tests.web.issuer import AUTHORIZE, CLIENT, LOGOUT, TOKEN, LoginIssuer
from tests.web.stage import Stage, issuer_stage, log_in_at_issuer


async def test_logging_in_returns_to_the_page_that_was_opened(organisation: Stage, issuer: LoginIssuer) -> None:
    wall = f"/wand/{organisation.server.eenheden['VERG']}"
    tab = await log_in_at_issuer(organisation, wall)
    await expect(tab.page).to_have_url(organisation.server.url + wall)
    assert (issuer.asked[AUTHORIZE], issuer.asked[TOKEN], issuer.refused) == (1, 1, [])


async def test_a_stolen_code_is_useless(organisation: Stage, issuer: LoginIssuer) -> None:
    issuer.stolen = []
    tab = await organisation.new_tab()
    await tab.open()
    await tab.button("Aanmelden").click()
    await expect(tab.page).to_have_url(re.compile(AUTHORIZE))
    query = urlsplit(issuer.stolen[0]).query
    thief = await organisation.new_tab()
    await thief.open(f"/aangemeld?{query}")
    await expect(thief.heading("Overdracht is niet bereikbaar")).to_be_visible()
    assert issuer.asked[TOKEN] == 0
    form = {"grant_type": "authorization_code", "client_id": CLIENT, "code_verifier": "guessed"}
    form |= {"code": parse_qs(query)["code"][0], "redirect_uri": f"{organisation.server.url}/aangemeld"}
    refused = await organisation.server.http.post(issuer.url + TOKEN, data=form)
    assert (refused.status_code, issuer.refused) == (400, ["who asks is not who began"])


async def test_a_login_survives_a_reload_and_logging_out_ends_it_at_the_issuer_as_well(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    tab = await log_in_at_issuer(organisation)
    await tab.page.reload()
    await expect(tab.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
    assert issuer.asked[TOKEN] == 1
    await tab.button("Afmelden").click()
    await expect(tab.button("Aanmelden")).to_be_visible()
    assert issuer.asked[LOGOUT] == 1
    storage = await tab.page.evaluate("() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert found_in(storage, [TOKEN_BEGINS, VERGUNNINGEN.naam, VERGUNNINGEN.id]) == []


async def test_without_a_configured_login_the_page_says_so(
    demo_settings: Settings, demo_template: Template, browser: Browser
) -> None:
    async with issuer_stage(demo_settings, demo_template.eenheden, browser) as bare:
        tab = await bare.new_tab()
        await tab.open()
        await expect(tab.page.get_by_text("niet ingericht")).to_be_visible()


async def test_when_the_issuer_is_unreachable_the_login_can_be_retried(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    tab = await organisation.new_tab()
    tab.expect_disconnect()
    await tab.open()
    await issuer.stop()
    await tab.button("Aanmelden").click()
    await expect(tab.page.get_by_role("alert")).to_contain_text("Aanmelden lukte niet.")
    issuer.start()
    await tab.button("Aanmelden").click()
    await expect(tab.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
