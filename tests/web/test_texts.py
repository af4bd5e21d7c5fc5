"""Text is shown as it was typed, and is never interpreted as markup or code."""

import pytest
from playwright.async_api import Locator, Page, expect

from app.demo.people import DESK, LEZER, VERGUNNINGEN
from tests.support.arrange import registreer, taak
from tests.web.desk import open_desk
from tests.web.inbox import open_inbox
from tests.web.stage import Stage

HOSTILE = (
    """"><img src=x onerror="window.broken = 1"><script>window.broken = 1</script>"""
    """<svg onload="window.broken = 1">{{ $el.ownerDocument.defaultView.broken = 1 }}"""
)
LINK = "javascript:window.broken=1"
DUTCH = "Één crèche aan de Coöperatiestraat: reëel, ’s-Gravenhage, IJsselmeer, €\u202f5"
ARABIC = "هل أحتاج إلى تصريح لبناء غرفة في السطح؟"
HEBREW = "האם אני צריך היתר בנייה?"
LONG_WORD = "Hottentottententententoonstelling" * 6
LONGEST = ("Heel lang verhaal. " * 60)[:999] + "!"
PHONE = {"width": 320, "height": 640}


async def expect_only_text(page: Page) -> None:
    """Check that no typed text was interpreted as markup or code."""
    assert await page.evaluate("() => window.broken") is None
    await expect(page.locator("main img, main script, main svg[onload], main a[href^='javascript']")).to_have_count(
        0
    )


async def expect_no_horizontal_scrolling(page: Page) -> None:
    """Check that the page is no wider than the window."""
    width, room = await page.evaluate("() => [document.scrollingElement.scrollWidth, innerWidth]")
    assert width <= room


async def direction(shown: Locator) -> str:
    value: str = await shown.evaluate("element => getComputedStyle(element).direction")
    return value


