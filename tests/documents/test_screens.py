"""The screens are served by ourselves: the page at its addresses, what it loads, what it is told at its start."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.settings import Settings, SettingsWrong
from app.web.built import built_files
from app.web.spa import PAGE_PATHS, SCREENS
from app.wiring.asgi import create_app
from tests.support.each import each
from tests.support.people import DESK
from tests.support.screens import BROTLI, KANALEN, PAGE, SCRIPT, build, showing
from tests.support.server import Server
from tests.support.template import Template

pytestmark = pytest.mark.database("sqlite")

FILE = "/screens/assets/index-1a2b.js"
OTHER = "{ gevraagdeHandelingen }"
ISSUER = "https://login.gemeente.example:8443/realms/gemeente"


@pytest.fixture
async def shown(settings: Settings, template: Template, tmp_path: Path) -> AsyncIterator[Server]:
    """A server that shows screens of a few lines."""
    async with showing(settings, template, build(tmp_path / "screens")) as running:
        yield running


@pytest.fixture
async def real(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server that shows the screens that were built."""
    async with showing(settings, template) as running:
        yield running


async def get(server: Server, path: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await server.http.get(server.url + path, headers=named)


def policy_of(response: httpx.Response) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))


async def ask(server: Server, **body: object) -> httpx.Response:
    return await server.http.post(server.graphql, json=body, headers={"authorization": f"Bearer {DESK.token()}"})


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


async def test_the_page_stands_at_each_of_its_addresses(shown: Server) -> None:
    for path in PAGE_PATHS:
        page = await get(shown, path.replace("{id}", "0e3a1f4c-6d0b-4a55-9a39-2f6f0c1f7a01"))
        assert (page.status_code, page.text) == (200, PAGE), path
        assert page.headers["content-type"] == "text/html; charset=utf-8"
    back = await get(shown, "/aangemeld?code=abc&state=def")
    assert back.text == PAGE


async def test_a_browser_asks_again_for_the_page_and_is_told_that_it_has_it(shown: Server) -> None:
    page = await get(shown, "/")
    assert page.headers["cache-control"] == "no-cache"
    etag = page.headers["etag"]
    for said in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await get(shown, "/postvak", if_none_match=said)
        assert (again.status_code, again.content) == (304, b""), said
        for name in ("etag", "cache-control", "content-security-policy"):
            assert again.headers[name] == page.headers[name]
    assert (await get(shown, "/", if_none_match='"other"')).status_code == 200


async def test_a_file_named_by_its_content_may_be_kept_and_another_one_is_asked_about(shown: Server) -> None:
    assert (await get(shown, FILE)).headers["cache-control"] == "public, max-age=31536000, immutable"
    other = await get(shown, "/screens/pictogram.svg")
    assert (other.headers["cache-control"], other.headers["content-type"]) == ("no-cache", "image/svg+xml")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=1.0", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0.000, *;q=0.1", "gzip"),
        ("*;q=0", None),
        ("identity", None),
        ("deflate", None),
        ("", None),
        (";,,;q=", None),
    ],
)
async def test_a_file_comes_in_the_smallest_form_that_the_browser_takes(
    shown: Server, accepted: str, coding: str | None
) -> None:
    async with shown.http.stream("GET", shown.url + FILE, headers={"accept-encoding": accepted}) as response:
        body = b"".join([piece async for piece in response.aiter_raw()])
    assert response.headers.get("content-encoding") == coding
    assert "accept-encoding" in response.headers["vary"]
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert int(response.headers["content-length"]) == len(body)
    assert (gzip.decompress(body) if coding == "gzip" else body) == (BROTLI if coding == "br" else SCRIPT)


async def test_each_form_of_a_file_has_a_tag_of_its_own(shown: Server) -> None:
    tags = {
        (await get(shown, FILE, accept_encoding=coding)).headers["etag"] for coding in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


async def test_of_a_file_the_head_alone_can_be_asked_and_nothing_can_be_sent_to_it(shown: Server) -> None:
    for path in ("/", FILE):
        whole = await get(shown, path, accept_encoding="identity")
        head = await shown.http.head(shown.url + path, headers={"accept-encoding": "identity"})
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-length", "etag", "content-type"):
            assert head.headers[name] == whole.headers[name]
        for method in ("POST", "PUT", "DELETE"):
            assert (await shown.http.request(method, shown.url + path)).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/screens/assets/nothing.js",
        "/screens/assets/",
        "/screens",
        "/screens/index.html",
        "/screens/documents.json",
        "/screens/.built",
        "/screens/assets/index-1a2b.js.br",
        "/screens/..%2f..%2fpages.py",
        "/screens/%2e%2e/%2e%2e/pages.py",
        "/screens//etc/passwd",
        "/onbekend",
        "/postvak/een/twee",
    ],
)
async def test_whatever_else_is_asked_is_not_found_and_shows_no_page(shown: Server, path: str) -> None:
    missing = await get(shown, path, accept="text/html")
    assert missing.status_code == 404
    assert "<" not in missing.text


