"""Pages and counts of lists, each in two halves: a form, which a statement is compiled for, and values."""

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
from app.storage.lists.conditions import Condition, Conditions, Place
from app.storage.lists.runs import Order, Run, limited
from app.storage.lists.words import are_many, has_words
from app.storage.schema.tables import interne_taak, klantcontact, organisatorische_eenheid
from app.storage.schema.visibility import seen_by
from app.storage.sql.dialects import Kind, either

_NARROW = frozenset({"nummer", "klantcontact_id", "klantcontact_nummer"})
"""Conditions that leave a handful of rows, found by an index of their own: there is no order to read them in. So
are an employee's tasks.
"""

_SAMPLE = 1_000
"""So many rows are looked through in a few milliseconds."""

_PROEF = {table.name: table.alias("proef") for table in (interne_taak, klantcontact)}


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list, in two halves: the form, which a statement is compiled for, and the values.

    A statement asks for one row more than the page has, so that it is known whether more follow.
    """

    conditions: Conditions
    volgorde: Volgorde
    page: Page
    hangs: bool = False
    """Whether its rows hang on a row of another table, one list for each: then few of them are read at a time."""
    teller: str | None = None
    """The counter of the inbox that says how many there are, where one does."""

    @property
    def form(self) -> Hashable:
        """What the statement depends on."""
        return self.conditions.form, self.volgorde, self.page.after is None, self.hangs

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the parameters by name."""
        after = self.page.after or ()
        values = {**self.conditions.values, "limit": self.page.first + 1}
        values |= {f"after_{place}": value for place, value in enumerate(after)}
        if after and self._is_of_taken and self.volgorde is Volgorde.LAATST_GEDAAN_EERST:
            # Behind one that is finished come all that are open.
            among_open = after[1:] if after[0] == "" else (runs.BEHIND_ALL, runs.BEHIND_ALL)
            values |= {f"open_{place}": value for place, value in enumerate(among_open)}
        if after and self._is_of_taken and self.volgorde is Volgorde.LANGST_WACHTEND_EERST:
            values |= runs.after_in_rangen(after)
        return values

    @property
    def counted(self) -> "Counted":
        """How many there are in the list."""
        return Counted(self.conditions, self.teller)

    def where(self, prefix: str = "", table: FromClause | None = None) -> list[Condition]:
        """All that holds for the rows of the page, where `order_by` and `limit` are given as well."""
        place = self._place(prefix, table)
        if self._is_plain:
            return [
                *self._in_status(place),
                *self.conditions.where(prefix, place.table, but="status"),
                *self._behind(place),
            ]
        ids = place.table.c.id
        on_sqlite, on_postgresql = self._ids(place, "sqlite"), self._ids(place, "postgresql")
        # As an array: of a subquery PostgreSQL may believe that it has many rows, and sort the whole table instead.
        return [
            either(sqlite=ids.in_(on_sqlite), postgresql=ids == any_(func.array(on_postgresql.scalar_subquery())))
        ]

    def keys(self, table: FromClause | None = None) -> Sequence[ColumnElement[Any]]:
        """What the list is ordered by: the position of a row."""
        place = self._place("", table)
        if self._is_of_taken:
            return runs.order_of_taken(place.table, self.volgorde).keys
        return self._order(place).keys

    def order_by(self, table: FromClause | None = None) -> list[ColumnElement[Any]]:
        """The order of the list."""
        return self._order(self._place("", table)).by()

    def limit(self, prefix: str = "") -> BindParameter[int]:
        """One more than the page has."""
        return runs.limit_of(self._place(prefix, None))

    @property
    def descending(self) -> bool:
        """Whether the keys go down."""
        return self._order(self._place("", None)).descending

    def _place(self, prefix: str, table: FromClause | None) -> Place:
        return Place(self.conditions.table if table is None else table, prefix)

    @property
    def _is_of_taken(self) -> bool:
        return self.conditions.table is interne_taak

    @property
    def _is_plain(self) -> bool:
        """Whether the database finds the rows by one index as it stands, in order or few."""
        asked = self.conditions
        if self.hangs or _is_narrow(asked):
            return True
        of_eenheid = "organisatorische_eenheid_id" in asked.given
        if not (asked.sees_all or of_eenheid):
            return False
        if not self._is_of_taken:
            return not asked.words
        if self.page.after is not None and self.volgorde is Volgorde.LANGST_WACHTEND_EERST:
            return False
        return self._is_of_inbox or (len(self._statuses) == 1 and not asked.words)

    @property
    def _is_of_inbox(self) -> bool:
        """Whether it is of the open tasks of one inbox: few enough to look through for words."""
        of_eenheid = "organisatorische_eenheid_id" in self.conditions.given
        return self._is_of_taken and of_eenheid and self._statuses == [InterneTaakStatus.TE_DOEN]

    @property
    def _statuses(self) -> Sequence[InterneTaakStatus]:
        return runs.statuses(self.conditions)

    def _order(self, place: Place) -> Order:
        if not self._is_of_taken:
            return runs.order_of_klantcontacten(place.table, self.volgorde)
        only = self._statuses[0] if len(self._statuses) == 1 else None
        return runs.order_of_taken(place.table, self.volgorde, only)

    def _in_status(self, place: Place) -> list[Condition]:
        """The status, as the index of the order says it."""
        if not self._is_of_taken or len(self._statuses) > 1:
            return []
        return [runs.in_status(place.table, self._statuses[0], self.volgorde)]

    def _behind(self, place: Place) -> list[Condition]:
        return [] if self.page.after is None else [self._order(place).behind(place)]

    def _ids(self, place: Place, kind: Kind) -> Any:
        """Those that may be on the page. What has the words is looked up and put in order where it is little; else
        the rows are looked through in order until the page is full.
        """
        if not self.conditions.words or self._is_of_inbox:
            return union_all(*(run.first(place, kind) for run in self._runs(place)))
        # Said once, and so found out once.
        guess = select(self._how_many(place, kind).label("veel")).cte("schatting")
        many = select(guess.c.veel).scalar_subquery()
        looked_up = limited(
            self._looked_up(place), kind, self.limit(place.prefix), many == literal_column("0")
        ).subquery()
        walked = (run.first(place, kind, many == literal_column("1")) for run in self._runs(place))
        return union_all(select(looked_up.c.id), *walked).add_cte(guess, nest_here=True)

    def _how_many(self, place: Place, kind: Kind) -> ColumnElement[int]:
        """1 where rows are to be looked through, 0 where those that have the words are to be looked up.

        A word that is so common that the next rows fill a page is not counted at all: on either database it takes
        long to count one that is in every fifth row of millions.
        """
        table, status = _PROEF[self.conditions.table.name], self._statuses[-1]
        here, order = Place(table, place.prefix), runs.order_of_klantcontacten(table, self.volgorde)
        next_rows = select(table.c.zoekwoorden)
        if self._is_of_taken:
            order = runs.order_of_taken(table, self.volgorde, status)
            next_rows = next_rows.where(runs.in_status(table, status, self.volgorde))
        if self.page.after is not None:
            next_rows = next_rows.where(order.behind(here))
        sample = next_rows.order_by(*order.by()).limit(literal_column(str(_SAMPLE), Integer)).subquery("proef")
        having = (
            select(func.count()).select_from(sample).where(*self.conditions.words_in(Place(sample, place.prefix)))
        )
        one, none = literal_column("1", Integer), literal_column("0", Integer)
        is_filled = having.scalar_subquery() >= self.limit(place.prefix)
        return case((is_filled, one), (are_many(self.conditions.table.name, place, kind), one), else_=none)

    def _runs(self, place: Place) -> Sequence[Run]:
        of = runs.of_taken if self._is_of_taken else runs.of_klantcontacten
        return list(of(self.conditions, self.volgorde, place, is_first=self.page.after is None))

    def _looked_up(self, place: Place) -> Select[Any]:
        """The ids of those that have the words."""
        table = self.conditions.table
        here = Place(runs.RIJ[table.name], place.prefix)
        found = _may_be_found(self.conditions, here, is_all=False)
        conditions = [found, *self.conditions.where(here.prefix, here.table), *self._behind(here)]
        return select(here.table.c.id).where(*conditions).order_by(*self._order(here).by())


