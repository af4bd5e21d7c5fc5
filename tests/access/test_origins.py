"""Pages of other origins: they call where their origin is named, and are refused before anything is looked at."""

import pytest
import websockets

from app.settings import Settings, SettingsWrong
from app.transport.http.request_headers import origin_of
from tests.support.arrange import stored
from tests.support.client import Client
from tests.support.http import codes, send
from tests.support.people import DESK
from tests.support.raw import exchanged, request, status
from tests.support.server import Server, serving
from tests.support.template import Template

# Requests are refused before anything is read.
pytestmark = pytest.mark.database("sqlite")

KANALEN = "{ kanalen }"

REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'

FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "nonsense",
    "https://kcc.example.evil.example",
    "https://evil-kcc.example",
    "https://kcc.example@evil.example",
    "https://kcc.example/",
    "https://kcc.example:8443",
    "https://kcc.example:99999999",
    "http://kcc.example",
    "https://kcc.example https://evil.example",
    "https://kcc.example.",
    "https://sub.kcc.example",
    "//kcc.example",
    "*",
]

NAMED = ["https://kcc.example", "https://KCC.Example", "HTTPS://kcc.example:443", "http://localhost:3000"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://kcc.example", "https://kcc.example"),
        ("HTTPS://KCC.example:443", "https://kcc.example"),
        ("http://kcc.example:80", "http://kcc.example"),
        ("http://kcc.example:443", "http://kcc.example:443"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("tauri://localhost", "tauri://localhost"),
        ("null", None),
        ("kcc.example", None),
        ("https://", None),
        ("https://kcc.example/pad", None),
        ("https://kcc.example?x", None),
        ("https://kcc.example#x", None),
        ("https://user@kcc.example", None),
        ("https://kcc.example:", None),
        ("https://kcc.example\n", None),
        ("https://ｋcc.example", None),
    ],
)
def test_an_origin_has_one_form_and_whatever_is_more_is_none(text: str, expected: str | None) -> None:
    assert origin_of(text) == expected


async def handshake(server: Server, *headers: str) -> int:
    """The status that a WebSocket's handshake with these headers is answered with."""
    named = dict(header.split(": ", 1) for header in headers)
    try:
        async with websockets.connect(
            server.graphql_ws,
            subprotocols=[websockets.Subprotocol("graphql-transport-ws")],
            additional_headers=named,
        ):
            return 101
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


async def test_a_foreign_page_is_refused_over_http_events_and_websocket(
    settings: Settings, template: Template
) -> None:
    named = Settings(**settings.model_dump() | {"allowed_origins": "https://kcc.example, http://localhost:3000"})
    async with serving(named, template.eenheden) as server:
        for origin in FOREIGN:
            for accept in ("application/json", "text/event-stream"):
                headers = {"origin": origin, "accept": accept}
                posted = await send(server, {"query": KANALEN}, headers=headers)
                asked = await send(server, method="GET", params={"query": KANALEN}, headers=headers)
                assert posted.status_code == asked.status_code == 403, origin
                assert codes(posted) == ["DOCUMENT_ONGELDIG"]
            assert await handshake(server, f"origin: {origin}") == 403, origin


async def test_a_page_of_a_named_origin_may_call_however_it_is_written(
    settings: Settings, template: Template
) -> None:
    named = Settings(**settings.model_dump() | {"allowed_origins": "https://KCC.example:443,http://localhost:3000"})
    async with serving(named, template.eenheden) as server:
        for origin in NAMED:
            headers = {"origin": origin, "sec-fetch-site": "cross-site"}
            assert (await send(server, {"query": KANALEN}, headers=headers)).status_code == 200, origin
            assert await handshake(server, f"origin: {origin}") == 101, origin


async def test_a_page_of_the_servers_own_origin_may_call_and_so_may_who_is_no_page(server: Server) -> None:
    for origin in (server.url, server.url.upper()):
        assert (await send(server, {"query": KANALEN}, headers={"origin": origin})).status_code == 200
        assert await handshake(server, f"origin: {origin}") == 101
    assert (await send(server, {"query": KANALEN})).status_code == 200
    assert await handshake(server) == 101


async def test_the_servers_own_origin_is_its_scheme_its_host_and_its_port(server: Server) -> None:
    host = server.url.removeprefix("http://")
    for origin in (f"https://{host}", "http://127.0.0.1", "http://127.0.0.1:1", f"http://localhost:{host[-5:]}"):
        assert (await send(server, {"query": KANALEN}, headers={"origin": origin})).status_code == 403, origin
        assert await handshake(server, f"origin: {origin}") == 403, origin


async def test_a_request_with_two_origins_or_hosts_is_refused(server: Server) -> None:
    token = f"authorization: Bearer {DESK.token()}"
    origin = "origin: http://overdracht"
    path = "/graphql?query={kanalen}"
    once = await exchanged(server, request("GET", path, token, origin, "connection: close"))
    assert status(once) == 200
    for twice in (origin, "origin: http://evil.example", "host: evil.example"):
        answer = await exchanged(server, request("GET", path, token, origin, twice, "connection: close"))
        assert status(answer) == 400, twice


async def test_what_a_page_of_another_site_has_fetched_without_an_origin_is_refused(server: Server) -> None:
    for site, expected in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        for method, params in (("GET", {"query": KANALEN}), ("POST", None)):
            body = {"query": KANALEN}
            response = await send(server, body, method=method, params=params, headers={"sec-fetch-site": site})
            assert response.status_code == expected, (site, method)


async def test_a_star_is_any_origin(settings: Settings, template: Template) -> None:
    async with serving(settings.model_copy(update={"allowed_origins": ("*",)}), template.eenheden) as server:
        for origin in ("https://evil.example", "null"):
            assert (await send(server, {"query": KANALEN}, headers={"origin": origin})).status_code == 200
            assert await handshake(server, f"origin: {origin}") == 101


async def test_a_foreign_page_changes_nothing_whatever_it_sends(server: Server, settings: Settings) -> None:
    before = stored(settings)
    headers = {"origin": "https://evil.example"}
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        response = await send(server, {"query": REGISTER}, content_type=content_type, headers=headers)
        assert response.status_code == 403
    assert stored(settings) == before


async def test_a_foreign_page_is_refused_before_it_is_looked_at_who_calls(server: Server) -> None:
    stranger: Client = server.with_token("geen")
    headers = {"origin": "https://evil.example", "authorization": f"Bearer {stranger.token}"}
    assert (await server.http.post(server.graphql, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "wrong", ["kcc.example", "https://kcc.example/", "https://*.kcc.example", "null", "https://a.example;b"]
)
def test_an_origin_that_is_none_is_named_with_what_is_accepted(wrong: str) -> None:
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_ALLOWED_ORIGINS: .*https://kcc.example"):
        Settings.read(allowed_origins=f"https://kcc.example,{wrong}")
