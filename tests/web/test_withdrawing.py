"""The desk withdraws the task that it means: of the caller who hung up, or of whom it says why."""

from playwright.async_api import expect

from app.demo.people import DESK
from tests.web.desk import Desk, at_the_desk
from tests.web.stage import Stage


async def test_after_a_new_registration_the_key_withdraws_nobodys_task(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    dialog, keys = desk.tab.page.get_by_role("dialog"), desk.tab.page.keyboard
    await desk.transfers("Dakkapel")
    for next_call in ("Alt+n", "typing"):
        if next_call == "typing":
            await desk.transfers("Schutting")
            await desk.field("Onderwerp").fill("Nog een beller")
        else:
            await keys.press("Alt+n")
        await keys.press("Alt+i")
        await expect(desk.card).not_to_contain_text("Alt + I")
        await expect(dialog).to_have_count(0)
        await desk.field("Onderwerp").fill("")
    # Neither is it the task of an earlier caller that is looked up during a call.
    await desk.transfers("Boom")
    await desk.sent.filter(has_text="Dakkapel").get_by_role("button").click()
    await expect(desk.card).to_contain_text("Dakkapel")
    await keys.press("Alt+i")
    await expect(dialog).to_have_count(0)
    await desk.sent.filter(has_text="Boom").get_by_role("button").click()
    await keys.press("Alt+i")
    await expect(dialog).to_contain_text("Boom")
    await keys.press("Escape")
    await waits(desk, "Dakkapel", "Schutting", "Boom")


async def waits(desk: Desk, *onderwerpen: str) -> None:
    for onderwerp in onderwerpen:
        await expect(desk.sent.filter(has_text=onderwerp)).to_contain_text("wacht sinds")


async def test_a_withdrawal_names_the_task_and_its_caller_and_is_done_when_it_is_confirmed(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.transfers("Dakkapel")
    dialog, keys = desk.tab.page.get_by_role("dialog"), desk.tab.page.keyboard
    nummer = await desk.card.get_by_test_id("nummer").inner_text()
    await keys.press("Alt+i")
    await expect(dialog).to_contain_text("Dakkapel")
    await expect(dialog.get_by_test_id("nummer")).to_have_text(nummer)
    await keys.press("Escape")
    await waits(desk, "Dakkapel")
    await desk.card.get_by_role("button", name="Klant heeft opgehangen").click()
    await keys.press("Enter")
    await expect(desk.card).to_contain_text("Ingetrokken")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("De klant heeft opgehangen.")


async def test_where_nobody_is_on_the_line_the_reason_is_asked_and_is_what_the_logbook_tells(demo: Stage) -> None:
    desk = await at_the_desk(demo)
    await desk.types("Dakkapel")
    await desk.form.get_by_label("Gevraagde handeling").select_option("Terugbellen")
    await desk.sends()
    await expect(desk.card).to_contain_text("Dakkapel")
    dialog, keys = desk.tab.page.get_by_role("dialog"), desk.tab.page.keyboard
    await expect(desk.card).not_to_contain_text("opgehangen")
    await keys.press("Alt+i")
    await expect(dialog).to_have_count(0)
    await desk.card.get_by_role("button", name="Niet meer nodig: intrekken").click()
    await dialog.get_by_role("button", name="Intrekken").click()
    await expect(dialog).to_contain_text("Vul in waarom.")
    await keys.type("Heeft het antwoord op de site gevonden.")
    await keys.press("Escape")
    await desk.card.get_by_role("button", name="Niet meer nodig: intrekken").click()
    await keys.press("Control+Enter")
    await expect(desk.card).to_contain_text("Ingetrokken")
    logboek = desk.card.get_by_role("list", name="Logboek")
    await expect(logboek).to_contain_text("Heeft het antwoord op de site gevonden.")
    await expect(logboek).not_to_contain_text("opgehangen")
    await expect(desk.card).to_contain_text(DESK.naam)
