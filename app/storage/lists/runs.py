"""Runs: a run is the part of a list whose rows one index has in the order of the list. A page is merged from the
first rows of all runs.

Employees may see tasks for different reasons, and for each reason and each status there is an index. However large
the tables are, the first rows of a run are read from its index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Table,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.sql import FromClause
from sqlalchemy.sql.selectable import Select

from app.domain.finding.filters import Position
from app.domain.model import InterneTaakStatus, Volgorde
from app.storage.lists.conditions import Condition, Conditions, Target
from app.storage.schema.tables import RANGEN, interne_taak, inzage, klantcontact
from app.storage.schema.visibility import REASONS
from app.storage.sql.prepared import DatabaseKind

# Creating an alias is slow, and these are the same in every statement.
ROW_ALIASES = {table.name: table.alias("rij") for table in (interne_taak, inzage, klantcontact)}
_FIRST = {table.name: table.alias("eerste") for table in (interne_taak, inzage, klantcontact)}
_TAAK, _CONTACT = interne_taak.alias("taak"), klantcontact.alias("contact")
_OTHER, _SEEN = interne_taak.alias("andere"), inzage.alias("gezien")

BEFORE_ALL, BEHIND_ALL = "", "~"
"""Texts that sort before and after every timestamp and every id."""

_OPEN, _DONE = InterneTaakStatus.TE_DOEN, InterneTaakStatus.GEDAAN

_KEYS = {
    Volgorde.LANGST_WACHTEND_EERST: ("rang", "wachtend_sinds", "id"),
    Volgorde.NIEUWSTE_EERST: ("geregistreerd_op", "id"),
    Volgorde.LAATST_GEDAAN_EERST: ("gedaan_op", "geregistreerd_op", "id"),
}
"""The columns that tasks are ordered by, all in the same direction. The id comes last and makes the order total."""


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that rows are ordered by, and the names of the parameters for the position to start after."""

    keys: Sequence[ColumnElement[Any]]
    after: Sequence[str]
    descending: bool

    def behind(self, place: Target) -> Condition:
        """The condition that a row comes after the position in the parameters."""
        here = tuple_(*self.keys)
        parameters = tuple_(*(place.parameter(name, key) for name, key in zip(self.after, self.keys, strict=True)))
        return here < parameters if self.descending else here > parameters

    def by(self) -> list[ColumnElement[Any]]:
        """The ORDER BY."""
        return [key.desc() if self.descending else key.asc() for key in self.keys]


def order_of_taken(taak: FromClause, volgorde: Volgorde, status: InterneTaakStatus | None = None) -> Order:
    """The order of tasks; with a `status`, in the form that fits its index. In the order "last finished first" open
    tasks come last, the newest first.
    """
    names, after = _KEYS[volgorde], [f"after_{place}" for place in range(3)]
    if volgorde is Volgorde.LAATST_GEDAAN_EERST and status is _OPEN:
        names, after = _KEYS[Volgorde.NIEUWSTE_EERST], ["open_0", "open_1"]
    columns: list[ColumnElement[Any]] = [
        taak.c.taak_id if name == "id" and "taak_id" in taak.c else taak.c[name] for name in names
    ]
    if volgorde is Volgorde.LAATST_GEDAAN_EERST and status is None:
        columns[0] = func.coalesce(columns[0], literal_column("''", columns[0].type))
    return Order(columns, after[: len(names)], volgorde is not Volgorde.LANGST_WACHTEND_EERST)


def order_of_klantcontacten(contact: FromClause, volgorde: Volgorde) -> Order:
    """The order of contacts. A contact does not wait and is not finished: in the order of waiting the oldest comes
    first, and in the order of finishing every contact counts as open, the newest first.
    """
    descending = volgorde is not Volgorde.LANGST_WACHTEND_EERST
    return Order([contact.c.geregistreerd_op, contact.c.id], ["after_0", "after_1"], descending)