async def test_hostile_input_is_only_text_in_every_field_and_on_every_screen(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    wall = await demo.log_in(LEZER)
    await desk.fill_form(HOSTILE, HOSTILE, toelichting=HOSTILE)
    await desk.form.get_by_label("Gevraagde handeling").select_option("Iets anders …")
    await desk.field("Wat moet de afdeling doen?").fill(LINK)
    await desk.submit()
    await expect(desk.card.get_by_text(HOSTILE, exact=True)).to_have_count(3)
    await desk.add_toelichting(HOSTILE)
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text(HOSTILE)
    await inbox.open(LINK)
    await expect(inbox.row(LINK)).to_contain_text(HOSTILE)
    await expect(inbox.opened.get_by_text(HOSTILE, exact=True)).to_have_count(4)
    await inbox.finish(HOSTILE, HOSTILE)
    await inbox.perform("Heropen", "Heropen", HOSTILE)
    await inbox.tab.page.get_by_label("Zoek").fill(HOSTILE[:200])
    await expect(inbox.rows).to_have_count(1)
    await expect(inbox.logbook).to_have_count(4)
    await expect(wall.page.get_by_role("listitem")).to_contain_text(HOSTILE)
    for page in (desk.tab.page, inbox.tab.page, wall.page):
        await expect_only_text(page)


@pytest.mark.parametrize("text", [DUTCH, ARABIC, HEBREW], ids=["dutch", "arabic", "hebrew"])
async def test_every_script_is_shown_as_it_was_typed(demo: Stage, text: str) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    await desk.fill_form(text, text)
    expected = "ltr" if text == DUTCH else "rtl"
    assert await direction(desk.field("Onderwerp")) == expected
    await desk.submit()
    await inbox.open(text)
    shown = inbox.opened.get_by_text(text, exact=True)
    await expect(shown).to_have_count(2)
    for one in (shown.nth(0), shown.nth(1), inbox.row(text).get_by_text(text, exact=True)):
        assert await direction(one) == expected
    await inbox.tab.page.get_by_label("Zoek").fill(text.split()[1])
    await expect(inbox.row(text)).to_be_visible()


async def test_line_breaks_are_shown(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    await desk.register("Regels", inhoud="Eerste regel\n\n  tweede regel")
    await inbox.open("Regels")
    shown = await inbox.opened.get_by_test_id("inhoud").inner_text()
    assert shown == "Eerste regel\n\n  tweede regel"


async def test_the_longest_texts_break_no_screen_of_a_phone(demo: Stage) -> None:
    texts = {"onderwerp": LONG_WORD[:200], "inhoud": LONGEST}
    await registreer(
        demo.api(DESK),
        taak(
            demo.server.eenheden["VERG"],
            gevraagdeHandeling=LONG_WORD[:200],
            toelichting=LONG_WORD * 5,
            klantAanDeLijn=True,
        ),
        **texts,
    )
    for wie, path in ((DESK, "/klantcontactcentrum"), (VERGUNNINGEN, "/postvak"), (LEZER, "/wand")):
        tab = await demo.log_in(wie, path, viewport=PHONE)
        shown = tab.page.get_by_role("listitem").filter(has_text=LONG_WORD[:50]).first
        await expect(shown).to_be_visible()
        await expect_no_horizontal_scrolling(tab.page)
        opening = shown.get_by_role("link").or_(shown.get_by_role("button")).first
        if path != "/wand":
            await opening.click()
            await expect(tab.page.get_by_role("main").get_by_text(LONGEST)).to_be_visible()
            await expect_no_horizontal_scrolling(tab.page)


async def test_the_limit_is_counted_while_typing_and_a_text_that_is_too_long_is_not_cut_off(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("é" * 199)
    await expect(desk.form.get_by_text("Nog 1 teken", exact=True)).to_be_visible()
    await desk.field("Onderwerp").press_sequentially("👍🏽"[:1] + "x")
    await expect(desk.form.get_by_text("1 teken te veel")).to_be_visible()
    await desk.submit()
    await expect(desk.field("Onderwerp")).to_be_focused()
    assert len(await desk.field("Onderwerp").input_value()) > 200
    await expect(desk.card).to_have_count(0)


PASTED = "Een\u000btwee\u000cdrie\u2028vier\u0000\u0007\u001b"
"""Text as it is copied from a word processor."""


async def test_forbidden_characters_are_removed_when_they_are_pasted_in_any_field(demo: Stage) -> None:
    desk = await open_desk(demo)
    await _paste(desk.afdeling, "\u000bver\u0000gun")
    await desk.form.get_by_role("option", name="Afdeling vergunningen").click()
    await desk.form.get_by_label("Gevraagde handeling").select_option("Iets anders …")
    for label in ("Onderwerp", "Wat moet de afdeling doen?"):
        await _paste(desk.field(label), PASTED)
        await expect(desk.field(label)).to_have_value("Een twee drie vier")
    for label in ("Inhoud", "Toelichting"):
        await _paste(desk.field(label), PASTED)
        await expect(desk.field(label)).to_have_value("Een\ntwee\ndrie\nvier")
    await desk.submit()
    await expect(desk.card.get_by_role("heading", level=2)).to_be_focused()
    note = desk.card.get_by_role("textbox")
    await _paste(note, PASTED)
    await expect(note).to_have_value("Een\ntwee\ndrie\nvier")
    inbox = await open_inbox(demo)
    await _paste(inbox.tab.page.get_by_label("Zoek"), PASTED)
    await expect(inbox.tab.page.get_by_label("Zoek")).to_have_value("Een twee drie vier")
    await inbox.open("Een twee drie vier")
    await inbox.deed_button("Gedaan").click()
    await _paste(inbox.antwoord, PASTED)
    await expect(inbox.antwoord).to_have_value("Een\ntwee\ndrie\nvier")


async def _paste(field: Locator, text: str) -> None:
    """Insert text as a paste from the clipboard does, with its events."""
    await field.focus()
    await field.evaluate("(_, text) => document.execCommand('insertText', false, text)", text)
