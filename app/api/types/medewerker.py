"""Medewerker."""

import strawberry
from strawberry import Parent

from app.api.context import Info
from app.api.types.lazy import EenheidType
from app.api.types.node import Node
from app.domain import model


async def _eenheid(parent: Parent[model.Medewerker], info: Info) -> model.OrganisatorischeEenheid:
    return await info.context.loaders.eenheid.load(parent.eenheid_id)


@strawberry.type(description="An employee, as recorded from his latest login (C0534: medewerker).")
class Medewerker(Node):
    """An employee."""

    record = model.Medewerker

    naam: str = strawberry.field(description="His name, 1–200 code points.")
    actief: bool = strawberry.field(description="Whether he may log in and be given tasks.")
    organisatorische_eenheid: model.OrganisatorischeEenheid = strawberry.field(
        resolver=_eenheid, graphql_type=EenheidType, description="The first of his departments."
    )
