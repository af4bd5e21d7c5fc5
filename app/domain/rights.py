"""Who may do what: the roles of case C0534, one method for each right.

A login may have several departments, and its rights hold for each of them. KCC and BEHANDELAAR have the same
rights.
"""

from dataclasses import dataclass

from app.domain.model import InterneTaak, Rol
from app.domain.refusals import BevoegdheidReden

WORKERS = frozenset({Rol.KCC, Rol.BEHANDELAAR})
"""The roles that handle tasks; the other roles only read."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a login may see. Two logins with equal scopes see exactly the same."""

    rollen: frozenset[Rol]
    eenheden: frozenset[str]

    @property
    def sees_all(self) -> bool:
        """Whether this scope includes the contacts, tasks and inboxes of every department."""
        return Rol.TOEZICHTHOUDER in self.rollen

    @property
    def behandelende_eenheden(self) -> frozenset[str]:
        """The departments for which this scope handles tasks, and so may see whom a contact was with. A login that
        only reads has none.
        """
        return self.eenheden if self.rollen & WORKERS else frozenset()

    def may_open_postvak(self, eenheid_id: str) -> bool:
        """Whether this scope may read a department's inbox and subscribe to it."""
        return self.sees_all or eenheid_id in self.eenheden


@dataclass(frozen=True, slots=True)
class Login:
    """The caller: an employee with their roles and departments, their first department first."""

    medewerker_id: str
    rollen: frozenset[Rol]
    eenheden: tuple[str, ...]

    @property
    def eenheid_id(self) -> str:
        """The department that is recorded with what they register: their first."""
        return self.eenheden[0]

    @property
    def scope(self) -> Scope:
        """What they may see."""
        return Scope(self.rollen, frozenset(self.eenheden))

    @property
    def worker_scope(self) -> Scope:
        """What they may see as KCC or BEHANDELAAR, without what their other roles add."""
        return Scope(self.rollen & WORKERS, frozenset(self.eenheden))

    @property
    def is_worker(self) -> bool:
        """Whether they are KCC or BEHANDELAAR."""
        return bool(self.rollen & WORKERS)

    def may_register(self) -> bool:
        """Whether they may register a klantcontact, and add a task to one that they may read."""
        return self.is_worker

    def may_handle(self, taak: InterneTaak) -> bool:
        """Whether they may handle a task: it is in the inbox of one of their departments."""
        return self.is_worker and taak.eenheid_id in self.eenheden

    def may_withdraw(self, taak: InterneTaak) -> bool:
        """Whether they may withdraw a task: one of their departments registered it."""
        return self.is_worker and taak.geregistreerd_door_eenheid_id in self.eenheden


def why_not(login: Login) -> BevoegdheidReden:
    """Why an employee may not change something that they may see: none of their roles may, or it is for another
    department.
    """
    return BevoegdheidReden.ANDERE_AFDELING if login.is_worker else BevoegdheidReden.ROL
