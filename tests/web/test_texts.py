"""Whatever is typed is shown as it was typed, and is never more than text."""

import pytest
from playwright.async_api import Locator, Page, expect

from app.demo.people import DESK, LEZER, VERGUNNINGEN
from tests.support.arrange import registreer, taak
from tests.web.desk import at_the_desk
from tests.web.inbox import at_the_inbox
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


async def is_unbroken(page: Page) -> None:
    """Nothing that was typed has become a part of the page."""
    assert await page.evaluate("() => window.broken") is None
    await expect(page.locator("main img, main script, main svg[onload], main a[href^='javascript']")).to_have_count(
        0
    )


async def fits(page: Page) -> None:
    """Nothing has to be scrolled to from side to side."""
    width, room = await page.evaluate("() => [document.scrollingElement.scrollWidth, innerWidth]")
    assert width <= room


async def direction(shown: Locator) -> str:
    said: str = await shown.evaluate("element => getComputedStyle(element).direction")
    return said


async def test_what_is_hostile_is_text_in_every_field_and_on_every_screen(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    wall = await demo.enters(LEZER)
    await desk.types(HOSTILE, HOSTILE, toelichting=HOSTILE)
    await desk.form.get_by_label("Gevraagde handeling").select_option("Iets anders …")
    await desk.field("Wat moet de afdeling doen?").fill(LINK)
    await desk.sends()
    await expect(desk.card.get_by_text(HOSTILE, exact=True)).to_have_count(3)
    await desk.notes(HOSTILE)
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text(HOSTILE)
    await inbox.opens(LINK)
    await expect(inbox.row(LINK)).to_contain_text(HOSTILE)
    await expect(inbox.opened.get_by_text(HOSTILE, exact=True)).to_have_count(4)
    await inbox.does("Gedaan", "Gedaan", HOSTILE)
    await inbox.does("Heropen", "Heropen", HOSTILE)
    await inbox.tab.page.get_by_label("Zoek").fill(HOSTILE[:200])
    await expect(inbox.rows).to_have_count(1)
    await expect(inbox.logbook).to_have_count(4)
    await expect(wall.page.get_by_role("listitem")).to_contain_text(HOSTILE)
    for page in (desk.tab.page, inbox.tab.page, wall.page):
        await is_unbroken(page)


@pytest.mark.parametrize("text", [DUTCH, ARABIC, HEBREW], ids=["dutch", "arabic", "hebrew"])
async def test_every_script_is_shown_as_it_was_typed(demo: Stage, text: str) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    await desk.types(text, text)
    expected = "ltr" if text == DUTCH else "rtl"
    assert await direction(desk.field("Onderwerp")) == expected
    await desk.sends()
    await inbox.opens(text)
    shown = inbox.opened.get_by_text(text, exact=True)
    await expect(shown).to_have_count(2)
    for one in (shown.nth(0), shown.nth(1), inbox.row(text).get_by_text(text, exact=True)):
        assert await direction(one) == expected
    await inbox.tab.page.get_by_label("Zoek").fill(text.split()[1])
    await expect(inbox.row(text)).to_be_visible()


async def test_what_was_typed_on_several_lines_stands_on_several_lines(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    await desk.transfers("Regels", inhoud="Eerste regel\n\n  tweede regel")
    await inbox.opens("Regels")
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
        came = await demo.enters(wie, path, viewport=PHONE)
        shown = came.page.get_by_role("listitem").filter(has_text=LONG_WORD[:50]).first
        await expect(shown).to_be_visible()
        await fits(came.page)
        opening = shown.get_by_role("link").or_(shown.get_by_role("button")).first
        if path != "/wand":
            await opening.click()
            await expect(came.page.get_by_role("main").get_by_text(LONGEST)).to_be_visible()
            await fits(came.page)


async def test_a_limit_is_counted_while_one_types_and_a_text_that_is_too_long_is_not_cut(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types("é" * 199)
    await expect(desk.form.get_by_text("Nog 1 teken", exact=True)).to_be_visible()
    await desk.field("Onderwerp").press_sequentially("👍🏽"[:1] + "x")
    await expect(desk.form.get_by_text("1 teken te veel")).to_be_visible()
    await desk.sends()
    await expect(desk.field("Onderwerp")).to_be_focused()
    assert len(await desk.field("Onderwerp").input_value()) > 200
    await expect(desk.card).to_have_count(0)


PASTED = "Een\u000btwee\u000cdrie\u2028vier\u0000\u0007\u001b"
"""As it comes out of a word processor."""


async def test_what_no_text_may_hold_is_gone_when_it_is_pasted_in_any_field(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await _paste(desk.afdeling, "\u000bver\u0000gun")
    await desk.form.get_by_role("option", name="Afdeling vergunningen").click()
    await desk.form.get_by_label("Gevraagde handeling").select_option("Iets anders …")
    for label in ("Onderwerp", "Wat moet de afdeling doen?"):
        await _paste(desk.field(label), PASTED)
        await expect(desk.field(label)).to_have_value("Een twee drie vier")
    for label in ("Inhoud", "Toelichting"):
        await _paste(desk.field(label), PASTED)
        await expect(desk.field(label)).to_have_value("Een\ntwee\ndrie\nvier")
    await desk.sends()
    await expect(desk.card.get_by_role("heading", level=2)).to_be_focused()
    note = desk.card.get_by_role("textbox")
    await _paste(note, PASTED)
    await expect(note).to_have_value("Een\ntwee\ndrie\nvier")
    inbox = await at_the_inbox(demo)
    await _paste(inbox.tab.page.get_by_label("Zoek"), PASTED)
    await expect(inbox.tab.page.get_by_label("Zoek")).to_have_value("Een twee drie vier")
    await inbox.opens("Een twee drie vier")
    await inbox.can("Gedaan").click()
    await _paste(inbox.dialog.get_by_role("textbox"), PASTED)
    await expect(inbox.dialog.get_by_role("textbox")).to_have_value("Een\ntwee\ndrie\nvier")


async def _paste(field: Locator, text: str) -> None:
    """As from the clipboard: the browser puts it in, and says so to the page."""
    await field.focus()
    await field.evaluate("(_, text) => document.execCommand('insertText', false, text)", text)
