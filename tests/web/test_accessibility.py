"""axe finds nothing on any screen and state, in the light and in the dark."""

import pytest
from playwright.async_api import ViewportSize, expect

from app.demo.people import BEIDE, DESK, LEZER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA, DemoMedewerker
from tests.support.arrange import done, registreer, taak
from tests.support.filling import nodes
from tests.web.axe import finds_nothing
from tests.web.desk import at_the_desk
from tests.web.inbox import at_the_inbox
from tests.web.stage import Stage

OPEN = """query ($id: ID!) { postvak(organisatorischeEenheidId: $id) {
  list: interneTaken(filter: { status: TE_DOEN }) { edges { node { id } } } } }"""
EIK = "Kapvergunning voor een eik"
NARROW: ViewportSize = {"width": 390, "height": 844}


async def test_login(demo: Stage) -> None:
    came = await demo.comes()
    await came.opens()
    await expect(came.button(DESK.naam)).to_be_visible()
    await finds_nothing(came.page, "the choice of who one is")


async def test_the_desk_while_one_types(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    page = desk.tab.page
    await finds_nothing(page, "empty")
    await desk.sends()
    await expect(desk.field("Onderwerp")).to_have_attribute("aria-invalid", "true")
    await finds_nothing(page, "with errors")
    await desk.types("x" * 201, "Hij staat in de voortuin.")
    await desk.form.get_by_label("Gevraagde handeling").select_option("Iets anders …")
    await expect(desk.form.get_by_text("1 teken te veel")).to_be_visible()
    await finds_nothing(page, "with a text that is too long")
    await desk.afdeling.click()
    await expect(desk.form.get_by_role("listbox").first).to_be_visible()
    await finds_nothing(page, "with the departments to choose from")


async def test_the_desk_with_a_task_in_every_state(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    page = desk.tab.page
    await desk.transfers(EIK, inhoud="Hij staat in de voortuin.", toelichting="Belt later terug.")
    await finds_nothing(page, "a task that waits")
    await desk.notes("")
    await finds_nothing(page, "a note without a text")
    await page.keyboard.press("Alt+i")
    await finds_nothing(page, "the question before a task is withdrawn")
    await page.keyboard.press("Enter")
    await expect(desk.card).to_contain_text("ingetrokken")
    await finds_nothing(page, "a task that was withdrawn")
    await desk.transfers("Beuk")
    taken = (await nodes(demo.api(VERGUNNINGEN), OPEN, id=demo.server.eenheden["VERG"]))[0]
    await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=taken["id"])
    await expect(desk.card).to_contain_text("overgenomen")
    await finds_nothing(page, "a task that was taken over")
    await done(demo.api(VERGUNNINGEN), "wijzigInterneTaakStatus", id=taken["id"], versie=2, status="GEDAAN")
    await expect(desk.card).to_contain_text("afgerond")
    await finds_nothing(page, "a task that is done")
    await page.set_viewport_size(NARROW)
    await finds_nothing(page, "on a phone")


async def test_the_inbox_and_its_lists(demo: Stage) -> None:
    inbox = await at_the_inbox(demo, BEIDE)
    page = inbox.tab.page
    await finds_nothing(page, "nothing to do")
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, klantAanDeLijn=True), onderwerp=EIK)
    await registreer(demo.api(DESK), taak(ver, medewerkerId=VERGUNNINGEN.id), onderwerp="Beuk")
    await registreer(demo.api(DESK), taak(ver, medewerkerId=BEIDE.id), onderwerp="Linde")
    await expect(inbox.rows).to_have_count(3)
    await finds_nothing(page, "new tasks, mine and a colleague's")
    await page.get_by_text("Meldingen").first.click()
    await expect(page.get_by_role("switch")).to_be_visible()
    await finds_nothing(page, "how new ones are announced")
    await page.get_by_label("Zoek").fill("niets van dit alles")
    await expect(inbox.rows).to_have_count(0)
    await finds_nothing(page, "nothing found")
    await page.get_by_label("Zoek").fill("")
    await page.get_by_label("Status").select_option("Gedaan")
    await finds_nothing(page, "nothing done")
    await page.set_viewport_size(NARROW)
    await page.get_by_label("Status").select_option("Te doen")
    await expect(inbox.rows).to_have_count(3)
    await finds_nothing(page, "on a phone")


async def test_a_task_that_is_open_and_what_is_asked_of_it(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, toelichting="Na vijf uur.", klantAanDeLijn=True), onderwerp=EIK)
    inbox = await at_the_inbox(demo)
    page = inbox.tab.page
    await inbox.opens(EIK)
    await finds_nothing(page, "open")
    await inbox.can("Neem gesprek over").click()
    await expect(inbox.can("Leg terug")).to_be_visible()
    await finds_nothing(page, "taken")
    for deed in ("Gedaan", "Wijs toe aan collega", "Leg terug", "Stuur door", "Voeg toelichting toe"):
        await inbox.can(deed).click()
        await finds_nothing(page, deed)
        if deed != "Gedaan" and deed != "Leg terug":
            await inbox.dialog.get_by_role("button").first.click()
            await expect(inbox.dialog.locator("[aria-invalid=true]").first).to_be_visible()
            await finds_nothing(page, f"{deed}, not filled in")
        await page.keyboard.press("Escape")
    await inbox.does("Gedaan", "Gedaan", "Uitgelegd.")
    await finds_nothing(page, "done")
    await inbox.can("Heropen").click()
    await finds_nothing(page, "opened again?")
    await page.keyboard.press("Escape")
    await page.set_viewport_size(NARROW)
    await finds_nothing(page, "on a phone")


async def test_a_task_of_a_colleague(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, medewerkerId=VERGUNNINGEN_COLLEGA.id), onderwerp=EIK)
    inbox = await at_the_inbox(demo)
    await inbox.opens(EIK)
    await finds_nothing(inbox.tab.page, "a colleague's")
    await inbox.can("Overnemen van").click()
    await expect(inbox.dialog).to_be_visible()
    await finds_nothing(inbox.tab.page, "to be taken over?")


async def test_the_wall(demo: Stage) -> None:
    wall = await demo.enters(LEZER)
    await expect(wall.page.get_by_text("Er is niets te doen.")).to_be_visible()
    await finds_nothing(wall.page, "nothing to do")
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, klantAanDeLijn=True), taak(ver), onderwerp=EIK)
    await expect(wall.page.get_by_role("listitem")).to_have_count(2)
    await finds_nothing(wall.page, "new tasks")


@pytest.mark.parametrize("wie", [DESK, VERGUNNINGEN, LEZER], ids=["desk", "inbox", "wall"])
async def test_a_lost_line(demo: Stage, wie: DemoMedewerker) -> None:
    between, url = await demo.cable()
    came = await demo.enters(wie, url=url)
    came.expects_a_cut()
    between.unplug()
    await expect(came.page.get_by_test_id("geen-verbinding")).to_be_visible()
    await finds_nothing(came.page, "a lost line")
    between.plug()
    await expect(came.page.get_by_test_id("geen-verbinding")).to_have_count(0)
    await finds_nothing(came.page, "a line that is back")
