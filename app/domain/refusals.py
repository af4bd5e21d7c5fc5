"""Refusals by the business rules. Each is an exception, so that its transaction is rolled back.

`bericht` is Dutch, for the end user; it never contains what the user typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.model import Betrokkene, InterneTaak


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
    """One error in an input: the path from the input's root, a code and a message. `maximum` is set for TE_LANG."""

    pad: tuple[str, ...]
    code: Invoerfout
    bericht: str
    maximum: int | None = None


class Weigering(Exception):
    """A business rule refuses the request; the base of all refusals."""

    bericht: str

    def __init__(self, bericht: str) -> None:
        super().__init__(bericht)
        self.bericht = bericht


class OngeldigeInvoer(Weigering):
    """The input is invalid; has every error, not only the first."""

    def __init__(self, velden: Sequence[OngeldigVeld]) -> None:
        super().__init__("De invoer klopt niet: " + " ".join(dict.fromkeys(veld.bericht for veld in velden)))
        self.velden = tuple(velden)


class NietGevonden(Weigering):
    """The object does not exist, or this employee may not see it."""

    def __init__(self, gezocht_id: str) -> None:
        super().__init__("Niet gevonden, of niet voor u te zien.")
        self.gezocht_id = gezocht_id


class BevoegdheidReden(StrEnum):
    """Why an employee may not do something."""

    ROL = "ROL"
    ANDERE_AFDELING = "ANDERE_AFDELING"


class NietBevoegd(Weigering):
    """The employee may see the object, but not do this with it."""

    def __init__(self, bericht: str, reden: BevoegdheidReden) -> None:
        super().__init__(bericht)
        self.reden = reden


class IdAlInGebruik(Weigering):
    """The chosen id belongs to something else: another registration, or another kind of object."""

    def __init__(self, gekozen_id: str) -> None:
        super().__init__("Dit id is al in gebruik voor iets anders. Kies een nieuw id.")
        self.gekozen_id = gekozen_id


class VersieVerouderd(Weigering):
    """Somebody else changed the task first; has the task as it is now."""

    def __init__(self, taak: InterneTaak) -> None:
        super().__init__("De taak is intussen gewijzigd. Bekijk hoe zij er nu voor staat.")
        self.taak = taak


class BetrokkeneVersieVerouderd(Weigering):
    """A betrokkene stands already, or somebody else corrected them first; has the betrokkene as they are now."""

    def __init__(self, betrokkene: Betrokkene) -> None:
        super().__init__("De contactgegevens zijn intussen vastgelegd of gewijzigd. Bekijk ze eerst.")
        self.betrokkene = betrokkene


class OvergangReden(StrEnum):
    """Why a task's state does not allow a deed."""

    AL_GEDAAN = "AL_GEDAAN"
    NIET_GEDAAN = "NIET_GEDAAN"
    VAN_COLLEGA = "VAN_COLLEGA"
    VAN_NIEMAND = "VAN_NIEMAND"
    AL_VAN_MEDEWERKER = "AL_VAN_MEDEWERKER"
    AL_BIJ_AFDELING = "AL_BIJ_AFDELING"
    AL_TERUGBELLEN = "AL_TERUGBELLEN"
    KLANT_AAN_DE_LIJN = "KLANT_AAN_DE_LIJN"
    NU_NIET_TE_WIJZIGEN = "NU_NIET_TE_WIJZIGEN"


class OvergangGeweigerd(Weigering):
    """The task's state does not allow this deed; has the task as it is now."""

    def __init__(self, bericht: str, reden: OvergangReden, taak: InterneTaak) -> None:
        super().__init__(bericht)
        self.reden = reden
        self.taak = taak
