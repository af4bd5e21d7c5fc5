"""Departments and employees: what a token says about an employee, and when their record is updated from it."""

from dataclasses import dataclass

from app.domain.finding.folding import fold
from app.domain.model import Medewerker, OrganisatorischeEenheid, Rol
from app.domain.rights import Login
from app.domain.values.checks import Breaches, cleaned_text
from app.domain.values.limits import MAX_IDENTIFICATIE, MAX_NAAM
from app.domain.values.text import normalised


def by_naam(naam: str, id: str) -> tuple[str, str, str]:
    """The sort key of lists of departments and employees."""
    return fold(naam), naam, id


class LoginGeweigerd(Exception):
    """A login is refused. The message is for the log and names no person."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The contents of a verified token. `eenheden` are departments by id or identificatie, the employee's first
    department first.

    Three moments in seconds since 1970: `uitgegeven` is when the token was issued, `eindigt` is its own end, and
    `verloopt` is when it is refused, which is later to allow for clock differences.
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
    """An employee's record with their roles and departments, their first department first.

    `vastgesteld` is when the token that it was recorded from was issued, in seconds since 1970.
    """

    medewerker_id: str
    naam: str
    actief: bool
    rollen: frozenset[Rol | str]
    eenheden: tuple[OrganisatorischeEenheid, ...]
    vastgesteld: int

    def medewerker(self) -> Medewerker:
        """The employee as others see them."""
        return Medewerker(self.medewerker_id, self.naam, self.actief, self.eenheden[0].id)

    def may_have_tasks_of(self, eenheid_id: str) -> bool:
        """Whether they may have a task of this department: they are active and belong to it."""
        return self.actief and eenheid_id in {eigen.id for eigen in self.eenheden}

    def agrees_with(self, claims: Claims) -> bool:
        """Whether the record has the same name, roles and departments as the token."""
        claimed = list(dict.fromkeys(self._named(name) for name in claims.eenheden))
        return (
            self.naam == claims.naam
            and self.rollen == claims.rollen
            and claimed == [eigen.id for eigen in self.eenheden]
        )

    def _named(self, name: str) -> str | None:
        ids = (eigen.id for eigen in self.eenheden if name in (eigen.id, eigen.identificatie))
        return next(ids, None)

    def follows(self, claims: Claims) -> bool:
        """Whether the record must be updated from a token that differs: only if the token is newer."""
        return claims.uitgegeven > self.vastgesteld

    def login(self) -> Login:
        """The login of this employee. Raises `LoginGeweigerd` if they or one of their departments are not active,
        or if they have a role that only a newer version of this program knows.
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
    """The requested name and key of a department that is to be added."""

    naam: str
    identificatie: str | None = None

    def checked(self) -> "NieuweEenheid":
        """The texts in stored form; raises `OngeldigeInvoer` if one is blank, too long or not printable."""
        cleaned = NieuweEenheid(normalised(self.naam), cleaned_text(self.identificatie))
        breaches = Breaches()
        breaches.required_text(("naam",), cleaned.naam, MAX_NAAM)
        breaches.optional_text(("identificatie",), cleaned.identificatie, MAX_IDENTIFICATIE)
        breaches.raise_any()
        return cleaned
