"""A browser tab of one user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from app.demo.people import DemoMedewerker
from tests.web.browser_errors import DISCONNECTED, BrowserErrors, collect_errors

TIMEOUT_MS = 30_000
"""The time limit for everything that a test waits for; no test measures with it."""

DESKTOP = {"width": 1280, "height": 800}


@dataclass
class Tab:
    """A tab in a browser context of its own, for one server."""

    page: Page
    url: str
    errors: BrowserErrors

    async def open(self, path: str = "/") -> None:
        """Open a path of the server."""
        await self.page.goto(self.url + path)

    async def choose_employee(self, wie: DemoMedewerker) -> None:
        """Log in as an employee of the demo."""
        await self.button(wie.naam).click()
        await expect(self.page.get_by_role("banner")).to_contain_text(wie.naam)

    def button(self, name: str, **more: Any) -> Locator:
        """The button with this name."""
        return self.page.get_by_role("button", name=name, **more)

    def heading(self, name: str) -> Locator:
        """The heading with this text."""
        return self.page.get_by_role("heading", name=name)

    async def focused(self) -> str:
        """The tag and the text or label of the focused element, for the message of an assertion."""
        description: str = await self.page.evaluate(
            "() => { const e = document.activeElement; return `${e.tagName} ${e.ariaLabel ?? e.textContent}` }"
        )
        return description

    def expect_disconnect(self) -> None:
        """Allow the errors that Chromium logs when the network is cut."""
        self.errors.allow(DISCONNECTED)


@asynccontextmanager
async def open_tab(browser: Browser, url: str, **how: Any) -> AsyncIterator[Tab]:
    """Open a tab in a new browser context. The test fails for every error in it that was not allowed."""
    context = await browser.new_context(**_defaults() | how)
    context.set_default_timeout(TIMEOUT_MS)
    errors = collect_errors(context)
    try:
        yield Tab(await context.new_page(), url, errors)
    finally:
        await context.close()
    assert not errors.unexpected(), errors.unexpected()


def _defaults() -> dict[str, Any]:
    return {
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "viewport": DESKTOP,
        "reduced_motion": "reduce",
        "color_scheme": "light",
    }
