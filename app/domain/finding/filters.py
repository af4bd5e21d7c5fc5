"""What a list of tasks or contacts can be narrowed to. None is as if left out; all given conditions hold."""

from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from app.domain.model import InterneTaakStatus, Volgorde

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Zoekvraag:
    """A search text as read: of each word the folded ways to write it, one of which begins a word of what is found;
    and the number where it is ten digits.
    """

    woorden: tuple[tuple[str, ...], ...] = ()
    nummer: str | None = None


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
    verzonden_door_eenheid_id: str | None = None
    geregistreerd_door_id: str | None = None
    medewerker_id: str | None = None
    gevraagde_handeling: str | None = None
    zoek: Zoekvraag = field(default_factory=Zoekvraag)
    geregistreerd_vanaf: str | None = None
    geregistreerd_tot: str | None = None
    gedaan_vanaf: str | None = None
    gedaan_tot: str | None = None

    def in_postvak(self, eenheid_id: str) -> "TaakFilter":
        """The same of a department's inbox."""
        return replace(self, organisatorische_eenheid_id=eenheid_id)


@dataclass(frozen=True, slots=True)
class KlantcontactFilter:
    """Conditions on contacts. …_vanaf is inclusive, …_tot exclusive."""

    nummer: str | None = None
    kanaal: str | None = None
    medewerker_id: str | None = None
    organisatorische_eenheid_id: str | None = None
    zoek: Zoekvraag = field(default_factory=Zoekvraag)
    geregistreerd_vanaf: str | None = None
    geregistreerd_tot: str | None = None


Position = tuple[str | int, ...]
"""The place of an object in an ordered list: the values it is ordered by, the last of them its id."""

TAAK_POSITIONS: dict[Volgorde, tuple[type, ...]] = {
    Volgorde.LANGST_WACHTEND_EERST: (int, str, str),
    Volgorde.NIEUWSTE_EERST: (str, str),
    Volgorde.LAATST_GEDAAN_EERST: (str, str, str),
}
KLANTCONTACT_POSITIONS: dict[Volgorde, tuple[type, ...]] = dict.fromkeys(Volgorde, (str, str))


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: at most `first` objects, after a position if one is given."""

    first: int
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One page: each object with its position, and whether more follow."""

    items: list[tuple[T, Position]]
    has_next: bool
