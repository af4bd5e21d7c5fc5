"""Fixtures: one browser for all tests, and a server with a database for each test.

Everything runs in the event loop of the browser.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from app.demo.people import EENHEDEN, MEDEWERKERS, VERGUNNINGEN
from app.settings import Settings
from tests.support.databases import SqliteDatabases
from tests.support.directories import passing_directory
from tests.support.issuer import issuing
from tests.support.keys import ec_key
from tests.support.server import settings_on
from tests.support.template import Template, filled
from tests.web.chromium import chromium
from tests.web.issuer import CLIENT, LoginIssuer
from tests.web.stage import Stage, demo_stage, issuer_stage, person

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all browser tests in one event loop, with servers on SQLite."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.database("sqlite"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start the browser that all tests share."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo_template() -> AsyncIterator[Template]:
    """Create a database with the afdelingen and the employees of the demo."""
    eenheden = {eenheid.identificatie: eenheid.naam for eenheid in EENHEDEN}
    with passing_directory("sqlite") as directory:
        databases = SqliteDatabases(directory)
        with databases.new() as url:
            yield await filled(databases, url, eenheden, [person(wie) for wie in MEDEWERKERS])


@pytest.fixture
def demo_settings(demo_template: Template) -> Iterator[Settings]:
    """Settings of a demo with a new database."""
    with demo_template.copy() as url:
        yield settings_on(url, screens=True, graphiql=True, introspection=True, rights_poll_seconds=0.2)


@pytest_asyncio.fixture(loop_scope="session")
async def demo(demo_settings: Settings, demo_template: Template, browser: Browser) -> AsyncIterator[Stage]:
    """Start a demo without users."""
    async with demo_stage(demo_settings, demo_template.eenheden, browser) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def issuer() -> AsyncIterator[LoginIssuer]:
    """Start an issuer at which Vincent is logged in."""
    async with issuing(LoginIssuer({"es": (ec_key(), "ES256")}, person(VERGUNNINGEN))) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def organisation(
    demo_settings: Settings, demo_template: Template, browser: Browser, issuer: LoginIssuer
) -> AsyncIterator[Stage]:
    """Start a server whose employees log in at the issuer."""
    login = {"token_demo_key": None, "oidc_issuer": issuer.address, "oidc_client_id": CLIENT}
    settings = demo_settings.model_copy(update=login)
    async with issuer_stage(settings, demo_template.eenheden, browser) as running:
        yield running
