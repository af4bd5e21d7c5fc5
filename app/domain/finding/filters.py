"""Filters for lists of tasks and contacts. None means no condition; an object must meet all conditions that are
set.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from app.domain.model import InterneTaakStatus, Volgorde

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Zoekvraag:
    """A parsed search text."""

    woorden: tuple[tuple[str, ...], ...] = ()
    """For each word of the search text its spellings, folded. A match has, for each word, a word that starts with
    one of these spellings.
    """
    nummer: str | None = None
    """The number of a task or contact, if the search text is ten digits."""


@dataclass(frozen=True, slots=True)
class TaakFilter:
    """Conditions on tasks. …_vanaf is inclusive, …_tot exclusive."""

    nummer: str | None = None
    status: InterneTaakStatus | None = None
    klant_aan_de_lijn: bool | None = None
    toegewezen: bool | None = None
    klantcontact_id: str | None = None
    klantcontact_nummer: str | None = None
    organisatorische_eenheid_id: str | None = None
    organisatorische_eenheid_ids: Sequence[str] | None = None
    verzonden_door_eenheid_id: str | None = None
    geregistreerd_door_id: str | None = None
    medewerker_id: str | None = None
    gevraagde_handeling: str | None = None
    digitaal_adres: str | None = None
    zoek: Zoekvraag = field(default_factory=Zoekvraag)
    geregistreerd_vanaf: str | None = None
    geregistreerd_tot: str | None = None
    gedaan_vanaf: str | None = None
    gedaan_tot: str | None = None

    def in_postvak(self, eenheid_id: str) -> "TaakFilter":
        """The same filter, limited to one department's inbox."""
        return replace(self, organisatorische_eenheid_id=eenheid_id)


@dataclass(frozen=True, slots=True)
class KlantcontactFilter:
    """Conditions on contacts. …_vanaf is inclusive, …_tot exclusive."""

    nummer: str | None = None
    kanaal: str | None = None
    medewerker_id: str | None = None
    organisatorische_eenheid_id: str | None = None
    digitaal_adres: str | None = None
    zoek: Zoekvraag = field(default_factory=Zoekvraag)
    geregistreerd_vanaf: str | None = None
    geregistreerd_tot: str | None = None


Position = tuple[str | int, ...]
"""The position of an object in an ordered list: the values that the list is sorted by, the object's id last."""

TAAK_POSITIONS: dict[Volgorde, tuple[type, ...]] = {
    Volgorde.LANGST_WACHTEND_EERST: (int, str, str),
    Volgorde.NIEUWSTE_EERST: (str, str),
    Volgorde.LAATST_GEDAAN_EERST: (str, str, str),
}
"""The types of the values in a position, for each order of tasks."""

KLANTCONTACT_POSITIONS: dict[Volgorde, tuple[type, ...]] = dict.fromkeys(Volgorde, (str, str))
"""The types of the values in a position, for each order of contacts."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is requested: at most `first` objects, after position `after` or from the beginning."""

    first: int
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One page of a list: each object with its position, and whether more objects follow."""

    items: list[tuple[T, Position]]
    has_next: bool
