"""The contract's rules on what a caller may read and in which order, in plain Python."""

from collections.abc import Callable, Sequence
from typing import Any

from app.domain.finding.filters import Zoekvraag
from app.domain.finding.search import matches
from app.domain.model import GebeurtenisSoort, InterneTaak, InterneTaakStatus, Klantcontact, Rol
from app.domain.rights import Login
from tests.support.generated.population import Population

Tasks = list[InterneTaak]
Contacts = list[Klantcontact]


class Rules:
    """The rules applied to a population."""

    def __init__(self, there: Population) -> None:
        self._there = there
        self._contacts = {contact.id: contact for contact in there.klantcontacten}
        self._left = {
            (fact.taak_id, fact.eenheid_id) for fact in there.feiten if fact.soort is GebeurtenisSoort.DOORGESTUURD
        }

    def tasks(self, login: Login) -> Tasks:
        """The tasks that a caller may read."""
        return [taak for taak in self._there.taken if self._may_read_task(login, taak)]

    def contacts(self, login: Login) -> Contacts:
        """The contacts that a caller may read."""
        of_tasks = {taak.klantcontact_id for taak in self.tasks(login)}
        return [
            contact
            for contact in self._there.klantcontacten
            if self._sees_all(login) or contact.eenheid_id in login.eenheden or contact.id in of_tasks
        ]

    def contact_of(self, taak: InterneTaak) -> Klantcontact:
        """The contact that a task resulted from."""
        return self._contacts[taak.klantcontact_id]

    def task_has(self, taak: InterneTaak, zoek: Zoekvraag) -> bool:
        """Whether a task matches a search text."""
        contact = self.contact_of(taak)
        texts = (taak.gevraagde_handeling, taak.toelichting, contact.onderwerp, contact.inhoud)
        return matches(zoek, taak.nummer, contact.nummer, *texts)

    def contact_has(self, contact: Klantcontact, zoek: Zoekvraag, login: Login) -> bool:
        """Whether a contact matches a search text: by its own words, or by the number of a task that is visible."""
        tasks = [taak.nummer for taak in self.tasks(login) if taak.klantcontact_id == contact.id]
        return matches(zoek, contact.nummer, contact.onderwerp, contact.inhoud) or zoek.nummer in tasks

    def in_order(self, tasks: Sequence[InterneTaak], volgorde: str) -> Tasks:
        """Tasks in an order."""
        if volgorde == "LANGST_WACHTEND_EERST":
            return sorted(tasks, key=self._waiting)
        newest = sorted(tasks, key=lambda taak: (taak.geregistreerd_op, taak.id), reverse=True)
        # Open tasks last. The sort is stable, so tasks with equal keys keep their order.
        return sorted(newest, key=_finished, reverse=True) if volgorde == "LAATST_GEDAAN_EERST" else newest

    def _waiting(self, taak: InterneTaak) -> tuple[Any, ...]:
        is_open = taak.status is InterneTaakStatus.TE_DOEN
        waits_on_the_line = is_open and taak.klant_aan_de_lijn and taak.medewerker_id is None
        return not waits_on_the_line, self.contact_of(taak).plaatsgevonden_op, taak.id

    def _may_read_task(self, login: Login, taak: InterneTaak) -> bool:
        departments = {taak.eenheid_id, taak.geregistreerd_door_eenheid_id, self.contact_of(taak).eenheid_id}
        departments |= {eenheid_id for taak_id, eenheid_id in self._left if taak_id == taak.id}
        return self._sees_all(login) or bool(departments & set(login.eenheden))

    @staticmethod
    def _sees_all(login: Login) -> bool:
        return Rol.TOEZICHTHOUDER in login.rollen


def contacts_in_order(contacts: Sequence[Klantcontact], volgorde: str) -> Contacts:
    """Contacts in an order."""
    is_newest_first = volgorde != "LANGST_WACHTEND_EERST"
    by: Callable[[Klantcontact], Any] = lambda contact: (contact.geregistreerd_op, contact.id)  # noqa: E731
    return sorted(contacts, key=by, reverse=is_newest_first)


def _finished(taak: InterneTaak) -> tuple[str, ...]:
    return (taak.gedaan_op, taak.geregistreerd_op, taak.id) if taak.gedaan_op else ("",)
