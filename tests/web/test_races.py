"""Two employees take the same task: one gets it, and the other sees who."""

import asyncio
import re

from playwright.async_api import Locator, Route, expect

from app.demo.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.arrange import done, new_taak
from tests.web.inbox import FINISH, Inbox, open_inbox
from tests.web.stage import Stage

HANDELING = "Overname gesprek met klant"


async def test_of_two_who_take_at_once_one_gets_the_task_and_the_other_sees_who(demo: Stage) -> None:
    one, other = await open_inbox(demo), await open_inbox(demo, VERGUNNINGEN_COLLEGA)
    await new_taak(demo.api(DESK), demo.server.eenheden["VERG"])
    both = asyncio.Barrier(2)

    async def hold(route: Route) -> None:
        # Hold both requests until both buttons were clicked.
        await both.wait()
        await route.continue_()

    for inbox in (one, other):
        await inbox.open(HANDELING)
        await inbox.tab.page.route("**/graphql", hold)
    await asyncio.gather(*(inbox.deed_button("Neem taak").click() for inbox in (one, other)))
    have = {VERGUNNINGEN.naam: one, VERGUNNINGEN_COLLEGA.naam: other}
    taken = re.compile("|".join(f"{naam} was u voor en heeft de taak nu" for naam in have) + "|U hebt de taak nu")
    for inbox in have.values():
        await expect(inbox.opened).to_contain_text(taken)
    first = [naam for naam, inbox in have.items() if await inbox.opened.get_by_text("U hebt de taak nu").count()]
    assert len(first) == 1
    loser = next(inbox for naam, inbox in have.items() if naam != first[0])
    await expect(loser.opened.get_by_role("alert")).to_contain_text(f"{first[0]} was u voor")
    await expect(loser.deed_button("Neem taak")).to_have_count(0)
    await expect(loser.deed_button(f"Overnemen van {first[0]}")).to_be_visible()


async def test_a_task_that_a_colleague_takes_cannot_be_taken_by_accident(demo: Stage) -> None:
    inbox = await open_inbox(demo)
    taak = await new_taak(demo.api(DESK), demo.server.eenheden["VERG"])
    await inbox.open(HANDELING)
    await expect(_neem_button(inbox)).to_be_visible()
    await done(demo.api(VERGUNNINGEN_COLLEGA), "neemInterneTaak", id=taak["id"])
    await expect(inbox.row(HANDELING)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await expect(_neem_button(inbox)).to_have_count(0)
    await expect(inbox.deed_button("Neem")).to_have_count(0)
    # The shortcut opens a dialog as well, and does nothing until it is confirmed.
    await inbox.tab.page.keyboard.press("Alt+n")
    await expect(inbox.dialog).to_contain_text(f"{VERGUNNINGEN_COLLEGA.naam} heeft deze taak")
    await inbox.tab.page.keyboard.press("Escape")
    await expect(inbox.dialog).to_have_count(0)
    await expect(inbox.row(HANDELING)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)


async def test_a_task_that_was_changed_is_not_overwritten_and_typed_text_stays(demo: Stage) -> None:
    inbox = await open_inbox(demo)
    taak = await new_taak(demo.api(DESK), demo.server.eenheden["VERG"])
    await inbox.open(HANDELING)
    await inbox.deed_button("Gedaan").click()
    await inbox.antwoord.fill("Uitgelegd aan de telefoon.")
    await done(demo.api(VERGUNNINGEN_COLLEGA), "neemInterneTaak", id=taak["id"])
    await expect(inbox.row(HANDELING)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await inbox.dialog.get_by_role("button", name=FINISH).click()
    await expect(inbox.dialog.get_by_role("alert")).to_contain_text(f"is van {VERGUNNINGEN_COLLEGA.naam}")
    await expect(inbox.antwoord).to_have_value("Uitgelegd aan de telefoon.")
    await inbox.dialog.get_by_role("button", name=FINISH).click()
    await expect(inbox.row(HANDELING)).to_have_count(0)


def _neem_button(inbox: Inbox) -> Locator:
    return inbox.row(HANDELING).get_by_role("button", name=re.compile("^Neem"))
