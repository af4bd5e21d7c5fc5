"""Whom a contact was with, as a client sends it: its stored form, its checks, and comparing it with what stands."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from app.domain.calling_back.addresses import AdresGeweigerd, read_email, read_phone_number, searched_form
from app.domain.model import Betrokkene, DigitaalAdres, Klantcontactrol, SoortDigitaalAdres
from app.domain.refusals import Invoerfout
from app.domain.values.checks import Breaches, Pad, cleaned_text
from app.domain.values.limits import (
    MAX_ACHTERNAAM,
    MAX_ADRES,
    MAX_DIGITALE_ADRESSEN,
    MAX_OMSCHRIJVING,
    MAX_ORGANISATIENAAM,
    MAX_VOORLETTERS,
    MAX_VOORNAAM,
    MAX_VOORVOEGSEL,
)

_NAAM = {
    "voorletters": ("voorletters", MAX_VOORLETTERS),
    "voornaam": ("voornaam", MAX_VOORNAAM),
    "voorvoegsel_achternaam": ("voorvoegselAchternaam", MAX_VOORVOEGSEL),
    "achternaam": ("achternaam", MAX_ACHTERNAAM),
}
"""The parts of a name: the attribute, its name in the schema and the highest number of code points."""

_READ = {SoortDigitaalAdres.TELEFOONNUMMER: read_phone_number, SoortDigitaalAdres.EMAIL: read_email}


@dataclass(frozen=True, slots=True)
class NieuwDigitaalAdres:
    """The input for an address."""

    soort_digitaal_adres: SoortDigitaalAdres
    adres: str | None
    omschrijving: str | None

    def cleaned(self) -> "NieuwDigitaalAdres":
        """The same input in stored form; an address that is refused is unchanged, and `check` tells why."""
        adres = cleaned_text(self.adres)
        if adres is not None and len(adres) <= MAX_ADRES and self.soort_digitaal_adres in _READ:
            with suppress(AdresGeweigerd):
                adres = _READ[self.soort_digitaal_adres](adres)
        return NieuwDigitaalAdres(self.soort_digitaal_adres, adres, cleaned_text(self.omschrijving))

    def check(self, breaches: Breaches, pad: Pad) -> None:
        """Add every error of this input to `breaches`."""
        breaches.optional_text((*pad, "omschrijving"), self.omschrijving, MAX_OMSCHRIJVING)
        if self.adres is None:
            breaches.add((*pad, "adres"), Invoerfout.VERPLICHT, "vul dit in.")
            return
        if not breaches.optional_text((*pad, "adres"), self.adres, MAX_ADRES):
            return
        try:
            _READ.get(self.soort_digitaal_adres, str)(self.adres)
        except AdresGeweigerd as refused:
            breaches.add((*pad, "adres"), Invoerfout.ONGELDIGE_WAARDE, refused.bericht)

    @property
    def compared(self) -> str | None:
        """The form in which it is compared with other addresses of its kind."""
        return self.adres and (compared_form(self.soort_digitaal_adres, self.adres) or self.adres)


def compared_form(soort: SoortDigitaalAdres | str, adres: str) -> str | None:
    """The form in which a stored address is searched; None if it is no phone number and no e-mail address."""
    return searched_form(adres) if soort in _READ else None


@dataclass(frozen=True, slots=True)
class NieuweBetrokkene:
    """The input for a betrokkene."""

    rol: Klantcontactrol
    voorletters: str | None
    voornaam: str | None
    voorvoegsel_achternaam: str | None
    achternaam: str | None
    organisatienaam: str | None
    digitale_adressen: tuple[NieuwDigitaalAdres, ...]

    def cleaned(self) -> "NieuweBetrokkene":
        """The same input with texts in stored form; not checked yet."""
        return replace(
            self,
            voorletters=cleaned_text(self.voorletters),
            voornaam=cleaned_text(self.voornaam),
            voorvoegsel_achternaam=cleaned_text(self.voorvoegsel_achternaam),
            achternaam=cleaned_text(self.achternaam),
            organisatienaam=cleaned_text(self.organisatienaam),
            digitale_adressen=tuple(adres.cleaned() for adres in self.digitale_adressen),
        )

    def check(self, breaches: Breaches, pad: Pad) -> None:
        """Add every error of this input to `breaches`; `pad` is its path in the whole input."""
        for attribute, (name, maximum) in _NAAM.items():
            breaches.optional_text((*pad, "contactnaam", name), getattr(self, attribute), maximum)
        breaches.optional_text((*pad, "organisatienaam"), self.organisatienaam, MAX_ORGANISATIENAAM)
        if not (self.achternaam or self.voornaam or self.organisatienaam or self.digitale_adressen):
            breaches.add(pad, Invoerfout.VERPLICHT, "vul een naam, een organisatie of een adres in.")
        self._check_adressen(breaches, (*pad, "digitaleAdressen"))

    def _check_adressen(self, breaches: Breaches, pad: Pad) -> None:
        if len(self.digitale_adressen) > MAX_DIGITALE_ADRESSEN:
            most = MAX_DIGITALE_ADRESSEN
            breaches.add(pad, Invoerfout.TE_LANG, f"hoogstens {most} adressen.", most)
            return
        seen = set()
        for place, adres in enumerate(self.digitale_adressen):
            here = (*pad, str(place))
            adres.check(breaches, here)
            key = adres.soort_digitaal_adres, adres.compared
            if adres.compared is not None and key in seen:
                breaches.add((*here, "adres"), Invoerfout.DUBBEL, "dit adres staat er al.")
            seen.add(key)

    @property
    def has_phone_number(self) -> bool:
        """Whether there is a phone number to call."""
        return _has_phone_number(self.digitale_adressen)

    def recorded(self, object_id: str, klantcontact_id: str, versie: int) -> "Vastgelegd":
        """The records that a checked input creates, or that it replaces those of an earlier `versie` with."""
        betrokkene = Betrokkene(
            object_id,
            versie,
            klantcontact_id,
            self.rol,
            self.voorletters,
            self.voornaam,
            self.voorvoegsel_achternaam,
            self.achternaam,
            self.organisatienaam,
        )
        adressen = tuple(
            DigitaalAdres(object_id, place, adres.soort_digitaal_adres, adres.adres or "", adres.omschrijving)
            for place, adres in enumerate(self.digitale_adressen)
        )
        return Vastgelegd(betrokkene, adressen)


def _has_phone_number(adressen: Iterable[NieuwDigitaalAdres | DigitaalAdres]) -> bool:
    return any(adres.soort_digitaal_adres is SoortDigitaalAdres.TELEFOONNUMMER for adres in adressen)


@dataclass(frozen=True, slots=True)
class Vastgelegd:
    """A betrokkene with their addresses, in order."""

    betrokkene: Betrokkene
    digitale_adressen: Sequence[DigitaalAdres]

    @property
    def has_phone_number(self) -> bool:
        """Whether there is a phone number to call."""
        return _has_phone_number(self.digitale_adressen)

    def is_same(self, requested: NieuweBetrokkene) -> bool:
        """Whether a cleaned input says exactly this."""
        stands = self.betrokkene
        there = requested.recorded(stands.id, stands.klantcontact_id, stands.versie)
        return there == Vastgelegd(stands, tuple(self.digitale_adressen))
