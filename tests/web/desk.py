"""The desk, as its user finds their way: by the labels of fields and the texts of buttons."""

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
    """A tab with the desk."""

    tab: Tab

    @property
    def form(self) -> Locator:
        """Where a contact is registered."""
        return self.tab.page.get_by_role("form", name=SEND)

    def field(self, label: str) -> Locator:
        """A text that is typed."""
        return self.form.get_by_role("textbox", name=label)

    @property
    def afdeling(self) -> Locator:
        """Whom it goes to."""
        return self.form.get_by_role("combobox", name="Afdeling")

    @property
    def card(self) -> Locator:
        """The task that is followed."""
        return self.tab.page.get_by_role("region", name=re.compile("^Taak "))

    @property
    def sent(self) -> Locator:
        """What was sent before."""
        return self.tab.page.get_by_role("region", name="Eerder doorverbonden").get_by_role("listitem")

    async def types(
        self, onderwerp: str, inhoud: str = "", afdeling: str = "vergun", toelichting: str = ""
    ) -> None:
        """Fill in the form; the department by a few letters."""
        await self.field("Onderwerp").fill(onderwerp)
        await self.field("Inhoud").fill(inhoud)
        await self.field("Toelichting").fill(toelichting)
        if afdeling:
            await self.afdeling.fill(afdeling)
            await self.form.get_by_role("option", name=re.compile(afdeling, re.IGNORECASE)).click()

    async def sends(self) -> None:
        """Register and transfer, in one action."""
        await self.form.get_by_role("button", name=SEND).click()

    async def transfers(self, onderwerp: str, **more: str) -> None:
        """Register, and see the card of the task."""
        await self.types(onderwerp, **more)
        await self.sends()
        await expect(self.card).to_contain_text(onderwerp)

    async def notes(self, text: str) -> None:
        """What the citizen adds goes to the task."""
        form = self.tab.page.get_by_role("form", name="Toelichting toevoegen")
        await form.get_by_role("textbox").fill(text)
        await form.get_by_role("button", name="Toelichting toevoegen").click()


async def at_the_desk(demo: Stage, wie: DemoMedewerker = DESK, url: str | None = None) -> Desk:
    """Somebody who sits down at the desk."""
    desk = Desk(await demo.enters(wie, PATH, url))
    await expect(desk.field("Onderwerp")).to_be_focused()
    return desk
