"""The life cycle of a task: each deed (action), when it is allowed, who may do it, and the facts that it records.

The checks of a deed come in this order: its input is valid (`checked`), the employee may do it (`may`), the task's
state allows it (`check_transition`), the departments and employees that it names exist and fit (`check_named`).
Then `apply` gives what it changes.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from app.domain.facts import Overgang, one_fact
from app.domain.model import GebeurtenisSoort, InterneTaak, InterneTaakStatus
from app.domain.references import Named, check_medewerker
from app.domain.refusals import Invoerfout, OvergangGeweigerd, OvergangReden
from app.domain.rights import Login
from app.domain.values.checks import Breaches, cleaned_id, cleaned_text
from app.domain.values.limits import MAX_ANTWOORD, MAX_TOELICHTING


@dataclass(frozen=True, kw_only=True)
class Deed:
    """An action of an employee on a task. `versie` is None for deeds that need no optimistic lock."""

    taak_id: str
    versie: int | None = None
    medewerker_id: str | None = None
    toelichting: str | None = None

    toelichting_required: ClassVar[bool] = False
    seen_as_worker: ClassVar[bool] = False
    """Whether the employee must be able to read the task as KCC or BEHANDELAAR, without the help of other roles."""

    @property
    def returns_to_medewerker(self) -> bool:
        """Whether the task goes back to its last employee; their record is then passed to `apply` in `known`."""
        return False

    def checked(self) -> Self:
        """The deed with texts and ids in stored form; raises `OngeldigeInvoer` with every error in its input."""
        cleaned = self._cleaned()
        breaches = Breaches()
        cleaned._check_form(breaches)
        breaches.raise_any()
        return cleaned

    def _cleaned(self) -> Self:
        return replace(
            self,
            taak_id=cleaned_id(self.taak_id) or "",
            medewerker_id=cleaned_id(self.medewerker_id),
            toelichting=cleaned_text(self.toelichting),
        )

    def _check_form(self, breaches: Breaches) -> None:
        breaches.uuid(("id",), self.taak_id)
        breaches.uuid(("medewerkerId",), self.medewerker_id)
        if self.toelichting is None and self.toelichting_required:
            breaches.add(("toelichting",), Invoerfout.VERPLICHT, "vul dit in.")
        breaches.optional_text(("toelichting",), self.toelichting, MAX_TOELICHTING, several_lines=True)

    def may(self, login: Login, taak: InterneTaak) -> bool:
        """Whether an employee who can read the task may do this; by default only those of the task's department."""
        return login.may_handle(taak)

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Raise `OvergangGeweigerd` if the task's state does not allow this; by default if the task is done."""
        check_status_known(taak)
        if not taak.te_doen:
            raise OvergangGeweigerd("Deze taak is al gedaan.", OvergangReden.AL_GEDAAN, taak)

    def named_eenheden(self, taak: InterneTaak) -> set[str]:
        """The ids of the departments that `check_named` needs."""
        return {taak.eenheid_id} if self.medewerker_id else set()

    def check_named(self, taak: InterneTaak, known: Named) -> None:
        """Raise `OngeldigeInvoer` if the named employee cannot have the task."""
        breaches = Breaches()
        check_medewerker(breaches, ("medewerkerId",), self.medewerker_id, taak.eenheid_id, known)
        breaches.raise_any()

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """What the deed changes. `known` has the named departments and employees, and the task's last employee if
        `returns_to_medewerker`.
        """
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Neem(Deed):
    """Take a task that has no employee. Needs no `versie`: if two employees take it at once, one of them wins."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, and one that a colleague has."""
        super().check_transition(taak, login)
        if taak.medewerker_id not in (None, login.medewerker_id):
            raise OvergangGeweigerd("Een collega heeft deze taak al genomen.", OvergangReden.VAN_COLLEGA, taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """The task is the caller's; nothing changes if it already was."""
        if taak.medewerker_id == login.medewerker_id:
            return Overgang(taak, taak)
        na = replace(taak, medewerker_id=login.medewerker_id)
        return one_fact(taak, na, GebeurtenisSoort.GENOMEN, login.medewerker_id)


@dataclass(frozen=True, kw_only=True)
class WijsToe(Deed):
    """Give a task to an employee of its department, also if a colleague has it now."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, and the employee who already has it."""
        super().check_transition(taak, login)
        if taak.medewerker_id == self.medewerker_id:
            raise OvergangGeweigerd("Deze medewerker heeft de taak al.", OvergangReden.AL_VAN_MEDEWERKER, taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """The task is the named employee's."""
        na = replace(taak, medewerker_id=self.medewerker_id)
        return one_fact(taak, na, GebeurtenisSoort.TOEGEWEZEN, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class LegTerug(Deed):
    """Give a task back: it has no employee any more."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, and one without an employee."""
        super().check_transition(taak, login)
        if taak.van_niemand:
            raise OvergangGeweigerd("Deze taak is al van niemand.", OvergangReden.VAN_NIEMAND, taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """The task has no employee."""
        return laid_back(taak, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class WijzigStatus(Deed):
    """Finish a task, with what the citizen was told, or reopen a finished one, which requires a reason (F5241)."""

    status: InterneTaakStatus
    antwoord: str | None = None

    def _cleaned(self) -> "WijzigStatus":
        return replace(super()._cleaned(), antwoord=cleaned_text(self.antwoord))

    def _check_form(self, breaches: Breaches) -> None:
        breaches.optional_text(("antwoord",), self.antwoord, MAX_ANTWOORD, several_lines=True)
        if self.status is InterneTaakStatus.TE_DOEN and self.antwoord is not None:
            breaches.add(("antwoord",), Invoerfout.ONGELDIGE_WAARDE, "een antwoord hoort bij afronden.")
        if self.status is InterneTaakStatus.TE_DOEN and self.toelichting is None:
            breaches.add(("toelichting",), Invoerfout.VERPLICHT, "vul in waarom de taak opnieuw open moet.")
        super()._check_form(breaches)

    @property
    def returns_to_medewerker(self) -> bool:
        """Whether the deed reopens the task."""
        return self.status is InterneTaakStatus.TE_DOEN

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse the status that the task already has."""
        check_status_known(taak)
        if taak.status is self.status:
            if taak.te_doen:
                raise OvergangGeweigerd("Deze taak staat al op te doen.", OvergangReden.NIET_GEDAAN, taak)
            raise OvergangGeweigerd("Deze taak is al gedaan.", OvergangReden.AL_GEDAAN, taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """The task is done by the caller, who also becomes its employee if it had none; or it is open again."""
        if self.status is InterneTaakStatus.TE_DOEN:
            na = _open_again(taak, known)
            return one_fact(taak, na, GebeurtenisSoort.HEROPEND, login.medewerker_id, self.toelichting)
        na = _done(taak, login, moment, taak.medewerker_id or login.medewerker_id)
        na = replace(na, antwoord=self.antwoord)
        return one_fact(
            taak, na, GebeurtenisSoort.GEDAAN, login.medewerker_id, self.toelichting, antwoord=self.antwoord
        )


@dataclass(frozen=True, kw_only=True)
class TrekIn(Deed):
    """Withdraw a task that nobody has taken, because the citizen hung up. For the department that registered it."""

    toelichting_required: ClassVar[bool] = True

    def may(self, login: Login, taak: InterneTaak) -> bool:
        """Whether the employee is of the department that registered the task."""
        return login.may_withdraw(taak)

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse a task that is done, and one that an employee has taken."""
        super().check_transition(taak, login)
        if not taak.van_niemand:
            raise OvergangGeweigerd("Een collega heeft deze taak al genomen.", OvergangReden.VAN_COLLEGA, taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """The task is done by the caller, and still has no employee: the caller is not of the task's department."""
        na = _done(taak, login, moment, None)
        return one_fact(taak, na, GebeurtenisSoort.INGETROKKEN, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class VoegToelichtingToe(Deed):
    """Add a note to a task in any state; changes no field of the task."""

    toelichting_required: ClassVar[bool] = True
    seen_as_worker: ClassVar[bool] = True

    def may(self, login: Login, taak: InterneTaak) -> bool:
        """Whether the employee is KCC or BEHANDELAAR."""
        return login.is_worker

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Always allowed."""

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """A fact with the note; the task itself only gets its next `versie`."""
        return one_fact(taak, taak, GebeurtenisSoort.TOEGELICHT, login.medewerker_id, self.toelichting)


def check_status_known(taak: InterneTaak) -> None:
    """Raise `OvergangGeweigerd` if the task has a status that only a newer version of this program knows."""
    if not isinstance(taak.status, InterneTaakStatus):
        later = "Deze taak is nu niet te wijzigen. Probeer het later nog eens."
        raise OvergangGeweigerd(later, OvergangReden.NU_NIET_TE_WIJZIGEN, taak)


def laid_back(taak: InterneTaak, door_id: str | None, toelichting: str | None = None) -> Overgang:
    """The task without an employee. `door_id` is None if the system did this because the employee left."""
    na = replace(taak, medewerker_id=None)
    return one_fact(taak, na, GebeurtenisSoort.TERUGGELEGD, door_id, toelichting)


def _open_again(taak: InterneTaak, known: Named) -> InterneTaak:
    """A finished task, to be done again. It keeps its employee, unless they left the department or were
    deactivated. The citizen is no longer on the line.
    """
    last = known.medewerkers.get(taak.medewerker_id or "")
    return replace(
        taak,
        status=InterneTaakStatus.TE_DOEN,
        klant_aan_de_lijn=False,
        medewerker_id=taak.medewerker_id if last and last.may_have_tasks_of(taak.eenheid_id) else None,
        gedaan_op=None,
        gedaan_door_id=None,
    )


def _done(taak: InterneTaak, login: Login, moment: str, medewerker_id: str | None) -> InterneTaak:
    return replace(
        taak,
        status=InterneTaakStatus.GEDAAN,
        medewerker_id=medewerker_id,
        gedaan_op=moment,
        gedaan_door_id=login.medewerker_id,
    )