async def test_what_comes_after_the_start_is_not_served(shown: Server, tmp_path: Path) -> None:
    (tmp_path / "screens" / "assets" / "new.js").write_text("later")
    (tmp_path / "screens" / "assets" / "index-1a2b.js").write_text("changed")
    assert (await get(shown, "/screens/assets/new.js")).status_code == 404
    assert (await get(shown, FILE, accept_encoding="identity")).content == SCRIPT


async def test_the_page_loads_and_calls_nothing_but_what_is_ours(shown: Server) -> None:
    for path in ("/", "/wand", FILE, "/screens/pictogram.svg"):
        answer = await get(shown, path)
        policy = policy_of(answer)
        assert policy.pop("img-src") == "'self' data:"
        nothing = ("default-src", "base-uri", "form-action", "frame-ancestors")
        assert {policy.pop(what) for what in nothing} == {"'none'"}
        assert set(policy) == {"script-src", "style-src", "font-src", "media-src", "connect-src"}
        assert set(policy.values()) == {"'self'"}
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "geolocation=()" in answer.headers["permissions-policy"]


async def test_without_a_theme_of_its_own_a_municipality_has_an_empty_one(shown: Server) -> None:
    theme = await get(shown, "/thema.css")
    assert (theme.status_code, theme.content) == (200, b"")
    assert theme.headers["content-type"] == "text/css; charset=utf-8"


async def test_a_theme_of_ones_own_is_read_at_the_start_and_asked_about(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    css = tmp_path / "gemeente.css"
    css.write_text(":root { --utrecht-document-color: navy }")
    async with showing(settings, template, build(tmp_path / "screens"), screens_theme=css) as server:
        theme = await get(server, "/thema.css")
        again = await get(server, "/thema.css", if_none_match=theme.headers["etag"])
    assert (theme.text, theme.headers["cache-control"]) == (css.read_text(), "no-cache")
    assert again.status_code == 304


def test_a_theme_that_is_not_there_is_refused_at_the_start(settings: Settings, tmp_path: Path) -> None:
    absent = {"screens": True, "screens_theme": tmp_path / "nothing.css"}
    with pytest.raises(SettingsWrong, match="OVERDRACHT_SCREENS_THEME"):
        create_app(settings.model_copy(update=absent), screens=build(tmp_path / "screens"))


async def test_without_an_issuer_the_page_is_told_that_no_login_was_set_up(shown: Server) -> None:
    told = await get(shown, "/config.json")
    assert told.json() == {"login": None, "graphiql": False}
    assert told.headers["cache-control"] == "no-store"
    assert (await get(shown, "/demo/medewerkers")).status_code == 404


async def test_with_an_issuer_the_page_is_told_where_to_log_in_and_may_call_there(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    more = {
        "token_demo_key": None,
        "oidc_issuer": ISSUER,
        "oidc_client_id": "overdracht-schermen",
        "oidc_scope": "openid profile api://overdracht/gebruik",
        "oidc_origins": ("https://token.gemeente.example",),
        # Nobody answers there: the server does not need it to show the page.
        "oidc_timeout_seconds": 0.01,
        "graphiql": True,
    }
    async with showing(settings, template, build(tmp_path / "screens"), **more) as server:
        assert (await get(server, "/config.json")).json() == {
            "login": "oidc",
            "issuer": ISSUER,
            "clientId": "overdracht-schermen",
            "scope": "openid profile api://overdracht/gebruik",
            "graphiql": True,
        }
        connects = policy_of(await get(server, "/"))["connect-src"]
    assert connects == "'self' https://login.gemeente.example:8443 https://token.gemeente.example"


@pytest.mark.parametrize(
    "wrong", [{"oidc_origins": "*"}, {"oidc_origins": "x; script-src *"}, {"oidc_scope": "profile"}]
)
def test_settings_of_the_login_that_cannot_be_are_refused(wrong: dict[str, str]) -> None:
    [name] = wrong
    with pytest.raises(SettingsWrong, match=f"OVERDRACHT_{name.upper()}"):
        Settings.read(**wrong)


async def test_the_documents_of_the_screens_are_trusted(shown: Server) -> None:
    assert (await ask(shown, documentId="k1")).json()["data"]["kanalen"][0] == "Telefoon"
    assert codes(await ask(shown, query=OTHER)) == []


async def test_they_are_all_that_is_executed_where_nothing_else_may_be(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    built = build(tmp_path / "screens")
    async with showing(settings, template, built, only_trusted_documents=True) as server:
        assert codes(await ask(server, documentId="k1")) == []
        assert codes(await ask(server, query=OTHER)) == ["DOCUMENT_ONBEKEND"]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"o1": OTHER, "k1": KANALEN}))
    more = {"only_trusted_documents": True, "trusted_documents": manifest}
    async with showing(settings, template, built, **more) as server:
        for id_ in ("k1", "o1"):
            assert codes(await ask(server, documentId=id_)) == []