@dataclass(frozen=True, slots=True)
class IndexRun:
    """Rows of `rows`, an alias named `rij`, in the order of one index. If `eenheid` names the column of the
    department, there is one such sequence for each of the caller's departments. `object_id` is the column with the
    id of the listed object; `conditions` are all other conditions.
    """

    table: Table
    rows: FromClause
    object_id: str
    eenheid: str | None
    order: Order
    conditions: Sequence[Condition]

    def first(self, place: Target, kind: DatabaseKind, when: Condition | None = None) -> Select[Any]:
        """A SELECT of the ids of the first rows, as many as a page needs; of none unless the condition `when`
        holds.
        """
        if self.eenheid is None:
            first = self._rows(self.rows.c[self.object_id].label("id"), place, kind, when).subquery()
            return select(first.c.id)
        # One lookup in the index for each department, whatever the number of departments and the size of each.
        of_each = self._of_each_on_sqlite if kind == "sqlite" else self._of_each_on_postgresql
        return of_each(place, kind, when)

    def _of_each_on_postgresql(self, place: Target, kind: DatabaseKind, when: Condition | None) -> Select[Any]:
        own = func.unnest(place.viewer(sees_all=False).own())
        eigen = own.table_valued("value", name="eigen").render_derived()
        rows = self._rows(self.rows.c[self.object_id].label("id"), place, kind, when, self._is_of(eigen))
        first = rows.correlate(eigen).lateral("eerste")
        return select(first.c.id).select_from(eigen.join(first, true()))

    def _of_each_on_sqlite(self, place: Target, kind: DatabaseKind, when: Condition | None) -> Select[Any]:
        """The same for SQLite, which has no LATERAL: a correlated subquery gives the rowids, by which the rows are
        found.
        """
        eigen = func.json_each(place.viewer(sees_all=False).own()).table_valued("value", name="eigen")
        numbers = self._rows(literal_column("rij.rowid"), place, kind, when, self._is_of(eigen)).correlate(eigen)
        first = _FIRST[self.table.name]
        listed = select(first.c[self.object_id]).select_from(eigen.join(first, true()))
        return listed.where(literal_column("eerste.rowid").in_(numbers))

    def _is_of(self, eigen: FromClause) -> Condition:
        return self.rows.c[self.eenheid or ""] == eigen.c.value

    def _rows(
        self, what: ColumnElement[Any], place: Target, kind: DatabaseKind, when: Condition | None, *more: Condition
    ) -> Select[Any]:
        rows = select(what).select_from(self.rows).where(*more, *self.conditions).order_by(*self.order.by())
        return limited(rows, kind, limit_of(place), when)


def limit_of(place: Target) -> BindParameter[int]:
    """The parameter for the number of rows: one more than the page has, to know whether more follow."""
    return bindparam(f"{place.prefix}limit", type_=Integer)


def limited(
    rows: Select[Any], kind: DatabaseKind, limit: ColumnElement[int], when: Condition | None
) -> Select[Any]:
    """The first `limit` rows; none unless the condition `when` holds. The condition is evaluated before any row is
    read.

    On PostgreSQL any condition that does not refer to a row is evaluated first. SQLite does not do that, but it
    evaluates a LIMIT first.
    """
    if when is None:
        return rows.limit(limit)
    if kind == "postgresql":
        return rows.where(when).limit(limit)
    return rows.limit(case((when, limit), else_=literal_column("0", Integer)))


def statuses(conditions: Conditions) -> Sequence[InterneTaakStatus]:
    """The statuses that tasks under a filter may have."""
    return [status for name, status in conditions.literals if name == "status"] or list(InterneTaakStatus)


def of_taken(conditions: Conditions, volgorde: Volgorde, place: Target, *, is_first: bool) -> Iterator[IndexRun]:
    """The runs of a list of tasks."""
    everything = conditions.sees_all or "organisatorische_eenheid_id" in conditions.parameters
    for (table, eenheid), status in product(REASONS[:1] if everything else REASONS, statuses(conditions)):
        keyed = ROW_ALIASES[table.name]
        taak = keyed if table is interne_taak else _TAAK
        here, id_ = Target(taak, place.prefix), "id" if table is interne_taak else "taak_id"
        wanted = [in_status(keyed, status, volgorde), *conditions.filters(here, but="status")]
        if everything:
            wanted += conditions.visible(here)
        if taak is not keyed and conditions.has_filters:
            wanted.append(taak.c.id == keyed.c.taak_id)
        for order, behind in _behind(keyed, volgorde, status, here, is_first=is_first):
            yield IndexRun(table, keyed, id_, None if everything else eenheid, order, [*wanted, *behind])


def _behind(
    keyed: FromClause, volgorde: Volgorde, status: InterneTaakStatus, place: Target, *, is_first: bool
) -> Iterator[tuple[Order, Sequence[Condition]]]:
    """The order of each run with the condition that its rows come after the position; one run, or several.

    In the order of waiting there is a run for each `rang`: PostgreSQL estimates a comparison of several columns by
    the first of them, and so expects almost no rows after a row of the last `rang`.
    """
    order = order_of_taken(keyed, volgorde, status)
    if is_first:
        yield order, []
    elif volgorde is not Volgorde.LANGST_WACHTEND_EERST:
        yield order, [order.behind(place)]
    else:
        for rang in RANGEN:
            within = Order(order.keys[1:], [f"rang_{rang}_{place}" for place in range(2)], descending=False)
            yield within, [keyed.c.rang == literal_column(str(rang)), within.behind(place)]


