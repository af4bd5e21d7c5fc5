"""What browsers are told: whose pages may read answers, and what an answer may never be taken for."""

import pytest

from app.settings import Settings
from tests.support.client import JSON
from tests.support.figures import with_figures
from tests.support.http import send
from tests.support.people import VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

# Headers are the same whatever was read.
pytestmark = pytest.mark.database("sqlite")

KANALEN = "{ kanalen }"

FOLLOW = "subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }"

PAGE = "https://kcc.example"

PREFLIGHT = {
    "origin": PAGE,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,last-event-id,traceparent,x-request-id",
}

PROTECTING = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def open_to_page(settings: Settings, **more: JSON) -> Settings:
    return settings.model_copy(update={"allowed_origins": (PAGE,)} | more)


async def test_a_preflight_of_a_named_origin_says_what_it_may_ask(settings: Settings, template: Template) -> None:
    async with serving(open_to_page(settings, cors_max_age_seconds=60), template.eenheden) as server:
        response = await server.http.options(server.graphql, headers=PREFLIGHT)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == PAGE
        assert response.headers["access-control-allow-methods"] == "GET, POST"
        assert response.headers["access-control-max-age"] == "60"
        allowed = response.headers["access-control-allow-headers"].lower().split(", ")
        assert set(PREFLIGHT["access-control-request-headers"].split(",")) <= set(allowed)
        assert "access-control-allow-credentials" not in response.headers
        assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://kcc.example.evil.example"},
        {"origin": "null"},
        {"access-control-request-method": "DELETE"},
        {"access-control-request-headers": "x-anders"},
    ],
)
async def test_a_preflight_for_what_is_not_allowed_is_refused(
    settings: Settings, template: Template, wrong: dict[str, str]
) -> None:
    async with serving(open_to_page(settings), template.eenheden) as server:
        response = await server.http.options(server.graphql, headers=PREFLIGHT | wrong)
        assert response.status_code == 400
        if "origin" in wrong:
            assert "access-control-allow-origin" not in response.headers


async def test_no_page_of_another_origin_is_let_in_by_default(server: Server) -> None:
    response = await server.http.options(server.graphql, headers=PREFLIGHT)
    assert response.status_code == 400
    assert "access-control-allow-origin" not in response.headers


async def test_a_page_of_a_named_origin_may_read_every_answer_and_no_other_page_may(
    settings: Settings, template: Template
) -> None:
    async with serving(open_to_page(settings), template.eenheden) as server:
        for body, status in (({"query": KANALEN}, 200), ({}, 400)):
            response = await send(server, body, headers={"origin": PAGE})
            assert response.status_code == status
            assert response.headers["access-control-allow-origin"] == PAGE
            assert "x-request-id" in response.headers["access-control-expose-headers"]
            assert response.headers["vary"] == "Origin"
        refused = await send(server, {"query": KANALEN}, headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in refused.headers
        nobodys = await send(server, {"query": KANALEN})
        assert "access-control-allow-origin" not in nobodys.headers
        # What a cache keeps for one is not for another.
        assert refused.headers["vary"] == nobodys.headers["vary"] == "Origin"


async def test_a_page_may_follow_events_from_another_origin(settings: Settings, template: Template) -> None:
    async with serving(open_to_page(settings), template.eenheden) as server:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {VERGUNNINGEN.token()}", "origin": PAGE}
        body = {"query": FOLLOW, "variables": {"eenheid": server.eenheden["VER"]}}
        async with server.http.stream("POST", server.graphql, json=body, headers=headers) as response:
            assert response.status_code == 200
            assert response.headers["access-control-allow-origin"] == PAGE
            assert response.headers["cache-control"] == "no-cache, no-store"
            assert response.headers["x-content-type-options"] == "nosniff"
            assert await anext(response.aiter_lines()) == ":"


async def test_every_answer_has_protecting_headers_and_does_not_say_what_serves(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        for response in (
            await send(server, {"query": KANALEN}),
            await send(server, b"{"),
            await server.http.get(server.graphql),
            await server.http.get(f"{server.url}/metrics"),
            await server.http.get(f"{server.url}/nergens"),
            await server.http.options(server.graphql, headers=PREFLIGHT),
        ):
            found = {name: response.headers.get(name) for name in PROTECTING}
            assert found == PROTECTING, response.url
            assert "server" not in response.headers
            assert "strict-transport-security" not in response.headers


async def test_a_page_has_a_policy_of_its_own(settings: Settings, template: Template) -> None:
    async with serving(settings.model_copy(update={"graphiql": True}), template.eenheden) as server:
        page = await server.http.get(server.graphql, headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["content-security-policy"] != PROTECTING["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"


async def test_browsers_are_held_to_https_where_they_came_by_it_and_the_setting_says_so(
    settings: Settings, template: Template
) -> None:
    strict = settings.model_copy(update={"hsts_seconds": 3600, "trusted_proxies": ("127.0.0.1",)})
    async with serving(strict, template.eenheden) as server:
        over_https = await send(server, {"query": KANALEN}, headers={"x-forwarded-proto": "https"})
        assert over_https.headers["strict-transport-security"] == "max-age=3600"
        assert "strict-transport-security" not in (await send(server, {"query": KANALEN})).headers
