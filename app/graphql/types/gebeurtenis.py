"""Gebeurtenis."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.graphql.reading.declaring import belongs_to
from app.graphql.scalars import Moment
from app.graphql.types.node import EenheidType, MedewerkerType, Node, PostvakType, TaakType

_RELATIONS = RELATIONS["Gebeurtenis"]


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
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department whose inbox it is a fact of.",
    )
    postvak: model.Postvak = belongs_to(
        _RELATIONS["postvak"],
        PostvakType,
        "That department's inbox as it is now: its counters refresh with every fact. Whoever may read the task "
        "sees the counters; of the tasks in it he is listed those that he may read.",
    )
    door: model.Medewerker | None = belongs_to(
        _RELATIONS["door"],
        MedewerkerType | None,
        "Who did it; null: the system itself.",
    )
    status: model.InterneTaakStatus = strawberry.field(description="Of the task after this fact.")
    medewerker: model.Medewerker | None = belongs_to(
        _RELATIONS["medewerker"],
        MedewerkerType | None,
        "Who has the task after this fact; null: nobody.",
    )
    andere_organisatorische_eenheid: model.OrganisatorischeEenheid | None = belongs_to(
        _RELATIONS["andere_organisatorische_eenheid"],
        EenheidType | None,
        "DOORGESTUURD: where it went; ONTVANGEN: where it came from; else null.",
    )
    toelichting: str | None = strawberry.field(description="Given with this deed, at most 1000 code points.")
    interne_taak: model.InterneTaak = belongs_to(
        _RELATIONS["interne_taak"],
        TaakType,
        "The task as it is now, which may be newer than the fact: compare versie.",
    )
