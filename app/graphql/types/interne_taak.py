"""InterneTaak."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import MAX_GEVRAAGDE_HANDELING
from app.graphql.reading.declaring import belongs_to, has_many
from app.graphql.scalars import Moment
from app.graphql.types.node import EenheidType, GebeurtenisType, KlantcontactType, MedewerkerType, Node
from app.transport.execution.cost import TEXT

_RELATIONS = RELATIONS["InterneTaak"]


@strawberry.type(description="A task for a department that came of a klantcontact (C0534: interne taak).")
class InterneTaak(Node):
    """A task."""

    record = model.InterneTaak

    nummer: str = strawberry.field(
        metadata={TEXT: 10},
        description="Ten digits, the first not 0, unique over contacts and tasks together: to read out.",
    )
    geregistreerd_op: Moment = strawberry.field(description="When it was registered; filled in by the server.")
    geregistreerd_door: model.Medewerker = belongs_to(
        _RELATIONS["geregistreerd_door"],
        MedewerkerType,
        "Who registered it.",
    )
    ontstaan_uit_klantcontact: model.Klantcontact = belongs_to(
        _RELATIONS["ontstaan_uit_klantcontact"],
        KlantcontactType,
        "The contact that it came of.",
    )
    status: model.InterneTaakStatus = strawberry.field(description="How far it is.")
    klant_aan_de_lijn: bool = strawberry.field(
        description="Given at registration: the citizen is on the line, to be taken over; false after HEROPEND."
    )
    gevraagde_handeling: str = strawberry.field(
        metadata={TEXT: MAX_GEVRAAGDE_HANDELING},
        description="What the department is asked to do, 1–200 code points.",
    )
    toelichting: str | None = strawberry.field(
        description=(
            "The sender's, at most 1000 code points, perhaps several lines; null where left out. It never "
            "changes: what is said later stands in the facts."
        )
    )
    medewerker: model.Medewerker | None = belongs_to(
        _RELATIONS["medewerker"],
        MedewerkerType | None,
        "Who has it; null: nobody has taken it.",
    )
    organisatorische_eenheid: model.OrganisatorischeEenheid = belongs_to(
        _RELATIONS["organisatorische_eenheid"],
        EenheidType,
        "The department in whose inbox it is now.",
    )
    gedaan_op: Moment | None = strawberry.field(
        description="When it was finished; set exactly when status is GEDAAN."
    )
    gedaan_door: model.Medewerker | None = belongs_to(
        _RELATIONS["gedaan_door"],
        MedewerkerType | None,
        "Who finished or withdrew it; set exactly when status is GEDAAN.",
    )
    versie: int = strawberry.field(description="1 on creation, 1 more with every fact.")
    laatste_gebeurtenis: model.Gebeurtenis = belongs_to(
        _RELATIONS["laatste_gebeurtenis"],
        GebeurtenisType,
        "The fact of this versie.",
    )
    logboek: list[model.Gebeurtenis] = has_many(
        _RELATIONS["logboek"],
        list[GebeurtenisType],
        "Everything that ever happened to the task, by versie: its audit trail.",
        size=10,
    )
