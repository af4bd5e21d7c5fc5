"""The life of a task: every deed of the table, from where to where, by whom, and the facts it leaves.

A deed is asked in this order: is its form right (`checked`), may he do it (`may`), does the task's life
allow it (`check_transition`), are those it names right (`check_named`); then `apply` says what it changes.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from app.domain.facts import Overgang, one_fact
from app.domain.model import GebeurtenisSoort, InterneTaak, InterneTaakStatus
from app.domain.references import Named, check_medewerker
from app.domain.refusals import Invoerfout, OvergangGeweigerd
from app.domain.rights import Login
from app.domain.values.checks import Breaches, cleaned_id, cleaned_text
from app.domain.values.limits import MAX_TOELICHTING


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something an employee does with a task. `versie` is None where the deed overwrites nothing."""

    taak_id: str
    versie: int | None = None
    medewerker_id: str | None = None
    toelichting: str | None = None

    toelichting_required: ClassVar[bool] = False
    seen_as_worker: ClassVar[bool] = False
    """Whether only those may do it who may read the task as KCC or BEHANDELAAR."""

    @property
    def returns_to_medewerker(self) -> bool:
        """Whether the task goes back to whose it was, whose record must be known then."""
        return False

    def checked(self) -> Self:
        """The deed with its texts and ids as they are kept; refuses a wrong form with every breach."""
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
        """Whether he who can read the task may do this: the inbox's department may."""
        return login.may_handle(taak)

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Refuse with `OvergangGeweigerd` what the task's life does not allow: by default what is done."""
        check_status_known(taak)
        if not taak.te_doen:
            raise OvergangGeweigerd("Deze taak is al gedaan.", taak)

    def named_eenheden(self, taak: InterneTaak) -> set[str]:
        """The departments that must be looked up to check those named."""
        return {taak.eenheid_id} if self.medewerker_id else set()

    def check_named(self, taak: InterneTaak, known: Named) -> None:
        """Refuse with `OngeldigeInvoer` an employee who cannot be given the task."""
        breaches = Breaches()
        check_medewerker(breaches, ("medewerkerId",), self.medewerker_id, taak.eenheid_id, known)
        breaches.raise_any()

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """What the deed changes. `known` has those it names, and whose the task was where it returns to them."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Neem(Deed):
    """Take a task that is nobody's. Guarded by being free: of two who take at once one wins."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Only what is to be done, and nobody's or already his own."""
        super().check_transition(taak, login)
        if taak.medewerker_id not in (None, login.medewerker_id):
            raise OvergangGeweigerd("Een collega heeft deze taak al genomen.", taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """It is his; what was his already stays as it stands."""
        if taak.medewerker_id == login.medewerker_id:
            return Overgang(taak, taak)
        na = replace(taak, medewerker_id=login.medewerker_id)
        return one_fact(taak, na, GebeurtenisSoort.GENOMEN, login.medewerker_id)


@dataclass(frozen=True, kw_only=True)
class WijsToe(Deed):
    """Give a task to an employee of its department, whoever has it now."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Only what is to be done, and not his already."""
        super().check_transition(taak, login)
        if taak.medewerker_id == self.medewerker_id:
            raise OvergangGeweigerd("Deze medewerker heeft de taak al.", taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """It is that employee's."""
        na = replace(taak, medewerker_id=self.medewerker_id)
        return one_fact(taak, na, GebeurtenisSoort.TOEGEWEZEN, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class LegTerug(Deed):
    """Make a task nobody's again."""

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Only what is to be done and somebody's."""
        super().check_transition(taak, login)
        if taak.van_niemand:
            raise OvergangGeweigerd("Deze taak is al van niemand.", taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """It is nobody's."""
        return laid_back(taak, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class WijzigStatus(Deed):
    """Finish a task, or open a finished one again, which asks for a reason (F5241)."""

    status: InterneTaakStatus

    def _check_form(self, breaches: Breaches) -> None:
        if self.status is InterneTaakStatus.TE_DOEN and self.toelichting is None:
            breaches.add(("toelichting",), Invoerfout.VERPLICHT, "vul in waarom de taak opnieuw open moet.")
        super()._check_form(breaches)

    @property
    def returns_to_medewerker(self) -> bool:
        """Where it is opened again."""
        return self.status is InterneTaakStatus.TE_DOEN

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Only to the other status."""
        check_status_known(taak)
        if taak.status is self.status:
            said = "staat al op te doen" if taak.te_doen else "is al gedaan"
            raise OvergangGeweigerd(f"Deze taak {said}.", taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """Finished by who asks it, who is filled in if it was nobody's; or open again."""
        if self.status is InterneTaakStatus.TE_DOEN:
            na = _open_again(taak, known)
            return one_fact(taak, na, GebeurtenisSoort.HEROPEND, login.medewerker_id, self.toelichting)
        na = _done(taak, login, moment, taak.medewerker_id or login.medewerker_id)
        return one_fact(taak, na, GebeurtenisSoort.GEDAAN, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class TrekIn(Deed):
    """Withdraw a task that nobody has taken: the caller hung up. By the department that registered it."""

    toelichting_required: ClassVar[bool] = True

    def may(self, login: Login, taak: InterneTaak) -> bool:
        """The department that registered the task may."""
        return login.may_withdraw(taak)

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Only what is to be done and nobody's."""
        super().check_transition(taak, login)
        if not taak.van_niemand:
            raise OvergangGeweigerd("Een collega heeft deze taak al genomen.", taak)

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """Done by the sender, and still nobody's: the sender is not of the inbox's department."""
        na = _done(taak, login, moment, None)
        return one_fact(taak, na, GebeurtenisSoort.INGETROKKEN, login.medewerker_id, self.toelichting)


@dataclass(frozen=True, kw_only=True)
class VoegToelichtingToe(Deed):
    """Add a note to a task, whatever its state; overwrites nothing."""

    toelichting_required: ClassVar[bool] = True
    seen_as_worker: ClassVar[bool] = True

    def may(self, login: Login, taak: InterneTaak) -> bool:
        """Whoever reads it as KCC or BEHANDELAAR may."""
        return login.is_worker

    def check_transition(self, taak: InterneTaak, login: Login) -> None:
        """Always allowed."""

    def apply(self, taak: InterneTaak, login: Login, moment: str, known: Named) -> Overgang:
        """Nothing but the fact."""
        return one_fact(taak, taak, GebeurtenisSoort.TOEGELICHT, login.medewerker_id, self.toelichting)


def check_status_known(taak: InterneTaak) -> None:
    """Refuse with `OvergangGeweigerd` a deed on a task in a status that only a newer program knows."""
    if not isinstance(taak.status, InterneTaakStatus):
        raise OvergangGeweigerd("Deze taak is nu niet te wijzigen. Probeer het later nog eens.", taak)


def laid_back(taak: InterneTaak, door_id: str | None, toelichting: str | None = None) -> Overgang:
    """A task that is nobody's again. `door_id` is None where the system does it for one who left."""
    na = replace(taak, medewerker_id=None)
    return one_fact(taak, na, GebeurtenisSoort.TERUGGELEGD, door_id, toelichting)


def _open_again(taak: InterneTaak, known: Named) -> InterneTaak:
    """A finished task that is to be done again: still whose it was, unless they left; the citizen has hung up."""
    whose = known.medewerkers.get(taak.medewerker_id or "")
    return replace(
        taak,
        status=InterneTaakStatus.TE_DOEN,
        klant_aan_de_lijn=False,
        medewerker_id=taak.medewerker_id if whose and whose.may_have_tasks_of(taak.eenheid_id) else None,
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
