"""The server of the demo, with nothing in its inboxes, and the browsers before it."""

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
from tests.web.tabs import Tab, tab


@dataclass
class Stage:
    """A server to which one logs in by choosing, and whoever comes to it. Tabs are closed when it ends."""

    server: Server
    settings: Settings
    browser: Browser
    _closing: AsyncExitStack

    async def comes(self, url: str | None = None, **how: Any) -> Tab:
        """Somebody with a browser, at the server's address or another; `how` is what a context is made with."""
        return await self._closing.enter_async_context(tab(self.browser, url or self.server.url, **how))

    async def enters(self, wie: DemoMedewerker, path: str = "/", url: str | None = None, **how: Any) -> Tab:
        """Somebody who has logged in at an address."""
        came = await self.comes(url, **how)
        await came.opens(path)
        await came.logs_in(wie)
        # Its screen is loaded apart from the page.
        await expect(came.page.get_by_role("main").get_by_role("heading", level=1)).to_have_count(1)
        return came

    async def cable(self) -> tuple[Network, str]:
        """A separate network between one user and the server, and the URL of the server over it."""
        return await self._closing.enter_async_context(network(self.server.url))

    async def deactivate(self, wie: DemoMedewerker) -> None:
        """Deactivate an employee."""
        async with command_line(self.settings) as (_, medewerkers):
            await medewerkers.set_actief(wie.id, actief=False)

    async def follows(self, wie: DemoMedewerker, identificatie: str | None = None) -> None:
        """Wait until an employee has an inbox open: that of their first department, or of the given one."""
        document = "query ($id: ID!) { node(id: $id) { ... on OrganisatorischeEenheid { aantalMetPostvakOpen } } }"
        eenheid = self.server.eenheden[identificatie or wie.eenheden[0]]

        async def is_open() -> bool:
            found = await self.api(wie).data(document, id=eenheid)
            return bool(found["node"]["aantalMetPostvakOpen"])

        await until(is_open)

    def api(self, wie: DemoMedewerker) -> Client:
        """The API as an employee of the demo, for arranging and for looking."""
        return self.server.as_(person(wie))


async def logs_in_at_the_issuer(organisation: Stage, path: str = "/", *, ages: bool = False) -> Tab:
    """A user who logs in as the issuer knows them. If their page `ages`, its clock can be moved forward."""
    came = await organisation.comes()
    if ages:
        await came.page.clock.install()
    await came.opens(path)
    await came.button("Aanmelden").click()
    await expect(came.button("Afmelden")).to_be_visible()
    await expect(came.page.get_by_role("main").get_by_role("heading", level=1)).to_have_count(1)
    return came


def person(wie: DemoMedewerker) -> Person:
    """An employee of the demo, as the tests know people."""
    return Person(wie.id, wie.naam, list(wie.eenheden), [wie.rol.value])


@asynccontextmanager
async def by_issuer(
    settings: Settings, eenheden: Mapping[str, str], browser: Browser, **more: Any
) -> AsyncIterator[Stage]:
    """A server to which one logs in as its settings say; `more` is what `serving` is given."""
    async with serving(settings, dict(eenheden), **more) as server, AsyncExitStack() as closing:
        yield Stage(server, settings, browser, closing)


@asynccontextmanager
async def by_choosing(
    settings: Settings, eenheden: Mapping[str, str], browser: Browser, **more: Any
) -> AsyncIterator[Stage]:
    """A server to which one logs in by choosing who one is."""
    create = partial(application, demo_login=DemoLogin(settings).routes())
    async with by_issuer(settings, eenheden, browser, create=create, **more) as running:
        yield running
