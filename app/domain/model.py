"""What the register keeps: immutable records, as they stand at one moment.

Every id is a UUID in hyphenated lower case. Every moment is a string in the form that the API returns
(`YYYY-MM-DDThh:mm:ss.sssZ`, UTC), so that comparing strings compares moments.

Enums grow: a program of the next version may serve beside this one, and stores values that are new. A record holds
such a value as plain text, and it is handed out; no rule takes it for one that is known.
"""

from dataclasses import dataclass
from enum import StrEnum


class InterneTaakStatus(StrEnum):
    """How far a task is; the case's own two words (C0534)."""

    TE_DOEN = "TE_DOEN"
    GEDAAN = "GEDAAN"


class Initiatiefnemer(StrEnum):
    """Who sought the contact (C0534)."""

    KLANT = "KLANT"
    GEMEENTE = "GEMEENTE"


class Rol(StrEnum):
    """What a login may do; several add up."""

    KCC = "KCC"
    BEHANDELAAR = "BEHANDELAAR"
    LEZER = "LEZER"
    TOEZICHTHOUDER = "TOEZICHTHOUDER"


class GebeurtenisSoort(StrEnum):
    """What a fact tells of a task."""

    GEREGISTREERD = "GEREGISTREERD"
    GENOMEN = "GENOMEN"
    TOEGEWEZEN = "TOEGEWEZEN"
    TERUGGELEGD = "TERUGGELEGD"
    TOEGELICHT = "TOEGELICHT"
    GEDAAN = "GEDAAN"
    HEROPEND = "HEROPEND"
    INGETROKKEN = "INGETROKKEN"
    DOORGESTUURD = "DOORGESTUURD"
    ONTVANGEN = "ONTVANGEN"


class Volgorde(StrEnum):
    """The orders in which a list can be read."""

    LANGST_WACHTEND_EERST = "LANGST_WACHTEND_EERST"
    NIEUWSTE_EERST = "NIEUWSTE_EERST"
    LAATST_GEDAAN_EERST = "LAATST_GEDAAN_EERST"


@dataclass(frozen=True, slots=True)
class OrganisatorischeEenheid:
    """A department. `identificatie` is the organisation's own key for it, unique, at most 40 code points."""

    id: str
    naam: str
    identificatie: str | None
    actief: bool


@dataclass(frozen=True, slots=True)
class Medewerker:
    """An employee as last recorded from a login. `eenheid_id` is the first of his departments."""

    id: str
    naam: str
    actief: bool
    eenheid_id: str


@dataclass(frozen=True, slots=True)
class Klantcontact:
    """One contact with a citizen, as registered; it never changes."""

    id: str
    nummer: str
    geregistreerd_op: str
    kanaal: str
    medewerker_id: str
    eenheid_id: str
    initiatiefnemer: Initiatiefnemer | str
    onderwerp: str
    inhoud: str | None


@dataclass(frozen=True, slots=True)
class InterneTaak:
    """A task for a department, as it stands. `wachtend_sinds` is its klantcontact's moment of registration."""

    id: str
    nummer: str
    geregistreerd_op: str
    geregistreerd_door_id: str
    geregistreerd_door_eenheid_id: str
    klantcontact_id: str
    wachtend_sinds: str
    klant_aan_de_lijn: bool
    gevraagde_handeling: str
    toelichting: str | None
    status: InterneTaakStatus | str
    eenheid_id: str
    medewerker_id: str | None
    gedaan_op: str | None
    gedaan_door_id: str | None
    versie: int

    @property
    def te_doen(self) -> bool:
        """Whether it still has to be done."""
        return self.status is InterneTaakStatus.TE_DOEN

    @property
    def van_niemand(self) -> bool:
        """Whether nobody has taken it."""
        return self.medewerker_id is None


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """One fact about one task in one department's inbox.

    `volgnummer` counts 1, 2, 3 … per department and `versie` 1, 2, 3 … per task, both without gaps and in
    the order of the commits. `door_id` is None where the system itself acted.
    """

    id: str
    volgnummer: int
    versie: int
    soort: GebeurtenisSoort | str
    tijdstip: str
    eenheid_id: str
    taak_id: str
    door_id: str | None
    status: InterneTaakStatus | str
    medewerker_id: str | None
    andere_eenheid_id: str | None
    toelichting: str | None


@dataclass(frozen=True, slots=True)
class Postvak:
    """A department's inbox with its counters, and the place in its stream of facts at which it was read."""

    id: str
    eenheid_id: str
    laatste_volgnummer: int
    aantal_te_doen: int
    aantal_niet_toegewezen: int
    aantal_klant_aan_de_lijn: int
    langst_wachtend_sinds: str | None


@dataclass(frozen=True, slots=True)
class Hint:
    """That a fact was committed: what other processes are told. Ids and numbers, never text."""

    eenheid_id: str
    taak_id: str
    volgnummer: int
    versie: int
