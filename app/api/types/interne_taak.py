"""InterneTaak."""

import strawberry
from strawberry import Parent

from app.api.context import Info
from app.api.scalars import Moment
from app.api.transport.cost import LIST_SIZE
from app.api.types.lazy import EenheidType, GebeurtenisType, KlantcontactType, MedewerkerType
from app.api.types.node import Node
from app.domain import model

_Taak = Parent[model.InterneTaak]


async def _geregistreerd_door(parent: _Taak, info: Info) -> model.Medewerker:
    return await info.context.loaders.medewerker.load(parent.geregistreerd_door_id)


async def _klantcontact(parent: _Taak, info: Info) -> model.Klantcontact:
    return await info.context.loaders.klantcontact.load(parent.klantcontact_id)


async def _medewerker(parent: _Taak, info: Info) -> model.Medewerker | None:
    if parent.medewerker_id is None:
        return None
    return await info.context.loaders.medewerker.load(parent.medewerker_id)


async def _gedaan_door(parent: _Taak, info: Info) -> model.Medewerker | None:
    if parent.gedaan_door_id is None:
        return None
    return await info.context.loaders.medewerker.load(parent.gedaan_door_id)


async def _eenheid(parent: _Taak, info: Info) -> model.OrganisatorischeEenheid:
    return await info.context.loaders.eenheid.load(parent.eenheid_id)


async def _laatste_gebeurtenis(parent: _Taak, info: Info) -> model.Gebeurtenis:
    return await info.context.loaders.feit.load((parent.id, parent.versie))


async def _logboek(parent: _Taak, info: Info) -> list[model.Gebeurtenis]:
    return await info.context.loaders.logboek.load(parent.id)


@strawberry.type(description="A task for a department that came of a klantcontact (C0534: interne taak).")
class InterneTaak(Node):
    """A task."""

    record = model.InterneTaak

    nummer: str = strawberry.field(
        description="Ten digits, the first not 0, unique over contacts and tasks together: to read out."
    )
    geregistreerd_op: Moment = strawberry.field(description="When it was registered; filled in by the server.")
    geregistreerd_door: model.Medewerker = strawberry.field(
        resolver=_geregistreerd_door, graphql_type=MedewerkerType, description="Who registered it."
    )
    ontstaan_uit_klantcontact: model.Klantcontact = strawberry.field(
        resolver=_klantcontact, graphql_type=KlantcontactType, description="The contact that it came of."
    )
    status: model.InterneTaakStatus = strawberry.field(description="How far it is.")
    klant_aan_de_lijn: bool = strawberry.field(
        description="Given at registration: the citizen is on the line, waiting to be taken over."
    )
    gevraagde_handeling: str = strawberry.field(
        description="What the department is asked to do, 1–200 code points."
    )
    toelichting: str | None = strawberry.field(
        description=(
            "The sender's, at most 1000 code points, perhaps several lines; null where left out. It never "
            "changes: what is said later stands in the facts."
        )
    )
    medewerker: model.Medewerker | None = strawberry.field(
        resolver=_medewerker,
        graphql_type=MedewerkerType | None,
        description="Who has it; null: nobody has taken it.",
    )
    organisatorische_eenheid: model.OrganisatorischeEenheid = strawberry.field(
        resolver=_eenheid, graphql_type=EenheidType, description="The department in whose inbox it is now."
    )
    gedaan_op: Moment | None = strawberry.field(
        description="When it was finished; set exactly when status is GEDAAN."
    )
    gedaan_door: model.Medewerker | None = strawberry.field(
        resolver=_gedaan_door,
        graphql_type=MedewerkerType | None,
        description="Who finished or withdrew it; set exactly when status is GEDAAN.",
    )
    versie: int = strawberry.field(description="1 on creation, 1 more with every fact.")
    laatste_gebeurtenis: model.Gebeurtenis = strawberry.field(
        resolver=_laatste_gebeurtenis, graphql_type=GebeurtenisType, description="The fact of this versie."
    )
    logboek: list[model.Gebeurtenis] = strawberry.field(
        resolver=_logboek,
        graphql_type=list[GebeurtenisType],
        metadata={LIST_SIZE: 10},
        description="Everything that ever happened to the task, by versie: its audit trail.",
    )
