"""Klantcontact."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import MAX_NAAM, MAX_ONDERWERP
from app.graphql.reading.declaring import belongs_to, has_many
from app.graphql.scalars import Moment
from app.graphql.types.node import EenheidType, MedewerkerType, Node, TaakType
from app.transport.execution.cost import TEXT

_RELATIONS = RELATIONS["Klantcontact"]


@strawberry.type(description="One contact with a citizen (C0534: klantcontact). It never changes.")
class Klantcontact(Node):
    """A contact."""

    record = model.Klantcontact

    nummer: str = strawberry.field(
        metadata={TEXT: 10},
        description="Ten digits, the first not 0, unique over contacts and tasks together: to read out.",
    )
    geregistreerd_op: Moment = strawberry.field(description="When it was registered; filled in by the server.")
    kanaal: str = strawberry.field(
        metadata={TEXT: MAX_NAAM}, description="One of the channels that were configured at registration."
    )
    medewerker: model.Medewerker = belongs_to(
        _RELATIONS["medewerker"],
        MedewerkerType,
        "Who registered it, from his login.",
    )
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department of the registration, from the login; never changes.",
    )
    initiatiefnemer: model.Initiatiefnemer = strawberry.field(description="Who sought the contact.")
    onderwerp: str = strawberry.field(
        metadata={TEXT: MAX_ONDERWERP}, description="What it is about, 1–200 code points."
    )
    inhoud: str | None = strawberry.field(
        description="The question as told, at most 1000 code points, perhaps several lines; null where left out."
    )
    interne_taken: list[model.InterneTaak] = has_many(
        _RELATIONS["interne_taken"],
        list[TaakType],
        "The tasks that came of it and that the caller may read, oldest first.",
        size=3,
    )
