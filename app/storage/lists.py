"""Lists read page by page: filters, orders, positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, or_, select, tuple_

from app.domain.filters import Found, KlantcontactFilter, Page, TaakFilter, Zoekvraag
from app.domain.model import InterneTaak, Klantcontact, Volgorde
from app.domain.rights import Scope
from app.domain.text import is_allowed, normalised, read_uuid
from app.storage import rows
from app.storage.snapshot import Reader
from app.storage.tables import interne_taak, klantcontact
from app.storage.visibility import klantcontact_visible, taak_visible

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that a list is ordered by, all in one direction; the last one makes the order total."""

    keys: Sequence[ColumnElement[Any]]
    descending: bool


_NEWEST_TASKS = (interne_taak.c.geregistreerd_op, interne_taak.c.id)
_NEWEST_CONTACTS = (klantcontact.c.geregistreerd_op, klantcontact.c.id)

TAAK_ORDERS = {
    Volgorde.LANGST_WACHTEND_EERST: Order(
        (interne_taak.c.rang, interne_taak.c.wachtend_sinds, interne_taak.c.id), descending=False
    ),
    Volgorde.NIEUWSTE_EERST: Order(_NEWEST_TASKS, descending=True),
    Volgorde.LAATST_GEDAAN_EERST: Order(
        (func.coalesce(interne_taak.c.gedaan_op, literal("")), *_NEWEST_TASKS), descending=True
    ),
}
# A contact neither waits nor is done by itself: the one that came first has waited longest, and in the order
# of finishing every contact counts as open.
KLANTCONTACT_ORDERS = {
    Volgorde.LANGST_WACHTEND_EERST: Order(_NEWEST_CONTACTS, descending=False),
    Volgorde.NIEUWSTE_EERST: Order(_NEWEST_CONTACTS, descending=True),
    Volgorde.LAATST_GEDAAN_EERST: Order(_NEWEST_CONTACTS, descending=True),
}


async def page_of_taken(
    reader: Reader, scope: Scope, asked: TaakFilter, volgorde: Volgorde, page: Page
) -> Found[InterneTaak]:
    """A page of the tasks that the scope may see."""
    statement = select(*rows.TAAK_COLUMNS).where(*_taak_conditions(scope, asked))
    return await _page(reader, statement, TAAK_ORDERS[volgorde], page, rows.taak)


async def count_taken(reader: Reader, scope: Scope, asked: TaakFilter) -> int:
    """How many tasks the scope may see under the filter."""
    return await _count(reader, select(interne_taak.c.id).where(*_taak_conditions(scope, asked)))


async def page_of_klantcontacten(
    reader: Reader, scope: Scope, asked: KlantcontactFilter, volgorde: Volgorde, page: Page
) -> Found[Klantcontact]:
    """A page of the contacts that the scope may see."""
    statement = select(*rows.KLANTCONTACT_COLUMNS).where(*_klantcontact_conditions(scope, asked))
    return await _page(reader, statement, KLANTCONTACT_ORDERS[volgorde], page, rows.klantcontact)


async def count_klantcontacten(reader: Reader, scope: Scope, asked: KlantcontactFilter) -> int:
    """How many contacts the scope may see under the filter."""
    return await _count(reader, select(klantcontact.c.id).where(*_klantcontact_conditions(scope, asked)))


async def _page(reader: Reader, statement: Select[Any], order: Order, page: Page, read: Any) -> Found[Any]:
    columns = len(statement.selected_columns)
    if page.after is not None:
        here, after = tuple_(*order.keys), tuple_(*(literal(value) for value in page.after))
        statement = statement.where(here < after if order.descending else here > after)
    directed = [key.desc() if order.descending else key.asc() for key in order.keys]
    labelled = [key.label(f"key_{place}") for place, key in enumerate(order.keys)]
    found = await reader.rows(statement.add_columns(*labelled).order_by(*directed).limit(page.first + 1))
    items = [(read(row[:columns]), tuple(row[columns:])) for row in found[: page.first]]
    return Found(items, has_next=len(found) > page.first)


