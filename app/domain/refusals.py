"""The answers no. Each is an exception, so that the transaction it ends leaves nothing behind.

`bericht` is Dutch, for the end user; it never holds what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.model import InterneTaak


class Invoerfout(StrEnum):
    """What is wrong with a field of an input."""

    VERPLICHT = "VERPLICHT"
    TE_LANG = "TE_LANG"
    ONGELDIG_TEKEN = "ONGELDIG_TEKEN"
    ONGELDIGE_WAARDE = "ONGELDIGE_WAARDE"
    ONBEKEND = "ONBEKEND"
    INACTIEF = "INACTIEF"
    ANDERE_EENHEID = "ANDERE_EENHEID"
    DUBBEL = "DUBBEL"


@dataclass(frozen=True, slots=True)
class OngeldigVeld:
    """One breach: where (from the input on), what, and in words. `maximum` is set with TE_LANG."""

    pad: tuple[str, ...]
    code: Invoerfout
    bericht: str
    maximum: int | None = None


class Weigering(Exception):
    """The business says no."""

    bericht: str

    def __init__(self, bericht: str) -> None:
        super().__init__(bericht)
        self.bericht = bericht


class OngeldigeInvoer(Weigering):
    """Something in the input is wrong; every breach at once."""

    def __init__(self, velden: Sequence[OngeldigVeld]) -> None:
        super().__init__("De invoer klopt niet: " + " ".join(dict.fromkeys(veld.bericht for veld in velden)))
        self.velden = tuple(velden)


class NietGevonden(Weigering):
    """The object to work on is not there for this employee."""

    def __init__(self, gezocht_id: str) -> None:
        super().__init__("Niet gevonden, of niet voor u te zien.")
        self.gezocht_id = gezocht_id


class NietBevoegd(Weigering):
    """He may see it, but not do this."""


class IdAlInGebruik(Weigering):
    """The chosen id belongs to something else: another registration, or another kind of object."""

    def __init__(self, gekozen_id: str) -> None:
        super().__init__("Dit id is al in gebruik voor iets anders. Kies een nieuw id.")
        self.gekozen_id = gekozen_id


class VersieVerouderd(Weigering):
    """Somebody was first; the task as it stands comes with it."""

    def __init__(self, taak: InterneTaak) -> None:
        super().__init__("De taak is intussen gewijzigd. Bekijk hoe zij er nu voor staat.")
        self.taak = taak


class OvergangGeweigerd(Weigering):
    """The task's life does not allow this deed now; the task as it stands comes with it."""

    def __init__(self, bericht: str, taak: InterneTaak) -> None:
        super().__init__(bericht)
        self.taak = taak
