"""Lists read page by page: filters, orders, positions."""

from typing import Any

from sqlalchemy import Select, select

from app.domain.filters import Found, KlantcontactFilter, Page, TaakFilter
from app.domain.inbox import teller_of
from app.domain.model import InterneTaak, Klantcontact, Volgorde
from app.domain.rights import Scope
from app.storage import rows
from app.storage.conditions import Conditions, klantcontact_conditions, taak_conditions
from app.storage.pages import Counted, Paged
from app.storage.snapshot import Reader


def paged(
    scope: Scope,
    asked: TaakFilter | KlantcontactFilter,
    volgorde: Volgorde,
    page: Page,
    *,
    hangs: bool = False,
) -> Paged:
    """A page of the tasks or of the contacts that the scope may see."""
    conditions = _conditions_of(scope, asked)
    return Paged(conditions, volgorde, page, hangs, _teller(conditions, asked))


def counted(scope: Scope, asked: TaakFilter | KlantcontactFilter) -> Counted:
    """How many tasks or contacts the scope may see: read from the counters of an inbox where they have it."""
    conditions = _conditions_of(scope, asked)
    return Counted(conditions, _teller(conditions, asked))


def _teller(conditions: Conditions, asked: TaakFilter | KlantcontactFilter) -> str | None:
    if isinstance(asked, TaakFilter) and (conditions.sees_all or conditions.is_own):
        return teller_of(asked)
    return None


def _conditions_of(scope: Scope, asked: TaakFilter | KlantcontactFilter) -> Conditions:
    if isinstance(asked, TaakFilter):
        return taak_conditions(scope, asked)
    return klantcontact_conditions(scope, asked)


async def page_of_taken(
    reader: Reader, scope: Scope, asked: TaakFilter, volgorde: Volgorde, page: Page
) -> Found[InterneTaak]:
    """A page of the tasks that the scope may see."""
    return await _page(reader, select(*rows.TAAK_COLUMNS), paged(scope, asked, volgorde, page), rows.taak)


async def count_taken(reader: Reader, scope: Scope, asked: TaakFilter) -> int:
    """How many tasks the scope may see under the filter."""
    return await _count(reader, counted(scope, asked))


async def page_of_klantcontacten(
    reader: Reader, scope: Scope, asked: KlantcontactFilter, volgorde: Volgorde, page: Page
) -> Found[Klantcontact]:
    """A page of the contacts that the scope may see."""
    statement = select(*rows.KLANTCONTACT_COLUMNS)
    return await _page(reader, statement, paged(scope, asked, volgorde, page), rows.klantcontact)


async def count_klantcontacten(reader: Reader, scope: Scope, asked: KlantcontactFilter) -> int:
    """How many contacts the scope may see under the filter."""
    return await _count(reader, counted(scope, asked))


async def _page(reader: Reader, statement: Select[Any], asked: Paged, read: Any) -> Found[Any]:
    columns = len(statement.selected_columns)
    labelled = [key.label(f"key_{place}") for place, key in enumerate(asked.keys())]
    rows_of_page = statement.add_columns(*labelled).where(*asked.where()).order_by(*asked.order_by())
    found = await reader.rows(rows_of_page.limit(asked.limit()).params(asked.values))
    first = asked.page.first
    items = [(read(row[:columns]), tuple(row[columns:])) for row in found[:first]]
    return Found(items, has_next=len(found) > first)


async def _count(reader: Reader, asked: Counted) -> int:
    found = await reader.rows(asked.statement().params(asked.values))
    return int(found[0][0])
