"""axe finds no violations on any screen in any state, in the light and the dark theme."""

import pytest
from playwright.async_api import ViewportSize, expect

from app.demo.people import BEIDE, DESK, LEZER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA, DemoMedewerker
from tests.support.arrange import done, registreer, taak
from tests.support.filling import nodes
from tests.web.axe import expect_no_violations
from tests.web.desk import open_desk
from tests.web.inbox import open_inbox
from tests.web.stage import Stage

OPEN = """query ($id: ID!) { postvak(organisatorischeEenheidId: $id) {
  list: interneTaken(filter: { status: TE_DOEN }) { edges { node { id } } } } }"""
EIK = "Kapvergunning voor een eik"
NARROW: ViewportSize = {"width": 390, "height": 844}


async def test_login(demo: Stage) -> None:
    tab = await demo.new_tab()
    await tab.open()
    await expect(tab.button(DESK.naam)).to_be_visible()
    await expect_no_violations(tab.page, "the choice of an employee")


async def test_the_desk_while_the_form_is_filled_in(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await expect_no_violations(page, "empty")
    await desk.submit()
    await expect(desk.field("Onderwerp")).to_have_attribute("aria-invalid", "true")
    await expect_no_violations(page, "with errors")
    await desk.fill_form("x" * 201, "Hij staat in de voortuin.")
    await desk.form.get_by_label("Gevraagde handeling").select_option("Iets anders …")
    await expect(desk.form.get_by_text("1 teken te veel")).to_be_visible()
    await expect_no_violations(page, "with a text that is too long")
    await desk.afdeling.click()
    await expect(desk.form.get_by_role("listbox").first).to_be_visible()
    await expect_no_violations(page, "with the departments to choose from")


async def test_the_desk_with_a_task_in_every_state(demo: Stage) -> None:
    desk = await open_desk(demo)
    page = desk.tab.page
    await desk.register(EIK, inhoud="Hij staat in de voortuin.", toelichting="Belt later terug.")
    await expect_no_violations(page, "a task that waits")
    await desk.add_toelichting("")
    await expect_no_violations(page, "a toelichting without a text")
    await page.keyboard.press("Alt+i")
    await expect_no_violations(page, "the dialog before a task is withdrawn")
    await page.keyboard.press("Enter")
    await expect(desk.card).to_contain_text("ingetrokken")
    await expect_no_violations(page, "a task that was withdrawn")
    await desk.register("Beuk")
    taken = (await nodes(demo.api(VERGUNNINGEN), OPEN, id=demo.server.eenheden["VERG"]))[0]
    await done(demo.api(VERGUNNINGEN), "neemInterneTaak", id=taken["id"])
    await expect(desk.card).to_contain_text("overgenomen")
    await expect_no_violations(page, "a task that was taken over")
    await done(demo.api(VERGUNNINGEN), "wijzigInterneTaakStatus", id=taken["id"], versie=2, status="GEDAAN")
    await expect(desk.card).to_contain_text("afgerond")
    await expect_no_violations(page, "a task that is done")
    await page.set_viewport_size(NARROW)
    await expect_no_violations(page, "on a phone")


async def test_the_inbox_and_its_lists(demo: Stage) -> None:
    inbox = await open_inbox(demo, BEIDE)
    page = inbox.tab.page
    await expect_no_violations(page, "nothing to do")
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, klantAanDeLijn=True), onderwerp=EIK)
    await registreer(demo.api(DESK), taak(ver, medewerkerId=VERGUNNINGEN.id), onderwerp="Beuk")
    await registreer(demo.api(DESK), taak(ver, medewerkerId=BEIDE.id), onderwerp="Linde")
    await expect(inbox.rows).to_have_count(3)
    await expect_no_violations(page, "new tasks, mine and a colleague's")
    await page.get_by_text("Meldingen").first.click()
    await expect(page.get_by_role("switch")).to_be_visible()
    await expect_no_violations(page, "how new ones are announced")
    await page.get_by_label("Zoek").fill("niets van dit alles")
    await expect(inbox.rows).to_have_count(0)
    await expect_no_violations(page, "nothing found")
    await page.get_by_label("Zoek").fill("")
    await page.get_by_label("Status").select_option("Gedaan")
    await expect_no_violations(page, "nothing done")
    await page.set_viewport_size(NARROW)
    await page.get_by_label("Status").select_option("Te doen")
    await expect(inbox.rows).to_have_count(3)
    await expect_no_violations(page, "on a phone")


async def test_an_open_task_and_its_dialogs(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, toelichting="Na vijf uur.", klantAanDeLijn=True), onderwerp=EIK)
    inbox = await open_inbox(demo)
    page = inbox.tab.page
    await inbox.open(EIK)
    await expect_no_violations(page, "open")
    await inbox.deed_button("Neem gesprek over").click()
    await expect(inbox.deed_button("Leg terug")).to_be_visible()
    await expect_no_violations(page, "taken")
    for deed in ("Gedaan", "Wijs toe aan collega", "Leg terug", "Stuur door", "Voeg toelichting toe"):
        await inbox.deed_button(deed).click()
        await expect_no_violations(page, deed)
        if deed != "Leg terug":
            await inbox.dialog.get_by_role("button").first.click()
            await expect(inbox.dialog.locator("[aria-invalid=true]").first).to_be_visible()
            await expect_no_violations(page, f"{deed}, not filled in")
        await page.keyboard.press("Escape")
    await inbox.finish("Uitgelegd.")
    await expect_no_violations(page, "done")
    await inbox.deed_button("Heropen").click()
    await expect_no_violations(page, "opened again?")
    await page.keyboard.press("Escape")
    await page.set_viewport_size(NARROW)
    await expect_no_violations(page, "on a phone")


async def test_a_task_of_a_colleague(demo: Stage) -> None:
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, medewerkerId=VERGUNNINGEN_COLLEGA.id), onderwerp=EIK)
    inbox = await open_inbox(demo)
    await inbox.open(EIK)
    await expect_no_violations(inbox.tab.page, "a colleague's")
    await inbox.deed_button("Overnemen van").click()
    await expect(inbox.dialog).to_be_visible()
    await expect_no_violations(inbox.tab.page, "to be taken over?")


async def test_the_wall(demo: Stage) -> None:
    wall = await demo.log_in(LEZER)
    await expect(wall.page.get_by_text("Er is niets te doen.")).to_be_visible()
    await expect_no_violations(wall.page, "nothing to do")
    ver = demo.server.eenheden["VERG"]
    await registreer(demo.api(DESK), taak(ver, klantAanDeLijn=True), taak(ver), onderwerp=EIK)
    await expect(wall.page.get_by_role("listitem")).to_have_count(2)
    await expect_no_violations(wall.page, "new tasks")


@pytest.mark.parametrize("wie", [DESK, VERGUNNINGEN, LEZER], ids=["desk", "inbox", "wall"])
async def test_a_lost_connection(demo: Stage, wie: DemoMedewerker) -> None:
    network, url = await demo.network()
    tab = await demo.log_in(wie, url=url)
    tab.expect_disconnect()
    network.unplug()
    await expect(tab.page.get_by_test_id("geen-verbinding")).to_be_visible()
    await expect_no_violations(tab.page, "a lost connection")
    network.plug()
    await expect(tab.page.get_by_test_id("geen-verbinding")).to_have_count(0)
    await expect_no_violations(tab.page, "a restored connection")
