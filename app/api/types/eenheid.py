"""OrganisatorischeEenheid."""

import strawberry

from app.api.declaring import listed, reckoned
from app.api.types.lazy import MedewerkerType
from app.api.types.node import Node
from app.domain import model
from app.domain.folding import fold
from app.domain.limits import MAX_IDENTIFICATIE, MAX_NAAM
from app.transport.execution.cost import TEXT


def _by_naam(naam: str, id: str) -> tuple[str, str, str]:
    return fold(naam), naam, id


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
    medewerkers: list[model.Medewerker] = listed(
        "medewerkers",
        lambda reads: reads.medewerkers_of_eenheden,
        list[MedewerkerType],
        "Its active employees that have logged in, by naam.",
        size=25,
        columns=("naam", "id"),
        arranged=_by_naam,
    )
    aantal_met_postvak_open: int | None = reckoned(
        "aantal_met_postvak_open",
        lambda reads: reads.aantallen_met_postvak_open,
        "How many of its employees who are KCC or BEHANDELAAR have its postvak open in a subscription at this "
        "moment, each counted once. Who has not answered pings for 20 seconds is not counted until they do, and "
        "nobody 5 seconds after their process died. Null inside a Gebeurtenis, where it would be old at once.",
    )
