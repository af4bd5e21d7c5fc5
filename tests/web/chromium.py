"""Starts Chromium."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright, expect

from tests.web.tabs import TIMEOUT_MS

FLAGS = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required")
"""The sandbox does not work for root in a container; the pages are our own."""


class NoChromium(Exception):
    """CHROMIUM is not set."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the Chromium that scripts/test-web found."""
    path = os.environ.get("CHROMIUM")
    if not path:
        raise NoChromium("scripts/test-web finds a browser, or installs one, and runs what needs it")
    expect.set_options(timeout=TIMEOUT_MS)
    async with async_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        running = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield running
        finally:
            await running.close()
