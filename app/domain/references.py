"""The departments and employees that an input names, and the checks that they can receive a task."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.model import OrganisatorischeEenheid
from app.domain.organisation import Dienstverband
from app.domain.refusals import Invoerfout
from app.domain.values.checks import Breaches, Pad


@dataclass(frozen=True, slots=True)
class Named:
    """The named departments and employees that exist, by id; each employee with all their departments."""

    eenheden: Mapping[str, OrganisatorischeEenheid] = field(default_factory=dict)
    medewerkers: Mapping[str, Dienstverband] = field(default_factory=dict)


def check_eenheid(breaches: Breaches, pad: Pad, eenheid_id: str, known: Named) -> None:
    """Check that a department that receives a task exists and is active."""
    eenheid = known.eenheden.get(eenheid_id)
    if eenheid is None:
        breaches.add(pad, Invoerfout.ONBEKEND, "deze afdeling is niet bekend.")
    elif not eenheid.actief:
        breaches.add(pad, Invoerfout.INACTIEF, "deze afdeling is niet meer actief.")


def check_medewerker(
    breaches: Breaches, pad: Pad, medewerker_id: str | None, eenheid_id: str, known: Named
) -> None:
    """Check that an employee who gets a task exists, is active and belongs to the task's department."""
    if medewerker_id is None:
        return
    if medewerker_id not in known.medewerkers:
        breaches.add(pad, Invoerfout.ONBEKEND, "deze medewerker is niet bekend.")
        return
    medewerker = known.medewerkers[medewerker_id]
    if not medewerker.actief:
        breaches.add(pad, Invoerfout.INACTIEF, "deze medewerker is niet meer actief.")
    if eenheid_id in known.eenheden and eenheid_id not in {eigen.id for eigen in medewerker.eenheden}:
        breaches.add(pad, Invoerfout.ANDERE_EENHEID, "deze medewerker hoort bij een andere afdeling.")
