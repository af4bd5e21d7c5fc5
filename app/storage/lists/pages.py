"""Pages and counts of lists, each in two parts: a form, for which a statement is compiled, and values."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    any_,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql import FromClause

from app.domain.finding.filters import Page
from app.domain.model import InterneTaakStatus, Volgorde
from app.storage.lists import runs
from app.storage.lists.conditions import Condition, Conditions, Target
from app.storage.lists.runs import IndexRun, Order, limited
from app.storage.lists.words import is_common, may_have_words
from app.storage.schema.tables import interne_taak, klantcontact, organisatorische_eenheid
from app.storage.schema.visibility import seen_by
from app.storage.sql.dialects import either
from app.storage.sql.prepared import DatabaseKind

_NARROW = frozenset({"nummer", "klantcontact_id", "klantcontact_nummer"})
"""Conditions that leave a handful of rows, which an index of their own finds: no index in the order of the list is
needed. The same holds for the tasks of one employee.
"""

_SAMPLE = 1_000
"""The number of rows in a sample; so many are searched in a few milliseconds."""

_PROEF = {table.name: table.alias("proef") for table in (interne_taak, klantcontact)}


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, in two parts: the form, for which a statement is compiled, and the values.

    The statement asks for one row more than the page has, to know whether more follow.
    """

    conditions: Conditions
    volgorde: Volgorde
    page: Page
    is_nested: bool = False
    """Whether the rows belong to a row of another table, so that there is one small list for each of those rows."""
    teller: str | None = None
    """The counter of the inbox that has the total, if there is one."""

    @property
    def form(self) -> Hashable:
        """Everything that the text of the statement depends on."""
        return self.conditions.form, self.volgorde, self.page.after is None, self.is_nested

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the parameters, by name."""
        after = self.page.after or ()
        values = {**self.conditions.values, "limit": self.page.first + 1}
        values |= {f"after_{place}": value for place, value in enumerate(after)}
        if after and self._is_of_taken and self.volgorde is Volgorde.LAATST_GEDAAN_EERST:
            # In this order all open tasks come after the finished ones.
            among_open = after[1:] if after[0] == "" else (runs.BEHIND_ALL, runs.BEHIND_ALL)
            values |= {f"open_{place}": value for place, value in enumerate(among_open)}
        if after and self._is_of_taken and self.volgorde is Volgorde.LANGST_WACHTEND_EERST:
            values |= runs.after_in_rangen(after)
        return values

    @property
    def counted(self) -> "Counted":
        """The total number of rows in the list."""
        return Counted(self.conditions, self.teller)

    def where(self, prefix: str = "", table: FromClause | None = None) -> list[Condition]:
        """All conditions on the rows of the page, to be used together with `order_by` and `limit`."""
        place = self._place(prefix, table)
        if self._is_plain:
            return [
                *self._in_status(place),
                *self.conditions.where(prefix, place.table, but="status"),
                *self._behind(place),
            ]
        ids = place.table.c.id
        on_sqlite, on_postgresql = self._ids(place, "sqlite"), self._ids(place, "postgresql")
        # As an array: PostgreSQL may estimate that a subquery has many rows, and sort the whole table instead.
        return [
            either(sqlite=ids.in_(on_sqlite), postgresql=ids == any_(func.array(on_postgresql.scalar_subquery())))
        ]

    def keys(self, table: FromClause | None = None) -> Sequence[ColumnElement[Any]]:
        """The columns that the list is ordered by. Their values are the position of a row."""
        place = self._place("", table)
        if self._is_of_taken:
            return runs.order_of_taken(place.table, self.volgorde).keys
        return self._order(place).keys

    def order_by(self, table: FromClause | None = None) -> list[ColumnElement[Any]]:
        """The ORDER BY of the list."""
        return self._order(self._place("", table)).by()

    def limit(self, prefix: str = "") -> BindParameter[int]:
        """The parameter for the number of rows: one more than the page has."""
        return runs.limit_of(self._place(prefix, None))

    @property
    def descending(self) -> bool:
        """Whether the keys are in descending order."""
        return self._order(self._place("", None)).descending

    def _place(self, prefix: str, table: FromClause | None) -> Target:
        return Target(self.conditions.table if table is None else table, prefix)

    @property
    def _is_of_taken(self) -> bool:
        return self.conditions.table is interne_taak

    @property
    def _is_plain(self) -> bool:
        """Whether a single index gives the rows with these conditions as they are: in order, or only a few rows."""
        conditions = self.conditions
        if self.is_nested or _is_narrow(conditions):
            return True
        of_eenheid = "organisatorische_eenheid_id" in conditions.parameters
        if not (conditions.sees_all or of_eenheid):
            return False
        if not self._is_of_taken:
            return not conditions.words
        if self.page.after is not None and self.volgorde is Volgorde.LANGST_WACHTEND_EERST:
            return False
        return self._is_of_inbox or (len(self._statuses) == 1 and not conditions.words)

    @property
    def _is_of_inbox(self) -> bool:
        """Whether these are the open tasks of one inbox: few enough to search for words one by one."""
        of_eenheid = "organisatorische_eenheid_id" in self.conditions.parameters
        return self._is_of_taken and of_eenheid and self._statuses == [InterneTaakStatus.TE_DOEN]

    @property
    def _statuses(self) -> Sequence[InterneTaakStatus]:
        return runs.statuses(self.conditions)

    def _order(self, place: Target) -> Order:
        if not self._is_of_taken:
            return runs.order_of_klantcontacten(place.table, self.volgorde)
        only = self._statuses[0] if len(self._statuses) == 1 else None
        return runs.order_of_taken(place.table, self.volgorde, only)

    def _in_status(self, place: Target) -> list[Condition]:
        """The condition on the status, in the form that fits the index of the order."""
        if not self._is_of_taken or len(self._statuses) > 1:
            return []
        return [runs.in_status(place.table, self._statuses[0], self.volgorde)]

    def _behind(self, place: Target) -> list[Condition]:
        return [] if self.page.after is None else [self._order(place).behind(place)]

    def _ids(self, place: Target, kind: DatabaseKind) -> Any:
        """A SELECT of the ids of rows that may be on the page. If few rows have the search words, these are looked
        up in the index of words and sorted; otherwise rows are read in the order of the list until the page is
        full.
        """
        if not self.conditions.words or self._is_of_inbox:
            return union_all(*(run.first(place, kind) for run in self._runs(place)))
        # In a CTE, so that the database evaluates the guess once.
        guess = select(self._how_many(place, kind).label("veel")).cte("schatting")
        many = select(guess.c.veel).scalar_subquery()
        looked_up = limited(
            self._looked_up(place), kind, self.limit(place.prefix), many == literal_column("0")
        ).subquery()
        walked = (run.first(place, kind, many == literal_column("1")) for run in self._runs(place))
        return union_all(select(looked_up.c.id), *walked).add_cte(guess, nest_here=True)

    def _how_many(self, place: Target, kind: DatabaseKind) -> ColumnElement[int]:
        """An expression that is 1 if rows must be read in the order of the list, and 0 if those that have the
        search words must be looked up.

        If a word is so common that a sample of the next rows fills a page, its rows are not counted: with millions
        of rows, in either database, it takes long to count a word that one row in five has.
        """
        table, status = _PROEF[self.conditions.table.name], self._statuses[-1]
        here, order = Target(table, place.prefix), runs.order_of_klantcontacten(table, self.volgorde)
        next_rows = select(table.c.zoekwoorden)
        if self._is_of_taken:
            order = runs.order_of_taken(table, self.volgorde, status)
            next_rows = next_rows.where(runs.in_status(table, status, self.volgorde))
        if self.page.after is not None:
            next_rows = next_rows.where(order.behind(here))
        sample = next_rows.order_by(*order.by()).limit(literal_column(str(_SAMPLE), Integer)).subquery("proef")
        having = (
            select(func.count()).select_from(sample).where(*self.conditions.words_in(Target(sample, place.prefix)))
        )
        one, none = literal_column("1", Integer), literal_column("0", Integer)
        is_filled = having.scalar_subquery() >= self.limit(place.prefix)
        return case((is_filled, one), (is_common(self.conditions.table.name, place, kind), one), else_=none)

    def _runs(self, place: Target) -> Sequence[IndexRun]:
        of = runs.of_taken if self._is_of_taken else runs.of_klantcontacten
        return list(of(self.conditions, self.volgorde, place, is_first=self.page.after is None))

    def _looked_up(self, place: Target) -> Select[Any]:
        """A SELECT of the ids of the rows that have the search words, from the index of words."""
        table = self.conditions.table
        here = Target(runs.ROW_ALIASES[table.name], place.prefix)
        in_index = _may_be_found(self.conditions, here, is_all=False)
        conditions = [in_index, *self.conditions.where(here.prefix, here.table), *self._behind(here)]
        return select(here.table.c.id).where(*conditions).order_by(*self._order(here).by())


def _may_be_found(conditions: Conditions, place: Target, *, is_all: bool = True) -> Condition:
    """The condition that a row may have the search words according to the index of words. A contact is also found
    by the number of one of its tasks.
    """
    in_index = may_have_words(conditions.table.name, place, is_all=is_all)
    if not conditions.is_nummer or conditions.table is interne_taak:
        return in_index
    nummer = interne_taak.c.nummer
    numbered = nummer == place.parameter("gezocht_nummer", nummer)
    return in_index | place.table.c.id.in_(select(interne_taak.c.klantcontact_id).where(numbered))


def _is_narrow(conditions: Conditions) -> bool:
    is_of_medewerker = conditions.table is interne_taak and "medewerker_id" in conditions.parameters
    is_narrow = conditions.is_empty or conditions.is_addressed or is_of_medewerker
    return is_narrow or bool(_NARROW & set(conditions.parameters))


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of rows in a list, in two parts: the form, for which a statement is compiled, and the values."""

    conditions: Conditions
    teller: str | None = None
    """The counter of the inbox that has this number, if there is one."""

    @property
    def form(self) -> Hashable:
        """Everything that the text of the statement depends on."""
        return self.conditions.form, self.teller

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the parameters, by name."""
        return self.conditions.values

    def statement(self, prefix: str = "", *hanging: Condition) -> Select[Any]:
        """A SELECT of one row with one number. `hanging` are conditions that limit the count to the rows of a row
        of another table.
        """
        place = Target(self.conditions.table, prefix)
        if self.teller is None:
            return select(func.count()).select_from(place.table).where(*self._where(place), *hanging)
        eenheid = organisatorische_eenheid.c
        is_it = eenheid.id == place.parameter("organisatorische_eenheid_id", eenheid.id)
        counter = select(eenheid[f"aantal_{self.teller}"]).where(is_it).scalar_subquery()
        return select(func.coalesce(counter, 0))

    def _where(self, place: Target) -> list[Condition]:
        """The conditions on the rows. Where there may be many rows, they are written so that indexes find them."""
        conditions = self.conditions
        if _is_narrow(conditions) or conditions.is_own:
            return conditions.where(place.prefix, place.table)
        where = conditions.filters(place)
        if conditions.words:
            where.append(_may_be_found(conditions, place))
        if not conditions.sees_all:
            where.append(place.table.c.id.in_(seen_by(conditions.table, place.viewer(sees_all=False))))
        return where
