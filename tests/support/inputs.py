"""A valid input of every mutation, and functions to make one of its fields invalid."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.support.client import JSON
from tests.support.people import BURGERZAKEN, VERGUNNINGEN_COLLEGA

NOTE = "Graag voor vijf uur."
INHOUD = "Mag het zonder vergunning?"
UNKNOWN = "99999999-9999-4999-8999-999999999999"
"""A UUID that no object has."""

Input = dict[str, Any]
Place = tuple[str | int, ...]
"""The path to a field of an input."""

_IDS = ("id", "klantcontactId", "organisatorischeEenheidId", "medewerkerId")
_TEXTS = ("kanaal", "onderwerp", "inhoud", "gevraagdeHandeling", "toelichting")


def right_inputs(eenheden: Mapping[str, str], contact_id: str, taak: JSON) -> dict[str, Input]:
    """Inputs by the name of the mutation, with every field set, for an existing contact and a task of VER."""
    deed = {"id": taak["id"], "versie": taak["versie"], "toelichting": NOTE}
    new_taak = {
        "gevraagdeHandeling": "Terugbellen",
        "toelichting": NOTE,
        "organisatorischeEenheidId": eenheden["VER"],
        "medewerkerId": VERGUNNINGEN_COLLEGA.subject,
    }
    first, second, third = (f"{digit}0000000-0000-4000-8000-00000000000a" for digit in "123")
    return {
        "registreerKlantcontact": {
            "id": first,
            "kanaal": "Balie",
            "onderwerp": "Dakkapel",
            "inhoud": INHOUD,
            "interneTaken": [new_taak | {"id": second}],
        },
        "registreerInterneTaak": new_taak | {"id": third, "klantcontactId": contact_id},
        "neemInterneTaak": {"id": taak["id"]},
        "wijsInterneTaakToe": deed | {"medewerkerId": VERGUNNINGEN_COLLEGA.subject},
        "legInterneTaakTerug": deed,
        "wijzigInterneTaakStatus": deed | {"status": "GEDAAN"},
        "stuurInterneTaakDoor": deed
        | {"organisatorischeEenheidId": eenheden["BUR"], "medewerkerId": BURGERZAKEN.subject},
        "trekInterneTaakIn": deed,
        "voegToelichtingToe": {"id": taak["id"], "toelichting": NOTE},
    }


def id_places(input: Any) -> list[Place]:
    """The paths of the fields of an input that have an id."""
    return [place for place in _leaves(input) if place[-1] in _IDS]


def text_places(input: Any) -> list[Place]:
    """The paths of the fields of an input that have a text."""
    return [place for place in _leaves(input) if place[-1] in _TEXTS]


def pad(place: Place) -> list[str]:
    """A path in the form of answers (OngeldigVeld.pad)."""
    return [str(step) for step in place]


def at(input: Any, place: Place) -> Any:
    """The value of an input at a path."""
    for step in place:
        input = input[step]
    return input


def changed(input: Input, place: Place, value: Any) -> Input:
    """A copy of the input with another value at one path."""
    copy = deepcopy(input)
    at(copy, place[:-1])[place[-1]] = value
    return copy


def _leaves(input: Any) -> Iterator[Place]:
    """The paths to all values that are not a list or an object."""
    if not isinstance(input, dict | list):
        yield ()
        return
    for step, value in input.items() if isinstance(input, dict) else enumerate(input):
        for rest in _leaves(value):
            yield (step, *rest)
