"""From the shape of what is to be read to a statement that returns rows of that shape."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from app.common.lru import Lru
from app.domain.relations import RELATIONS, Relation
from app.plans.shapes import Listing, ListingKind, Shape
from app.storage.lists.pages import ListPage
from app.storage.read.relations import KINDS, is_related, is_related_to, order_by, source_of
from app.storage.schema.tables import interne_taak, klantcontact, metadata
from app.storage.schema.visibility import Viewer, betrokkenen_visible, taak_visible
from app.storage.sql.arrays import is_one_of
from app.storage.sql.json_rows import JsonSql
from app.storage.sql.prepared import DatabaseKind, Processor, Template, Values

_PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True, eq=False)
class RecordSource:
    """Which records are read: a SELECT of all columns of those that a viewer may see."""

    select: Callable[[Viewer], Select[Any]]


def _sees_betrokkenen(viewer: Viewer, klantcontact_id: ColumnElement[str]) -> Select[Any]:
    contact = klantcontact.alias("van")
    return select(contact.c.id).where(contact.c.id == klantcontact_id, betrokkenen_visible(viewer, contact))


_GUARDS: Mapping[str, Callable[[Viewer, ColumnElement[str]], Select[Any]]] = {"betrokkenen": _sees_betrokkenen}
"""For each guarded relation a SELECT that has a row if a viewer may see the list of the record with an id."""


class Fragments:
    """A cache of the parts of statements that take longest to compile, shared by all shapes. The most recently used
    are kept.
    """

    def __init__(self, most: int = 512) -> None:
        self._cache: Lru[Hashable, Template] = Lru(most)

    def of(self, kind: DatabaseKind, key: Hashable, clause: Callable[[], Any]) -> Template:
        """The SQL text of the clause that a key identifies; `clause` creates it if it is not cached."""
        template = self._cache.get((kind, key))
        if template is None:
            template = Template.of(clause(), kind)
            self._cache.put((kind, key), template)
        return template


class Builder:
    """Builds one statement. `pages` are the pages of the shape; a listing refers to one by its index."""

    def __init__(self, kind: DatabaseKind, viewer: Viewer, pages: Sequence[ListPage], fragments: Fragments) -> None:
        self._kind = kind
        self._fragments = fragments
        self._viewer = viewer
        self._pages = pages
        self._json = JsonSql.of(kind)
        self._numbers = count()
        self._defaults: dict[str, Any] = {}
        self._processors: dict[str, Processor] = {}

    def of_records(self, shape: Shape, source: RecordSource) -> Template:
        """A statement for the records of a source."""
        columns, joins = self._read(shape, "this")
        which = self._fragment((source, self._viewer.sees_all), lambda: source.select(self._viewer))
        return self._finished(f"SELECT {', '.join(columns)} FROM ({which}) AS this{_joined(joins)}")

    def of_page(self, shape: Shape) -> Template:
        """A statement for the records of the first page, each followed by its position in the list."""
        columns, joins = self._read(shape, "this")
        return self._finished(self._paged(columns, joins, "this", 0))

    def of_related(self, shape: Shape, relation: Relation) -> Template:
        """A statement for the records of a relation. The keys are the JSON parameter `keys`, an array for each.
        Each row begins with the index of its key.
        """
        kind = KINDS[relation.kind]
        columns, joins = self._read(shape, kind.table)
        keys = [f"keys.k{place}" for place in range(len(relation.to))]
        where = is_related(relation, keys, kind.table)
        if relation.scoped:
            where += f" AND EXISTS ({self._fragment(('seen', self._viewer.sees_all), self._seen)})"
        given = self._json.keys(relation.to, kind.is_number)
        # CROSS JOIN, because with JOIN SQLite would be free to scan the table first.
        source = source_of(relation, kind.table)
        rows = f"({given}) AS keys CROSS JOIN {source}{_joined(joins)}"
        if relation.guarded:
            # A row for each key whose list the viewer may see, also if it is empty.
            rows = f"({given}) AS keys LEFT JOIN {source} ON {where}{_joined(joins)}"
            where = self._guard(relation, "keys.k0")
        sql = f"SELECT {', '.join(['keys.n', *columns])} FROM {rows} WHERE {where}{order_by(relation, kind.table)}"
        # One row more than allowed is enough to refuse a longer list.
        return self._finished(f"{sql} LIMIT %(most)s + 1" if relation.many else sql)

    def of_values(self, kind: str, name: str) -> Template:
        """A statement for one computed value of the records of a kind with the ids in the parameter `ids`: rows of
        id and value.
        """
        table = KINDS[kind].table
        which = self._fragment(("ids", table), lambda: is_one_of(metadata.tables[table].c.id, "ids"))
        return self._finished(f"SELECT {table}.id, {self._column(kind, name, table)} FROM {table} WHERE {which}")

    def _finished(self, statement: str) -> Template:
        return Template(statement, self._defaults, self._processors)

    def _fragment(self, key: Hashable, clause: Callable[[], Any]) -> str:
        """The SQL text of a cached clause. Its literal values get names that are unique in the statement, because
        SQLAlchemy numbers them from one in each clause.
        """
        template = self._fragments.of(self._kind, key, clause)
        number = next(self._numbers)
        own = {name: f"d{number}_{name}" for name in template.defaults}
        self._defaults |= {own[name]: value for name, value in template.defaults.items()}
        self._processors |= {own.get(name, name): processor for name, processor in template.processors.items()}
        return _PARAMETER.sub(lambda match: f"%({own.get(match[1], match[1])})s", template.text)

    def _alias(self) -> str:
        return f"t{next(self._numbers)}"

    def _read(self, shape: Shape, alias: str) -> tuple[list[str], list[str]]:
        """The SQL of the values of a record with an alias, and the joins that they need."""
        columns = [self._column(shape.kind, name, alias) for name in shape.columns]
        joins: list[str] = []
        for name, other in shape.joined:
            to = self._alias()
            condition = is_related_to(RELATIONS[shape.kind][name], shape.kind, alias, to)
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
        """The SQL of the value of a listing."""
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
            sql = self._paged(columns, joins, to, listing.page, hanging)
            width = len(columns) + len(self._pages[listing.page].keys())
        else:
            sql = self._listed(columns, joins, to, relation, kind, alias)
            # One row more than allowed is enough to refuse a longer list, or to read it in another way.
            sql += f" LIMIT {listing.size} * %(max_factor)s + 1"
            width = len(columns)
        rows = self._as_json(sql, width, listing.shape)
        if relation.guarded:
            return f"CASE WHEN {self._guard(relation, f'{alias}.id')} THEN {rows} END"
        return rows

    def _guard(self, relation: Relation, id_: str) -> str:
        """The SQL condition that the viewer may see a guarded list of the record with an id."""

        def seen() -> Select[Any]:
            return _GUARDS[relation.name](self._viewer, literal_column(id_))

        return f"EXISTS ({self._fragment(('guard', relation.name, id_, self._viewer.sees_all), seen)})"

    def _listed(
        self, columns: list[str], joins: list[str], to: str, relation: Relation, kind: str, alias: str
    ) -> str:
        """A SELECT of the records that are related by a relation to the record of a kind with an alias."""
        source, where = source_of(relation, to), f" WHERE {is_related_to(relation, kind, alias, to)}"
        if relation.scoped:
            source, where = f"({self._visible(self._hanging(relation, kind, alias))}) AS {to}", ""
        return f"SELECT {_named(columns)} FROM {source}{_joined(joins)}{where}{order_by(relation, to)}"

    def _visible(self, hanging: str) -> str:
        """A SELECT of the tasks that meet the condition `hanging` and that the viewer may see."""

        def visible() -> Select[Any]:
            return (
                select(literal_column("interne_taak.*"))
                .select_from(interne_taak)
                .where(literal_column(hanging), taak_visible(self._viewer))
            )

        return self._fragment(("visible", hanging, self._viewer.sees_all), visible)

    def _seen(self) -> Select[Any]:
        """A SELECT of 1 for the task of the surrounding statement, if the viewer may see it."""
        taak = interne_taak.alias("gezien")
        is_it = taak.c.id == literal_column("interne_taak.id")
        return select(literal_column("1")).select_from(taak).where(is_it, taak_visible(self._viewer, taak))

    def _paged(self, columns: list[str], joins: list[str], to: str, number: int, hanging: str = "") -> str:
        """A SELECT of the rows of a page: a subquery finds the rows, then the other records are joined to them."""
        page = self._pages[number]
        keys = [f"{to}.key_{place}" for place in range(len(page.keys()))]
        ordered = ", ".join(key + (" DESC" if page.descending else "") for key in keys)
        source = self._fragment(("page", page.form, number, hanging), lambda: _rows(page, _page(number), hanging))
        return f"SELECT {_named([*columns, *keys])} FROM ({source}) AS {to}{_joined(joins)} ORDER BY {ordered}"

    def _counted(self, number: int, hanging: str) -> str:
        """A SELECT of how many records the list of a page has."""
        counted = self._pages[number].counted
        key = ("count", counted.form, number, hanging)
        return self._fragment(key, lambda: counted.statement(_page(number), *_also(hanging)))

    def _hanging(self, relation: Relation, kind: str, alias: str) -> str:
        """The SQL condition that a record in its own table is related to the record of a kind with an alias."""
        return is_related_to(relation, kind, alias, KINDS[relation.kind].table)

    def _hanging_in(self, number: int, relation: Relation, kind: str, alias: str) -> str:
        """As `_hanging`, but empty unless the rows of the page belong to a row of another table."""
        return self._hanging(relation, kind, alias) if self._pages[number].is_nested else ""

    def _as_json(self, sql: str, width: int, shape: Shape) -> str:
        """The rows of a SELECT as one value: a JSON array of arrays."""
        arrays = set(shape.arrays)
        values = [
            self._json.within.format(array=f"q.c{place}") if place in arrays else f"q.c{place}"
            for place in range(width)
        ]
        row = f"{self._json.array}({', '.join(values)})"
        return f"(SELECT {self._json.of_rows.format(row=row)} FROM ({sql}) AS q)"


def page_values(page: int, values: Values) -> dict[str, Any]:
    """The values of the page with an index, by the names of their parameters in a statement."""
    return {_page(page) + name: value for name, value in values.items()}


def _page(page: int) -> str:
    return f"p{page}_"


def _rows(page: ListPage, prefix: str, hanging: str) -> Select[Any]:
    """A SELECT of all columns of the rows of a page, followed by the keys that they are ordered by."""
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
