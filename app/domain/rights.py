"""Who may do what: the table of C0534's roles, each cell a function.

An own department is any of the login's departments. KCC and BEHANDELAAR have the same rights.
"""

from dataclasses import dataclass

from app.domain.model import InterneTaak, Rol

WORKERS = frozenset({Rol.KCC, Rol.BEHANDELAAR})
"""The roles of those who handle tasks; the others only read."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a login may see. Two logins of equal scope see the same of everything."""

    rollen: frozenset[Rol]
    eenheden: frozenset[str]

    @property
    def sees_all(self) -> bool:
        """Whether it sees every department's contacts, tasks and inboxes."""
        return Rol.TOEZICHTHOUDER in self.rollen

    def may_open_postvak(self, eenheid_id: str) -> bool:
        """Whether it may read and follow a department's inbox."""
        return self.sees_all or eenheid_id in self.eenheden


@dataclass(frozen=True, slots=True)
class Login:
    """Who calls: an employee, his roles, and his departments, the first one first."""

    medewerker_id: str
    rollen: frozenset[Rol]
    eenheden: tuple[str, ...]

    @property
    def eenheid_id(self) -> str:
        """The department that is filled in on what he registers."""
        return self.eenheden[0]

    @property
    def scope(self) -> Scope:
        """What they may see."""
        return Scope(self.rollen, frozenset(self.eenheden))

    @property
    def worker_scope(self) -> Scope:
        """What they may see as KCC or BEHANDELAAR, whatever other roles let them see beside it."""
        return Scope(self.rollen & WORKERS, frozenset(self.eenheden))

    @property
    def is_worker(self) -> bool:
        """Whether they are KCC or BEHANDELAAR."""
        return bool(self.rollen & WORKERS)

    def may_register(self) -> bool:
        """Whether he may register a klantcontact, and add a task to one that he may read."""
        return self.is_worker

    def may_handle(self, taak: InterneTaak) -> bool:
        """Whether he may handle a task: it is now in an own department's inbox."""
        return self.is_worker and taak.eenheid_id in self.eenheden

    def may_withdraw(self, taak: InterneTaak) -> bool:
        """Whether he may withdraw a task: an own department registered it."""
        return self.is_worker and taak.geregistreerd_door_eenheid_id in self.eenheden
