"""What axe finds on a page: breaches of WCAG 2.0 to 2.2 at level A and AA, and of good practice."""

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
    """What it finds on the page as it stands."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE)
    found: list[JSON] = await page.evaluate(_FIND, TAGS)
    return found


async def finds_nothing(page: Page, state: str) -> None:
    """Neither in the light nor in the dark; `state` says what the page shows."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        found = await violations(page)
        assert not found, (state, scheme, found)
    await page.emulate_media(color_scheme="light")
