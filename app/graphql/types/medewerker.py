"""The GraphQL type Medewerker."""

from collections.abc import Sequence
from typing import Any

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import MAX_NAAM
from app.graphql.reading.declaring import belongs_to, has_many
from app.graphql.types.node import EenheidType, Node
from app.graphql.types.paging import check_first
from app.plans.declared import Row
from app.plans.shapes import Shape
from app.service.rows import Rows
from app.transport.execution.cost import TEXT


async def read_medewerkers(
    rows: Rows, shape: Shape, pages: Sequence[Any], zoektekst: str, first: int
) -> Sequence[Row]:
    """The rows of a search for employees. Raises an error with ONGELDIG_ARGUMENT if `first` is out of range."""
    check_first(first)
    return await rows.medewerkers(shape, pages, zoektekst=zoektekst, first=first)


_RELATIONS = RELATIONS["Medewerker"]


@strawberry.type(description="An employee, as recorded from their last login (C0534: medewerker).")
class Medewerker(Node):
    """An employee of the municipality."""

    record = model.Medewerker

    naam: str = strawberry.field(metadata={TEXT: MAX_NAAM}, description="Their name, 1–200 code points.")
    actief: bool = strawberry.field(description="Whether they can log in and be given tasks.")
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The first of their departments.",
    )
    organisatorische_eenheden: list[model.OrganisatorischeEenheid] = has_many(
        _RELATIONS["organisatorische_eenheden"],
        list[EenheidType],
        "All of their departments in the order of their login, the first one first.",
        size=3,
    )
