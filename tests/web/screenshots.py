"""Makes the screenshots of the documentation: scripts/test-web --screenshots."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, expect

from app.demo.history import Filler
from app.demo.people import LEZER
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.storage.migrations.migrate import migrate
from app.wiring.parts import open_database
from tests.support.databases import sqlite_url
from tests.support.server import settings_on
from tests.web.chromium import chromium
from tests.web.desk import Desk, open_desk
from tests.web.inbox import open_inbox
from tests.web.stage import Stage, demo_stage

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"

DAKKAPEL = "Voorwaarden vergunningsvrije dakkapel"
DAKKAPEL_VRAAG = "Klant wil weten onder welke voorwaarden er geen vergunning nodig is voor een dakkapel."
SCHUTTING = "Hoogte van een schutting"
SCHUTTING_VRAAG = "De buren zetten een schutting van twee meter en een half. Mag dat zonder vergunning?"


async def main() -> None:
    """Make all screenshots."""
    PICTURES.mkdir(exist_ok=True)
    async with _demo() as demo:
        desk = await open_desk(demo)
        inbox = await open_inbox(demo)
        wall = await demo.log_in(LEZER)
        await desk.register(DAKKAPEL, inhoud=DAKKAPEL_VRAAG)
        await inbox.open(DAKKAPEL)
        await _wait_some_seconds(desk)
        await inbox.deed_button("Neem gesprek over").click()
        await expect(desk.card).to_contain_text("u kunt doorverbinden")
        await _picture(desk.tab.page, "desk")
        await desk.tab.page.keyboard.press("Alt+n")
        await desk.register(SCHUTTING, inhoud=SCHUTTING_VRAAG, toelichting="Er is al met de buren gesproken.")
        await inbox.open(SCHUTTING)
        await _wait_some_seconds(desk)
        await expect(wall.page.get_by_role("listitem").filter(has_text=SCHUTTING)).to_be_visible()
        await _picture(inbox.tab.page, "inbox")
        await _picture(wall.page, "wall")


async def _wait_some_seconds(desk: Desk) -> None:
    """Wait until the card shows that the citizen waits for some seconds."""
    await expect(desk.card.get_by_role("timer")).to_have_text(re.compile(r"^[6-9] s$"))


async def _picture(page: Page, name: str) -> None:
    # Without hover, scroll position and animations, so that the screenshot is the same each time.
    await page.mouse.move(0, 0)
    await page.evaluate("() => scrollTo(0, 0)")
    await page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")


@asynccontextmanager
async def _demo() -> AsyncIterator[Stage]:
    """Start the demo with the tasks of the days before."""
    with TemporaryDirectory() as directory:
        here = Path(directory)
        settings = settings_on(sqlite_url(here / "demo.sqlite"), screens=True, verwerkingenlog=str(here / "log"))
        eenheden = await _filled(settings)
        async with chromium() as browser, demo_stage(settings, eenheden, browser) as demo:
            yield demo


async def _filled(settings: Settings) -> dict[str, str]:
    await migrate(settings.database_url)
    database = open_database(settings)
    try:
        return await Filler(database, Writer(database, nobody_listens), settings).fill()
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
