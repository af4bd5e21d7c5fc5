"""The inputs of the mutations that change a task, one for each deed."""

import strawberry

from app.domain import lifecycle
from app.domain.calling_back.deeds import RegistreerContactpoging, VraagTerugbellen
from app.domain.forward import StuurDoor
from app.domain.model import InterneTaakStatus
from app.graphql.inputs.betrokkene import BetrokkeneInput, given_betrokkene
from app.graphql.inputs.given import given, optional, required

_VERSIE = (
    "The task's versie that the caller saw. If a field of the task has changed since, the result is "
    "VersieVerouderd and nothing changes; notes added since do not count as a change."
)
_NOTE = "A note for the fact: at most 1000 code points, several lines allowed."
_REQUIRED_NOTE = "Required. " + _NOTE


@strawberry.input(description="Take a task that has no employee.")
class NeemInterneTaakInput:
    """Take a task."""

    id: strawberry.ID = required("The task.")

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return lifecycle.Neem(taak_id=self.id)


@strawberry.input(description="Give a task to an employee of its department.")
class WijsInterneTaakToeInput:
    """Give a task to an employee."""

    id: strawberry.ID = required("The task.")
    versie: int = required(_VERSIE)
    medewerker_id: strawberry.ID = required("An active employee of the task's department.")
    toelichting: str | None = optional(_NOTE)

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return lifecycle.WijsToe(
            taak_id=self.id,
            versie=self.versie,
            medewerker_id=self.medewerker_id,
            toelichting=given(self.toelichting),
        )


@strawberry.input(description="Give a task back, so that it has no employee any more.")
class LegInterneTaakTerugInput:
    """Give a task back."""

    id: strawberry.ID = required("The task.")
    versie: int = required(_VERSIE)
    toelichting: str | None = optional(_NOTE)

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return lifecycle.LegTerug(taak_id=self.id, versie=self.versie, toelichting=given(self.toelichting))


@strawberry.input(description="Finish a task, or reopen a finished one (F5241).")
class WijzigInterneTaakStatusInput:
    """Finish or reopen a task."""

    id: strawberry.ID = required("The task.")
    versie: int = required(_VERSIE)
    status: InterneTaakStatus = required("The new status, which must differ from the current one.")
    toelichting: str | None = optional("Required with TE_DOEN. " + _NOTE)
    antwoord: str | None = optional(
        "With GEDAAN only: what the citizen was told, at most 1000 code points, several lines allowed."
    )

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return lifecycle.WijzigStatus(
            taak_id=self.id,
            versie=self.versie,
            status=self.status,
            toelichting=given(self.toelichting),
            antwoord=given(self.antwoord),
        )


@strawberry.input(description="Forward a task to another department.")
class StuurInterneTaakDoorInput:
    """Forward a task to another department."""

    id: strawberry.ID = required("The task.")
    versie: int = required(_VERSIE)
    organisatorische_eenheid_id: strawberry.ID = required("An active department, other than the task's own.")
    medewerker_id: strawberry.ID | None = optional("An active employee of that department; left out: nobody.")
    toelichting: str = required(_REQUIRED_NOTE)

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return StuurDoor(
            taak_id=self.id,
            versie=self.versie,
            eenheid_id=self.organisatorische_eenheid_id,
            medewerker_id=given(self.medewerker_id),
            toelichting=self.toelichting,
        )


@strawberry.input(description="Withdraw a task that nobody has taken, because the citizen hung up.")
class TrekInterneTaakInInput:
    """Withdraw a task."""

    id: strawberry.ID = required("The task.")
    versie: int = required(_VERSIE)
    toelichting: str = required(_REQUIRED_NOTE)

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return lifecycle.TrekIn(taak_id=self.id, versie=self.versie, toelichting=self.toelichting)


@strawberry.input(description="Tell that the citizen was called and not reached.")
class RegistreerContactpogingInput:
    """Tell of an attempt that failed."""

    id: strawberry.ID = required("The task, with no citizen on the line.")
    versie: int = required(_VERSIE)
    toelichting: str | None = optional(_NOTE)

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return RegistreerContactpoging(taak_id=self.id, versie=self.versie, toelichting=given(self.toelichting))


@strawberry.input(description="Have the citizen called back, because nobody took the call over.")
class VraagTerugbellenInput:
    """Ask that the citizen be called back."""

    id: strawberry.ID = required("The task, which nobody has.")
    versie: int = required(_VERSIE)
    betrokkene: BetrokkeneInput | None = optional(
        "Whom to call, with a phone number; only where none stands at the contact, or the same one."
    )
    toelichting: str | None = optional(_NOTE)

    def to_domain(self) -> VraagTerugbellen:
        """The deed that this input asks for, not checked yet."""
        return VraagTerugbellen(
            taak_id=self.id,
            versie=self.versie,
            betrokkene=given_betrokkene(self.betrokkene),
            toelichting=given(self.toelichting),
        )


@strawberry.input(description="Note whom a contact was with that has no betrokkene yet.")
class RegistreerBetrokkeneInput:
    """Note whom a contact was with."""

    klantcontact_id: strawberry.ID = required("The contact.")
    betrokkene: BetrokkeneInput = required("Whom it was with.")


@strawberry.input(description="Correct whom a contact was with. What stood before is not kept.")
class WijzigBetrokkeneInput:
    """Correct whom a contact was with."""

    id: strawberry.ID = required("The betrokkene.")
    versie: int = required(
        "The betrokkene's versie that the caller saw. If it has changed since, the result is "
        "BetrokkeneVersieVerouderd and nothing changes."
    )
    betrokkene: BetrokkeneInput = required("What stands from now on: everything that is left out goes.")


@strawberry.input(description="Add a note to a task in any state.")
class VoegToelichtingToeInput:
    """Add a note to a task."""

    id: strawberry.ID = required("The task.")
    toelichting: str = required(_REQUIRED_NOTE)

    def to_domain(self) -> lifecycle.Deed:
        """The deed that this input asks for, not checked yet."""
        return lifecycle.VoegToelichtingToe(taak_id=self.id, toelichting=self.toelichting)


DeedInput = (
    NeemInterneTaakInput
    | WijsInterneTaakToeInput
    | LegInterneTaakTerugInput
    | WijzigInterneTaakStatusInput
    | StuurInterneTaakDoorInput
    | TrekInterneTaakInInput
    | RegistreerContactpogingInput
    | VoegToelichtingToeInput
)
