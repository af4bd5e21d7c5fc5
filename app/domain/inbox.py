"""How a task counts in its department's inbox, and which tasks come first in the waiting order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.facts import Overgang
from app.domain.finding.filters import TaakFilter
from app.domain.model import InterneTaak, InterneTaakStatus

_TE_DOEN = InterneTaakStatus.TE_DOEN


@dataclass(frozen=True, slots=True)
class Tellers:
    """The three counters of an inbox, or a change to them (which may be negative)."""

    te_doen: int = 0
    niet_toegewezen: int = 0
    klant_aan_de_lijn: int = 0

    def __add__(self, other: "Tellers") -> "Tellers":
        return Tellers(
            self.te_doen + other.te_doen,
            self.niet_toegewezen + other.niet_toegewezen,
            self.klant_aan_de_lijn + other.klant_aan_de_lijn,
        )

    def __neg__(self) -> "Tellers":
        return Tellers(-self.te_doen, -self.niet_toegewezen, -self.klant_aan_de_lijn)


def counts_for(taak: InterneTaak) -> Tellers:
    """What one task adds to the counters of its inbox."""
    if not taak.te_doen:
        return Tellers()
    return Tellers(1, int(taak.van_niemand), int(taak.klant_aan_de_lijn))


def changes(overgangen: Iterable[Overgang]) -> dict[str, Tellers]:
    """The change to the counters by department id, sorted by id; has every department that gets a fact."""
    changed: dict[str, Tellers] = {}
    for overgang in overgangen:
        for feit in overgang.feiten:
            changed.setdefault(feit.eenheid_id, Tellers())
        if overgang.feiten:
            if overgang.voor is not None:
                changed[overgang.voor.eenheid_id] += -counts_for(overgang.voor)
            changed[overgang.na.eenheid_id] += counts_for(overgang.na)
    return dict(sorted(changed.items()))


def goes_first(taak: InterneTaak) -> bool:
    """Whether the task comes before all others: it is to be done, a citizen is on the line, nobody has taken it."""
    return taak.te_doen and taak.klant_aan_de_lijn and taak.van_niemand


def teller_of(taak_filter: TaakFilter) -> str | None:
    """The field of `Tellers` that already counts the tasks of this filter; None if no counter does."""
    if taak_filter.organisatorische_eenheid_id is None:
        return None
    of_postvak = TaakFilter(organisatorische_eenheid_id=taak_filter.organisatorische_eenheid_id, status=_TE_DOEN)
    counted = {
        "te_doen": of_postvak,
        "niet_toegewezen": replace(of_postvak, toegewezen=False),
        "klant_aan_de_lijn": replace(of_postvak, klant_aan_de_lijn=True),
    }
    return next((teller for teller, filter_ in counted.items() if filter_ == taak_filter), None)
