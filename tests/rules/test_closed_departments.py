"""A closed department receives nothing new; what stands in its inbox goes on."""

from app.settings import Settings
from tests.support.arrange import command_line, deed, done, new_taak
from tests.support.people import DESK
from tests.support.server import Server
from tests.support.tokens import newcomer, signed

TASK = """
query ($id: ID!) {
  interneTaak(id: $id) { versie status medewerker { id } logboek { soort volgnummer } }
}
"""


async def closed(settings: Settings, naam: str) -> None:
    async with command_line(settings) as (eenheden, _):
        await eenheden.set_actief(naam, actief=False)


async def test_the_sender_may_still_annotate_and_withdraw_what_they_sent_there(
    server: Server, settings: Settings
) -> None:
    desk = server.as_(DESK)
    task = (await new_taak(desk, server.eenheden["SOC"]))["id"]
    await closed(settings, "SOC")
    await done(desk, "voegToelichtingToe", id=task, toelichting="De klant belt niet terug.")
    withdrawn = await done(desk, "trekInterneTaakIn", id=task, versie=1, toelichting="Opgehangen.")
    assert withdrawn["status"] == "GEDAAN"
    logboek = (await desk.data(TASK, id=task))["interneTaak"]["logboek"]
    assert [(fact["soort"], fact["volgnummer"]) for fact in logboek] == [
        ("GEREGISTREERD", 1),
        ("TOEGELICHT", 2),
        ("INGETROKKEN", 3),
    ]


async def test_the_tasks_there_of_who_leaves_are_laid_back(server: Server, settings: Settings) -> None:
    who = newcomer("VER", "SOC")
    task = (await new_taak(server.as_(DESK), server.eenheden["SOC"]))["id"]
    await done(server.with_token(signed(who)), "neemInterneTaak", id=task)
    await closed(settings, "SOC")
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.move(who.subject, ["VER"])
    stands = (await server.as_(DESK).data(TASK, id=task))["interneTaak"]
    assert (stands["versie"], stands["medewerker"]) == (3, None)


async def test_nothing_is_sent_there_and_nothing_handled_by_its_own(server: Server, settings: Settings) -> None:
    who, desk = newcomer("SOC"), server.as_(DESK)
    there, elsewhere = [await new_taak(desk, server.eenheden[key]) for key in ("SOC", "KCC")]
    await server.with_token(signed(who)).data("{ ik { rollen } }")
    await closed(settings, "SOC")
    to = {"organisatorischeEenheidId": server.eenheden["SOC"], "toelichting": "Voor jullie."}
    refused = await deed(desk, "stuurInterneTaakDoor", id=elsewhere["id"], versie=1, **to)
    assert refused["velden"] == [{"pad": ["organisatorischeEenheidId"], "code": "INACTIEF"}]
    assert (await server.with_token(signed(who)).post("{ ik { rollen } }")).status_code == 401
    assert (await desk.data(TASK, id=there["id"]))["interneTaak"]["versie"] == 1
