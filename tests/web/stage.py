"""A server of the demo with empty postvakken, and the tabs of its users."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.async_api import Browser, expect

from app.demo.login import DemoLogin
from app.demo.people import DemoMedewerker
from app.settings import Settings
from tests.support.arrange import command_line
from tests.support.client import Client
from tests.support.people import Person
from tests.support.proxy import Network, network
from tests.support.server import Server, application, serving
from tests.support.waiting import until
from tests.web.tabs import Tab, open_tab


@dataclass
class Stage:
    """A server and its users' tabs, which are closed at the end."""

    server: Server
    settings: Settings
    browser: Browser
    _closing: AsyncExitStack

    async def new_tab(self, url: str | None = None, **how: Any) -> Tab:
        """Open a tab at the server's address, or at another `url`; `how` are options of the browser context."""
        return await self._closing.enter_async_context(open_tab(self.browser, url or self.server.url, **how))

    async def log_in(self, wie: DemoMedewerker, path: str = "/", url: str | None = None, **how: Any) -> Tab:
        """Open a tab, log in as an employee of the demo, and open a path."""
        tab = await self.new_tab(url, **how)
        await tab.open(path)
        await tab.choose_employee(wie)
        # The screen is loaded after the page.
        await expect(tab.page.get_by_role("main").get_by_role("heading", level=1)).to_have_count(1)
        return tab

    async def network(self) -> tuple[Network, str]:
        """Create a network between a user and the server, and the address of the server behind it."""
        return await self._closing.enter_async_context(network(self.server.url))

    async def deactivate(self, wie: DemoMedewerker) -> None:
        """Make an employee inactive."""
        async with command_line(self.settings) as (_, medewerkers):
            await medewerkers.set_actief(wie.id, actief=False)

    async def wait_until_live(self, wie: DemoMedewerker, identificatie: str | None = None) -> None:
        """Wait until a postvak of an employee is live: of their first afdeling, or of the named one."""
        document = "query ($id: ID!) { node(id: $id) { ... on OrganisatorischeEenheid { aantalMetPostvakOpen } } }"
        eenheid = self.server.eenheden[identificatie or wie.eenheden[0]]

        async def is_open() -> bool:
            found = await self.api(wie).data(document, id=eenheid)
            return bool(found["node"]["aantalMetPostvakOpen"])

        await until(is_open)

    def api(self, wie: DemoMedewerker) -> Client:
        """The API as an employee of the demo, to arrange and to check data."""
        return self.server.as_(person(wie))


async def log_in_at_issuer(organisation: Stage, path: str = "/", *, with_clock: bool = False) -> Tab:
    """Log in at the issuer. With `with_clock` the test can move the clock of the page forward."""
    tab = await organisation.new_tab()
    if with_clock:
        await tab.page.clock.install()
    await tab.open(path)
    await tab.button("Aanmelden").click()
    await expect(tab.button("Afmelden")).to_be_visible()
    await expect(tab.page.get_by_role("main").get_by_role("heading", level=1)).to_have_count(1)
    return tab


def person(wie: DemoMedewerker) -> Person:
    """Convert an employee of the demo to a person of the tests."""
    return Person(wie.id, wie.naam, list(wie.eenheden), [wie.rol.value])


@asynccontextmanager
async def issuer_stage(
    settings: Settings, eenheden: Mapping[str, str], browser: Browser, **more: Any
) -> AsyncIterator[Stage]:
    """Start a server with the login of its settings; `more` are arguments of `serving`."""
    async with serving(settings, dict(eenheden), **more) as server, AsyncExitStack() as closing:
        yield Stage(server, settings, browser, closing)


@asynccontextmanager
async def demo_stage(
    settings: Settings, eenheden: Mapping[str, str], browser: Browser, **more: Any
) -> AsyncIterator[Stage]:
    """Start a server with the login of the demo: choosing an employee."""
    create = partial(application, demo_login=DemoLogin(settings).routes())
    async with issuer_stage(settings, eenheden, browser, create=create, **more) as running:
        yield running
