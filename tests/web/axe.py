"""Checks a page with axe: WCAG 2.0 to 2.2 at level A and AA, and best practices."""

from typing import Literal

from playwright.async_api import Page

from tests.support.client import JSON
from tests.support.node import CLIENTS

AXE = (CLIENTS / "node_modules" / "axe-core" / "axe.min.js").read_text()

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_FIND = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 300)}: ${failureSummary}`) }))
}"""


async def violations(page: Page) -> list[JSON]:
    """The violations on the page as it is now."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE)
    found: list[JSON] = await page.evaluate(_FIND, TAGS)
    return found


async def expect_no_violations(page: Page, state: str) -> None:
    """Check the page in the light and the dark theme; `state` describes the page in a failure."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        found = await violations(page)
        assert not found, (state, scheme, found)
    await page.emulate_media(color_scheme="light")
