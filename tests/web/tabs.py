"""Somebody before a browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from app.demo.people import DemoMedewerker
from tests.web.watching import CUT, Complaints, watch

PATIENCE_MS = 30_000
"""How long a page has for what must come; nothing is measured by it."""

AT_THE_DESK = {"width": 1280, "height": 800}


@dataclass
class Tab:
    """A tab of a browser of its own, at the address of a server."""

    page: Page
    url: str
    complaints: Complaints

    async def opens(self, path: str = "/") -> None:
        """Go to an address of the server."""
        await self.page.goto(self.url + path)

    async def logs_in(self, wie: DemoMedewerker) -> None:
        """Choose who one is, as the demo offers it."""
        await self.button(wie.naam).click()
        await expect(self.page.get_by_role("banner")).to_contain_text(wie.naam)

    def button(self, name: str, **more: Any) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=name, **more)

    def heading(self, name: str) -> Locator:
        """A heading by what it says."""
        return self.page.get_by_role("heading", name=name)

    async def focused(self) -> str:
        """What the element with the focus is, for a message: its role or tag, and its text or label."""
        said: str = await self.page.evaluate(
            "() => { const e = document.activeElement; return `${e.tagName} ${e.ariaLabel ?? e.textContent}` }"
        )
        return said

    def expects_a_cut(self) -> None:
        """The network will go: what Chromium says of that is no fault of the page."""
        self.complaints.expect(CUT)


@asynccontextmanager
async def tab(browser: Browser, url: str, **how: Any) -> AsyncIterator[Tab]:
    """A tab in a browser that nobody used. Whatever it complained of that was not expected fails the test."""
    context = await browser.new_context(**_usual() | how)
    context.set_default_timeout(PATIENCE_MS)
    complaints = watch(context)
    try:
        yield Tab(await context.new_page(), url, complaints)
    finally:
        await context.close()
    assert not complaints.unexpected(), complaints.unexpected()


def _usual() -> dict[str, Any]:
    return {
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "viewport": AT_THE_DESK,
        "reduced_motion": "reduce",
        "color_scheme": "light",
    }