def _may_be_found(asked: Conditions, place: Place, *, is_all: bool = True) -> Condition:
    """What the index says of the words; a contact is found by the number of a task as well."""
    found = has_words(asked.table.name, place, is_all=is_all)
    if not asked.is_nummer or asked.table is interne_taak:
        return found
    nummer = interne_taak.c.nummer
    numbered = nummer == place.parameter("gezocht_nummer", nummer)
    return found | place.table.c.id.in_(select(interne_taak.c.klantcontact_id).where(numbered))


def _is_narrow(asked: Conditions) -> bool:
    is_of_medewerker = asked.table is interne_taak and "medewerker_id" in asked.given
    return asked.is_empty or is_of_medewerker or bool(_NARROW & set(asked.given))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a list has, in two halves: the form, which a statement is compiled for, and the values."""

    conditions: Conditions
    teller: str | None = None
    """The counter of the inbox that has it, where one has."""

    @property
    def form(self) -> Hashable:
        """What the statement depends on."""
        return self.conditions.form, self.teller

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the parameters by name."""
        return self.conditions.values

    def statement(self, prefix: str = "", *hanging: Condition) -> Select[Any]:
        """One row with one number: of those that hang on a row of another table, where that is said."""
        place = Place(self.conditions.table, prefix)
        if self.teller is None:
            return select(func.count()).select_from(place.table).where(*self._where(place), *hanging)
        eenheid = organisatorische_eenheid.c
        is_it = eenheid.id == place.parameter("organisatorische_eenheid_id", eenheid.id)
        kept = select(eenheid[f"aantal_{self.teller}"]).where(is_it).scalar_subquery()
        return select(func.coalesce(kept, 0))

    def _where(self, place: Place) -> list[Condition]:
        """What the rows meet; of many rows said in such a way that they are found by indexes."""
        asked = self.conditions
        if _is_narrow(asked) or asked.is_own:
            return asked.where(place.prefix, place.table)
        conditions = asked.filters(place)
        if asked.words:
            conditions.append(_may_be_found(asked, place))
        if not asked.sees_all:
            conditions.append(place.table.c.id.in_(seen_by(asked.table, place.viewer(sees_all=False))))
        return conditions
