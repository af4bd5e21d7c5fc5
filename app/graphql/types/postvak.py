"""Postvak and its list of tasks."""

from typing import Annotated

import strawberry
from strawberry import UNSET, Parent

from app.domain import model
from app.domain.model import Volgorde
from app.domain.relations import RELATIONS
from app.graphql.context import Info
from app.graphql.inputs.filters import PostvakFilter
from app.graphql.reading.declaring import belongs_to
from app.graphql.scalars import Moment
from app.graphql.types.connection import AfterArgument, FirstArgument, InterneTaakConnection, OrderArgument
from app.graphql.types.lists import ask_postvak, taken_page
from app.graphql.types.node import EenheidType, Node
from app.plans.declared import PLAN, HasPage

_RELATIONS = RELATIONS["Postvak"]


async def _interne_taken(
    parent: Parent[model.Postvak],
    info: Info,
    filter: Annotated[
        PostvakFilter | None, strawberry.argument(description="Which tasks; left out: all of them.")
    ] = UNSET,
    volgorde: OrderArgument = Volgorde.LANGST_WACHTEND_EERST,
    first: FirstArgument = 50,
    after: AfterArgument = UNSET,
) -> InterneTaakConnection:
    paging = ask_postvak(info.context, volgorde, first, filter, after)
    paging.begin(parent.eenheid_id)
    paging.filter_ = paging.filter_.in_postvak(parent.eenheid_id)
    return await taken_page(info, paging)


@strawberry.type(description="A department's inbox, and the place in its stream of facts at which it was read.")
class Postvak(Node):
    """An inbox."""

    record = model.Postvak

    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department whose inbox it is.",
    )
    laatste_volgnummer: int = strawberry.field(
        description=(
            "Of the same database snapshot as the rest of this Postvak, or older: subscribe with `na:` this, "
            "and nothing is missed. 0 before the first fact."
        )
    )
    aantal_te_doen: int = strawberry.field(description="How many tasks here are to be done.")
    aantal_niet_toegewezen: int = strawberry.field(description="Of those to be done, how many are nobody's.")
    aantal_klant_aan_de_lijn: int = strawberry.field(
        description="Of those to be done, how many have a citizen on the line."
    )
    langst_wachtend_sinds: Moment | None = strawberry.field(
        description=(
            "Of those to be done, the earliest geregistreerdOp of a klantcontact; null where none is to be done."
        )
    )
    interne_taken: InterneTaakConnection = strawberry.field(
        resolver=_interne_taken,
        metadata={PLAN: HasPage("interne_taken", "eenheid_id", ask_postvak)},
        description="The tasks now in this department that the caller may read, open and done unless filtered.",
    )
