"""GraphiQL is served by ourselves: the page, and whatever it loads."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from app.web.pages import BUILT, GraphiQL
from tests.support.each import each
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = pytest.mark.database("sqlite")

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
async def showing(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server that shows the page."""
    async with serving(settings.model_copy(update={"graphiql": True}), template.eenheden) as running:
        yield running


async def page(server: Server, path: str = "/graphql") -> httpx.Response:
    return await server.http.get(server.url + path, headers=BROWSER)


@pytest.mark.parametrize("path", ["/graphql", "/graphiql"])
async def test_everything_that_the_page_names_comes_from_us(showing: Server, path: str) -> None:
    shown = await page(showing, path)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    named = [name for name in re.findall(r'(?:src|href)="(.*?)"', shown.text) if name != "data:,"]
    assert len(named) >= 2
    for name in each(named):
        address = shown.url.join(name)
        assert (address.host, address.port) == (shown.url.host, shown.url.port)
        assert (await showing.http.get(address)).status_code == 200


async def test_every_file_of_the_page_is_served_and_may_be_kept(showing: Server) -> None:
    files = sorted((BUILT / "graphiql").iterdir())
    assert {file.suffix for file in files} >= {".js", ".css"}
    for file in each(files):
        served = await showing.http.get(f"{showing.url}/graphiql/{file.name}")
        assert served.content == file.read_bytes()
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_page_loads_nothing_from_elsewhere_and_no_script_stands_in_it(showing: Server) -> None:
    shown = await page(showing)
    policy = dict(part.split(" ", 1) for part in shown.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    for what in ("script-src", "worker-src", "connect-src"):
        assert policy[what] == "'self'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert [what for what, sources in policy.items() if "'unsafe-inline'" in sources] == ["style-src"]
    assert re.findall(r"<script(?![^>]* src=)", shown.text) == []
    assert "geolocation=()" in shown.headers["permissions-policy"]


async def test_scripts_and_styles_of_the_page_name_no_address_to_load_from(showing: Server) -> None:
    loading = r"""(?:url\(|@import |import\(|importScripts\(|from|src=)\s*["'`]?(?:https?:)?//[a-z]"""
    for file in each((BUILT / "graphiql").glob("*.*s")):
        assert re.findall(loading, file.read_text()) == [], file.name


async def test_who_asks_something_is_answered_and_not_shown_a_page(showing: Server) -> None:
    for url, accept in [("/graphql", "application/json"), ("/graphql?query={__typename}", BROWSER["accept"])]:
        response = await showing.http.get(showing.url + url, headers={"accept": accept})
        assert response.status_code == 401
        assert "html" not in response.headers["content-type"]


async def test_without_the_setting_there_is_no_page(server: Server) -> None:
    assert (await page(server)).status_code == 401
    for path in ("/graphiql", "/graphiql/graphiql.html"):
        assert (await page(server, path)).status_code == 404


async def test_a_page_that_was_not_built_is_not_found_and_the_log_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    not_built = GraphiQL(tmp_path)
    assert "GraphiQL was not built" in caplog.text
    transport = httpx.ASGITransport(not_built)
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as http:
        assert (await http.get("/")).status_code == 404
