"""The fields of Query."""

from collections.abc import Mapping
from typing import Annotated, get_args

import strawberry
from strawberry import UNSET, Parent

from app.domain import model
from app.domain.model import Rol, Volgorde
from app.domain.rights import Login
from app.domain.values.limits import MAX_PAGE
from app.graphql.context import Info
from app.graphql.inputs.filters import InterneTaakFilter, KlantcontactFilter
from app.graphql.reading.declaring import counted
from app.graphql.scalars import Moment
from app.graphql.types.connection import (
    AfterArgument,
    FirstArgument,
    InterneTaakConnection,
    KlantcontactConnection,
    OrderArgument,
)
from app.graphql.types.eenheid import OrganisatorischeEenheid
from app.graphql.types.interne_taak import InterneTaak
from app.graphql.types.klantcontact import Klantcontact
from app.graphql.types.lists import (
    ask_klantcontacten,
    ask_taken,
    count_page,
    klantcontacten_page,
    read_page,
    taken_page,
)
from app.graphql.types.medewerker import Medewerker, read_medewerkers
from app.graphql.types.node import Node
from app.graphql.types.postvak import Postvak
from app.plans.declared import PLAN, ChoiceField, ContextField, ObjectField, PageField, ReadField
from app.service.rows import EENHEID_COLUMNS, Rows
from app.transport.execution.cost import TEXT

_MOST_OF_TIJDZONE = 64
"""The most code points of the name of a time zone."""

NodeRecord = (
    model.OrganisatorischeEenheid
    | model.Postvak
    | model.Medewerker
    | model.Klantcontact
    | model.Betrokkene
    | model.InterneTaak
    | model.Gebeurtenis
)


async def _own_medewerker(info: Info) -> model.Medewerker:
    [medewerker] = await info.context.records.read(Rows.own_medewerker, model.Medewerker)
    return medewerker


def _own_rollen(parent: Parent[Login]) -> list[Rol]:
    return [rol for rol in Rol if rol in parent.rollen]


async def _own_postvakken(info: Info) -> list[model.Postvak]:
    return counted(info, await info.context.records.read(Rows.own_postvakken, model.Postvak))


@strawberry.type(description="The employee who is logged in.")
class Ik:
    """The employee who is logged in."""

    medewerker: model.Medewerker = strawberry.field(
        resolver=_own_medewerker,
        graphql_type=Medewerker,
        metadata={PLAN: ReadField(Rows.own_medewerker)},
        description="The employee.",
    )
    rollen: list[Rol] = strawberry.field(
        resolver=_own_rollen,
        metadata={PLAN: ContextField(lambda context: _own_rollen(context.login))},
        description="Their roles. They may do what any of these allows.",
    )
    postvakken: list[model.Postvak] = strawberry.field(
        resolver=_own_postvakken,
        graphql_type=list[Postvak],
        metadata={PLAN: ReadField(Rows.own_postvakken, ("eenheid_id",), size=3)},
        description="The inboxes of their departments, that of their first department first.",
    )

    @classmethod
    def is_type_of(cls, value: object, _: object) -> bool:
        """Whether a resolved value is a login."""
        return isinstance(value, Login)


def _ik(info: Info) -> Login:
    return info.context.login


def _nu(info: Info) -> Moment:
    return Moment(info.context.use_cases.clock())


def _tijdzone(info: Info) -> str:
    return info.context.use_cases.tijdzone


def _kanalen(info: Info) -> list[str]:
    return list(info.context.use_cases.kanalen)


def _gevraagde_handelingen(info: Info) -> list[str]:
    return list(info.context.use_cases.gevraagde_handelingen)


IdArgument = Annotated[strawberry.ID, strawberry.argument(description="A UUID in hyphenated form, any case.")]


