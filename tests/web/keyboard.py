"""Somebody who has no mouse."""

from playwright.async_api import Locator, Page, expect

MOST_STEPS = 60
"""How many times one may have to press Tab to get anywhere."""

_FOCUS = """() => {
  const e = document.activeElement
  const outlined = (pseudo) => { const s = getComputedStyle(e, pseudo); return s.outlineStyle !== 'none' && s.outlineWidth !== '0px' }
  return { lost: !e || e === document.body, seen: outlined(null) || outlined('::after'), what: e?.outerHTML.slice(0, 200) }
}"""  # noqa: E501 - read by browsers


async def tabs_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus. On the way every place that has it shows that."""
    for _ in range(MOST_STEPS):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
        await sees_the_focus(page)
    raise AssertionError(f"Tab does not get there: {target}")


async def sees_the_focus(page: Page) -> None:
    """Something has the focus, and it can be seen what."""
    focus = await page.evaluate(_FOCUS)
    # After the last place on the page comes the browser's own bar.
    assert focus["lost"] or focus["seen"], focus


async def keeps_the_focus(page: Page) -> None:
    """The focus has not fallen back to the page."""
    await expect(page.locator("body:focus")).to_have_count(0)
    focus = await page.evaluate(_FOCUS)
    assert not focus["lost"], "nothing has the focus"
