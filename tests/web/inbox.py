"""The inbox of a department, as its user finds their way."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, expect

from app.demo.people import VERGUNNINGEN, DemoMedewerker
from tests.web.stage import Stage
from tests.web.tabs import Tab

PATH = "/postvak"
OPEN, DONE = "Taken die te doen zijn", "Gedane taken"


@dataclass
class Inbox:
    """A tab with an inbox."""

    tab: Tab

    @property
    def rows(self) -> Locator:
        """The tasks in the list, those that are to be done or those that are done."""
        return self.tab.page.get_by_role("list", name=re.compile(f"{OPEN}|{DONE}")).get_by_role("listitem")

    def row(self, text: str) -> Locator:
        """The task in the list that has this in it."""
        return self.rows.filter(has_text=text)

    @property
    def opened(self) -> Locator:
        """The task that is open beside the list."""
        return self.tab.page.get_by_role("region", name="Geopende taak")

    @property
    def logbook(self) -> Locator:
        """What happened to it."""
        return self.opened.get_by_role("list", name="Logboek").get_by_role("listitem")

    @property
    def dialog(self) -> Locator:
        """The question over the page."""
        return self.tab.page.get_by_role("dialog")

    def can(self, deed: str) -> Locator:
        """The button of a deed with the open task."""
        group = self.opened.get_by_role("group", name="Wat u met de taak kunt doen")
        return group.get_by_role("button", name=re.compile(f"^{re.escape(deed)}"))

    async def opens(self, text: str) -> None:
        """Open a task of the list."""
        await self.row(text).get_by_role("link").click()
        await expect(self.opened.get_by_role("heading", level=2)).to_be_focused()

    async def does(self, deed: str, button: str, toelichting: str = "", **chosen: str) -> None:
        """A deed that asks something first; `chosen` are letters for a colleague or a department, by label."""
        await self.can(deed).click()
        for label, letters in chosen.items():
            await self.dialog.get_by_role("combobox", name=LABELS[label]).fill(letters)
            await self.dialog.get_by_role("option", name=re.compile(letters, re.IGNORECASE)).click()
        if toelichting:
            await self.dialog.get_by_role("textbox", name="Toelichting").fill(toelichting)
        await self.dialog.get_by_role("button", name=button, exact=True).click()
        await expect(self.dialog).to_have_count(0)

    async def counts(self, te_doen: int, niet_toegewezen: int, aan_de_lijn: int) -> None:
        """Its three counters say so."""
        tellers = self.tab.page.get_by_role("definition")
        await expect(tellers.nth(0)).to_have_text(str(te_doen))
        await expect(tellers.nth(1)).to_have_text(str(niet_toegewezen))
        await expect(tellers.nth(2)).to_have_text(str(aan_de_lijn))


LABELS: dict[str, str | re.Pattern[str]] = {"afdeling": "Naar afdeling", "collega": re.compile("collega")}


async def at_the_inbox(
    demo: Stage, wie: DemoMedewerker = VERGUNNINGEN, url: str | None = None, path: str = PATH, **how: Any
) -> Inbox:
    """A user who has their inbox open, and is notified of new tasks."""
    inbox = Inbox(await demo.enters(wie, path, url, **how))
    await expect(inbox.tab.page.get_by_role("definition").first).not_to_have_text("–")
    await demo.follows(wie)
    return inbox
