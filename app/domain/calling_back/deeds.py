"""Calling back (C9167): asking for it when nobody takes a call over, and attempts that did not succeed."""

from dataclasses import dataclass, replace

from app.domain.calling_back.betrokkene import NieuweBetrokkene, Vastgelegd
from app.domain.facts import Overgang, one_fact
from app.domain.lifecycle import Deed
from app.domain.model import GebeurtenisSoort, InterneTaak, Klantcontact
from app.domain.references import Named
from app.domain.refusals import Invoerfout, OvergangGeweigerd, OvergangReden
from app.domain.rights import Login
from app.domain.values.checks import Breaches


@dataclass(frozen=True, kw_only=True)
class RegistreerContactpoging(Deed):
    """Tell that the citizen was called and not reached. The task becomes the caller's if it is nobody's."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, and one whose citizen is on the line."""
        super().check_transition(taak, login)
        if taak.klant_aan_de_lijn:
            raise OvergangGeweigerd("De klant is nog aan de lijn.", OvergangReden.KLANT_AAN_DE_LIJN, taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """One attempt more."""
        na = replace(
            taak,
            medewerker_id=taak.medewerker_id or login.medewerker_id,
            aantal_contactpogingen=taak.aantal_contactpogingen + 1,
        )
        return one_fact(taak, na, GebeurtenisSoort.NIET_BEREIKT, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class VraagTerugbellen(Deed):
    """Turn a task that nobody took into one to call the citizen back. `betrokkene` is whom to call, and needed only
    where none stands; `handeling` is what such a task asks for (a setting).
    """

    betrokkene: NieuweBetrokkene | None = None
    handeling: str = ""

    def _cleaned(self) -> "VraagTerugbellen":
        return replace(super()._cleaned(), betrokkene=self.betrokkene and self.betrokkene.cleaned())

    def _check_form(self, breaches: Breaches) -> None:
        super()._check_form(breaches)
        if self.betrokkene is not None:
            self.betrokkene.check(breaches, ("betrokkene",))

    def may_at(self, login: Login, taak: InterneTaak, contact: Klantcontact) -> bool:
        """Whether one of the employee's departments registered both the task and its contact."""
        return login.may_withdraw(taak) and taak.geregistreerd_door_eenheid_id == contact.eenheid_id

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, one that an employee has, and one that is to call back already."""
        super().check_transition(taak, login)
        if not taak.van_niemand:
            raise OvergangGeweigerd("Een collega heeft deze taak al genomen.", OvergangReden.VAN_COLLEGA, taak)
        if not taak.klant_aan_de_lijn and taak.gevraagde_handeling == self.handeling:
            raise OvergangGeweigerd("De klant wordt al teruggebeld.", OvergangReden.AL_TERUGBELLEN, taak)

    def check_phone_number(self, stands: Vastgelegd | None) -> None:
        """Raise `OngeldigeInvoer` if there is no phone number to call: neither of the betrokkene that stands nor in
        the input.
        """
        known = stands or self.betrokkene
        if known is None or not known.has_phone_number:
            breaches = Breaches()
            wanted = "vul een telefoonnummer in, anders kan niemand terugbellen."
            breaches.add(("betrokkene", "digitaleAdressen"), Invoerfout.VERPLICHT, wanted)
            breaches.raise_any()

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """The same task, with nobody on the line. Its number and its place in the waiting order stay as is."""
        na = replace(taak, klant_aan_de_lijn=False, gevraagde_handeling=self.handeling)
        return one_fact(taak, na, GebeurtenisSoort.TERUGBELLEN_GEVRAAGD, login.medewerker_id, self.toelichting)


def contactgegevens_gewijzigd(taak: InterneTaak, door_id: str | None) -> Overgang:
    """The fact for a task whose betrokkene was noted or corrected; the task only gets its next `versie`."""
    return one_fact(taak, taak, GebeurtenisSoort.CONTACTGEGEVENS_GEWIJZIGD, door_id)
