"""The index of words, with which a search text is looked up without reading every row.

It only gives candidates: the caller also compares with the row's own words, and so finds exactly what the search
rule of the domain finds. SQLite's index does not have the most recent rows yet, and PostgreSQL's has long words cut
off.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.sql import FromClause

from app.storage.lists.conditions import Condition, Target
from app.storage.schema.triggers import INDEXED_AT_ONCE
from app.storage.sql.dialects import SearchQuery, either
from app.storage.sql.prepared import DatabaseKind

MAX_LOOKED_UP = 10_000
"""So many rows can be read and sorted in a tenth of a second."""


def may_have_words(name: str, place: Target, *, is_all: bool = True) -> Condition:
    """The condition that a row possibly has all search words, according to the index of words. The row is of
    `place.table`: the table `name` or an alias of it.

    Without `is_all` at most `MAX_LOOKED_UP` rows are considered: for use only when there are few.
    """
    rows = table(f"{name}_zoekregel", column("nr", Integer), column("id", Text))
    # When there are more than FEW the result is not used, but without a LIMIT SQLite would still collect them all.
    numbers = _numbers(name, place) if is_all else _numbers(name, place).limit(_beyond())
    matching = select(rows.c.id).where(rows.c.nr.in_(numbers))
    last = select(func.max(rows.c.nr)).scalar_subquery()
    not_yet = select(rows.c.id).where(rows.c.nr > last // INDEXED_AT_ONCE * INDEXED_AT_ONCE)
    return either(sqlite=place.table.c.id.in_(matching.union_all(not_yet)), postgresql=_matches(place.table, place))


def is_common(name: str, place: Target, kind: DatabaseKind) -> Condition:
    """The condition that more than `MAX_LOOKED_UP` rows have all search words; counting stops there."""
    matching: Select[Any] = _numbers(name, place)
    if kind == "postgresql":
        rows = table(name, column("zoekwoorden", Text))
        matching = select(literal_column("1", Integer)).select_from(rows).where(_matches(rows, place))
    some = matching.limit(_beyond()).subquery()
    return select(func.count()).select_from(some).scalar_subquery() > literal_column(str(MAX_LOOKED_UP), Integer)


def _numbers(name: str, place: Target) -> Select[tuple[int]]:
    index = table(f"{name}_woorden", column("rowid", Integer))
    query = place.search(SearchQuery())
    return select(index.c.rowid).where(literal_column(index.name).op("MATCH")(query))


def _matches(rows: FromClause, place: Target) -> Condition:
    vector = func.zoekvector(rows.c.zoekwoorden, type_=TSVECTOR)
    return vector.op("@@")(cast(place.search(SearchQuery()), TSQUERY()))


def _beyond() -> ColumnElement[int]:
    return literal_column(str(MAX_LOOKED_UP + 1), Integer)
