"""Klantcontact."""

import strawberry
from strawberry import Parent

from app.api.context import Info
from app.api.scalars import Moment
from app.api.transport.cost import LIST_SIZE
from app.api.types.lazy import EenheidType, MedewerkerType, TaakType
from app.api.types.node import Node
from app.domain import model


async def _medewerker(parent: Parent[model.Klantcontact], info: Info) -> model.Medewerker:
    return await info.context.loaders.medewerker.load(parent.medewerker_id)


async def _eenheid(parent: Parent[model.Klantcontact], info: Info) -> model.OrganisatorischeEenheid:
    return await info.context.loaders.eenheid.load(parent.eenheid_id)


async def _interne_taken(parent: Parent[model.Klantcontact], info: Info) -> list[model.InterneTaak]:
    return await info.context.loaders.taken_of_klantcontact.load(parent.id)


@strawberry.type(description="One contact with a citizen (C0534: klantcontact). It never changes.")
class Klantcontact(Node):
    """A contact."""

    record = model.Klantcontact

    nummer: str = strawberry.field(
        description="Ten digits, the first not 0, unique over contacts and tasks together: to read out."
    )
    geregistreerd_op: Moment = strawberry.field(description="When it was registered; filled in by the server.")
    kanaal: str = strawberry.field(description="One of the channels that were configured at registration.")
    medewerker: model.Medewerker = strawberry.field(
        resolver=_medewerker, graphql_type=MedewerkerType, description="Who registered it, from his login."
    )
    organisatorische_eenheid: model.OrganisatorischeEenheid = strawberry.field(
        resolver=_eenheid,
        graphql_type=EenheidType,
        description="The department of the registration, from the login; never changes.",
    )
    initiatiefnemer: model.Initiatiefnemer = strawberry.field(description="Who sought the contact.")
    onderwerp: str = strawberry.field(description="What it is about, 1–200 code points.")
    inhoud: str | None = strawberry.field(
        description="The question as told, at most 1000 code points, perhaps several lines; null where left out."
    )
    interne_taken: list[model.InterneTaak] = strawberry.field(
        resolver=_interne_taken,
        graphql_type=list[TaakType],
        metadata={LIST_SIZE: 3},
        description="The tasks that came of it and that the caller may read, oldest first.",
    )
