"""The GraphQL type Klantcontact."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import MAX_NAAM, MAX_ONDERWERP
from app.graphql.reading.declaring import belongs_to, has_many
from app.graphql.scalars import Moment
from app.graphql.types.node import BetrokkeneType, EenheidType, MedewerkerType, Node, TaakType
from app.transport.execution.cost import TEXT

_RELATIONS = RELATIONS["Klantcontact"]


@strawberry.type(
    description=(
        "One contact with a citizen (C0534: klantcontact). It never changes; only whom it was with is corrected."
    )
)
class Klantcontact(Node):
    """A contact with a citizen."""

    record = model.Klantcontact

    nummer: str = strawberry.field(
        metadata={TEXT: 10},
        description="A number to read out: ten digits, the first not 0, unique among all contacts and tasks.",
    )
    geregistreerd_op: Moment = strawberry.field(description="When it was registered, by the server's clock.")
    plaatsgevonden_op: Moment = strawberry.field(
        description="When it took place: of a letter or an import earlier than geregistreerdOp, else the same."
    )
    betrokkenen: list[model.Betrokkene] | None = has_many(
        _RELATIONS["betrokkenen"],
        list[BetrokkeneType] | None,
        "Whom it was with, at most one. Null if the caller may not see that (see Betrokkene), and always in a "
        "subscription, whose events are shared and kept; empty if nobody was noted, or if it was removed at "
        "contactgegevensVerwijderdOp.",
        size=1,
    )
    contactgegevens_verwijderd_op: Moment | None = strawberry.field(
        description="When whom it was with was removed, since it may not be kept for longer; else null."
    )
    kanaal: str = strawberry.field(
        metadata={TEXT: MAX_NAAM},
        description="The channel of the contact: one of those that were configured when it was registered.",
    )
    medewerker: model.Medewerker = belongs_to(
        _RELATIONS["medewerker"],
        MedewerkerType,
        "The employee who registered it, from the login.",
    )
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department that registered it, from the login. It never changes.",
    )
    initiatiefnemer: model.Initiatiefnemer = strawberry.field(description="Who started the contact.")
    onderwerp: str = strawberry.field(metadata={TEXT: MAX_ONDERWERP}, description="The subject, 1–200 code points.")
    inhoud: str | None = strawberry.field(
        description="The citizen's question, at most 1000 code points, perhaps several lines; null if there is "
        "none."
    )
    interne_taken: list[model.InterneTaak] = has_many(
        _RELATIONS["interne_taken"],
        list[TaakType],
        "The tasks that resulted from it and that the caller may read, oldest first.",
        size=3,
    )
