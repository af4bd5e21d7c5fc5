"""Results of mutations: what was done, or the answer no with its reason, as data."""

from typing import Annotated

import strawberry

from app.domain import model, refusals
from app.domain.refusals import Invoerfout
from app.graphql.types.interne_taak import InterneTaak
from app.graphql.types.klantcontact import Klantcontact
from app.plans.declared import PLAN, Answered
from app.transport.execution.cost import COUNT, TEXT

_BERICHT = "The reason, in Dutch, for the end user; never holds what was typed."


@strawberry.interface(description="The answer no, with its reason, as data.")
class Weigering:
    """The answer no."""

    bericht: str = strawberry.field(description=_BERICHT)


@strawberry.type(description="One thing that is wrong with an input.")
class OngeldigVeld:
    """One thing that is wrong with an input."""

    pad: list[str] = strawberry.field(
        metadata={TEXT: 40, COUNT: 5},
        description='Where, from `input` on: `["interneTaken", "0", "gevraagdeHandeling"]`.',
    )
    code: Invoerfout = strawberry.field(description="What is wrong.")
    maximum: int | None = strawberry.field(description="With TE_LANG: how many code points it may have; else null.")
    bericht: str = strawberry.field(description=_BERICHT)


@strawberry.type(description="Something in the input is wrong; every breach at once, and nothing was stored.")
class OngeldigeInvoer(Weigering):
    """Something in the input is wrong."""

    velden: list[OngeldigVeld] = strawberry.field(description="Every breach.")


@strawberry.type(description="The object to work on is unknown, or not for the caller to see.")
class NietGevonden(Weigering):
    """The object to work on is not there for the caller."""

    gezocht_id: strawberry.ID = strawberry.field(description="The id that was looked for, in lower case.")


@strawberry.type(description="The caller may see it, but not do this.")
class NietBevoegd(Weigering):
    """The caller may not do this."""


@strawberry.type(
    description=(
        "The chosen id belongs to something else: another registration, another employee's, or another kind of "
        "object."
    )
)
class IdAlInGebruik(Weigering):
    """The chosen id is in use."""

    gekozen_id: strawberry.ID = strawberry.field(description="The id that was chosen, in lower case.")


@strawberry.type(
    description="Somebody was first: nothing changed. Where the wished state stands in it, a first try succeeded."
)
class VersieVerouderd(Weigering):
    """Somebody was first."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak, metadata={PLAN: Answered("interne_taak")}, description="The task as it stands."
    )


@strawberry.type(
    description="The task's life does not allow this now: taken by another, finished already, nothing to change."
)
class OvergangGeweigerd(Weigering):
    """The task's life does not allow this now."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak, metadata={PLAN: Answered("interne_taak")}, description="The task as it stands."
    )


@strawberry.type(description="The contact was registered, now or by the same call before.")
class KlantcontactGeregistreerd:
    """The contact was registered."""

    klantcontact: model.Klantcontact = strawberry.field(
        graphql_type=Klantcontact,
        metadata={PLAN: Answered("klantcontact")},
        description="The contact as it stands.",
    )


@strawberry.type(description="The task was registered, now or by the same call before.")
class InterneTaakGeregistreerd:
    """The task was registered."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak, metadata={PLAN: Answered("interne_taak")}, description="The task as it stands."
    )


@strawberry.type(description="The deed was done, or what was wished stood already.")
class InterneTaakGewijzigd:
    """The deed was done."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak, metadata={PLAN: Answered("interne_taak")}, description="The task after the deed."
    )


RegistreerKlantcontactResultaat = Annotated[
    KlantcontactGeregistreerd | OngeldigeInvoer | NietBevoegd | IdAlInGebruik,
    strawberry.union("RegistreerKlantcontactResultaat", description="The answer to registreerKlantcontact."),
]
RegistreerInterneTaakResultaat = Annotated[
    InterneTaakGeregistreerd | OngeldigeInvoer | NietGevonden | NietBevoegd | IdAlInGebruik,
    strawberry.union("RegistreerInterneTaakResultaat", description="The answer to registreerInterneTaak."),
]
WijzigInterneTaakResultaat = Annotated[
    InterneTaakGewijzigd | OngeldigeInvoer | NietGevonden | NietBevoegd | VersieVerouderd | OvergangGeweigerd,
    strawberry.union("WijzigInterneTaakResultaat", description="The answer to every deed done with a task."),
]


def weigering(refused: refusals.Weigering) -> Weigering:
    """A refusal of the domain as the member of a result."""
    bericht = refused.bericht
    match refused:
        case refusals.OngeldigeInvoer(velden=velden):
            return OngeldigeInvoer(bericht=bericht, velden=[_veld(veld) for veld in velden])
        case refusals.NietGevonden(gezocht_id=gezocht_id):
            return NietGevonden(bericht=bericht, gezocht_id=strawberry.ID(gezocht_id))
        case refusals.IdAlInGebruik(gekozen_id=gekozen_id):
            return IdAlInGebruik(bericht=bericht, gekozen_id=strawberry.ID(gekozen_id))
        case refusals.VersieVerouderd(taak=taak):
            return VersieVerouderd(bericht=bericht, interne_taak=taak)
        case refusals.OvergangGeweigerd(taak=taak):
            return OvergangGeweigerd(bericht=bericht, interne_taak=taak)
        case refusals.NietBevoegd():
            return NietBevoegd(bericht=bericht)
    raise refused


def _veld(veld: refusals.OngeldigVeld) -> OngeldigVeld:
    return OngeldigVeld(pad=list(veld.pad), code=veld.code, maximum=veld.maximum, bericht=veld.bericht)
