"""Helpers for operating a page with the keyboard."""

from playwright.async_api import Locator, Page, expect

MOST_STEPS = 60
"""How often Tab may be needed to reach an element."""

_FOCUS = """() => {
  const e = document.activeElement
  const outlined = (pseudo) => { const s = getComputedStyle(e, pseudo); return s.outlineStyle !== 'none' && s.outlineWidth !== '0px' }
  return { lost: !e || e === document.body, seen: outlined(null) || outlined('::after'), what: e?.outerHTML.slice(0, 200) }
}"""  # noqa: E501 - read by browsers


async def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until an element has the focus, and check that the focus is visible at every step."""
    for _ in range(MOST_STEPS):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
        await expect_visible_focus(page)
    raise AssertionError(f"Tab does not reach {target}")


async def expect_visible_focus(page: Page) -> None:
    """Check that the focused element is visibly focused."""
    focus = await page.evaluate(_FOCUS)
    # After the last element of the page the focus goes to the browser itself.
    assert focus["lost"] or focus["seen"], focus


async def expect_focus(page: Page) -> None:
    """Check that an element has the focus, and not the page as a whole."""
    await expect(page.locator("body:focus")).to_have_count(0)
    focus = await page.evaluate(_FOCUS)
    assert not focus["lost"], "nothing has the focus"
