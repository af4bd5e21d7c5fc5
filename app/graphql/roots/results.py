"""The results of mutations: what was done, or a refusal with its reason, as data."""

from typing import Annotated, Any

import strawberry
from strawberry import Parent

from app.domain import model, refusals
from app.domain.refusals import BevoegdheidReden, Invoerfout, OvergangReden
from app.graphql.context import Info
from app.graphql.types.betrokkene import Betrokkene
from app.graphql.types.interne_taak import InterneTaak
from app.graphql.types.klantcontact import Klantcontact
from app.plans.declared import PLAN, AnswerRecord
from app.transport.execution.cost import COUNT, TEXT

_BERICHT = "The reason, in Dutch, for the end user. It never contains what the user typed."


def _shown_betrokkene(info: Info, parent: Parent[Any]) -> Any:
    """The betrokkene of an answer, who is logged as shown."""
    info.context.verwerking.gelezen.add([parent.stands])
    return parent.stands


def _betrokkene() -> Any:
    """A field with the betrokkene of the attribute `stands`."""
    metadata = {PLAN: AnswerRecord("stands", is_noted=True)}
    return strawberry.field(
        resolver=_shown_betrokkene, graphql_type=Betrokkene, metadata=metadata, description="Who stands now."
    )


@strawberry.interface(description="A refusal with its reason, as data.")
class Weigering:
    """A refusal with its reason."""

    bericht: str = strawberry.field(description=_BERICHT)


@strawberry.type(description="One error in an input.")
class OngeldigVeld:
    """One error in an input."""

    pad: list[str] = strawberry.field(
        metadata={TEXT: 40, COUNT: 5},
        description='The path of the field within `input`: `["interneTaken", "0", "gevraagdeHandeling"]`.',
    )
    code: Invoerfout = strawberry.field(description="What is wrong.")
    maximum: int | None = strawberry.field(
        description="With TE_LANG: the maximum number of code points; else null."
    )
    bericht: str = strawberry.field(description=_BERICHT)


@strawberry.type(description="The input is invalid and nothing was stored. It has every error, not only the first.")
class OngeldigeInvoer(Weigering):
    """The input is invalid."""

    velden: list[OngeldigVeld] = strawberry.field(description="Every error in the input.")


@strawberry.type(description="The object to change does not exist, or the caller may not see it.")
class NietGevonden(Weigering):
    """The object to change does not exist for this caller."""

    gezocht_id: strawberry.ID = strawberry.field(description="The id that was not found, in lower case.")


@strawberry.type(description="The caller may see the object, but not do this.")
class NietBevoegd(Weigering):
    """The caller may not do this."""

    reden: BevoegdheidReden = strawberry.field(description="Why not.")


@strawberry.type(
    description=(
        "The chosen id is already in use: for another registration, by another employee, or for another kind of "
        "object."
    )
)
class IdAlInGebruik(Weigering):
    """The chosen id is in use."""

    gekozen_id: strawberry.ID = strawberry.field(description="The id that was chosen, in lower case.")


@strawberry.type(
    description=(
        "Somebody else changed the task first, and this call changed nothing. If the task already is as the client "
        "wanted, then an earlier attempt of the client itself has succeeded."
    )
)
class VersieVerouderd(Weigering):
    """Somebody else changed the task first."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak,
        metadata={PLAN: AnswerRecord("interne_taak")},
        description="The task as it is now.",
    )


@strawberry.type(
    description=(
        "A betrokkene stands already, or somebody else corrected them first, and this call changed nothing. If it "
        "already is as the client wanted, then an earlier attempt of the client itself has succeeded."
    )
)
class BetrokkeneVersieVerouderd(Weigering):
    """Somebody else noted or corrected the betrokkene first."""

    stands: strawberry.Private[model.Betrokkene]
    betrokkene: model.Betrokkene = _betrokkene()


@strawberry.type(
    description=(
        "The task's current state does not allow this: a colleague has it, it is already done, or there is nothing "
        "to change."
    )
)
class OvergangGeweigerd(Weigering):
    """The task's current state does not allow this."""

    reden: OvergangReden = strawberry.field(description="Why not.")
    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak,
        metadata={PLAN: AnswerRecord("interne_taak")},
        description="The task as it is now.",
    )


