"""The index of words: where a search text is looked up, instead of in every row.

It only says where to look: whoever asks it compares with the row's own words as well, and so finds exactly what the
domain's rule finds. SQLite's does not have the last rows yet, and PostgreSQL's has long words cut off.
"""

from sqlalchemy import Integer, Select, Text, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.sql import FromClause

from app.storage.conditions import Condition, Place
from app.storage.dialects import SearchQuery, either

FEW = 10_000
"""So many rows are read and sorted in a tenth of a second."""

_AT_ONCE = 128
"""SQLite's index takes so many rows at once, as the migration that made it says."""


def has_words(name: str, place: Place) -> Condition:
    """Whether a row of `place.table`, which is the table `name` or an alias of it, may have all the words."""
    rows = table(f"{name}_zoekregel", column("nr", Integer), column("id", Text))
    found = select(rows.c.id).where(rows.c.nr.in_(_numbers(name, place)))
    last = select(func.max(rows.c.nr)).scalar_subquery()
    not_yet = select(rows.c.id).where(rows.c.nr > last // _AT_ONCE * _AT_ONCE)
    return either(sqlite=place.table.c.id.in_(found.union_all(not_yet)), postgresql=_matches(place.table, place))


def are_few(name: str, place: Place, *, negated: bool = False) -> Condition:
    """Whether at most `FEW` rows have all the words, or more: beyond that they are not counted."""
    numbers = _numbers(name, place).limit(FEW + 1).subquery()
    rows = table(name, column("zoekwoorden", Text))
    vectors = select(literal_column("1")).select_from(rows).where(_matches(rows, place)).limit(FEW + 1).subquery()
    few = literal_column(str(FEW), Integer)
    found = [select(func.count()).select_from(some).scalar_subquery() for some in (numbers, vectors)]
    in_sqlite, in_postgresql = (count > few if negated else count <= few for count in found)
    return either(sqlite=in_sqlite, postgresql=in_postgresql)


def _numbers(name: str, place: Place) -> Select[tuple[int]]:
    index = table(f"{name}_woorden", column("rowid", Integer))
    asked = place.search(SearchQuery())
    return select(index.c.rowid).where(literal_column(index.name).op("MATCH")(asked))


def _matches(rows: FromClause, place: Place) -> Condition:
    vector = func.zoekvector(rows.c.zoekwoorden, type_=TSVECTOR)
    return vector.op("@@")(cast(place.search(SearchQuery()), TSQUERY()))