async def _count(reader: Reader, statement: Select[Any]) -> int:
    counted = await reader.rows(select(func.count()).select_from(statement.subquery()))
    return int(counted[0][0])


def _taak_conditions(scope: Scope, asked: TaakFilter) -> list[Condition]:
    taak = interne_taak.c
    conditions = [taak_visible(scope)]
    conditions += _equal(taak.nummer, asked.nummer)
    conditions += _equal(taak.gevraagde_handeling, asked.gevraagde_handeling)
    conditions += _same_id(taak.klantcontact_id, asked.klantcontact_id)
    conditions += _same_id(taak.eenheid_id, asked.organisatorische_eenheid_id)
    conditions += _same_id(taak.geregistreerd_door_id, asked.geregistreerd_door_id)
    conditions += _same_id(taak.medewerker_id, asked.medewerker_id)
    conditions += _between(taak.geregistreerd_op, asked.geregistreerd_vanaf, asked.geregistreerd_tot)
    conditions += _between(taak.gedaan_op, asked.gedaan_vanaf, asked.gedaan_tot)
    conditions += _all_words(taak.zoekwoorden, asked.zoek)
    if asked.status is not None:
        conditions.append(taak.status == asked.status.value)
    if asked.klant_aan_de_lijn is not None:
        conditions.append(taak.klant_aan_de_lijn.is_(asked.klant_aan_de_lijn))
    if asked.toegewezen is not None:
        conditions.append(taak.medewerker_id.is_not(None) if asked.toegewezen else taak.medewerker_id.is_(None))
    of_contact = [
        *_equal(klantcontact.c.nummer, asked.klantcontact_nummer),
        *_same_id(klantcontact.c.eenheid_id, asked.verzonden_door_eenheid_id),
    ]
    if of_contact:
        same = klantcontact.c.id == taak.klantcontact_id
        conditions.append(exists(select(klantcontact.c.id).where(same, *of_contact)))
    return conditions


def _klantcontact_conditions(scope: Scope, asked: KlantcontactFilter) -> list[Condition]:
    contact = klantcontact.c
    conditions = [klantcontact_visible(scope)]
    conditions += _equal(contact.nummer, asked.nummer)
    conditions += _equal(contact.kanaal, asked.kanaal)
    conditions += _same_id(contact.medewerker_id, asked.medewerker_id)
    conditions += _same_id(contact.eenheid_id, asked.organisatorische_eenheid_id)
    conditions += _between(contact.geregistreerd_op, asked.geregistreerd_vanaf, asked.geregistreerd_tot)
    words = _all_words(contact.zoekwoorden, asked.zoek)
    if asked.zoek.nummer is not None:
        numbered = select(interne_taak.c.id).where(
            interne_taak.c.klantcontact_id == contact.id,
            interne_taak.c.nummer == asked.zoek.nummer,
            taak_visible(scope),
        )
        conditions.append(or_(*words, exists(numbered)))
    else:
        conditions += words
    return conditions


def _equal(column: ColumnElement[Any], text: str | None) -> list[Condition]:
    """The column holds the text; a text that could not be kept finds nothing."""
    if text is None:
        return []
    kept = normalised(text)
    return [column == kept if is_allowed(kept, several_lines=False) else false()]


def _same_id(column: ColumnElement[Any], object_id: str | None) -> list[Condition]:
    """The column holds the id; a malformed one finds nothing."""
    if object_id is None:
        return []
    kept = read_uuid(object_id)
    return [false() if kept is None else column == kept]


def _between(column: ColumnElement[Any], since: str | None, until: str | None) -> list[Condition]:
    conditions = [] if since is None else [column >= since]
    return conditions if until is None else [*conditions, column < until]


def _all_words(column: ColumnElement[Any], zoek: Zoekvraag) -> list[Condition]:
    return [column.contains(f" {word}", autoescape=True) for word in zoek.woorden]
