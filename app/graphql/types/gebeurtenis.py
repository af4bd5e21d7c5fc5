"""The GraphQL type Gebeurtenis."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.graphql.reading.declaring import belongs_to
from app.graphql.scalars import Moment
from app.graphql.types.node import EenheidType, MedewerkerType, Node, PostvakType, TaakType

_RELATIONS = RELATIONS["Gebeurtenis"]


@strawberry.type(description="One fact about one task in one department's inbox. A fact never changes.")
class Gebeurtenis(Node):
    """A fact about a task."""

    record = model.Gebeurtenis

    volgnummer: int = strawberry.field(
        description=(
            "The number in the department's stream: 1, 2, 3, … without gaps, in the order of the commits. Pass it "
            "as `na` to resume a subscription."
        )
    )
    versie: int = strawberry.field(description="The task's versie after this fact: 1, 2, 3, … without gaps.")
    soort: model.GebeurtenisSoort = strawberry.field(description="What happened.")
    tijdstip: Moment = strawberry.field(description="When it happened.")
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department in whose inbox it happened.",
    )
    postvak: model.Postvak = belongs_to(
        _RELATIONS["postvak"],
        PostvakType,
        "That department's inbox as it is now, so that its counters can be updated with every fact. Every caller "
        "who may read the task sees the counters; its list has only the tasks that the caller may read.",
    )
    door: model.Medewerker | None = belongs_to(
        _RELATIONS["door"],
        MedewerkerType | None,
        "The employee who did it; null if the system itself did it.",
    )
    status: model.InterneTaakStatus = strawberry.field(description="The status of the task after this fact.")
    medewerker: model.Medewerker | None = belongs_to(
        _RELATIONS["medewerker"],
        MedewerkerType | None,
        "The employee who has the task after this fact; null if nobody has it.",
    )
    andere_organisatorische_eenheid: model.OrganisatorischeEenheid | None = belongs_to(
        _RELATIONS["andere_organisatorische_eenheid"],
        EenheidType | None,
        "With DOORGESTUURD the department that the task went to, with ONTVANGEN the one that it came from; else "
        "null.",
    )
    toelichting: str | None = strawberry.field(description="The note with this deed, at most 1000 code points.")
    antwoord: str | None = strawberry.field(
        description="With GEDAAN what the citizen was told, at most 1000 code points; else null."
    )
    interne_taak: model.InterneTaak = belongs_to(
        _RELATIONS["interne_taak"],
        TaakType,
        "The task as it is now. It may be newer than this fact: compare versie.",
    )
