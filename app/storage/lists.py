"""Lists read page by page: filters, orders, positions."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    UnaryExpression,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.sql import FromClause

from app.domain.filters import Found, KlantcontactFilter, Page, TaakFilter
from app.domain.model import InterneTaak, Klantcontact, Volgorde
from app.domain.rights import Scope
from app.storage import rows
from app.storage.conditions import Condition, Conditions, klantcontact_conditions, taak_conditions
from app.storage.snapshot import Reader

_COLUMNS = {
    Volgorde.LANGST_WACHTEND_EERST: ("rang", "wachtend_sinds", "id"),
    Volgorde.NIEUWSTE_EERST: ("geregistreerd_op", "id"),
    Volgorde.LAATST_GEDAAN_EERST: ("gedaan_op", "geregistreerd_op", "id"),
}
"""The columns that tasks are ordered by, all in one direction; the last one makes the order total."""


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list, in two halves: the form, which a statement is compiled for, and the values.

    A statement asks for one row more than the page has, so that it is known whether more follow.
    """

    conditions: Conditions
    volgorde: Volgorde
    page: Page

    @property
    def form(self) -> Hashable:
        """What the statement depends on."""
        return self.conditions.form, self.volgorde, self.page.after is None

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the parameters by name."""
        after = {f"after_{place}": value for place, value in enumerate(self.page.after or ())}
        return {**self.conditions.values, **after, "limit": self.page.first + 1}

    def where(self, prefix: str = "", table: FromClause | None = None) -> list[Condition]:
        """All that holds for the rows of the page and of those behind it."""
        conditions = self.conditions.where(prefix, table)
        if self.page.after is None:
            return conditions
        keys = self.keys(table)
        after = tuple_(
            *(bindparam(f"{prefix}after_{place}", type_=key.type) for place, key in enumerate(keys)),
        )
        here = tuple_(*keys)
        return [*conditions, here < after if self.descending else here > after]

    def keys(self, table: FromClause | None = None) -> Sequence[ColumnElement[Any]]:
        """What the list is ordered by: the position of a row."""
        of = self.conditions.table if table is None else table
        if self._is_of_taken:
            return [
                func.coalesce(of.c[name], literal_column("''", of.c[name].type))
                if name == "gedaan_op"
                else of.c[name]
                for name in _COLUMNS[self.volgorde]
            ]
        # A contact neither waits nor is done by itself: the one that came first has waited longest, and in the
        # order of finishing every contact counts as open.
        return [of.c.geregistreerd_op, of.c.id]

    def order_by(self, table: FromClause | None = None) -> list[UnaryExpression[Any]]:
        """The order of the list."""
        return [key.desc() if self.descending else key.asc() for key in self.keys(table)]

    def limit(self, prefix: str = "") -> BindParameter[int]:
        """One more than the page has."""
        return bindparam(f"{prefix}limit", type_=Integer)

    @property
    def descending(self) -> bool:
        """Whether the keys go down."""
        return self.volgorde is not Volgorde.LANGST_WACHTEND_EERST

    @property
    def _is_of_taken(self) -> bool:
        return "wachtend_sinds" in self.conditions.table.c


def paged(scope: Scope, asked: TaakFilter | KlantcontactFilter, volgorde: Volgorde, page: Page) -> Paged:
    """A page of the tasks or of the contacts that the scope may see."""
    if isinstance(asked, TaakFilter):
        return Paged(taak_conditions(scope, asked), volgorde, page)
    return Paged(klantcontact_conditions(scope, asked), volgorde, page)


async def page_of_taken(
    reader: Reader, scope: Scope, asked: TaakFilter, volgorde: Volgorde, page: Page
) -> Found[InterneTaak]:
    """A page of the tasks that the scope may see."""
    return await _page(reader, select(*rows.TAAK_COLUMNS), paged(scope, asked, volgorde, page), rows.taak)


async def count_taken(reader: Reader, scope: Scope, asked: TaakFilter) -> int:
    """How many tasks the scope may see under the filter."""
    return await _count(reader, taak_conditions(scope, asked))


async def page_of_klantcontacten(
    reader: Reader, scope: Scope, asked: KlantcontactFilter, volgorde: Volgorde, page: Page
) -> Found[Klantcontact]:
    """A page of the contacts that the scope may see."""
    statement = select(*rows.KLANTCONTACT_COLUMNS)
    return await _page(reader, statement, paged(scope, asked, volgorde, page), rows.klantcontact)


async def count_klantcontacten(reader: Reader, scope: Scope, asked: KlantcontactFilter) -> int:
    """How many contacts the scope may see under the filter."""
    return await _count(reader, klantcontact_conditions(scope, asked))


async def _page(reader: Reader, statement: Select[Any], paged: Paged, read: Any) -> Found[Any]:
    columns = len(statement.selected_columns)
    labelled = [key.label(f"key_{place}") for place, key in enumerate(paged.keys())]
    asked = statement.add_columns(*labelled).where(*paged.where()).order_by(*paged.order_by()).limit(paged.limit())
    found = await reader.rows(asked.params(paged.values))
    first = paged.page.first
    items = [(read(row[:columns]), tuple(row[columns:])) for row in found[:first]]
    return Found(items, has_next=len(found) > first)


async def _count(reader: Reader, conditions: Conditions) -> int:
    statement = select(func.count()).select_from(conditions.table).where(*conditions.where())
    counted = await reader.rows(statement.params(conditions.values))
    return int(counted[0][0])
