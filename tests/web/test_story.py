"""The story: a citizen on the line at the desk, a department that takes the call over."""

import re

from playwright.async_api import expect

from app.demo.people import BURGERZAKEN, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.web.desk import at_the_desk
from tests.web.inbox import DONE, at_the_inbox
from tests.web.stage import Stage

DAKKAPEL = "Voorwaarden dakkapel achterzijde"
VRAAG = "Mag een dakkapel aan de achterkant zonder vergunning?"
TIME = r"\d\d:\d\d:\d\d"


async def test_the_call_is_announced_taken_over_and_finished_and_the_desk_sees_it_all(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    page = inbox.tab.page
    await desk.transfers(DAKKAPEL, inhoud=VRAAG)
    await expect(desk.card).to_contain_text("De taak wacht op een collega van Afdeling vergunningen.")
    await expect(desk.card.get_by_role("timer")).to_have_text(re.compile(r"^\d+ s$"))

    row = inbox.row(DAKKAPEL)
    await expect(row).to_contain_text("Overname gesprek met klant")
    await expect(row).to_contain_text("Klant aan de lijn")
    await expect(row).to_contain_text("Nieuw")
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    await expect(page.get_by_test_id("aangekondigd")).to_contain_text(f"Overname gesprek met klant: {DAKKAPEL}")
    await inbox.counts(1, 1, 1)

    await inbox.opens(DAKKAPEL)
    await expect(inbox.opened).to_contain_text(VRAAG)
    await inbox.can("Neem gesprek over").click()
    taken = re.compile(rf"{VERGUNNINGEN.naam} heeft het gesprek overgenomen om {TIME}, na .* u kunt doorverbinden")
    await expect(desk.card).to_contain_text(taken)
    await expect(desk.sent.first).to_contain_text(f"overgenomen door {VERGUNNINGEN.naam}")
    await inbox.counts(1, 0, 1)

    await inbox.does("Gedaan", "Gedaan")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await inbox.counts(0, 0, 0)
    await expect(desk.card).to_contain_text(re.compile(rf"{VERGUNNINGEN.naam} heeft de taak om {TIME} afgerond"))
    facts = ["registreerde de taak voor Afdeling vergunningen", "nam de taak", "rondde de taak af"]
    await expect(inbox.logbook).to_contain_text(facts)
    await expect(desk.card.get_by_role("list", name="Logboek").get_by_role("listitem")).to_contain_text(facts)


async def test_a_citizen_on_the_line_stands_above_those_who_wait_for_a_call_back(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    for onderwerp in ("Eerste terugbelverzoek", "Tweede terugbelverzoek"):
        await desk.types(onderwerp)
        await desk.form.get_by_label("Gevraagde handeling").select_option("Terugbellen")
        await desk.sends()
        await expect(desk.card).to_contain_text(onderwerp)
    inbox = await at_the_inbox(demo)
    await desk.transfers(DAKKAPEL)
    await expect(inbox.rows).to_contain_text([DAKKAPEL, "Eerste terugbelverzoek", "Tweede terugbelverzoek"])


async def test_nobody_else_hears_of_it(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    elsewhere = await at_the_inbox(demo, BURGERZAKEN)
    inbox = await at_the_inbox(demo)
    await desk.transfers(DAKKAPEL)
    await desk.transfers("Paspoort verlopen", afdeling="burger")
    await expect(inbox.row(DAKKAPEL)).to_be_visible()
    await expect(elsewhere.row("Paspoort verlopen")).to_be_visible()
    await expect(elsewhere.rows).to_have_count(1)
    await expect(inbox.rows).to_have_count(1)


async def test_a_caller_who_hangs_up_is_withdrawn_by_a_key_and_a_yes(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    await desk.transfers(DAKKAPEL)
    await expect(inbox.row(DAKKAPEL)).to_be_visible()
    await desk.tab.page.keyboard.press("Alt+i")
    await desk.tab.page.keyboard.press("Enter")
    await expect(desk.card).to_contain_text("ingetrokken")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await inbox.counts(0, 0, 0)


async def test_what_the_citizen_adds_stands_at_once_in_the_task_that_is_open(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    await desk.transfers(DAKKAPEL)
    await inbox.opens(DAKKAPEL)
    await desk.notes("Het is een monument.")
    await expect(inbox.logbook.nth(1)).to_contain_text("Het is een monument.")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("Het is een monument.")


async def test_it_is_forwarded_to_another_department_for_a_colleague_there(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    elsewhere = await at_the_inbox(demo, BURGERZAKEN)
    await desk.transfers(DAKKAPEL)
    await inbox.opens(DAKKAPEL)
    await inbox.does("Stuur door", "Stuur door", "Hoort bij jullie.", afdeling="burger", collega="Bram")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await expect(elsewhere.row(DAKKAPEL)).to_contain_text("Van u")
    await elsewhere.opens(DAKKAPEL)
    await expect(elsewhere.opened).to_contain_text("Hoort bij jullie.")
    await expect(desk.card).to_contain_text("Burgerzaken")


async def test_it_is_laid_back_given_to_a_colleague_finished_and_opened_again(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    colleague = await at_the_inbox(demo, VERGUNNINGEN_COLLEGA)
    await desk.transfers(DAKKAPEL)
    await inbox.opens(DAKKAPEL)
    await inbox.can("Neem gesprek over").click()
    await inbox.does("Leg terug", "Leg terug", "Ik ga met pauze.")
    await expect(inbox.row(DAKKAPEL)).to_contain_text("Van niemand")
    await expect(desk.card).to_contain_text("teruggelegd")
    await inbox.does("Wijs toe aan collega", "Wijs toe", collega="Yasmina")
    await expect(colleague.row(DAKKAPEL)).to_contain_text("Van u")
    await expect(inbox.row(DAKKAPEL)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await colleague.opens(DAKKAPEL)
    await colleague.does("Gedaan", "Gedaan", "Uitgelegd.")
    await expect(inbox.row(DAKKAPEL)).to_have_count(0)
    await inbox.tab.page.get_by_label("Status").select_option("Gedaan")
    await expect(inbox.tab.page.get_by_role("list", name=DONE)).to_contain_text(DAKKAPEL)
    await inbox.does("Heropen", "Heropen", "Er is nog een vraag.")
    await expect(colleague.row(DAKKAPEL)).to_contain_text("Van u")
    await expect(colleague.logbook).to_have_count(6)


async def test_a_task_of_a_colleague_is_taken_over_after_a_question_that_names_him(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    inbox = await at_the_inbox(demo)
    colleague = await at_the_inbox(demo, VERGUNNINGEN_COLLEGA)
    await desk.transfers(DAKKAPEL)
    await colleague.opens(DAKKAPEL)
    await colleague.can("Neem gesprek over").click()
    await expect(inbox.row(DAKKAPEL)).to_contain_text(VERGUNNINGEN_COLLEGA.naam)
    await inbox.opens(DAKKAPEL)
    await inbox.can("Overnemen van").click()
    await expect(inbox.dialog).to_contain_text(f"{VERGUNNINGEN_COLLEGA.naam} heeft deze taak sinds")
    await inbox.dialog.get_by_role("button", name="Annuleren").click()
    await expect(colleague.row(DAKKAPEL)).to_contain_text("Van u")
    await inbox.does("Overnemen van", "Overnemen")
    await expect(colleague.row(DAKKAPEL)).to_contain_text(VERGUNNINGEN.naam)
    await expect(desk.card).to_contain_text(VERGUNNINGEN.naam)
