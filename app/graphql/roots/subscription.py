"""The subscriptions. A refusal comes before the stream starts, so it is an `error` message, never a `next`."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Annotated

import strawberry
from strawberry import UNSET

from app.domain import model
from app.graphql.context import Info
from app.graphql.types.gebeurtenis import Gebeurtenis
from app.plans.declared import PLAN, EventField
from app.service.rows import Rows


async def _postvak(
    info: Info,
    organisatorische_eenheid_id: Annotated[strawberry.ID, strawberry.argument(description="The department.")],
    na: Annotated[
        int | None,
        strawberry.argument(
            description=(
                "The volgnummer after which to start; left out or null: only new facts. A negative number or one "
                "beyond the end is CURSOR_ONGELDIG; one too far behind the end is CURSOR_VERLOPEN."
            )
        ),
    ] = UNSET,
) -> AsyncIterable[model.Gebeurtenis]:
    context = info.context
    start = await context.use_cases.following.postvak(
        context.verwerking, organisatorische_eenheid_id, context.place(None if na is UNSET else na)
    )
    return context.use_cases.open_postvak(context.following(start))


async def _interne_taak(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The task.")],
    na_versie: Annotated[
        int | None,
        strawberry.argument(
            description=(
                "The versie after which to start; left out or null: only new facts. A negative number or one "
                "beyond the end is CURSOR_ONGELDIG."
            )
        ),
    ] = UNSET,
) -> AsyncIterable[model.Gebeurtenis]:
    context = info.context
    start = await context.use_cases.following.interne_taak(
        context.verwerking, id, context.place(None if na_versie is UNSET else na_versie)
    )
    return context.use_cases.follow(context.following(start))


@strawberry.type(
    description=(
        "Live facts. The error is NIET_BEVOEGD if the object does not exist or the caller may not see it. A client "
        "that reconnects passes the number of the last fact that it got, and misses nothing."
    )
)
class Subscription:
    """Live facts."""

    postvak: AsyncIterable[model.Gebeurtenis] = strawberry.subscription(
        resolver=_postvak,
        graphql_type=AsyncGenerator[Gebeurtenis, None],
        metadata={PLAN: EventField(Rows.fact)},
        description=(
            "Every fact in a department's inbox after volgnummer `na`, or only new facts if that is left out: in "
            "order, without gaps or duplicates."
        ),
    )
    interne_taak: AsyncIterable[model.Gebeurtenis] = strawberry.subscription(
        resolver=_interne_taak,
        graphql_type=AsyncGenerator[Gebeurtenis, None],
        metadata={PLAN: EventField(Rows.fact)},
        description=(
            "Every fact about one task after versie `naVersie`, or only new facts if that is left out, in "
            "whichever department the task is. This is how the desk sees that a colleague takes the call over."
        ),
    )
