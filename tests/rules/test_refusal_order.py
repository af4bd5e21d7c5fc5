"""Which no, in which order: whatever is wrong with a change at once, the first in the order is the answer."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from app.settings import Settings
from tests.support.arrange import ask, done, registreer, stored, taak
from tests.support.client import JSON
from tests.support.each import each
from tests.support.inputs import UNKNOWN, Input, right_inputs
from tests.support.people import BURGERZAKEN, DESK, LEZER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

ASK = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on Weigering {
      ... on OngeldigeInvoer { velden { pad code } }
      ... on NietGevonden { gezochtId }
      ... on VersieVerouderd { interneTaak { ...Taak } }
      ... on OvergangGeweigerd { interneTaak { ...Taak } }
    }
  }
}
fragment Taak on InterneTaak { id versie status medewerker { id } }
"""

ORDER = ["form", "not there", "stale", "not his to do", "not now", "named"]
"""What can be wrong, in the order in which it is told."""

ALWAYS = ["not there", "not his to do", "not now"]
WITH_NOTE_AND_VERSIE = ["form", "stale", *ALWAYS]

CAN_BE_WRONG = {
    "neemInterneTaak": ALWAYS,
    "wijsInterneTaakToe": [*WITH_NOTE_AND_VERSIE, "named"],
    "legInterneTaakTerug": WITH_NOTE_AND_VERSIE,
    "wijzigInterneTaakStatus": WITH_NOTE_AND_VERSIE,
    "stuurInterneTaakDoor": [*WITH_NOTE_AND_VERSIE, "named"],
    "trekInterneTaakIn": WITH_NOTE_AND_VERSIE,
    "voegToelichtingToe": ["form", "not there", "not his to do"],
}
HIS_TO_DO = {"trekInterneTaakIn": DESK, "voegToelichtingToe": DESK}
NOT_HIS_TO_DO = {"trekInterneTaakIn": VERGUNNINGEN, "voegToelichtingToe": LEZER}
NAMED = {"wijsInterneTaakToe": "medewerkerId", "stuurInterneTaakDoor": "organisatorischeEenheidId"}


def combined(faults: list[str]) -> Iterator[list[str]]:
    """Every way to be wrong, each in the order in which it is told."""
    in_order = sorted(faults, key=ORDER.index)
    for count in range(1, len(faults) + 1):
        for some in combinations(in_order, count):
            yield list(some)


def expected(fault: str, mutation: str, stands: JSON) -> JSON:
    """The answer to what is wrong first."""
    return {
        "form": {
            "__typename": "OngeldigeInvoer",
            "velden": [{"pad": ["toelichting"], "code": "ONGELDIG_TEKEN"}],
        },
        "not there": {"__typename": "NietGevonden", "gezochtId": stands["id"]},
        "stale": {"__typename": "VersieVerouderd", "interneTaak": stands},
        "not his to do": {"__typename": "NietBevoegd"},
        "not now": {"__typename": "OvergangGeweigerd", "interneTaak": stands},
        "named": {
            "__typename": "OngeldigeInvoer",
            "velden": [{"pad": [NAMED.get(mutation)], "code": "ONBEKEND"}],
        },
    }[fault]


@pytest.mark.parametrize("mutation", CAN_BE_WRONG)
async def test_whatever_is_wrong_at_once_the_first_in_the_order_is_the_answer(
    server: Server, settings: Settings, mutation: str
) -> None:
    contact = await registreer(server.as_(DESK), *[taak(server.eenheden["VER"])] * 2)
    open_id, finished_id = (task["id"] for task in contact["interneTaken"])
    colleague = server.as_(VERGUNNINGEN_COLLEGA)
    finished = await done(colleague, "wijzigInterneTaakStatus", id=finished_id, versie=1, status="GEDAAN")
    fresh = {"id": open_id, "versie": 1, "status": "TE_DOEN", "medewerker": None}
    if mutation == "legInterneTaakTerug":
        fresh = await done(colleague, "neemInterneTaak", id=open_id)

    before = stored(settings)
    for faults in each(combined(CAN_BE_WRONG[mutation])):
        stands = finished if "not now" in faults else fresh
        input: Input = right_inputs(server.eenheden, contact["id"], stands)[mutation]
        if mutation == "stuurInterneTaakDoor":
            input["medewerkerId"] = None
        person = HIS_TO_DO.get(mutation, VERGUNNINGEN)
        if "form" in faults:
            input["toelichting"] = "\x07"
        if "stale" in faults:
            input["versie"] += 1
        if "not his to do" in faults:
            person = NOT_HIS_TO_DO.get(mutation, DESK)
        if "not there" in faults:
            person = BURGERZAKEN
        if "named" in faults:
            input[NAMED[mutation]] = UNKNOWN
        assert await ask(server.as_(person), ASK, mutation, **input) == expected(faults[0], mutation, stands), (
            faults
        )
    assert stored(settings) == before
