"""The main flow: a citizen is on the line at the desk, and an afdeling takes the call over."""

import re

from playwright.async_api import expect

from app.demo.people import BURGERZAKEN, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.web.desk import open_desk
from tests.web.inbox import DONE, open_inbox
from tests.web.stage import Stage

DAKKAPEL = "Voorwaarden dakkapel achterzijde"
VRAAG = "Mag een dakkapel aan de achterkant zonder vergunning?"
TIME = r"\d\d:\d\d:\d\d"


async def test_the_call_is_announced_taken_over_and_finished_and_the_desk_sees_each_step(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    page = inbox.tab.page
    await desk.register(DAKKAPEL, inhoud=VRAAG)
    await expect(desk.card).to_contain_text("De taak wacht op een collega van Afdeling vergunningen.")
    await expect(desk.card.get_by_role("timer")).to_have_text(re.compile(r"^\d+ s$"))

    row = inbox.row(DAKKAPEL)
    await expect(row).to_contain_text("Overname gesprek met klant")
    await expect(row).to_contain_text("Klant aan de lijn")
    await expect(row).to_contain_text("Nieuw")
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text(f"Overname gesprek met klant: {DAKKAPEL}")
    await inbox.expect_counters(1, 1, 1)

    await inbox.open(DAKKAPEL)
    await expect(inbox.opened).to_contain_text(VRAAG)
    await inbox.deed_button("Neem gesprek over").click()
    taken = re.compile(rf"{VERGUNNINGEN.naam} heeft het gesprek overgenomen om {TIME}, na .* u kunt doorverbinden")
    await expect(desk.card).to_contain_text(taken)
    await expect(desk.doorverbindingen.first).to_contain_text(f"overgenomen door {VERGUNNINGEN.naam}")
    await inbox.expect_counters(1, 0, 1)

    await inbox.finish("Vergunningvrij tot 4 meter.")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await inbox.expect_counters(0, 0, 0)
    await expect(desk.card).to_contain_text(re.compile(rf"{VERGUNNINGEN.naam} heeft de taak om {TIME} afgerond"))
    facts = ["registreerde de taak voor Afdeling vergunningen", "nam de taak", "rondde de taak af"]
    await expect(inbox.logbook).to_contain_text(facts)
    await expect(desk.card.get_by_role("list", name="Logboek").get_by_role("listitem")).to_contain_text(facts)


async def test_a_citizen_on_the_line_is_above_those_who_wait_for_a_call_back(demo: Stage) -> None:
    desk = await open_desk(demo)
    for onderwerp in ("Eerste terugbelverzoek", "Tweede terugbelverzoek"):
        await desk.fill_form(onderwerp)
        await desk.form.get_by_label("Gevraagde handeling").select_option("Terugbellen")
        await desk.submit()
        await expect(desk.card).to_contain_text(onderwerp)
    inbox = await open_inbox(demo)
    await desk.register(DAKKAPEL)
    await expect(inbox.rows).to_contain_text([DAKKAPEL, "Eerste terugbelverzoek", "Tweede terugbelverzoek"])


async def test_other_afdelingen_do_not_see_it(demo: Stage) -> None:
    desk = await open_desk(demo)
    elsewhere = await open_inbox(demo, BURGERZAKEN)
    inbox = await open_inbox(demo)
    await desk.register(DAKKAPEL)
    await desk.register("Paspoort verlopen", afdeling="burger")
    await expect(inbox.row(DAKKAPEL)).to_be_visible()
    await expect(elsewhere.row("Paspoort verlopen")).to_be_visible()
    await expect(elsewhere.rows).to_have_count(1)
    await expect(inbox.rows).to_have_count(1)


async def test_the_task_of_a_caller_who_hangs_up_is_withdrawn_by_a_shortcut_and_a_confirmation(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    await desk.register(DAKKAPEL)
    await expect(inbox.row(DAKKAPEL)).to_be_visible()
    await desk.tab.page.keyboard.press("Alt+i")
    await desk.tab.page.keyboard.press("Enter")
    await expect(desk.card).to_contain_text("ingetrokken")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await inbox.expect_counters(0, 0, 0)


async def test_a_toelichting_appears_at_once_in_the_open_task(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    await desk.register(DAKKAPEL)
    await inbox.open(DAKKAPEL)
    await desk.add_toelichting("Het is een monument.")
    await expect(inbox.logbook.nth(1)).to_contain_text("Het is een monument.")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("Het is een monument.")


async def test_a_task_is_forwarded_to_a_colleague_of_another_afdeling(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    elsewhere = await open_inbox(demo, BURGERZAKEN)
    await desk.register(DAKKAPEL)
    await inbox.open(DAKKAPEL)
    await inbox.perform("Stuur door", "Stuur door", "Hoort bij jullie.", afdeling="burger", collega="Bram")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await expect(elsewhere.row(DAKKAPEL)).to_contain_text("Van u")
    await elsewhere.open(DAKKAPEL)
    await expect(elsewhere.opened).to_contain_text("Hoort bij jullie.")
    await expect(desk.card).to_contain_text("Burgerzaken")


async def test_a_task_is_put_back_assigned_to_a_colleague_finished_and_reopened(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    colleague = await open_inbox(demo, VERGUNNINGEN_COLLEGA)
    await desk.register(DAKKAPEL)
    await inbox.open(DAKKAPEL)
    await inbox.deed_button("Neem gesprek over").click()
    await inbox.perform("Leg terug", "Leg terug", "Ik ga met pauze.")
    await expect(inbox.row(DAKKAPEL)).to_contain_text("Van niemand")
    await expect(desk.card).to_contain_text("teruggelegd")
    await inbox.perform("Wijs toe aan collega", "Wijs toe", collega="Yasmina")
    await expect(colleague.row(DAKKAPEL)).to_contain_text("Van u")
    await expect(inbox.row(DAKKAPEL)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await colleague.open(DAKKAPEL)
    await colleague.finish("Uitgelegd.")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await inbox.tab.page.get_by_label("Status").select_option("Gedaan")
    await expect(inbox.tab.page.get_by_role("list", name=DONE)).to_contain_text(DAKKAPEL)
    await inbox.perform("Heropen", "Heropen", "Er is nog een vraag.")
    await expect(colleague.row(DAKKAPEL)).to_contain_text("Van u")
    await expect(colleague.logbook).to_have_count(6)


async def test_a_task_of_a_colleague_is_taken_over_after_a_dialog_that_names_them(demo: Stage) -> None:
    desk = await open_desk(demo)
    inbox = await open_inbox(demo)
    colleague = await open_inbox(demo, VERGUNNINGEN_COLLEGA)
    await desk.register(DAKKAPEL)
    await colleague.open(DAKKAPEL)
    await colleague.deed_button("Neem gesprek over").click()
    await expect(inbox.row(DAKKAPEL)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await inbox.open(DAKKAPEL)
    await inbox.deed_button("Overnemen van").click()
    await expect(inbox.dialog).to_contain_text(f"{VERGUNNINGEN_COLLEGA.naam} heeft deze taak sinds")
    await inbox.dialog.get_by_role("button", name="Annuleren").click()
    await expect(colleague.row(DAKKAPEL)).to_contain_text("Van u")
    await inbox.perform("Overnemen van", "Overnemen")
    await expect(colleague.row(DAKKAPEL)).to_contain_text(VERGUNNINGEN.naam)
    await expect(desk.card).to_contain_text(VERGUNNINGEN.naam)
