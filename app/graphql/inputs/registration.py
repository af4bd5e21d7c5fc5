"""Inputs of the registrations."""

import strawberry

from app.domain.model import Initiatiefnemer
from app.domain.registration import NieuweTaak, NieuwKlantcontact, TaakBijKlantcontact
from app.graphql.inputs.given import given, optional, required

_ID = (
    "Chosen by the consumer, so that the same call twice registers once: a UUID in hyphenated form, any case, "
    "not the nil UUID. Left out: the server makes one."
)
_HANDELING = "What the department is asked to do: 1–200 code points, one line."
_LIJN = "The citizen is on the line, waiting to be taken over."
_TOELICHTING = "What the colleague should know beyond the contact: at most 1000 code points, several lines allowed."
_EENHEID = "The active department whose inbox it goes to."
_MEDEWERKER = "The employee of that department that it is for; left out: nobody's."


@strawberry.input(description="A task to be registered with its contact.")
class InterneTaakBijKlantcontactInput:
    """A task to be registered with its contact."""

    id: strawberry.ID | None = optional(_ID)
    gevraagde_handeling: str = required(_HANDELING)
    klant_aan_de_lijn: bool = strawberry.field(default=False, description=_LIJN)
    toelichting: str | None = optional(_TOELICHTING)
    organisatorische_eenheid_id: strawberry.ID = required(_EENHEID)
    medewerker_id: strawberry.ID | None = optional(_MEDEWERKER)


@strawberry.input(description="A contact to be registered with its tasks, together or not at all (F2173).")
class RegistreerKlantcontactInput:
    """A contact to be registered with its tasks."""

    id: strawberry.ID | None = optional(_ID)
    kanaal: str | None = optional(
        "One of the configured channels, at most 50 code points; left out or null: the default (Telefoon)."
    )
    initiatiefnemer: Initiatiefnemer = strawberry.field(
        default=Initiatiefnemer.KLANT, description="Who sought the contact."
    )
    onderwerp: str = required("What it is about: 1–200 code points, one line.")
    inhoud: str | None = optional("The question as told: at most 1000 code points, several lines allowed.")
    interne_taken: list[InterneTaakBijKlantcontactInput] = strawberry.field(
        default_factory=list, description="The tasks for departments, in the order in which they will stand."
    )

    def to_domain(self) -> NieuwKlantcontact:
        """What the domain is asked."""
        return NieuwKlantcontact(
            id=given(self.id),
            kanaal=given(self.kanaal),
            initiatiefnemer=self.initiatiefnemer,
            onderwerp=self.onderwerp,
            inhoud=given(self.inhoud),
            interne_taken=tuple(_taak(taak) for taak in self.interne_taken),
        )


@strawberry.input(description="A task to be registered at a contact that was registered before (F2120).")
class RegistreerInterneTaakInput:
    """A task to be registered at a contact that was registered before."""

    id: strawberry.ID | None = optional(_ID)
    klantcontact_id: strawberry.ID = required("The contact; one that the caller may read.")
    gevraagde_handeling: str = required(_HANDELING)
    klant_aan_de_lijn: bool = strawberry.field(default=False, description=_LIJN)
    toelichting: str | None = optional(_TOELICHTING)
    organisatorische_eenheid_id: strawberry.ID = required(_EENHEID)
    medewerker_id: strawberry.ID | None = optional(_MEDEWERKER)

    def to_domain(self) -> TaakBijKlantcontact:
        """What the domain is asked."""
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
