"""The result of a deed (an action on a task): the task after it, and the facts that record what happened."""

from dataclasses import dataclass, replace

from app.domain.model import GebeurtenisSoort, InterneTaak, InterneTaakStatus

OVERWRITES_NOTHING = frozenset({GebeurtenisSoort.TOEGELICHT, GebeurtenisSoort.CONTACTGEGEVENS_GEWIJZIGD})
"""Kinds of facts that change nothing that a deed is about: a client that has not seen one may still use its older
`versie`.
"""


@dataclass(frozen=True, slots=True)
class Feit:
    """A fact that is not stored yet: its `volgnummer`, id and moment are added when it is written."""

    soort: GebeurtenisSoort
    taak_id: str
    eenheid_id: str
    versie: int
    status: InterneTaakStatus | str
    medewerker_id: str | None
    door_id: str | None
    andere_eenheid_id: str | None = None
    toelichting: str | None = None
    antwoord: str | None = None


@dataclass(frozen=True, slots=True)
class Overgang:
    """A task before and after a deed, with the resulting facts in order of `versie`.

    `voor` is None if the deed created the task. `feiten` is empty if the deed changed nothing.
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
    antwoord: str | None = None,
) -> Overgang:
    """A transition with one fact, in the stream of the task's own department; raises `versie` by one."""
    na = replace(na, versie=1 if voor is None else voor.versie + 1)
    feit = Feit(
        soort,
        na.id,
        na.eenheid_id,
        na.versie,
        na.status,
        na.medewerker_id,
        door_id,
        toelichting=toelichting,
        antwoord=antwoord,
    )
    return Overgang(voor, na, (feit,))
