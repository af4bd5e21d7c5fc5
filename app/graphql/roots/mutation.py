"""The mutations. Each does one thing, and has one input and a union of results."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import strawberry

from app.domain import refusals
from app.graphql.context import Context, Info
from app.graphql.inputs import deeds
from app.graphql.inputs.registration import RegistreerInterneTaakInput, RegistreerKlantcontactInput
from app.graphql.roots.results import (
    BetrokkeneResultaat,
    BetrokkeneVastgelegd,
    InterneTaakGeregistreerd,
    InterneTaakGewijzigd,
    KlantcontactGeregistreerd,
    RegistreerInterneTaakResultaat,
    RegistreerKlantcontactResultaat,
    VraagTerugbellenResultaat,
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


async def _registreer_betrokkene(
    context: Context, input: deeds.RegistreerBetrokkeneInput
) -> BetrokkeneVastgelegd | Weigering:
    async def register(by: Context) -> BetrokkeneVastgelegd:
        details = by.use_cases.contact_details
        done = await details.register(by.login, input.klantcontact_id, input.betrokkene.to_domain(), by.verwerking)
        by.committed_records = done.records
        return BetrokkeneVastgelegd(stands=done.answer)

    return await _answer(context, register)


async def _wijzig_betrokkene(
    context: Context, input: deeds.WijzigBetrokkeneInput
) -> BetrokkeneVastgelegd | Weigering:
    async def correct(by: Context) -> BetrokkeneVastgelegd:
        correct, new = by.use_cases.contact_details.correct, input.betrokkene.to_domain()
        done = await correct(by.login, input.id, input.versie, new, by.verwerking)
        by.committed_records = done.records
        return BetrokkeneVastgelegd(stands=done.answer)

    return await _answer(context, correct)


async def _vraag_terugbellen(context: Context, input: deeds.VraagTerugbellenInput) -> Gewijzigd:
    async def ask(by: Context) -> InterneTaakGewijzigd:
        done = await by.use_cases.ask_to_call_back(by.login, input.to_domain(), by.verwerking)
        by.committed_records = done.records
        return InterneTaakGewijzigd(interne_taak=done.answer)

    return await _answer(context, ask)


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
        "Finish a task, with what the citizen was told, or reopen a finished one (F5241). A reopened task has no "
        "citizen on the line any more. It keeps its employee, unless they left the department.",
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
    vraag_terugbellen: Gewijzigd = _deed(
        deeds.VraagTerugbellenInput,
        _vraag_terugbellen,
        VraagTerugbellenResultaat,
        "Nobody took the call over: the same task becomes one to call back, with whom to call, in one transaction. "
        "It keeps its number and its place in the waiting order. Only for the department that registered both the "
        "task and its contact. Without a phone number the result is OngeldigeInvoer.",
    )
    registreer_contactpoging: Gewijzigd = _handled(
        deeds.RegistreerContactpogingInput,
        "Tell that the citizen was called and not reached. A task that nobody has becomes the caller's. An attempt "
        "that succeeded is told by finishing the task with an antwoord.",
    )
    registreer_betrokkene: BetrokkeneVastgelegd | Weigering = _deed(
        deeds.RegistreerBetrokkeneInput,
        _registreer_betrokkene,
        BetrokkeneResultaat,
        "Note whom a contact was with that has no betrokkene. If one stands, the same input again returns it, and "
        "another is BetrokkeneVersieVerouderd. For KCC and BEHANDELAAR who may see it.",
    )
    wijzig_betrokkene: BetrokkeneVastgelegd | Weigering = _deed(
        deeds.WijzigBetrokkeneInput,
        _wijzig_betrokkene,
        BetrokkeneResultaat,
        "Correct whom a contact was with; what stood before is not kept. For KCC and BEHANDELAAR who may see it.",
    )
    voeg_toelichting_toe: Gewijzigd = _handled(
        deeds.VoegToelichtingToeInput,
        "Add a note to a task in any state. For every employee who may read it as KCC or BEHANDELAAR.",
    )
