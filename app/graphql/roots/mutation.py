"""The mutations: one deed each, one input each, a typed result each."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import strawberry

from app.domain import refusals
from app.graphql.context import Context, Info
from app.graphql.inputs import deeds
from app.graphql.inputs.registration import RegistreerInterneTaakInput, RegistreerKlantcontactInput
from app.graphql.roots.results import (
    InterneTaakGeregistreerd,
    InterneTaakGewijzigd,
    KlantcontactGeregistreerd,
    RegistreerInterneTaakResultaat,
    RegistreerKlantcontactResultaat,
    Weigering,
    WijzigInterneTaakResultaat,
    weigering,
)
from app.plans.declared import PLAN, DeedField

T = TypeVar("T")
Gewijzigd = InterneTaakGewijzigd | Weigering

_INPUT = strawberry.argument(description="What is asked.")


async def _answer(context: Context, deed: Callable[[Context], Awaitable[T]]) -> T | Weigering:
    """What a use case answers, or its refusal as a member of the result; what is read of it is read anew."""
    await context.renew()
    try:
        answer = await deed(context)
    except refusals.Weigering as refused:
        refusal = weigering(refused)
        context.refusals.append(type(refusal).__name__)
        return refusal
    context.is_done = True
    return answer


async def _registreer_klantcontact(
    context: Context, input: RegistreerKlantcontactInput
) -> KlantcontactGeregistreerd | Weigering:
    async def register(by: Context) -> KlantcontactGeregistreerd:
        done = await by.use_cases.register.klantcontact(by.login, input.to_domain(), by.verwerking)
        by.committed_records = done.records
        return KlantcontactGeregistreerd(klantcontact=done.answer)

    return await _answer(context, register)


async def _registreer_interne_taak(
    context: Context, input: RegistreerInterneTaakInput
) -> InterneTaakGeregistreerd | Weigering:
    async def register(by: Context) -> InterneTaakGeregistreerd:
        done = await by.use_cases.register.interne_taak(by.login, input.to_domain(), by.verwerking)
        by.committed_records = done.records
        return InterneTaakGeregistreerd(interne_taak=done.answer)

    return await _answer(context, register)


async def _handle(context: Context, input: deeds.DeedInput) -> Gewijzigd:
    async def handle(by: Context) -> InterneTaakGewijzigd:
        done = await by.use_cases.handle(by.login, input.to_domain(), by.verwerking)
        by.committed_records = done.records
        return InterneTaakGewijzigd(interne_taak=done.answer)

    return await _answer(context, handle)


def _deed(kind: type, run: Callable[..., Awaitable[Any]], result: Any, description: str) -> Any:
    """The field of a deed: its input of a kind goes to a use case, by whichever way it is executed."""

    async def resolve(info: Info, input: Any) -> Any:
        return await run(info.context, input)

    # Strawberry reads the type of an argument from here; a type that is a value cannot be annotated above.
    resolve.__annotations__["input"] = Annotated[kind, _INPUT]
    return strawberry.field(
        resolver=resolve, graphql_type=result, metadata={PLAN: DeedField(run)}, description=description
    )


def _handled(kind: type[deeds.DeedInput], description: str) -> Any:
    """The field of one deed with a task: there is one use case for all of them."""
    return _deed(kind, _handle, WijzigInterneTaakResultaat, description)


@strawberry.type(
    description=(
        "Registering and handling. A refusal is a member of the result: end a selection with "
        "`... on Weigering { bericht }`, since results may grow."
    )
)
class Mutation:
    """Registering and handling."""

    registreer_klantcontact: KlantcontactGeregistreerd | Weigering = _deed(
        RegistreerKlantcontactInput,
        _registreer_klantcontact,
        RegistreerKlantcontactResultaat,
        "Register a contact with its tasks in one transaction (F2173, F2120).",
    )
    registreer_interne_taak: InterneTaakGeregistreerd | Weigering = _deed(
        RegistreerInterneTaakInput,
        _registreer_interne_taak,
        RegistreerInterneTaakResultaat,
        "Register a task at a contact that stands (F2120).",
    )
    neem_interne_taak: Gewijzigd = _handled(
        deeds.NeemInterneTaakInput,
        "Take a task that is nobody's. Of two who take at once exactly one wins; the other gets "
        "OvergangGeweigerd with the task, which says who has it. What is his already is answered as it stands.",
    )
    wijs_interne_taak_toe: Gewijzigd = _handled(
        deeds.WijsInterneTaakToeInput, "Give a task to an employee of its department, whoever has it now."
    )
    leg_interne_taak_terug: Gewijzigd = _handled(deeds.LegInterneTaakTerugInput, "Make a task nobody's again.")
    wijzig_interne_taak_status: Gewijzigd = _handled(
        deeds.WijzigInterneTaakStatusInput,
        "Finish a task, or open a finished one again (F5241): nobody is on the line then, and it is still whose it "
        "was, unless they left the department.",
    )
    stuur_interne_taak_door: Gewijzigd = _handled(
        deeds.StuurInterneTaakDoorInput,
        "Send a task on to another department; it keeps its contact, its times and its place in waiting, and "
        "its versie rises by two.",
    )
    trek_interne_taak_in: Gewijzigd = _handled(
        deeds.TrekInterneTaakInInput,
        "Withdraw a task that nobody has taken; for the department that registered it.",
    )
    voeg_toelichting_toe: Gewijzigd = _handled(
        deeds.VoegToelichtingToeInput,
        "Add a note to a task, whatever its state; for whoever may read it as KCC or BEHANDELAAR.",
    )
