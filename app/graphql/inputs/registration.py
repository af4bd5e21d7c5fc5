"""The inputs of the mutations that register contacts and tasks."""

import strawberry

from app.domain.model import Initiatiefnemer
from app.domain.registration import NieuweTaak, NieuwKlantcontact, TaakBijKlantcontact
from app.graphql.inputs.betrokkene import BetrokkeneInput, given_betrokkene
from app.graphql.inputs.given import given, optional, required
from app.graphql.scalars import Moment

_ID = (
    "An id that the client chooses, so that sending the same registration twice registers it once: a UUID in "
    "hyphenated form, any case, not the nil UUID. Left out: the server chooses one."
)
_HANDELING = "What the department has to do: 1–200 code points, one line."
_LIJN = "Whether the citizen is on the line, waiting for a colleague to take the call over."
_TOELICHTING = "What the colleague should know beyond the contact: at most 1000 code points, several lines allowed."
_EENHEID = "The active department that receives the task in its inbox."
_MEDEWERKER = "The employee of that department who gets the task; left out: nobody."


@strawberry.input(description="A task to register with its contact.")
class InterneTaakBijKlantcontactInput:
    """A task to register with its contact."""

    id: strawberry.ID | None = optional(_ID)
    gevraagde_handeling: str = required(_HANDELING)
    klant_aan_de_lijn: bool = strawberry.field(default=False, description=_LIJN)
    toelichting: str | None = optional(_TOELICHTING)
    organisatorische_eenheid_id: strawberry.ID = required(_EENHEID)
    medewerker_id: strawberry.ID | None = optional(_MEDEWERKER)


@strawberry.input(description="A contact to register with its tasks: either all of it or nothing (F2173).")
class RegistreerKlantcontactInput:
    """A contact to register with its tasks."""

    id: strawberry.ID | None = optional(_ID)
    kanaal: str | None = optional(
        "One of the configured channels, at most 50 code points; left out or null: the default (Telefoon)."
    )
    initiatiefnemer: Initiatiefnemer = strawberry.field(
        default=Initiatiefnemer.KLANT, description="Who started the contact."
    )
    onderwerp: str = required("The subject: 1–200 code points, one line.")
    inhoud: str | None = optional("The citizen's question: at most 1000 code points, several lines allowed.")
    plaatsgevonden_op: Moment | None = optional(
        "When it took place, of a letter or an import; left out or null: now. At most 60 seconds in the future, "
        "which counts as now. Not with a task that has klantAanDeLijn."
    )
    betrokkene: BetrokkeneInput | None = optional("Whom it was with; left out or null: not known.")
    interne_taken: list[InterneTaakBijKlantcontactInput] = strawberry.field(
        default_factory=list, description="The tasks for departments. The register keeps their order."
    )

    def to_domain(self) -> NieuwKlantcontact:
        """The registration that this input asks for, not checked yet."""
        return NieuwKlantcontact(
            id=given(self.id),
            kanaal=given(self.kanaal),
            initiatiefnemer=self.initiatiefnemer,
            onderwerp=self.onderwerp,
            inhoud=given(self.inhoud),
            interne_taken=tuple(_taak(taak) for taak in self.interne_taken),
            plaatsgevonden_op=given(self.plaatsgevonden_op),
            betrokkene=given_betrokkene(self.betrokkene),
        )


@strawberry.input(description="A task to register at a contact that was registered earlier (F2120).")
class RegistreerInterneTaakInput:
    """A task to register at a contact that was registered earlier."""

    id: strawberry.ID | None = optional(_ID)
    klantcontact_id: strawberry.ID = required("The contact, which the caller must be able to read.")
    gevraagde_handeling: str = required(_HANDELING)
    klant_aan_de_lijn: bool = strawberry.field(default=False, description=_LIJN)
    toelichting: str | None = optional(_TOELICHTING)
    organisatorische_eenheid_id: strawberry.ID = required(_EENHEID)
    medewerker_id: strawberry.ID | None = optional(_MEDEWERKER)

    def to_domain(self) -> TaakBijKlantcontact:
        """The registration that this input asks for, not checked yet."""
        return TaakBijKlantcontact(self.klantcontact_id, _taak(self))


def _taak(input_: InterneTaakBijKlantcontactInput | RegistreerInterneTaakInput) -> NieuweTaak:
    return NieuweTaak(
        id=given(input_.id),
        gevraagde_handeling=input_.gevraagde_handeling,
        klant_aan_de_lijn=input_.klant_aan_de_lijn,
        toelichting=given(input_.toelichting),
        eenheid_id=input_.organisatorische_eenheid_id,
        medewerker_id=given(input_.medewerker_id),
    )
