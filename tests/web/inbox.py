"""Operates the inbox as an employee does: by the labels of fields and the names of buttons."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, expect

from app.demo.people import VERGUNNINGEN, DemoMedewerker
from tests.web.stage import Stage
from tests.web.tabs import Tab

PATH = "/postvak"
OPEN, DONE = "Taken die te doen zijn", "Gedane taken"
FINISH, FINISH_WITHOUT = "Afronden met dit antwoord", "Afronden zonder antwoord"


@dataclass
class Inbox:
    """A tab with an inbox open."""

    tab: Tab

    @property
    def rows(self) -> Locator:
        """The rows of the list, with the open or the done tasks."""
        return self.tab.page.get_by_role("list", name=re.compile(f"{OPEN}|{DONE}")).get_by_role("listitem")

    def row(self, text: str) -> Locator:
        """The row that contains this text."""
        return self.rows.filter(has_text=text)

    @property
    def opened(self) -> Locator:
        """The task that is open beside the list."""
        return self.tab.page.get_by_role("region", name="Geopende taak")

    @property
    def logbook(self) -> Locator:
        """The entries of the logboek of the open task."""
        return self.opened.get_by_role("list", name="Logboek").get_by_role("listitem")

    @property
    def dialog(self) -> Locator:
        """The dialog of a deed."""
        return self.tab.page.get_by_role("dialog")

    def deed_button(self, deed: str) -> Locator:
        """The button of a deed for the open task."""
        group = self.opened.get_by_role("group", name="Wat u met de taak kunt doen")
        return group.get_by_role("button", name=re.compile(f"^{re.escape(deed)}"))

    async def open(self, text: str) -> None:
        """Open the task whose row contains this text."""
        await self.row(text).get_by_role("link").click()
        await expect(self.opened.get_by_role("heading", level=2)).to_be_focused()

    async def perform(self, deed: str, button: str, toelichting: str = "", **chosen: str) -> None:
        """Perform a deed that has a dialog; `chosen` has letters to choose a colleague or an afdeling, by label."""
        await self.deed_button(deed).click()
        for label, letters in chosen.items():
            await self.dialog.get_by_role("combobox", name=LABELS[label]).fill(letters)
            await self.dialog.get_by_role("option", name=re.compile(letters, re.IGNORECASE)).click()
        if toelichting:
            await self.dialog.get_by_role("textbox", name="Toelichting").fill(toelichting)
        await self.dialog.get_by_role("button", name=button, exact=True).click()
        await expect(self.dialog).to_have_count(0)

    @property
    def antwoord(self) -> Locator:
        """The field for what the citizen was told, in the dialog that finishes a task."""
        return self.dialog.get_by_role("textbox", name="Antwoord aan de klant")

    async def finish(self, antwoord: str = "", toelichting: str = "") -> None:
        """Finish the open task with an answer, or without one by its own button."""
        await self.deed_button("Gedaan").click()
        await self.antwoord.fill(antwoord)
        if toelichting:
            await self.dialog.get_by_role("textbox", name="Toelichting").fill(toelichting)
        await self.dialog.get_by_role("button", name=FINISH if antwoord else FINISH_WITHOUT).click()
        await expect(self.dialog).to_have_count(0)

    async def expect_counters(self, te_doen: int, niet_toegewezen: int, aan_de_lijn: int) -> None:
        """Check the three counters."""
        tellers = self.tab.page.get_by_role("definition")
        await expect(tellers.nth(0)).to_have_text(str(te_doen))
        await expect(tellers.nth(1)).to_have_text(str(niet_toegewezen))
        await expect(tellers.nth(2)).to_have_text(str(aan_de_lijn))


LABELS: dict[str, str | re.Pattern[str]] = {"afdeling": "Naar afdeling", "collega": re.compile("collega")}


async def open_inbox(
    demo: Stage, wie: DemoMedewerker = VERGUNNINGEN, url: str | None = None, path: str = PATH, **how: Any
) -> Inbox:
    """Log in, open the inbox, and wait until it is live."""
    inbox = Inbox(await demo.log_in(wie, path, url, **how))
    await expect(inbox.tab.page.get_by_role("definition").first).not_to_have_text("–")
    await demo.wait_until_live(wie)
    return inbox
