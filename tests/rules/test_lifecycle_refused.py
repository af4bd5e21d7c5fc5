"""What the life of a task does not allow, and what stays the same through all of it."""

import pytest

from app.domain.values.moments import now
from app.settings import Settings
from tests.support.arrange import new_taak, registreer, stored, taak
from tests.support.each import each
from tests.support.inputs import NOTE
from tests.support.people import BURGERZAKEN, DESK
from tests.support.people import VERGUNNINGEN as VERA
from tests.support.people import VERGUNNINGEN_COLLEGA as VICTOR
from tests.support.server import Server
from tests.support.steps import (
    HEROPEN,
    TREK_IN,
    VOEG_TOE,
    Step,
    do,
    gedaan,
    leg_terug,
    neem,
    stuur_door,
    wijs_toe,
)

DO = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { ...Taak } }
    ... on OvergangGeweigerd { bericht interneTaak { ...Taak } }
  }
}
fragment Taak on InterneTaak {
  versie status toelichting gedaanOp gedaanDoor { id } medewerker { id } organisatorischeEenheid { id }
  geregistreerdOp ontstaanUitKlantcontact { id }
  logboek { versie volgnummer soort organisatorischeEenheid { identificatie } }
}
"""

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    langstWachtendSinds interneTaken { edges { node { id } } }
  }
}
"""

REFUSED = {
    "nobody's": ([], [leg_terug(), HEROPEN, stuur_door("VER")]),
    "his": ([neem(VERA)], [wijs_toe(VERA), HEROPEN, TREK_IN, stuur_door("VER", medewerkerId=VICTOR.subject)]),
    "a colleague's": ([neem(VICTOR)], [neem(VERA), wijs_toe(VICTOR), HEROPEN, TREK_IN, stuur_door("VER")]),
    "finished": (
        [gedaan(VICTOR)],
        [neem(VERA), wijs_toe(VERA), leg_terug(), gedaan(VERA), stuur_door("BUR"), stuur_door("VER"), TREK_IN],
    ),
    "withdrawn": (
        [TREK_IN],
        [neem(VERA), wijs_toe(VERA), leg_terug(), gedaan(VERA), stuur_door("BUR"), TREK_IN],
    ),
}


@pytest.mark.parametrize(("before", "steps"), REFUSED.values(), ids=REFUSED)
async def test_what_the_table_does_not_allow_is_refused_with_the_task_as_it_stands(
    server: Server, settings: Settings, before: list[Step], steps: list[Step]
) -> None:
    made = await new_taak(server.as_(DESK), server.eenheden["VER"])
    for step in (*before, VOEG_TOE):
        stands = (await do(server, DO, made["id"], step))["interneTaak"]
    everything = stored(settings)
    for step in each(steps):
        answer = await do(server, DO, made["id"], step)
        assert (answer["__typename"], answer["interneTaak"]) == ("OvergangGeweigerd", stands), step
        assert answer["bericht"]
    assert stored(settings) == everything


async def test_taking_what_is_theirs_already_answers_with_the_task_and_leaves_no_fact(
    server: Server, settings: Settings
) -> None:
    made = await new_taak(server.as_(DESK), server.eenheden["VER"])
    given = await new_taak(server.as_(DESK), server.eenheden["VER"], medewerkerId=VERA.subject)
    first = await do(server, DO, made["id"], neem(VERA))
    before = stored(settings)
    assert await do(server, DO, made["id"], neem(VERA)) == first
    assert (await do(server, DO, given["id"], neem(VERA)))["interneTaak"]["versie"] == 1
    assert stored(settings) == before


async def test_forwarding_keeps_the_contact_the_times_and_the_place_in_the_order_of_waiting(
    server: Server,
) -> None:
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    contacts = []
    for eenheid in (ver, bur, ver, bur):
        contacts.append(await registreer(desk, taak(eenheid)))
        while now() == contacts[-1]["geregistreerdOp"]:
            pass
    waiting = [contact["interneTaken"][0]["id"] for contact in contacts]
    for place in (2, 0):
        forwarded = (await do(server, DO, waiting[place], stuur_door("BUR")))["interneTaak"]
        assert forwarded["ontstaanUitKlantcontact"] == {"id": contacts[place]["id"]}
        assert forwarded["geregistreerdOp"] == contacts[place]["geregistreerdOp"]

    inbox = (await server.as_(BURGERZAKEN).data(INBOX, eenheid=bur))["postvak"]
    assert [edge["node"]["id"] for edge in inbox["interneTaken"]["edges"]] == waiting
    assert inbox["langstWachtendSinds"] == contacts[0]["geregistreerdOp"]


async def test_the_logboek_tells_a_whole_life_and_the_senders_words_never_change(server: Server) -> None:
    made = await new_taak(server.as_(DESK), server.eenheden["VER"], toelichting="Belt vanuit de auto.")
    life = [neem(VERA), leg_terug(toelichting=NOTE), stuur_door("BUR"), neem(BURGERZAKEN)]
    life += [stuur_door("VER", BURGERZAKEN), VOEG_TOE, wijs_toe(VICTOR, toelichting=NOTE), gedaan(VERA), HEROPEN]
    life += [leg_terug(), TREK_IN]
    for step in each(life):
        stands = (await do(server, DO, made["id"], step))["interneTaak"]
        assert stands["toelichting"] == "Belt vanuit de auto."
    told = [
        (fact["versie"], fact["organisatorischeEenheid"]["identificatie"], fact["volgnummer"], fact["soort"])
        for fact in stands["logboek"]
    ]
    assert told == [
        (1, "VER", 1, "GEREGISTREERD"),
        (2, "VER", 2, "GENOMEN"),
        (3, "VER", 3, "TERUGGELEGD"),
        (4, "VER", 4, "DOORGESTUURD"),
        (5, "BUR", 1, "ONTVANGEN"),
        (6, "BUR", 2, "GENOMEN"),
        (7, "BUR", 3, "DOORGESTUURD"),
        (8, "VER", 5, "ONTVANGEN"),
        (9, "VER", 6, "TOEGELICHT"),
        (10, "VER", 7, "TOEGEWEZEN"),
        (11, "VER", 8, "GEDAAN"),
        (12, "VER", 9, "HEROPEND"),
        (13, "VER", 10, "TERUGGELEGD"),
        (14, "VER", 11, "INGETROKKEN"),
    ]
