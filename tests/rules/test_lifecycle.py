"""The table "The life of a task", row by row: from, to, the facts, and what both inboxes count afterwards."""

from dataclasses import dataclass

import pytest

from app.domain.values.moments import now
from tests.support.arrange import new_taak
from tests.support.client import JSON
from tests.support.inputs import NOTE
from tests.support.people import BURGERZAKEN, DESK, LEZER, TOEZICHTHOUDER, Person
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
    ... on InterneTaakGewijzigd { interneTaak { ...Taak } }
    ... on Weigering { bericht }
  }
}
"""

READ = """
query ($id: ID!) { interneTaak(id: $id) { ...Taak } }
"""

TAAK = """
fragment Taak on InterneTaak {
  id nummer versie status gevraagdeHandeling klantAanDeLijn toelichting geregistreerdOp gedaanOp
  gedaanDoor { naam } medewerker { naam } organisatorischeEenheid { identificatie }
  ontstaanUitKlantcontact { id } geregistreerdDoor { naam } laatsteGebeurtenis { versie }
  logboek {
    soort versie volgnummer status toelichting tijdstip
    door { naam } medewerker { naam }
    organisatorischeEenheid { identificatie } andereOrganisatorischeEenheid { identificatie }
  }
}
"""

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) { aantalTeDoen aantalNietToegewezen aantalKlantAanDeLijn }
}
"""


@dataclass(frozen=True)
class Row:
    """A deed from the state that earlier ones led to: its facts, how the task stands then, what inboxes count,
    and whether the citizen is still on the line.
    """

    before: list[Step]
    step: Step
    facts: list[str]
    medewerker: Person | None
    ver: list[int]
    gedaan_door: Person | None = None
    bur: list[int] | None = None
    lijn: bool = True


# To be done; of those nobody's; of those with a citizen on the line.
FREE, HIS, NONE = [1, 1, 1], [1, 0, 1], [0, 0, 0]
FORWARD = ["DOORGESTUURD", "ONTVANGEN"]

ROWS = {
    "taken": Row([], neem(VERA), ["GENOMEN"], VERA, HIS),
    "given": Row([], wijs_toe(VICTOR), ["TOEGEWEZEN"], VICTOR, HIS),
    "given to a reader": Row([], wijs_toe(LEZER), ["TOEGEWEZEN"], LEZER, HIS),
    "given to another": Row([neem(VERA)], wijs_toe(VICTOR, toelichting=NOTE), ["TOEGEWEZEN"], VICTOR, HIS),
    "laid back": Row([neem(VERA)], leg_terug(), ["TERUGGELEGD"], None, FREE),
    "laid back, a colleague's": Row([neem(VICTOR)], leg_terug(toelichting=NOTE), ["TERUGGELEGD"], None, FREE),
    "finished": Row([neem(VERA)], gedaan(VERA), ["GEDAAN"], VERA, NONE, VERA),
    "finished, nobody's": Row([], gedaan(VERA, toelichting=NOTE), ["GEDAAN"], VERA, NONE, VERA),
    "finished, a colleague's": Row([neem(VICTOR)], gedaan(VERA), ["GEDAAN"], VICTOR, NONE, VERA),
    "opened again": Row([neem(VICTOR), gedaan(VERA)], HEROPEN, ["HEROPEND"], VICTOR, [1, 0, 0], lijn=False),
    "opened again after it was withdrawn": Row([TREK_IN], HEROPEN, ["HEROPEND"], None, [1, 1, 0], lijn=False),
    "withdrawn": Row([], TREK_IN, ["INGETROKKEN"], None, NONE, DESK),
    "annotated": Row([], VOEG_TOE, ["TOEGELICHT"], None, FREE),
    "annotated, a colleague's": Row([neem(VERA)], VOEG_TOE, ["TOEGELICHT"], VERA, HIS),
    "annotated, finished": Row([gedaan(VERA)], VOEG_TOE, ["TOEGELICHT"], VERA, NONE, VERA),
    "sent on": Row([], stuur_door("BUR"), FORWARD, None, NONE, bur=FREE),
    "sent on, a colleague's": Row([neem(VICTOR)], stuur_door("BUR"), FORWARD, None, NONE, bur=FREE),
    "sent on to somebody": Row(
        [neem(VERA)],
        stuur_door("BUR", medewerkerId=BURGERZAKEN.subject),
        FORWARD,
        BURGERZAKEN,
        NONE,
        bur=HIS,
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_a_deed_leaves_task_facts_and_inboxes_as_the_table_says(server: Server, row: Row) -> None:
    everything = server.as_(TOEZICHTHOUDER)
    made = await new_taak(server.as_(DESK), server.eenheden["VER"], klantAanDeLijn=True, toelichting="Autorit.")
    before = [await do(server, DO + TAAK, made["id"], step) for step in row.before]
    assert [answer for answer in before if "interneTaak" not in answer] == []
    voor = (await everything.data(READ + TAAK, id=made["id"]))["interneTaak"]
    begin = now()
    na = (await do(server, DO + TAAK, made["id"], row.step))["interneTaak"]

    told = [fact["soort"] for fact in voor["logboek"]]
    finished = [fact for fact in na["logboek"] if fact["soort"] in ("GEDAAN", "INGETROKKEN")]
    assert na == voor | {
        "versie": len(told) + len(row.facts),
        "status": "GEDAAN" if row.gedaan_door else "TE_DOEN",
        "gedaanOp": finished[-1]["tijdstip"] if row.gedaan_door else None,
        "gedaanDoor": naam(row.gedaan_door),
        "medewerker": naam(row.medewerker),
        "klantAanDeLijn": row.lijn,
        "organisatorischeEenheid": {"identificatie": "BUR" if row.bur else "VER"},
        "laatsteGebeurtenis": {"versie": na["versie"]},
        "logboek": voor["logboek"]
        + [fact(row, na, soort, len(told) + place) for place, soort in enumerate(row.facts, 1)],
    }
    assert begin <= na["logboek"][-1]["tijdstip"] <= now()
    assert na == (await everything.data(READ + TAAK, id=made["id"]))["interneTaak"]
    inboxes = {key: await everything.data(INBOX, eenheid=server.eenheden[key]) for key in ("VER", "BUR")}
    assert {key: list(inbox["postvak"].values()) for key, inbox in inboxes.items()} == {
        "VER": row.ver,
        "BUR": row.bur or NONE,
    }


def fact(row: Row, na: JSON, soort: str, versie: int) -> JSON:
    """A fact as it must be told of the task as it stands; the task was in VER from the beginning."""
    here, there = ("BUR", "VER") if soort == "ONTVANGEN" else ("VER", "BUR")
    return {
        "soort": soort,
        "versie": versie,
        "volgnummer": 1 if soort == "ONTVANGEN" else versie,
        "status": na["status"],
        "toelichting": row.step.input.get("toelichting"),
        "tijdstip": na["logboek"][-1]["tijdstip"],
        "door": naam(row.step.door),
        "medewerker": None if soort == "DOORGESTUURD" else naam(row.medewerker),
        "organisatorischeEenheid": {"identificatie": here},
        "andereOrganisatorischeEenheid": {"identificatie": there} if soort in FORWARD else None,
    }


def naam(person: Person | None) -> JSON:
    return person and {"naam": person.naam}
