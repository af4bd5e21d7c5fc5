"""The GraphQL type OrganisatorischeEenheid."""

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
    """A department of the municipality."""

    record = model.OrganisatorischeEenheid

    naam: str = strawberry.field(metadata={TEXT: MAX_NAAM}, description="The name, 1–200 code points.")
    identificatie: str | None = strawberry.field(
        metadata={TEXT: MAX_IDENTIFICATIE},
        description="The organisation's own unique key for it, at most 40 code points; null if it has none.",
    )
    actief: bool = strawberry.field(
        description="Whether it can receive tasks. An inactive department keeps the tasks that it has."
    )
    medewerkers: list[model.Medewerker] = has_many(
        _RELATIONS["medewerkers"],
        list[MedewerkerType],
        "Its active employees who have ever logged in, sorted by naam.",
        size=25,
    )
    aantal_met_postvak_open: int | None = computed(
        "aantal_met_postvak_open",
        "How many of its employees with role KCC or BEHANDELAAR now have its postvak open in a subscription, each "
        "counted once. An employee whose connection has not answered pings for 20 seconds does not count until it "
        "does, and nobody counts 5 seconds after their server process has died. Null inside a Gebeurtenis, where "
        "it would be out of date at once.",
    )