async def _eenheden(
    info: Info,
    zoektekst: Annotated[
        str | None,
        strawberry.argument(
            description="Every word of this text must be the start of a word in naam or identificatie. At most 200 "
            "code points and 10 words."
        ),
    ] = UNSET,
    actief: Annotated[
        bool | None, strawberry.argument(description="True: active departments; false: inactive ones; null: both.")
    ] = True,
) -> list[model.OrganisatorischeEenheid]:
    read = info.context.records.read
    return counted(
        info, await read(Rows.eenheden, model.OrganisatorischeEenheid, zoektekst=zoektekst or None, actief=actief)
    )


async def _open_postvakken(info: Info) -> list[model.Postvak]:
    return counted(info, await info.context.records.read(Rows.open_postvakken, model.Postvak))


async def _medewerkers(
    info: Info,
    zoektekst: Annotated[
        str,
        strawberry.argument(
            description="Every word of this text must be the start of a word in naam; a blank text matches "
            "everybody. At most 200 code points and 10 words."
        ),
    ],
    first: Annotated[
        int,
        strawberry.argument(description=f"How many, 1 to {MAX_PAGE}; anything else is ONGELDIG_ARGUMENT."),
    ] = 20,
) -> list[model.Medewerker]:
    read = info.context.records.read
    return await read(read_medewerkers, model.Medewerker, zoektekst=zoektekst, first=first)


async def _klantcontact(info: Info, id: IdArgument) -> model.Klantcontact | None:
    return await info.context.records.look_up(Rows.klantcontact, model.Klantcontact, id=id)


async def _klantcontacten(
    info: Info,
    filter: Annotated[
        KlantcontactFilter | None,
        strawberry.argument(description="Conditions on the contacts; left out: all contacts."),
    ] = UNSET,
    volgorde: OrderArgument = Volgorde.NIEUWSTE_EERST,
    first: FirstArgument = 50,
    after: AfterArgument = UNSET,
) -> KlantcontactConnection:
    return await klantcontacten_page(info, ask_klantcontacten(info.context, volgorde, first, filter, after))


async def _interne_taak(info: Info, id: IdArgument) -> model.InterneTaak | None:
    return await info.context.records.look_up(Rows.interne_taak, model.InterneTaak, id=id)


async def _interne_taken(
    info: Info,
    filter: Annotated[
        InterneTaakFilter | None, strawberry.argument(description="Conditions on the tasks; left out: all tasks.")
    ] = UNSET,
    volgorde: OrderArgument = Volgorde.LANGST_WACHTEND_EERST,
    first: FirstArgument = 50,
    after: AfterArgument = UNSET,
) -> InterneTaakConnection:
    return await taken_page(info, ask_taken(info.context, volgorde, first, filter, after))


async def _postvak(
    info: Info,
    organisatorische_eenheid_id: Annotated[strawberry.ID, strawberry.argument(description="The department.")],
) -> model.Postvak | None:
    look_up = info.context.records.look_up
    return await look_up(Rows.postvak, model.Postvak, organisatorische_eenheid_id=organisatorische_eenheid_id)


async def _node(info: Info, id: IdArgument) -> NodeRecord | None:
    records = info.context.records
    kind = await records.kind_of(id)
    return None if kind is None else await records.look_up(_NODES[kind].read, _RECORDS[kind], id=id)


_RECORDS: Mapping[str, type[NodeRecord]] = {kind.__name__: kind for kind in get_args(NodeRecord)}
_NODES = {
    "OrganisatorischeEenheid": ReadField(Rows.eenheid),
    "Medewerker": ReadField(Rows.medewerker),
    "Klantcontact": ReadField(Rows.klantcontact),
    "Betrokkene": ReadField(Rows.betrokkene),
    "InterneTaak": ReadField(Rows.interne_taak),
    "Gebeurtenis": ReadField(Rows.gebeurtenis),
    "Postvak": ReadField(Rows.postvak_by_id, ("eenheid_id",)),
}


