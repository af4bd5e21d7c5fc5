"""Departments and employees: what a login says of an employee, and when the record follows it."""

from dataclasses import dataclass

from app.domain.finding.folding import fold
from app.domain.model import Medewerker, OrganisatorischeEenheid, Rol
from app.domain.rights import Login
from app.domain.values.checks import Breaches, cleaned_text
from app.domain.values.limits import MAX_IDENTIFICATIE, MAX_NAAM
from app.domain.values.text import normalised


def by_naam(naam: str, id: str) -> tuple[str, str, str]:
    """What departments and employees are listed by."""
    return fold(naam), naam, id


class LoginGeweigerd(Exception):
    """A login that is refused; the message is for the log and names no person."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: departments by id or identificatie, the first one first.

    `uitgegeven`, `eindigt` and `verloopt` are seconds since 1970: when it was issued, when it says that it ends,
    and from when on it is refused, which allows for clocks that differ.
    """

    medewerker_id: str
    naam: str
    eenheden: tuple[str, ...]
    rollen: frozenset[Rol]
    uitgegeven: int
    eindigt: int
    verloopt: int


@dataclass(frozen=True, slots=True)
class Dienstverband:
    """An employee as recorded, with his roles and departments, the first one first."""

    medewerker_id: str
    naam: str
    actief: bool
    rollen: frozenset[Rol | str]
    eenheden: tuple[OrganisatorischeEenheid, ...]
    vastgesteld: int

    def medewerker(self) -> Medewerker:
        """The employee as others see him."""
        return Medewerker(self.medewerker_id, self.naam, self.actief, self.eenheden[0].id)

    def may_have_tasks_of(self, eenheid_id: str) -> bool:
        """Whether a department's task may be theirs: they are active, and of that department."""
        return self.actief and eenheid_id in {eigen.id for eigen in self.eenheden}

    def agrees_with(self, claims: Claims) -> bool:
        """Whether a token says what is recorded."""
        said = list(dict.fromkeys(self._named(name) for name in claims.eenheden))
        return (
            self.naam == claims.naam
            and self.rollen == claims.rollen
            and said == [eigen.id for eigen in self.eenheden]
        )

    def _named(self, name: str) -> str | None:
        found = (eigen.id for eigen in self.eenheden if name in (eigen.id, eigen.identificatie))
        return next(found, None)

    def follows(self, claims: Claims) -> bool:
        """Whether the record is to follow a token that disagrees: only a newer one."""
        return claims.uitgegeven > self.vastgesteld

    def login(self) -> Login:
        """The login of this employee; refused where he or one of his departments is not active, and where he was
        given a role that only a newer program knows.
        """
        if not self.actief:
            raise LoginGeweigerd("the employee is deactivated")
        if not all(eigen.actief for eigen in self.eenheden):
            raise LoginGeweigerd("a department of the employee is inactive")
        known = frozenset(rol for rol in self.rollen if isinstance(rol, Rol))
        if known != self.rollen:
            raise LoginGeweigerd("an unknown role")
        return Login(self.medewerker_id, known, tuple(eigen.id for eigen in self.eenheden))


@dataclass(frozen=True, slots=True)
class NieuweEenheid:
    """A department's name and key as they are asked for."""

    naam: str
    identificatie: str | None = None

    def checked(self) -> "NieuweEenheid":
        """In the form in which they are kept; refuses blank, over-long and unprintable texts."""
        cleaned = NieuweEenheid(normalised(self.naam), cleaned_text(self.identificatie))
        breaches = Breaches()
        breaches.required_text(("naam",), cleaned.naam, MAX_NAAM)
        breaches.optional_text(("identificatie",), cleaned.identificatie, MAX_IDENTIFICATIE)
        breaches.raise_any()
        return cleaned
