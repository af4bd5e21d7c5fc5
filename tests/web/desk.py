"""Operates the desk as an employee does: by the labels of fields and the names of buttons."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, expect

from app.demo.people import DESK, DemoMedewerker
from tests.web.stage import Stage
from tests.web.tabs import Tab

PATH = "/klantcontactcentrum"
SEND = "Registreren en doorverbinden"


@dataclass
class Desk:
    """A tab with the desk open."""

    tab: Tab

    @property
    def form(self) -> Locator:
        """The form that registers a klantcontact."""
        return self.tab.page.get_by_role("form", name=SEND)

    def field(self, label: str) -> Locator:
        """The text field with this label."""
        return self.form.get_by_role("textbox", name=label)

    @property
    def afdeling(self) -> Locator:
        """The combobox for the afdeling."""
        return self.form.get_by_role("combobox", name="Afdeling")

    @property
    def card(self) -> Locator:
        """The card of the open doorverbinding."""
        return self.tab.page.get_by_role("region", name=re.compile("^Taak "))

    @property
    def doorverbindingen(self) -> Locator:
        """The list of earlier doorverbindingen."""
        return self.tab.page.get_by_role("region", name="Eerder doorverbonden").get_by_role("listitem")

    async def fill_form(
        self, onderwerp: str, inhoud: str = "", afdeling: str = "vergun", toelichting: str = ""
    ) -> None:
        """Fill in the form; the afdeling by a few letters."""
        await self.field("Onderwerp").fill(onderwerp)
        await self.field("Inhoud").fill(inhoud)
        await self.field("Toelichting").fill(toelichting)
        if afdeling:
            await self.afdeling.fill(afdeling)
            await self.form.get_by_role("option", name=re.compile(afdeling, re.IGNORECASE)).click()

    async def submit(self) -> None:
        """Send the form."""
        await self.form.get_by_role("button", name=SEND).click()

    async def register(self, onderwerp: str, **more: str) -> None:
        """Fill in and send the form, and wait for the card."""
        await self.fill_form(onderwerp, **more)
        await self.submit()
        await expect(self.card).to_contain_text(onderwerp)

    async def add_toelichting(self, text: str) -> None:
        """Add a toelichting on the card."""
        form = self.tab.page.get_by_role("form", name="Toelichting toevoegen")
        await form.get_by_role("textbox").fill(text)
        await form.get_by_role("button", name="Toelichting toevoegen").click()


async def open_desk(demo: Stage, wie: DemoMedewerker = DESK, url: str | None = None) -> Desk:
    """Log in and open the desk."""
    desk = Desk(await demo.log_in(wie, PATH, url))
    await expect(desk.field("Onderwerp")).to_be_focused()
    return desk
