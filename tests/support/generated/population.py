"""The contents of a database with random data, for documents that request them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.model import (
    Betrokkene,
    Gebeurtenis,
    InterneTaak,
    Klantcontact,
    Medewerker,
    OrganisatorischeEenheid,
    Postvak,
)
from app.domain.rights import Login

Cursors = Mapping[tuple[str, str], Sequence[str]]
"""The cursors by list and order. A list is interneTaken, klantcontacten, or postvak: and a department's id."""


@dataclass(frozen=True)
class Population:
    """Everything in the database, in the same order for the same seed, and the logins of possible callers."""

    logins: Sequence[Login]
    eenheden: Sequence[OrganisatorischeEenheid]
    postvakken: Sequence[Postvak]
    medewerkers: Sequence[Medewerker]
    klantcontacten: Sequence[Klantcontact]
    betrokkenen: Sequence[Betrokkene]
    adressen: Sequence[str]
    taken: Sequence[InterneTaak]
    feiten: Sequence[Gebeurtenis]
    cursors: Cursors
    kanalen: Sequence[str]

    @property
    def ids(self) -> list[str]:
        """The ids of all objects."""
        organisation = (self.eenheden, self.postvakken, self.medewerkers)
        kinds = (*organisation, self.klantcontacten, self.betrokkenen, self.taken, self.feiten)
        return [one.id for kind in kinds for one in kind]

    @property
    def nummers(self) -> list[str]:
        """The numbers of all contacts and tasks."""
        return [one.nummer for kind in (self.klantcontacten, self.taken) for one in kind]