@strawberry.type(description="The contact was registered, by this call or an earlier call with the same input.")
class KlantcontactGeregistreerd:
    """The contact was registered."""

    klantcontact: model.Klantcontact = strawberry.field(
        graphql_type=Klantcontact,
        metadata={PLAN: AnswerRecord("klantcontact")},
        description="The contact as it is now.",
    )


@strawberry.type(description="The task was registered, by this call or an earlier call with the same input.")
class InterneTaakGeregistreerd:
    """The task was registered."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak,
        metadata={PLAN: AnswerRecord("interne_taak")},
        description="The task as it is now.",
    )


@strawberry.type(description="The task was changed, or already was as requested.")
class InterneTaakGewijzigd:
    """The task was changed."""

    interne_taak: model.InterneTaak = strawberry.field(
        graphql_type=InterneTaak,
        metadata={PLAN: AnswerRecord("interne_taak")},
        description="The task after the change.",
    )


@strawberry.type(description="Whom the contact was with was noted or corrected, or already was as requested.")
class BetrokkeneVastgelegd:
    """The betrokkene was noted or corrected."""

    stands: strawberry.Private[model.Betrokkene]
    betrokkene: model.Betrokkene = _betrokkene()


RegistreerKlantcontactResultaat = Annotated[
    KlantcontactGeregistreerd | OngeldigeInvoer | NietBevoegd | IdAlInGebruik,
    strawberry.union("RegistreerKlantcontactResultaat", description="The result of registreerKlantcontact."),
]
RegistreerInterneTaakResultaat = Annotated[
    InterneTaakGeregistreerd | OngeldigeInvoer | NietGevonden | NietBevoegd | IdAlInGebruik,
    strawberry.union("RegistreerInterneTaakResultaat", description="The result of registreerInterneTaak."),
]
WijzigInterneTaakResultaat = Annotated[
    InterneTaakGewijzigd | OngeldigeInvoer | NietGevonden | NietBevoegd | VersieVerouderd | OvergangGeweigerd,
    strawberry.union("WijzigInterneTaakResultaat", description="The result of every mutation that changes a task."),
]

BetrokkeneResultaat = Annotated[
    BetrokkeneVastgelegd | OngeldigeInvoer | NietGevonden | NietBevoegd | BetrokkeneVersieVerouderd,
    strawberry.union(
        "BetrokkeneResultaat", description="The result of registreerBetrokkene and of wijzigBetrokkene."
    ),
]
VraagTerugbellenResultaat = Annotated[
    InterneTaakGewijzigd
    | OngeldigeInvoer
    | NietGevonden
    | NietBevoegd
    | VersieVerouderd
    | OvergangGeweigerd
    | BetrokkeneVersieVerouderd,
    strawberry.union("VraagTerugbellenResultaat", description="The result of vraagTerugbellen."),
]


def weigering(refused: refusals.Weigering) -> Weigering:
    """A refusal of the domain as a member of the result type."""
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
        case refusals.BetrokkeneVersieVerouderd(betrokkene=betrokkene):
            return BetrokkeneVersieVerouderd(bericht=bericht, stands=betrokkene)
        case refusals.OvergangGeweigerd(reden=reason, taak=taak):
            return OvergangGeweigerd(bericht=bericht, reden=reason, interne_taak=taak)
        case refusals.NietBevoegd(reden=reden):
            return NietBevoegd(bericht=bericht, reden=reden)
    raise refused


def _veld(veld: refusals.OngeldigVeld) -> OngeldigVeld:
    return OngeldigVeld(pad=list(veld.pad), code=veld.code, maximum=veld.maximum, bericht=veld.bericht)
