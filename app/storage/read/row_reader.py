"""Reading rows of a shape. Statements are cached by the shape and the form of the request."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import orjson
from sqlalchemy import BindParameter, Select, bindparam, exists, literal_column, select

from app.common.lru import Lru
from app.domain.relations import Relation
from app.domain.rights import Scope
from app.plans.allowance import within
from app.plans.shapes import Shape
from app.storage.engine.snapshot import Reader
from app.storage.engine.transaction import PlainRows
from app.storage.lists.pages import Counted, ListPage
from app.storage.read.shapes import Builder, Fragments, RecordSource, page_values
from app.storage.schema.tables import (
    betrokkene,
    gebeurtenis,
    interne_taak,
    klantcontact,
    medewerker,
    organisatorische_eenheid,
)
from app.storage.schema.visibility import (
    Viewer,
    betrokkenen_visible,
    klantcontact_visible,
    taak_visible,
    values_of,
)
from app.storage.sql.arrays import is_one_of
from app.storage.sql.prepared import DatabaseKind, Prepared, Template

_MOST_STATEMENTS = 2_048
_MOST_CHARACTERS = 2**24
"""The maximum number of cached statements, and of characters in all of them together. One statement has some
thousands.
"""


def _all(table: Any, *which: Any) -> Select[Any]:
    return select(literal_column(f"{table.name}.*")).select_from(table).where(*which)


_ID: BindParameter[str] = bindparam("id")

KLANTCONTACT = RecordSource(lambda who: _all(klantcontact, klantcontact.c.id == _ID, klantcontact_visible(who)))
BETROKKENE = RecordSource(
    lambda who: _all(
        betrokkene,
        betrokkene.c.id == _ID,
        exists(
            select(klantcontact.c.id).where(
                klantcontact.c.id == betrokkene.c.klantcontact_id, betrokkenen_visible(who)
            )
        ),
    )
)
TAAK = RecordSource(lambda who: _all(interne_taak, interne_taak.c.id == _ID, taak_visible(who)))
FACT = RecordSource(lambda who: _all(gebeurtenis, gebeurtenis.c.id == _ID))
GEBEURTENIS = RecordSource(
    lambda who: _all(
        gebeurtenis,
        gebeurtenis.c.id == _ID,
        gebeurtenis.c.taak_id.in_(select(interne_taak.c.id).where(taak_visible(who))),
    )
)
MEDEWERKER = RecordSource(lambda who: _all(medewerker, medewerker.c.id == _ID))
MEDEWERKERS_BY_ID = RecordSource(lambda who: _all(medewerker, is_one_of(medewerker.c.id, "ids")))
EENHEID = RecordSource(lambda who: _all(organisatorische_eenheid, organisatorische_eenheid.c.id == _ID))
EENHEDEN = RecordSource(lambda who: _all(organisatorische_eenheid))
EENHEDEN_BY_ACTIEF = RecordSource(
    lambda who: _all(organisatorische_eenheid, organisatorische_eenheid.c.actief == bindparam("actief"))
)
POSTVAK = RecordSource(lambda who: _all(organisatorische_eenheid, organisatorische_eenheid.c.postvak_id == _ID))
EENHEDEN_BY_ID = RecordSource(
    lambda who: _all(organisatorische_eenheid, is_one_of(organisatorische_eenheid.c.id, "ids"))
)


class RowReader:
    """Reads rows of shapes, as far as a scope may see them."""

    def __init__(self) -> None:
        self._fragments = Fragments()
        self._statements: Lru[Hashable, Prepared] = Lru(_MOST_STATEMENTS, most_size=_MOST_CHARACTERS)

    async def records(
        self,
        reader: Reader,
        scope: Scope,
        source: RecordSource,
        shape: Shape,
        pages: Sequence[ListPage],
        **values: Any,
    ) -> PlainRows:
        """The rows of records. The values must include `max_factor`, see `app.plans.allowance`."""

        def build(kind: DatabaseKind) -> Template:
            return self._builder(kind, scope, pages).of_records(shape, source)

        statement = self._statement(reader.kind, (shape, source, _form(scope, pages)), build)
        return await reader.run(statement, **_values(scope, pages), **values)

    async def page(
        self, reader: Reader, scope: Scope, shape: Shape, pages: Sequence[ListPage], max_factor: int
    ) -> PlainRows:
        """The rows of the first of the pages, in which the other pages are nested. Each row ends with its position
        in the list.
        """

        def build(kind: DatabaseKind) -> Template:
            return self._builder(kind, scope, pages).of_page(shape)

        statement = self._statement(reader.kind, (shape, _form(scope, pages)), build)
        return await reader.run(statement, **_values(scope, pages), max_factor=max_factor)

    async def related(
        self,
        reader: Reader,
        scope: Scope,
        shape: Shape,
        relation: Relation,
        keys: Sequence[Sequence[Any]],
        most: int,
    ) -> list[list[Sequence[Any]] | None]:
        """For each key, the rows of the records that are related to it; None for a guarded list that the scope may
        not see. Raises `TooLong` if a has-many relation gives more than `most` rows together.
        """

        def build(kind: DatabaseKind) -> Template:
            return self._builder(kind, scope, ()).of_related(shape, relation)

        statement = self._statement(reader.kind, (shape, relation, scope.sees_all), build)
        rows = await reader.run(statement, **_values(scope, ()), keys=orjson.dumps(keys).decode(), most=most)
        # A guarded list that the caller may not see has no row at all, and an empty one a row of nothing.
        per_key: list[list[Sequence[Any]] | None] = [None if relation.guarded else [] for _ in keys]
        for place, *row in within(rows, most) if relation.many else rows:
            listed = per_key[place] = per_key[place] or []
            if not relation.guarded or row[0] is not None:
                listed.append(row)
        return per_key

    async def values(
        self, reader: Reader, scope: Scope, kind: str, name: str, ids: Sequence[str]
    ) -> dict[str, Any]:
        """One computed value of the records of a kind, by their ids."""

        def build(database: DatabaseKind) -> Template:
            return self._builder(database, scope, ()).of_values(kind, name)

        rows = await reader.run(self._statement(reader.kind, (kind, name), build), ids=ids)
        return {row[0]: row[1] for row in rows}

    async def count(self, reader: Reader, counted: Counted) -> int:
        """How many rows a list has."""
        statement = self._statement(
            reader.kind, (Counted, counted.form), lambda kind: Template.of(counted.statement(), kind)
        )
        [[number]] = await reader.run(statement, **counted.values)
        return int(number)

    def _builder(self, kind: DatabaseKind, scope: Scope, pages: Sequence[ListPage]) -> Builder:
        return Builder(kind, Viewer(scope.sees_all), pages, self._fragments)

    def _statement(self, kind: DatabaseKind, key: Hashable, build: Callable[[DatabaseKind], Template]) -> Prepared:
        if (statement := self._statements.get(key)) is None:
            statement = Prepared(build)
            self._statements.put(key, statement, len(statement.text(kind).sql))
        return statement


def _form(scope: Scope, pages: Sequence[ListPage]) -> Hashable:
    return (scope.sees_all, tuple(page.form for page in pages))


def _values(scope: Scope, pages: Sequence[ListPage]) -> dict[str, Any]:
    values: dict[str, Any] = dict(values_of(scope))
    for number, page in enumerate(pages):
        values |= page_values(number, page.values)
    return values
