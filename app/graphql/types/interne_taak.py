"""The GraphQL type InterneTaak."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import MAX_GEVRAAGDE_HANDELING
from app.graphql.reading.declaring import belongs_to, has_many
from app.graphql.scalars import Moment
from app.graphql.types.node import EenheidType, GebeurtenisType, KlantcontactType, MedewerkerType, Node
from app.transport.execution.cost import TEXT

_RELATIONS = RELATIONS["InterneTaak"]


@strawberry.type(description="A task for a department that resulted from a klantcontact (C0534: interne taak).")
class InterneTaak(Node):
    """A task for a department."""

    record = model.InterneTaak

    nummer: str = strawberry.field(
        metadata={TEXT: 10},
        description="A number to read out: ten digits, the first not 0, unique among all contacts and tasks.",
    )
    geregistreerd_op: Moment = strawberry.field(description="When it was registered, by the server's clock.")
    geregistreerd_door: model.Medewerker = belongs_to(
        _RELATIONS["geregistreerd_door"],
        MedewerkerType,
        "The employee who registered it.",
    )
    ontstaan_uit_klantcontact: model.Klantcontact = belongs_to(
        _RELATIONS["ontstaan_uit_klantcontact"],
        KlantcontactType,
        "The contact that it resulted from.",
    )
    status: model.InterneTaakStatus = strawberry.field(description="The status of the task.")
    klant_aan_de_lijn: bool = strawberry.field(
        description=(
            "Whether a citizen is on the line, waiting for a colleague to take the call over. Set at registration; "
            "false after TERUGBELLEN_GEVRAAGD and HEROPEND."
        )
    )
    gevraagde_handeling: str = strawberry.field(
        metadata={TEXT: MAX_GEVRAAGDE_HANDELING},
        description=(
            "What the department has to do, 1–200 code points: as registered, and after TERUGBELLEN_GEVRAAGD to "
            "call back."
        ),
    )
    toelichting: str | None = strawberry.field(
        description=(
            "The note of the employee who registered it, at most 1000 code points, perhaps several lines; null if "
            "there is none. It never changes: later notes are in the facts (logboek)."
        )
    )
    medewerker: model.Medewerker | None = belongs_to(
        _RELATIONS["medewerker"],
        MedewerkerType | None,
        "The employee who has the task; null if nobody has it.",
    )
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department in whose inbox it is now.",
    )
    gedaan_op: Moment | None = strawberry.field(
        description="When it was finished or withdrawn; null unless status is GEDAAN."
    )
    gedaan_door: model.Medewerker | None = belongs_to(
        _RELATIONS["gedaan_door"],
        MedewerkerType | None,
        "The employee who finished or withdrew it; null unless status is GEDAAN.",
    )
    antwoord: str | None = strawberry.field(
        description=(
            "What the citizen was told when the task was last finished, at most 1000 code points, perhaps several "
            "lines; null if nothing was noted. It is kept while the task is reopened."
        )
    )
    aantal_contactpogingen: int = strawberry.field(
        description="How often an employee tried to reach the citizen and did not: the number of NIET_BEREIKT."
    )
    versie: int = strawberry.field(description="The version of the task: 1 at first, 1 higher with every fact.")
    laatste_gebeurtenis: model.Gebeurtenis = belongs_to(
        _RELATIONS["laatste_gebeurtenis"],
        GebeurtenisType,
        "The fact with this versie.",
    )
    logboek: list[model.Gebeurtenis] = has_many(
        _RELATIONS["logboek"],
        list[GebeurtenisType],
        "Everything that ever happened to the task, sorted by versie: its audit trail.",
        size=10,
    )
