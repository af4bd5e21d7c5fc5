"""OrganisatorischeEenheid."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import MAX_IDENTIFICATIE, MAX_NAAM
from app.graphql.reading.declaring import computed, has_many
from app.graphql.types.node import MedewerkerType, Node
from app.transport.execution.cost import TEXT

_RELATIONS = RELATIONS["OrganisatorischeEenheid"]


@strawberry.type(description="A department of the municipality (C0534: organisatorische eenheid).")
class OrganisatorischeEenheid(Node):
    """A department."""

    record = model.OrganisatorischeEenheid

    naam: str = strawberry.field(metadata={TEXT: MAX_NAAM}, description="Its name, 1–200 code points.")
    identificatie: str | None = strawberry.field(
        metadata={TEXT: MAX_IDENTIFICATIE},
        description="The organisation's own key for it, unique, at most 40 code points; null where it has none.",
    )
    actief: bool = strawberry.field(description="Whether it receives tasks. A closed department keeps what it has.")
    medewerkers: list[model.Medewerker] = has_many(
        _RELATIONS["medewerkers"],
        list[MedewerkerType],
        "Its active employees that have logged in, by naam.",
        size=25,
    )
    aantal_met_postvak_open: int | None = computed(
        "aantal_met_postvak_open",
        "How many of its employees who are KCC or BEHANDELAAR have its postvak open in a subscription at this "
        "moment, each counted once. Who has not answered pings for 20 seconds is not counted until they do, and "
        "nobody 5 seconds after their process died. Null inside a Gebeurtenis, where it would be old at once.",
    )
