"""The desk withdraws the right task: of the caller who hung up, or with a reason."""

from playwright.async_api import expect

from app.demo.people import DESK
from tests.web.desk import Desk, open_desk
from tests.web.stage import Stage


async def test_after_a_new_registration_the_shortcut_withdraws_no_earlier_task(demo: Stage) -> None:
    desk = await open_desk(demo)
    dialog, keys = desk.tab.page.get_by_role("dialog"), desk.tab.page.keyboard
    await desk.register("Dakkapel")
    for next_call in ("Alt+n", "typing"):
        if next_call == "typing":
            await desk.register("Schutting")
            await desk.field("Onderwerp").fill("Nog een beller")
        else:
            await keys.press("Alt+n")
        await keys.press("Alt+i")
        await expect(desk.card).not_to_contain_text("Alt + I")
        await expect(dialog).to_have_count(0)
        await desk.field("Onderwerp").fill("")
    # Nor does it withdraw the task of an earlier caller whose card is opened during a call.
    await desk.register("Boom")
    await desk.doorverbindingen.filter(has_text="Dakkapel").get_by_role("button").click()
    await expect(desk.card).to_contain_text("Dakkapel")
    await keys.press("Alt+i")
    await expect(dialog).to_have_count(0)
    await desk.doorverbindingen.filter(has_text="Boom").get_by_role("button").click()
    await keys.press("Alt+i")
    await expect(dialog).to_contain_text("Boom")
    await keys.press("Escape")
    await expect_waiting(desk, "Dakkapel", "Schutting", "Boom")


async def expect_waiting(desk: Desk, *onderwerpen: str) -> None:
    for onderwerp in onderwerpen:
        await expect(desk.doorverbindingen.filter(has_text=onderwerp)).to_contain_text("wacht sinds")


async def test_a_withdrawal_shows_the_task_and_has_to_be_confirmed(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.register("Dakkapel")
    dialog, keys = desk.tab.page.get_by_role("dialog"), desk.tab.page.keyboard
    nummer = await desk.card.get_by_test_id("nummer").inner_text()
    await keys.press("Alt+i")
    await expect(dialog).to_contain_text("Dakkapel")
    await expect(dialog.get_by_test_id("nummer")).to_have_text(nummer)
    await keys.press("Escape")
    await expect_waiting(desk, "Dakkapel")
    await desk.card.get_by_role("button", name="Klant heeft opgehangen").click()
    await keys.press("Enter")
    await expect(desk.card).to_contain_text("Ingetrokken")
    await expect(desk.card.get_by_role("list", name="Logboek")).to_contain_text("De klant heeft opgehangen.")


async def test_without_a_citizen_on_the_line_a_reason_is_required_and_is_in_the_logboek(demo: Stage) -> None:
    desk = await open_desk(demo)
    await desk.fill_form("Dakkapel")
    await desk.form.get_by_label("Gevraagde handeling").select_option("Terugbellen")
    await desk.submit()
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
