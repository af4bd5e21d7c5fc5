"""The mutations. Each does one thing, and has one input and a union of results."""

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
from app.plans.declared import PLAN, MutationField

T = TypeVar("T")
Gewijzigd = InterneTaakGewijzigd | Weigering

_INPUT = strawberry.argument(description="What to do.")


async def _answer(context: Context, deed: Callable[[Context], Awaitable[T]]) -> T | Weigering:
    """Run a use case and return its answer, or its refusal as a member of the result.

    The fields of the answer are read from a new snapshot, after the change.
    """
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
    """The field of a mutation, whose input has type `kind`; graphql-core and plans both execute it with `run`."""

    async def resolve(info: Info, input: Any) -> Any:
        return await run(info.context, input)

    # Strawberry reads the type of the argument from here; it is a variable, so it cannot be in the signature.
    resolve.__annotations__["input"] = Annotated[kind, _INPUT]
    return strawberry.field(
        resolver=resolve, graphql_type=result, metadata={PLAN: MutationField(run)}, description=description
    )


def _handled(kind: type[deeds.DeedInput], description: str) -> Any:
    """The field of a mutation that changes a task; all of them have the same use case."""
    return _deed(kind, _handle, WijzigInterneTaakResultaat, description)


@strawberry.type(
    description=(
        "Registering contacts and tasks, and handling tasks. A refusal is a member of the result. End a selection "
        "with `... on Weigering { bericht }`, because new kinds of refusals may be added."
    )
)
class Mutation:
    """Registering contacts and tasks, and handling tasks."""

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
        "Register a task at an existing contact (F2120).",
    )
    neem_interne_taak: Gewijzigd = _handled(
        deeds.NeemInterneTaakInput,
        "Take a task that has no employee. If two employees take it at once, exactly one succeeds; the other gets "
        "OvergangGeweigerd with the task, which says who has it. If the caller already has the task, nothing "
        "changes and the task is returned.",
    )
    wijs_interne_taak_toe: Gewijzigd = _handled(
        deeds.WijsInterneTaakToeInput,
        "Give a task to an employee of its department, also if a colleague has it now.",
    )
    leg_interne_taak_terug: Gewijzigd = _handled(
        deeds.LegInterneTaakTerugInput, "Give a task back, so that it has no employee any more."
    )
    wijzig_interne_taak_status: Gewijzigd = _handled(
        deeds.WijzigInterneTaakStatusInput,
        "Finish a task, or reopen a finished one (F5241). A reopened task has no citizen on the line any more. It "
        "keeps its employee, unless they left the department.",
    )
    stuur_interne_taak_door: Gewijzigd = _handled(
        deeds.StuurInterneTaakDoorInput,
        "Forward a task to another department. Its contact, its times and its place in the waiting order stay the "
        "same, and its versie rises by two.",
    )
    trek_interne_taak_in: Gewijzigd = _handled(
        deeds.TrekInterneTaakInInput,
        "Withdraw a task that nobody has taken. Only for the department that registered it.",
    )
    voeg_toelichting_toe: Gewijzigd = _handled(
        deeds.VoegToelichtingToeInput,
        "Add a note to a task in any state. For every employee who may read it as KCC or BEHANDELAAR.",
    )
