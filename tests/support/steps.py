"""Deeds as short expressions, for readable tables of states and deeds."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.arrange import ask
from tests.support.client import JSON
from tests.support.inputs import NOTE
from tests.support.people import DESK, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server

_UNGUARDED = ("neemInterneTaak", "voegToelichtingToe")
"""Mutations without a versie."""


@dataclass(frozen=True)
class Step:
    """A deed by an employee. `input` is without the task and its versie, and has departments as VER, BUR …"""

    door: Person
    mutation: str
    input: dict[str, Any] = field(default_factory=dict)


def neem(door: Person) -> Step:
    return Step(door, "neemInterneTaak")


def wijs_toe(naar: Person, **more: str) -> Step:
    return Step(VERGUNNINGEN, "wijsInterneTaakToe", {"medewerkerId": naar.subject} | more)


def leg_terug(**more: str) -> Step:
    return Step(VERGUNNINGEN, "legInterneTaakTerug", more)


def gedaan(door: Person, **more: str) -> Step:
    return Step(door, "wijzigInterneTaakStatus", {"status": "GEDAAN"} | more)


def stuur_door(naar: str, door: Person = VERGUNNINGEN, **more: str) -> Step:
    return Step(door, "stuurInterneTaakDoor", {"organisatorischeEenheidId": naar, "toelichting": NOTE} | more)


HEROPEN = Step(VERGUNNINGEN, "wijzigInterneTaakStatus", {"status": "TE_DOEN", "toelichting": NOTE})
TREK_IN = Step(DESK, "trekInterneTaakIn", {"toelichting": NOTE})
VOEG_TOE = Step(DESK, "voegToelichtingToe", {"toelichting": NOTE})


async def do(server: Server, document: str, taak_id: str, step: Step) -> JSON:
    """Do a step on a task with its current versie; the result."""
    input = {key: server.eenheden.get(value, value) for key, value in step.input.items()}
    if step.mutation not in _UNGUARDED:
        versie = "query ($id: ID!) { interneTaak(id: $id) { versie } }"
        input["versie"] = (await server.as_(TOEZICHTHOUDER).data(versie, id=taak_id))["interneTaak"]["versie"]
    return await ask(server.as_(step.door), document, step.mutation, id=taak_id, **input)
