"""What a deed leaves behind: the task after it, and the facts that tell of it."""

from dataclasses import dataclass, replace

from app.domain.model import GebeurtenisSoort, InterneTaak, InterneTaakStatus

OVERWRITES_NOTHING = frozenset({GebeurtenisSoort.TOEGELICHT})
"""Facts that overwrite nothing a deed is about: they make nobody's `versie` stale."""


@dataclass(frozen=True, slots=True)
class Feit:
    """A fact before it has its number in the department's stream, its id and its moment."""

    soort: GebeurtenisSoort
    taak_id: str
    eenheid_id: str
    versie: int
    status: InterneTaakStatus | str
    medewerker_id: str | None
    door_id: str | None
    andere_eenheid_id: str | None = None
    toelichting: str | None = None


@dataclass(frozen=True, slots=True)
class Overgang:
    """A task before (None: it was not there) and after a deed, with the facts in the order of their versie.

    Without facts the deed changed nothing.
    """

    voor: InterneTaak | None
    na: InterneTaak
    feiten: tuple[Feit, ...] = ()


def one_fact(
    voor: InterneTaak | None,
    na: InterneTaak,
    soort: GebeurtenisSoort,
    door_id: str | None,
    toelichting: str | None = None,
) -> Overgang:
    """The transition that one fact in the task's own department tells; it raises the versie by one."""
    na = replace(na, versie=1 if voor is None else voor.versie + 1)
    feit = Feit(
        soort, na.id, na.eenheid_id, na.versie, na.status, na.medewerker_id, door_id, toelichting=toelichting
    )
    return Overgang(voor, na, (feit,))
