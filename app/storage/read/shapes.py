"""From the shape of what is read to a statement that gives rows of that shape."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from app.common.lru import Lru
from app.domain.relations import RELATIONS, Relation
from app.plans.shapes import Listing, ListingKind, Shape
from app.storage.lists.pages import ListPage
from app.storage.read.relations import KINDS, hangs, hangs_on, ordered
from app.storage.schema.tables import interne_taak, metadata
from app.storage.schema.visibility import Viewer, taak_visible
from app.storage.sql.arrays import is_one_of
from app.storage.sql.json_rows import Json
from app.storage.sql.prepared import DatabaseKind as DatabaseKind
from app.storage.sql.prepared import Processor, Template, Values

_PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True, eq=False)
class RecordSource:
    """Which records are read: all columns of those that a viewer may see."""

    select: Callable[[Viewer], Select[Any]]


class Fragments:
    """The parts of statements that take longest to write: those that were used last, for whichever shape."""

    def __init__(self, most: int = 512) -> None:
        self._kept: Lru[Hashable, Template] = Lru(most)

    def of(self, kind: DatabaseKind, key: Hashable, clause: Callable[[], Any]) -> Template:
        """The clause that a key stands for, as text."""
        made = self._kept.get((kind, key))
        if made is None:
            made = Template.of(clause(), kind)
            self._kept.put((kind, key), made)
        return made


class Builder:
    """Builds one statement. `pages` are those that the shape has, by number."""

    def __init__(self, kind: DatabaseKind, viewer: Viewer, pages: Sequence[ListPage], fragments: Fragments) -> None:
        self._kind = kind
        self._fragments = fragments
        self._viewer = viewer
        self._pages = pages
        self._json = Json.of(kind)
        self._numbers = count()
        self._defaults: dict[str, Any] = {}
        self._processors: dict[str, Processor] = {}

    def of_records(self, shape: Shape, source: RecordSource) -> Template:
        """The records of a source."""
        columns, joins = self._read(shape, "this")
        which = self._fragment((source, self._viewer.sees_all), lambda: source.select(self._viewer))
        return self._finished(f"SELECT {', '.join(columns)} FROM ({which}) AS this{_joined(joins)}")

    def of_page(self, shape: Shape) -> Template:
        """The records of the first page, each followed by its position."""
        columns, joins = self._read(shape, "this")
        return self._finished(self._paged(columns, joins, "this", 0))

    def of_related(self, shape: Shape, relation: Relation) -> Template:
        """The records of a relation whose keys are given as the JSON `keys`, an array for each. Before each record
        stands the place of its key.
        """
        kind = KINDS[relation.kind]
        columns, joins = self._read(shape, kind.table)
        keys = [f"keys.k{place}" for place in range(len(relation.to))]
        where = hangs(relation, keys, kind.table)
        if relation.scoped:
            where += f" AND EXISTS ({self._fragment(('seen', self._viewer.sees_all), self._seen)})"
        given = self._json.keys(relation.to, kind.is_number)
        # Not JOIN: SQLite would be free to look through the table first.
        rows = f"({given}) AS keys CROSS JOIN {kind.table}{_joined(joins)}"
        found = f"SELECT {', '.join(['keys.n', *columns])} FROM {rows} WHERE {where}{ordered(relation, kind.table)}"
        # What is longer is not read to its end: it is refused.
        return self._finished(f"{found} LIMIT %(most)s + 1" if relation.many else found)

    def of_values(self, kind: str, name: str) -> Template:
        """A value of the records of a kind that have the ids, behind the id of each."""
        table = KINDS[kind].table
        which = self._fragment(("ids", table), lambda: is_one_of(metadata.tables[table].c.id, "ids"))
        return self._finished(f"SELECT {table}.id, {self._column(kind, name, table)} FROM {table} WHERE {which}")

    def _finished(self, statement: str) -> Template:
        return Template(statement, self._defaults, self._processors)

    def _fragment(self, key: Hashable, clause: Callable[[], Any]) -> str:
        """The text of a clause that is the same for a key. Values that stand in it have names of its own, since
        SQLAlchemy numbers them from one in each clause.
        """
        made = self._fragments.of(self._kind, key, clause)
        number = next(self._numbers)
        own = {name: f"d{number}_{name}" for name in made.defaults}
        self._defaults |= {own[name]: value for name, value in made.defaults.items()}
        self._processors |= {own.get(name, name): one for name, one in made.processors.items()}
        return _PARAMETER.sub(lambda found: f"%({own.get(found[1], found[1])})s", made.text)

    def _alias(self) -> str:
        return f"t{next(self._numbers)}"

    def _read(self, shape: Shape, alias: str) -> tuple[list[str], list[str]]:
        """The values of a row of a record with an alias, and the joins that they need."""
        columns = [self._column(shape.kind, name, alias) for name in shape.columns]
        joins: list[str] = []
        for name, other in shape.joined:
            to = self._alias()
            condition = hangs_on(RELATIONS[shape.kind][name], shape.kind, alias, to)
            joins.append(f"LEFT JOIN {KINDS[other.kind].table} AS {to} ON {condition}")
            more, further = self._read(other, to)
            columns += more
            joins += further
        columns += [self._listing(shape.kind, listing, alias) for listing in shape.listings]
        return columns, joins

    def _column(self, kind: str, name: str, alias: str) -> str:
        value = KINDS[kind].values.get(name)
        if value is None:
            return KINDS[kind].column(name, alias)
        id_ = f"{alias}.id"
        return self._fragment((kind, name, id_), lambda: value(literal_column(id_)))

    def _listing(self, kind: str, listing: Listing, alias: str) -> str:
        """The value of a listing."""
        if listing.kind is ListingKind.VALUE:
            return self._column(kind, listing.relation, alias)
        relation = RELATIONS[kind][listing.relation]
        if listing.kind is ListingKind.COUNT:
            return f"({self._counted(listing.page, self._hanging_in(listing.page, relation, kind, alias))})"
        assert listing.shape is not None  # noqa: S101 - it has rows
        to = self._alias()
        columns, joins = self._read(listing.shape, to)
        if listing.kind is ListingKind.PAGE:
            hanging = self._hanging_in(listing.page, relation, kind, alias)
            found = self._paged(columns, joins, to, listing.page, hanging)
            width = len(columns) + len(self._pages[listing.page].keys())
        else:
            found = self._listed(columns, joins, to, relation, kind, alias)
            # What is longer is not read to its end: it is refused, or read in another way.
            found += f" LIMIT {listing.size} * %(stretch)s + 1"
            width = len(columns)
        return self._as_json(found, width, listing.shape)

    def _listed(
        self, columns: list[str], joins: list[str], to: str, relation: Relation, kind: str, alias: str
    ) -> str:
        """Those that hang on a record of a kind by a relation."""
        source, where = KINDS[relation.kind].table, f" WHERE {hangs_on(relation, kind, alias, to)}"
        if relation.scoped:
            source, where = f"({self._visible(self._hanging(relation, kind, alias))})", ""
        return f"SELECT {_named(columns)} FROM {source} AS {to}{_joined(joins)}{where}{ordered(relation, to)}"

    def _visible(self, hanging: str) -> str:
        """The tasks that hang somewhere and that the viewer may see."""

        def visible() -> Select[Any]:
            return (
                select(literal_column("interne_taak.*"))
                .select_from(interne_taak)
                .where(literal_column(hanging), taak_visible(self._viewer))
            )

        return self._fragment(("visible", hanging, self._viewer.sees_all), visible)

    def _seen(self) -> Select[Any]:
        """A task, if the viewer may see it."""
        taak = interne_taak.alias("gezien")
        is_it = taak.c.id == literal_column("interne_taak.id")
        return select(literal_column("1")).select_from(taak).where(is_it, taak_visible(self._viewer, taak))

    def _paged(self, columns: list[str], joins: list[str], to: str, number: int, hanging: str = "") -> str:
        """The rows of a page: first which they are, then what is joined to them."""
        page = self._pages[number]
        keys = [f"{to}.key_{place}" for place in range(len(page.keys()))]
        ordered = ", ".join(key + (" DESC" if page.descending else "") for key in keys)
        source = self._fragment(("page", page.form, number, hanging), lambda: _rows(page, _page(number), hanging))
        return f"SELECT {_named([*columns, *keys])} FROM ({source}) AS {to}{_joined(joins)} ORDER BY {ordered}"

    def _counted(self, number: int, hanging: str) -> str:
        """How many a page is taken from."""
        counted = self._pages[number].counted
        key = ("count", counted.form, number, hanging)
        return self._fragment(key, lambda: counted.statement(_page(number), *_also(hanging)))

    def _hanging(self, relation: Relation, kind: str, alias: str) -> str:
        """That a record in its own table hangs on the one of a kind with an alias."""
        return hangs_on(relation, kind, alias, KINDS[relation.kind].table)

    def _hanging_in(self, number: int, relation: Relation, kind: str, alias: str) -> str:
        """As `_hanging`, unless the page itself says where its rows hang."""
        return self._hanging(relation, kind, alias) if self._pages[number].hangs else ""

    def _as_json(self, found: str, width: int, shape: Shape) -> str:
        """Rows as one value: an array of arrays."""
        arrays = set(shape.arrays)
        values = [
            self._json.within.format(array=f"q.c{place}") if place in arrays else f"q.c{place}"
            for place in range(width)
        ]
        row = f"{self._json.array}({', '.join(values)})"
        return f"(SELECT {self._json.of_rows.format(row=row)} FROM ({found}) AS q)"


def page_values(page: int, values: Values) -> dict[str, Any]:
    """The values of the page with a number, by the names that they have in a statement."""
    return {_page(page) + name: value for name, value in values.items()}


def _page(page: int) -> str:
    return f"p{page}_"


def _rows(page: ListPage, prefix: str, hanging: str) -> Select[Any]:
    """All columns of the rows of a page, then what they are ordered by."""
    table = page.conditions.table
    keys = (key.label(f"key_{place}") for place, key in enumerate(page.keys()))
    rows: Select[Any] = select(literal_column(f"{table}.*"), *keys).select_from(table)
    return rows.where(*page.where(prefix), *_also(hanging)).order_by(*page.order_by()).limit(page.limit(prefix))


def _also(hanging: str) -> list[ColumnElement[bool]]:
    return [literal_column(hanging)] if hanging else []


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f"{column} AS c{place}" for place, column in enumerate(columns))


def _joined(joins: Sequence[str]) -> str:
    return "".join(f" {join}" for join in joins)