def after_in_rangen(after: Position) -> dict[str, Any]:
    """The parameters that continue the waiting order after a position: for each `rang`, where to go on reading
    it.
    """
    values: dict[str, Any] = {}
    for rang in RANGEN:
        beginning, end = (BEFORE_ALL, BEFORE_ALL), (BEHIND_ALL, BEHIND_ALL)
        within = after[1:] if rang == after[0] else beginning if rang > int(after[0]) else end
        values |= {f"rang_{rang}_{place}": value for place, value in enumerate(within)}
    return values


def in_status(rows: FromClause, status: InterneTaakStatus, volgorde: Volgorde | None = None) -> Condition:
    """The condition on the status, in the form that fits the index of an order."""
    if volgorde is Volgorde.LAATST_GEDAAN_EERST and status is _DONE:
        return rows.c.gedaan_op.is_not(None)
    return rows.c.status == literal_column(f"'{status.value}'")


def of_klantcontacten(
    conditions: Conditions, volgorde: Volgorde, place: Target, *, is_first: bool
) -> Iterator[IndexRun]:
    """The runs of a list of contacts: those that own departments registered, and those with a task that the caller
    may see.
    """
    contact = ROW_ALIASES[klantcontact.name]
    order, here = order_of_klantcontacten(contact, volgorde), Target(contact, place.prefix)
    everything = conditions.sees_all or "organisatorische_eenheid_id" in conditions.parameters
    wanted = [*conditions.filters(here), *(conditions.visible(here) if everything else [])]
    if not is_first:
        wanted.append(order.behind(here))
    yield IndexRun(klantcontact, contact, "id", None if everything else "eenheid_id", order, wanted)
    if not everything:
        yield from _of_visible_tasks(conditions, volgorde, place, is_first=is_first)


def _of_visible_tasks(
    conditions: Conditions, volgorde: Volgorde, place: Target, *, is_first: bool
) -> Iterator[IndexRun]:
    """The runs of contacts by the tasks that the caller may see. Most contacts took place when they were registered
    and their tasks have that moment as `wachtend_sinds`; tasks of the other contacts have it in another column.
    """
    for table, eenheid in REASONS:
        rows = ROW_ALIASES[table.name]
        registered = rows.c.contact_geregistreerd_op
        for status, rang in product(InterneTaakStatus, RANGEN):
            usual = [in_status(rows, status), rows.c.rang == literal_column(str(rang)), registered.is_(None)]
            yield _by_tasks(table, eenheid, rows.c.wachtend_sinds, usual, conditions, volgorde, place, is_first)
        others = [registered.is_not(None)]
        yield _by_tasks(table, eenheid, registered, others, conditions, volgorde, place, is_first)


def _by_tasks(
    table: Table,
    eenheid: str,
    registered: ColumnElement[str],
    which: Sequence[Condition],
    conditions: Conditions,
    volgorde: Volgorde,
    place: Target,
    is_first: bool,
) -> IndexRun:
    """The run of the contacts of some tasks, in the order of the column with the moment of their registration."""
    rows, here = ROW_ALIASES[table.name], Target(_CONTACT, place.prefix)
    descending = volgorde is not Volgorde.LANGST_WACHTEND_EERST
    order = Order([registered, rows.c.klantcontact_id], ["after_0", "after_1"], descending)
    wanted = [*which, *conditions.filters(here), ~_is_of_an_earlier_row(rows, eenheid)]
    if conditions.has_filters:
        wanted.append(_CONTACT.c.id == rows.c.klantcontact_id)
    if not is_first:
        wanted.append(order.behind(here))
    return IndexRun(table, rows, "klantcontact_id", eenheid, order, wanted)


def _is_of_an_earlier_row(rows: FromClause, eenheid: str) -> Condition:
    """The condition that the contact of a row has a task with a lower id that is visible for the same reason. Such
    rows are left out, so that each contact comes once.
    """
    same = [_OTHER.c.klantcontact_id == rows.c.klantcontact_id]
    if "taak_id" in rows.c:
        of_eenheid = _SEEN.c.eenheid_id
        same += [_OTHER.c.id < rows.c.taak_id, _SEEN.c.taak_id == _OTHER.c.id]
    else:
        of_eenheid = _OTHER.c[eenheid]
        same.append(_OTHER.c.id < rows.c.id)
    # Concatenated with '', so that the database cannot use the department's index and scan all of its rows.
    same.append(of_eenheid.op("||")(literal_column("''")) == rows.c[eenheid])
    return exists(select(_OTHER.c.id).where(*same))
