"""Outside the demo one logs in at the issuer of the organisation: code flow with PKCE."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, expect

from app.demo.people import VERGUNNINGEN
from app.settings import Settings
from tests.support.privacy import TOKEN as TOKEN_BEGINS
from tests.support.privacy import found_in
from tests.support.template import Template
from tests.web.issuer import AUTHORIZE, CLIENT, LOGOUT, TOKEN, LoginIssuer
from tests.web.stage import Stage, by_issuer, logs_in_at_the_issuer


async def test_who_logs_in_comes_back_to_the_page_that_he_asked_for(
    organisation: Stage, issuer: LoginIssuer
) -> None:
    wall = f"/wand/{organisation.server.eenheden['VERG']}"
    came = await logs_in_at_the_issuer(organisation, wall)
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
    came = await logs_in_at_the_issuer(organisation)
    await came.page.reload()
    await expect(came.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
    assert issuer.asked[TOKEN] == 1
    await came.button("Afmelden").click()
    await expect(came.button("Aanmelden")).to_be_visible()
    assert issuer.asked[LOGOUT] == 1
    kept = await came.page.evaluate("() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    assert found_in(kept, [TOKEN_BEGINS, VERGUNNINGEN.naam, VERGUNNINGEN.id]) == []


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
    await expect(came.page.get_by_role("banner")).to_contain_text(VERGUNNINGEN.naam)
