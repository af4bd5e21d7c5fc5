"""OrganisatorischeEenheid."""

import strawberry
from strawberry import Parent

from app.api.context import Info
from app.api.transport.cost import LIST_SIZE
from app.api.types.lazy import MedewerkerType
from app.api.types.node import Node
from app.domain import model


async def _medewerkers(parent: Parent[model.OrganisatorischeEenheid], info: Info) -> list[model.Medewerker]:
    return await info.context.loaders.medewerkers_of_eenheid.load(parent.id)


async def _aantal_met_postvak_open(parent: Parent[model.OrganisatorischeEenheid], info: Info) -> int | None:
    if info.context.is_of_fact:
        return None
    return await info.context.loaders.aantal_met_postvak_open.load(parent.id)


@strawberry.type(description="A department of the municipality (C0534: organisatorische eenheid).")
class OrganisatorischeEenheid(Node):
    """A department."""

    record = model.OrganisatorischeEenheid

    naam: str = strawberry.field(description="Its name, 1–200 code points.")
    identificatie: str | None = strawberry.field(
        description="The organisation's own key for it, unique, at most 40 code points; null where it has none."
    )
    actief: bool = strawberry.field(description="Whether it receives tasks. A closed department keeps what it has.")
    medewerkers: list[model.Medewerker] = strawberry.field(
        resolver=_medewerkers,
        graphql_type=list[MedewerkerType],
        metadata={LIST_SIZE: 25},
        description="Its active employees that have logged in, by naam.",
    )
    aantal_met_postvak_open: int | None = strawberry.field(
        resolver=_aantal_met_postvak_open,
        description=(
            "How many of its employees have its postvak open in a subscription at this moment, each counted "
            "once; right within 5 seconds. Null inside a Gebeurtenis, where it would be old at once."
        ),
    )
