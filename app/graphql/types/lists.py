"""The lists of tasks and of contacts: the requested page, and reading it into a connection."""

from functools import partial
from typing import Any

from strawberry import UNSET

from app.domain import model
from app.domain.finding import filters
from app.domain.finding.filters import KLANTCONTACT_POSITIONS, TAAK_POSITIONS, Found
from app.domain.model import Volgorde
from app.graphql.context import Context, Info
from app.graphql.errors import ongeldig_argument
from app.graphql.inputs.filters import (
    InterneTaakFilter,
    KlantcontactFilter,
    PostvakFilter,
    klantcontact_filter,
    taak_filter,
)
from app.graphql.types.connection import (
    InterneTaakConnection,
    InterneTaakEdge,
    KlantcontactConnection,
    KlantcontactEdge,
    PageInfo,
)
from app.graphql.types.paging import Paging
from app.plans.declared import Row
from app.plans.shapes import Shape
from app.service.rows import Rows

TakenPaging = Paging[filters.TaakFilter]
KlantcontactenPaging = Paging[filters.KlantcontactFilter]


def ask_taken(
    context: Context,
    volgorde: Volgorde,
    first: int,
    filter: InterneTaakFilter | None = None,
    after: str | None = None,
) -> TakenPaging:
    """The page of tasks for the arguments of the field."""
    _check_searched(context, filter)
    return Paging("interneTaken", taak_filter(filter), volgorde, TAAK_POSITIONS[volgorde], first, after)


def ask_postvak(
    _: Context, volgorde: Volgorde, first: int, filter: PostvakFilter | None = None, after: str | None = None
) -> TakenPaging:
    """The page of an inbox's tasks for the arguments of the field; the inbox is set later, with `Paging.begin`."""
    return Paging(None, taak_filter(filter), volgorde, TAAK_POSITIONS[volgorde], first, after)


def ask_klantcontacten(
    context: Context,
    volgorde: Volgorde,
    first: int,
    filter: KlantcontactFilter | None = None,
    after: str | None = None,
) -> KlantcontactenPaging:
    """The page of contacts for the arguments of the field."""
    _check_searched(context, filter)
    shape = KLANTCONTACT_POSITIONS[volgorde]
    return Paging("klantcontacten", klantcontact_filter(filter), volgorde, shape, first, after)


def _check_searched(context: Context, filter_: InterneTaakFilter | KlantcontactFilter | None) -> None:
    """Note a search by an address for the processing log; by GET it is refused, because URLs are logged."""
    if not filter_ or filter_.digitaal_adres in (None, UNSET):
        return
    if context.call.by_get:
        bericht = "Zoek op een telefoonnummer of e-mailadres met POST: het adres van een pagina wordt bewaard."
        raise ongeldig_argument("digitaalAdres", bericht)
    context.verwerking.op_digitaal_adres = True


async def read_page(rows: Rows, _: Paging[Any], shape: Shape, pages: list[Paging[Any]]) -> list[Row]:
    """Read the rows of `pages[0]`."""
    return list(await rows.page(shape, pages))


async def count_page(rows: Rows, page: Paging[Any]) -> int:
    """How many objects meet the filter of a page."""
    return await rows.count(page)


async def taken_page(info: Info, paging: TakenPaging) -> InterneTaakConnection:
    """Read a page of tasks as records."""
    records = info.context.records
    page = await records.page(model.InterneTaak, paging)
    edges = [InterneTaakEdge(node=node, cursor=paging.cursor(position)) for node, position in page.items]
    return InterneTaakConnection(
        edges=edges,
        page_info=_page_info(paging, page, [edge.cursor for edge in edges]),
        count=partial(records.count, paging),
    )


async def klantcontacten_page(info: Info, paging: KlantcontactenPaging) -> KlantcontactConnection:
    """Read a page of contacts as records."""
    records = info.context.records
    page = await records.page(model.Klantcontact, paging)
    edges = [KlantcontactEdge(node=node, cursor=paging.cursor(position)) for node, position in page.items]
    return KlantcontactConnection(
        edges=edges,
        page_info=_page_info(paging, page, [edge.cursor for edge in edges]),
        count=partial(records.count, paging),
    )


def _page_info(paging: Paging[Any], page: Found[Any], cursors: list[str]) -> PageInfo:
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=paging.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
