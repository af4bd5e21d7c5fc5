"""Forwarding: a task leaves one department's inbox for another's, in two facts of one transaction."""

from dataclasses import dataclass, replace
from typing import ClassVar

from app.domain.facts import Feit, Overgang
from app.domain.lifecycle import Deed
from app.domain.model import GebeurtenisSoort, InterneTaak
from app.domain.references import Named, check_eenheid, check_medewerker
from app.domain.refusals import OvergangGeweigerd, OvergangReden
from app.domain.rights import Login
from app.domain.values.checks import Breaches, cleaned_id


@dataclass(frozen=True, kw_only=True)
class StuurDoor(Deed):
    """Forward a task to another department. Its klantcontact, times and place in the waiting order stay as is."""

    eenheid_id: str

    toelichting_required: ClassVar[bool] = True

    def _cleaned(self) -> "StuurDoor":
        return replace(super()._cleaned(), eenheid_id=cleaned_id(self.eenheid_id) or "")

    def _check_form(self, breaches: Breaches) -> None:
        breaches.uuid(("organisatorischeEenheidId",), self.eenheid_id)
        super()._check_form(breaches)

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, and the department that already has it."""
        super().check_transition(taak, login)
        if self.eenheid_id == taak.eenheid_id:
            raise OvergangGeweigerd("Deze taak is al bij deze afdeling.", OvergangReden.AL_BIJ_AFDELING, taak)

    def named_eenheden(self, taak: InterneTaak) -> set[str]:
        """The id of the department that receives the task."""
        return {self.eenheid_id}

    def check_named(self, taak: InterneTaak, known: Named) -> None:
        """Check that the receiving department is active, and that the named employee can have the task there."""
        breaches = Breaches()
        check_eenheid(breaches, ("organisatorischeEenheidId",), self.eenheid_id, known)
        check_medewerker(breaches, ("medewerkerId",), self.medewerker_id, self.eenheid_id, known)
        breaches.raise_any()

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """Two facts: DOORGESTUURD in the old department, without an employee; then ONTVANGEN in the new department,
        with the named employee, if any.
        """
        na = replace(taak, eenheid_id=self.eenheid_id, medewerker_id=self.medewerker_id, versie=taak.versie + 2)
        left = Feit(
            GebeurtenisSoort.DOORGESTUURD,
            taak.id,
            taak.eenheid_id,
            taak.versie + 1,
            taak.status,
            None,
            login.medewerker_id,
            na.eenheid_id,
            self.toelichting,
        )
        arrived = replace(
            left,
            soort=GebeurtenisSoort.ONTVANGEN,
            eenheid_id=na.eenheid_id,
            versie=na.versie,
            medewerker_id=na.medewerker_id,
            andere_eenheid_id=taak.eenheid_id,
        )
        return Overgang(taak, na, (left, arrived))