async def test_an_id_that_the_screens_have_for_another_document_is_refused_at_the_start(
    settings: Settings, tmp_path: Path
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"k1": OTHER}))
    both = settings.model_copy(update={"screens": True, "trusted_documents": manifest})
    with pytest.raises(SettingsWrong, match="OVERDRACHT_TRUSTED_DOCUMENTS: k1"):
        create_app(both, screens=build(tmp_path / "screens"))


@pytest.mark.parametrize("documents", [["no ids"], {"k1": "{ onbekend }"}], ids=["no manifest", "a wrong document"])
def test_documents_of_the_screens_that_cannot_be_used_are_refused_at_the_start(
    settings: Settings, tmp_path: Path, documents: object
) -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_SCREENS"):
        create_app(settings.model_copy(update={"screens": True}), screens=build(tmp_path / "screens", documents))


async def test_screens_that_were_not_built_are_not_found_and_the_log_says_why(
    settings: Settings, template: Template, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with showing(settings, template, tmp_path) as server:
        assert "the screens were not built" in caplog.text
        for path in ("/", "/config.json", "/postvak"):
            assert (await get(server, path)).status_code == 404
        assert codes(await ask(server, query=OTHER)) == []


async def test_by_a_setting_there_are_no_screens(server: Server) -> None:
    for path in ("/", "/config.json", "/screens/pictogram.svg"):
        assert (await get(server, path)).status_code == 404


async def test_the_log_has_addresses_without_what_stands_behind_them(
    settings: Settings, template: Template, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with showing(settings, template, build(tmp_path / "screens"), access_log=True) as server:
        for path in ("/aangemeld?code=geheim", "/postvak/geheim", FILE, "/screens/geheim", "/geheim/geheim"):
            await get(server, path)
    lines = [
        record.getMessage() for record in caplog.records if record.name == "app.transport.http.response_headers"
    ]
    assert [line.rpartition(" in ")[0] for line in lines] == [
        "GET /aangemeld 200",
        "GET /postvak/{id} 200",
        f"GET {FILE} 200",
        "GET elsewhere 404",
        "GET elsewhere 404",
    ]


async def test_every_file_of_the_real_screens_is_served_and_the_page_names_no_other(real: Server) -> None:
    page = await get(real, "/")
    named = [name for name in re.findall(r'(?:src|href)="(.*?)"', page.text) if not name.startswith("data:")]
    assert named
    for name in each(named):
        address = page.url.join(name)
        assert (address.host, address.port) == (page.url.host, page.url.port)
        assert (await real.http.get(address)).status_code == 200, name
    for name, path in each(built_files(SCREENS).items()):
        if name not in ("index.html", "documents.json"):
            served = await get(real, f"/screens/{name}", accept_encoding="identity")
            assert served.content == path.read_bytes()
            assert served.headers["content-type"] != "application/octet-stream", name


async def test_no_script_and_no_style_stands_in_the_real_page(real: Server) -> None:
    page = await get(real, "/")
    assert page.status_code == 200
    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.text) == []


async def test_every_document_of_the_real_screens_may_be_called(real: Server) -> None:
    documents = json.loads((SCREENS / "documents.json").read_text())
    for id_ in each(documents):
        assert "DOCUMENT_ONBEKEND" not in codes(await ask(real, documentId=id_))
