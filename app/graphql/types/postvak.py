"""The GraphQL type Postvak, with its list of tasks."""

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
        PostvakFilter | None, strawberry.argument(description="Conditions on the tasks; left out: all tasks.")
    ] = UNSET,
    volgorde: OrderArgument = Volgorde.LANGST_WACHTEND_EERST,
    first: FirstArgument = 50,
    after: AfterArgument = UNSET,
) -> InterneTaakConnection:
    paging = ask_postvak(info.context, volgorde, first, filter, after)
    paging.begin(parent.eenheid_id)
    paging.filter_ = paging.filter_.in_postvak(parent.eenheid_id)
    return await taken_page(info, paging)


@strawberry.type(description="A department's inbox, with its position in the department's stream of facts.")
class Postvak(Node):
    """A department's inbox."""

    record = model.Postvak

    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department whose inbox it is.",
    )
    laatste_volgnummer: int = strawberry.field(
        description=(
            "The number of the last fact that this Postvak includes; 0 if there are no facts. A client that "
            "subscribes with this number as `na` misses nothing: it is from the same database snapshot as the rest "
            "of this Postvak, or older."
        )
    )
    aantal_te_doen: int = strawberry.field(description="The number of tasks that are to be done.")
    aantal_niet_toegewezen: int = strawberry.field(
        description="The number of tasks that are to be done and have no employee."
    )
    aantal_klant_aan_de_lijn: int = strawberry.field(
        description="The number of tasks that are to be done with a citizen on the line."
    )
    langst_wachtend_sinds: Moment | None = strawberry.field(
        description=(
            "The earliest geregistreerdOp of the klantcontacten of tasks that are to be done; null if there are no "
            "such tasks."
        )
    )
    interne_taken: InterneTaakConnection = strawberry.field(
        resolver=_interne_taken,
        metadata={PLAN: HasPage("interne_taken", "eenheid_id", ask_postvak)},
        description=(
            "The tasks that are now in this inbox and that the caller may read; without a filter both open and "
            "done."
        ),
    )
