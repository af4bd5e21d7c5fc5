"""Reading a page of a list into its connection."""

from app.api.context import Info
from app.api.types.connection import (
    InterneTaakConnection,
    InterneTaakEdge,
    KlantcontactConnection,
    KlantcontactEdge,
    Paging,
)
from app.domain.filters import KLANTCONTACT_POSITIONS, TAAK_POSITIONS, KlantcontactFilter, TaakFilter
from app.domain.model import InterneTaak, Klantcontact, Volgorde


async def taken_page(
    info: Info, name: str, asked: TaakFilter, volgorde: Volgorde, first: int, after: str | None
) -> InterneTaakConnection:
    """A page of tasks; `name` tells this list from others, so that a cursor of another one is refused."""
    reading = info.context.reading
    paging: Paging[InterneTaak] = Paging(name, volgorde, TAAK_POSITIONS[volgorde], first, after)
    found = await reading.taken(asked, volgorde, paging.page)
    edges = [InterneTaakEdge(node=node, cursor=cursor) for node, cursor in paging.cursors(found)]
    return InterneTaakConnection(
        edges=edges,
        page_info=paging.info(found, [edge.cursor for edge in edges]),
        count=lambda: reading.count_taken(asked),
    )


async def klantcontacten_page(
    info: Info, asked: KlantcontactFilter, volgorde: Volgorde, first: int, after: str | None
) -> KlantcontactConnection:
    """A page of contacts."""
    reading = info.context.reading
    paging: Paging[Klantcontact] = Paging(
        "klantcontacten", volgorde, KLANTCONTACT_POSITIONS[volgorde], first, after
    )
    found = await reading.klantcontacten(asked, volgorde, paging.page)
    edges = [KlantcontactEdge(node=node, cursor=cursor) for node, cursor in paging.cursors(found)]
    return KlantcontactConnection(
        edges=edges,
        page_info=paging.info(found, [edge.cursor for edge in edges]),
        count=lambda: reading.count_klantcontacten(asked),
    )
