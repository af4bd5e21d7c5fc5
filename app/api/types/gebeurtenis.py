"""Gebeurtenis."""

import strawberry
from strawberry import Parent

from app.api.context import Info
from app.api.scalars import Moment
from app.api.types.lazy import EenheidType, MedewerkerType, PostvakType, TaakType
from app.api.types.node import Node
from app.domain import model

_Feit = Parent[model.Gebeurtenis]


async def _eenheid(parent: _Feit, info: Info) -> model.OrganisatorischeEenheid:
    return await info.context.loaders.eenheid.load(parent.eenheid_id)


async def _andere_eenheid(parent: _Feit, info: Info) -> model.OrganisatorischeEenheid | None:
    if parent.andere_eenheid_id is None:
        return None
    return await info.context.loaders.eenheid.load(parent.andere_eenheid_id)


async def _postvak(parent: _Feit, info: Info) -> model.Postvak:
    return await info.context.loaders.postvak.load(parent.eenheid_id)


async def _door(parent: _Feit, info: Info) -> model.Medewerker | None:
    return None if parent.door_id is None else await info.context.loaders.medewerker.load(parent.door_id)


async def _medewerker(parent: _Feit, info: Info) -> model.Medewerker | None:
    if parent.medewerker_id is None:
        return None
    return await info.context.loaders.medewerker.load(parent.medewerker_id)


async def _interne_taak(parent: _Feit, info: Info) -> model.InterneTaak:
    return await info.context.loaders.taak.load(parent.taak_id)


@strawberry.type(description="One fact about one task in one department's inbox. Facts are never changed.")
class Gebeurtenis(Node):
    """A fact."""

    record = model.Gebeurtenis

    volgnummer: int = strawberry.field(
        description="1, 2, 3, … per department, without gaps, in commit order: resume a subscription with it."
    )
    versie: int = strawberry.field(description="1, 2, 3, … per task, without gaps.")
    soort: model.GebeurtenisSoort = strawberry.field(description="What happened.")
    tijdstip: Moment = strawberry.field(description="When it happened.")
    organisatorische_eenheid: model.OrganisatorischeEenheid = strawberry.field(
        resolver=_eenheid, graphql_type=EenheidType, description="The department whose inbox it is a fact of."
    )
    postvak: model.Postvak = strawberry.field(
        resolver=_postvak,
        graphql_type=PostvakType,
        description=(
            "That department's inbox as it is now: its counters refresh with every fact. Whoever may read the task "
            "sees the counters; of the tasks in it he is listed those that he may read."
        ),
    )
    door: model.Medewerker | None = strawberry.field(
        resolver=_door, graphql_type=MedewerkerType | None, description="Who did it; null: the system itself."
    )
    status: model.InterneTaakStatus = strawberry.field(description="Of the task after this fact.")
    medewerker: model.Medewerker | None = strawberry.field(
        resolver=_medewerker,
        graphql_type=MedewerkerType | None,
        description="Who has the task after this fact; null: nobody.",
    )
    andere_organisatorische_eenheid: model.OrganisatorischeEenheid | None = strawberry.field(
        resolver=_andere_eenheid,
        graphql_type=EenheidType | None,
        description="DOORGESTUURD: where it went; ONTVANGEN: where it came from; else null.",
    )
    toelichting: str | None = strawberry.field(description="Given with this deed, at most 1000 code points.")
    interne_taak: model.InterneTaak = strawberry.field(
        resolver=_interne_taak,
        graphql_type=TaakType,
        description="The task as it is now, which may be newer than the fact: compare versie.",
    )