@strawberry.type(
    description=(
        "Reading. A field with an id is null if the id is unknown or malformed, or if the caller may not see it. "
        "Lists and their counts leave out objects that the caller may not see. Everything in one operation is read "
        "from one database snapshot."
    )
)
class Query:
    """Reading."""

    nu: Moment = strawberry.field(
        resolver=_nu,
        metadata={PLAN: ContextField(lambda context: context.use_cases.clock())},
        description="The moment of this answer by the clock of the server: count waiting times against it.",
    )
    tijdzone: str = strawberry.field(
        resolver=_tijdzone,
        metadata={PLAN: ContextField(lambda context: context.use_cases.tijdzone), TEXT: _MOST_OF_TIJDZONE},
        description=(
            "The time zone of the organisation by its IANA name, such as Europe/Amsterdam: show moments in it."
        ),
    )
    ik: Login = strawberry.field(
        resolver=_ik, graphql_type=Ik, metadata={PLAN: ObjectField()}, description="The employee who is logged in."
    )
    kanalen: list[str] = strawberry.field(
        resolver=_kanalen,
        metadata={PLAN: ContextField(lambda context: list(context.use_cases.kanalen))},
        description="The configured channels of contacts, the default channel first.",
    )
    gevraagde_handelingen: list[str] = strawberry.field(
        resolver=_gevraagde_handelingen,
        metadata={PLAN: ContextField(lambda context: list(context.use_cases.gevraagde_handelingen))},
        description='The configured suggestions for gevraagdeHandeling, "Overname gesprek met klant" first.',
    )
    organisatorische_eenheden: list[model.OrganisatorischeEenheid] = strawberry.field(
        resolver=_eenheden,
        graphql_type=list[OrganisatorischeEenheid],
        metadata={PLAN: ReadField(Rows.eenheden, EENHEID_COLUMNS, size=50)},
        description="Departments, sorted by naam.",
    )
    postvakken: list[model.Postvak] = strawberry.field(
        resolver=_open_postvakken,
        graphql_type=list[Postvak],
        metadata={PLAN: ReadField(Rows.open_postvakken, ("eenheid_id",), size=50, reads=2)},
        description="The inboxes that the caller may open, sorted by naam of the department: those of their own "
        "departments, and for a TOEZICHTHOUDER all.",
    )
    medewerkers: list[model.Medewerker] = strawberry.field(
        resolver=_medewerkers,
        graphql_type=list[Medewerker],
        metadata={PLAN: ReadField(read_medewerkers, ("id",), reads=2)},
        description="Active employees who have ever logged in, sorted by naam.",
    )
    klantcontact: model.Klantcontact | None = strawberry.field(
        resolver=_klantcontact,
        graphql_type=Klantcontact | None,
        metadata={PLAN: ReadField(Rows.klantcontact)},
        description="A contact (F8618).",
    )
    klantcontacten: KlantcontactConnection = strawberry.field(
        resolver=_klantcontacten,
        metadata={PLAN: PageField(ask_klantcontacten, read_page, count_page)},
        description="The contacts that the caller may read (F3896).",
    )
    interne_taak: model.InterneTaak | None = strawberry.field(
        resolver=_interne_taak,
        graphql_type=InterneTaak | None,
        metadata={PLAN: ReadField(Rows.interne_taak)},
        description="A task (F2771).",
    )
    interne_taken: InterneTaakConnection = strawberry.field(
        resolver=_interne_taken,
        metadata={PLAN: PageField(ask_taken, read_page, count_page)},
        description="The tasks that the caller may read (F3839).",
    )
    postvak: model.Postvak | None = strawberry.field(
        resolver=_postvak,
        graphql_type=Postvak | None,
        metadata={PLAN: ReadField(Rows.postvak)},
        description=(
            "A department's inbox; null with error NIET_BEVOEGD if it does not exist or the caller may not see it."
        ),
    )
    node: NodeRecord | None = strawberry.field(
        resolver=_node,
        graphql_type=Node | None,
        metadata={PLAN: ChoiceField(Rows.kind_of, _NODES)},
        description="An object of any type, by its id.",
    )
