"""The records of the register: immutable, each with its values at one moment.

Every id is a UUID in hyphenated lower case. Every moment is a string in the form that the API returns
(`YYYY-MM-DDThh:mm:ss.sssZ`, UTC), so that comparing strings compares moments.

Enums may get new values: the next version of this program can run beside this one and store values that are unknown
here. A record then has the value as plain text (`… | str`). It is returned to clients, and no rule treats it as one
of the known values.
"""

from dataclasses import dataclass
from enum import StrEnum


class InterneTaakStatus(StrEnum):
    """The status of a task, in the two words of case C0534."""

    TE_DOEN = "TE_DOEN"
    GEDAAN = "GEDAAN"


class Initiatiefnemer(StrEnum):
    """Who started the contact (C0534)."""

    KLANT = "KLANT"
    GEMEENTE = "GEMEENTE"


class Rol(StrEnum):
    """A role of an employee. With several roles an employee may do what any of them allows."""

    KCC = "KCC"
    BEHANDELAAR = "BEHANDELAAR"
    LEZER = "LEZER"
    TOEZICHTHOUDER = "TOEZICHTHOUDER"


class GebeurtenisSoort(StrEnum):
    """The kind of a fact: what happened to the task."""

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
    NIET_BEREIKT = "NIET_BEREIKT"
    TERUGBELLEN_GEVRAAGD = "TERUGBELLEN_GEVRAAGD"
    CONTACTGEGEVENS_GEWIJZIGD = "CONTACTGEGEVENS_GEWIJZIGD"


class Klantcontactrol(StrEnum):
    """As whom somebody was in contact with the municipality."""

    KLANT = "KLANT"
    VERTEGENWOORDIGER = "VERTEGENWOORDIGER"


class SoortDigitaalAdres(StrEnum):
    """The kind of an address at which somebody can be reached."""

    TELEFOONNUMMER = "TELEFOONNUMMER"
    EMAIL = "EMAIL"
    OVERIG = "OVERIG"


class Volgorde(StrEnum):
    """The orders of a list."""

    LANGST_WACHTEND_EERST = "LANGST_WACHTEND_EERST"
    NIEUWSTE_EERST = "NIEUWSTE_EERST"
    LAATST_GEDAAN_EERST = "LAATST_GEDAAN_EERST"


@dataclass(frozen=True, slots=True)
class OrganisatorischeEenheid:
    """A department. `identificatie` is the organisation's own unique key for it, at most 40 code points."""

    id: str
    naam: str
    identificatie: str | None
    actief: bool


@dataclass(frozen=True, slots=True)
class Medewerker:
    """An employee as last recorded from a login. `eenheid_id` is the first of their departments."""

    id: str
    naam: str
    actief: bool
    eenheid_id: str


@dataclass(frozen=True, slots=True)
class Klantcontact:
    """One contact with a citizen, as registered. `plaatsgevonden_op` is when it took place, which for a letter is
    before it was registered; `contactgegevens_verwijderd_op` when its betrokkenen were destroyed.
    """

    id: str
    nummer: str
    geregistreerd_op: str
    kanaal: str
    medewerker_id: str
    eenheid_id: str
    initiatiefnemer: Initiatiefnemer | str
    onderwerp: str
    inhoud: str | None
    plaatsgevonden_op: str
    contactgegevens_verwijderd_op: str | None


@dataclass(frozen=True, slots=True)
class Contactnaam:
    """The name of a person, in the parts of the national standard; at least one of them is there."""

    voorletters: str | None
    voornaam: str | None
    voorvoegsel_achternaam: str | None
    achternaam: str | None


@dataclass(frozen=True, slots=True)
class Betrokkene:
    """A person or organisation at a klantcontact. `versie` counts its corrections, from 1."""

    id: str
    versie: int
    klantcontact_id: str
    rol: Klantcontactrol | str
    voorletters: str | None
    voornaam: str | None
    voorvoegsel_achternaam: str | None
    achternaam: str | None
    organisatienaam: str | None

    @property
    def contactnaam(self) -> Contactnaam | None:
        """The name of the person; None if no part of it is known."""
        parts = self.voorletters, self.voornaam, self.voorvoegsel_achternaam, self.achternaam
        return Contactnaam(*parts) if any(parts) else None


@dataclass(frozen=True, slots=True)
class DigitaalAdres:
    """An address of a betrokkene; `plaats` is its index among those that were given, from 0. A phone number is in
    the one form in which it is kept (`read_phone_number`).
    """

    betrokkene_id: str
    plaats: int
    soort_digitaal_adres: SoortDigitaalAdres | str
    adres: str
    omschrijving: str | None


@dataclass(frozen=True, slots=True)
class InterneTaak:
    """A task for a department. `wachtend_sinds` is the moment at which its klantcontact took place."""

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
    antwoord: str | None = None
    aantal_contactpogingen: int = 0

    @property
    def te_doen(self) -> bool:
        """Whether the task still has to be done."""
        return self.status is InterneTaakStatus.TE_DOEN

    @property
    def van_niemand(self) -> bool:
        """Whether the task has no employee."""
        return self.medewerker_id is None


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """One fact about one task in one department's inbox.

    `volgnummer` counts 1, 2, 3 … per department and `versie` 1, 2, 3 … per task, both without gaps and in
    the order of the commits. `door_id` is None if the system itself acted.
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
    antwoord: str | None = None


@dataclass(frozen=True, slots=True)
class Postvak:
    """A department's inbox with its counters. `laatste_volgnummer` is the last fact that the counters include."""

    id: str
    eenheid_id: str
    laatste_volgnummer: int
    aantal_te_doen: int
    aantal_niet_toegewezen: int
    aantal_klant_aan_de_lijn: int
    langst_wachtend_sinds: str | None


@dataclass(frozen=True, slots=True)
class Hint:
    """The message to other processes that a fact was committed. Has only ids and numbers, never text."""

    eenheid_id: str
    taak_id: str
    volgnummer: int
    versie: int
