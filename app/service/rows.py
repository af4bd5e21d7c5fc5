"""Reading rows with the requested columns: the only way in which an operation reads.

For the processing log, plans add what they read when they write the answer, and `Records` adds what graphql-core
reads. This module adds what was not found.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from app.domain.finding.filters import KlantcontactFilter, Page, TaakFilter
from app.domain.finding.search import matches, read_zoektekst
from app.domain.model import Gebeurtenis, Volgorde
from app.domain.organisation import by_naam
from app.domain.refusals import BevoegdheidReden, NietBevoegd, NietGevonden
from app.domain.relations import Relation
from app.domain.rights import Login
from app.domain.values.ids import read_uuid
from app.plans.shapes import ListingKind, Shape
from app.service.verwerking import Verwerking
from app.storage.engine.snapshot import Reader
from app.storage.engine.transaction import PlainRows
from app.storage.lists import paging
from app.storage.lists.pages import ListPage
from app.storage.read import lookups, row_reader
from app.storage.read.row_reader import RowReader
from app.storage.read.shapes import RecordSource

AnyFilter = TaakFilter | KlantcontactFilter


class ListRequest(Protocol):
    """A requested page of tasks or of contacts."""

    @property
    def filter_(self) -> AnyFilter:
        """The conditions on the objects of the list."""

    @property
    def volgorde(self) -> Volgorde:
        """The order of the list."""

    @property
    def page(self) -> Page:
        """The part of the list."""


Pages = Sequence[ListRequest]


class Rows:
    """Reads the rows of one operation, all from one snapshot of the database.

    The first parameters of each method are the shape of the rows (their columns and nested lists) and the nested
    pages. The others have the names of the arguments of the GraphQL field that the method is for. "The caller" is
    the employee whose operation it is.
    """

    def __init__(self, reader: Reader, shapes: RowReader, verwerking: Verwerking, max_factor: int = 1) -> None:
        self._reader = reader
        self._max_factor = max_factor
        self._shapes = shapes
        self._verwerking = verwerking
        self._scope = verwerking.scope

    def gelezen(self, objects: Iterable[object]) -> None:
        """Add objects that were read to the processing log."""
        self._verwerking.gelezen.add(objects)

    async def klantcontact(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A contact (F8618); no row if the id is unknown or malformed, or the caller may not see it."""
        return await self._looked_up(row_reader.KLANTCONTACT, shape, pages, id)

    async def betrokkene(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A betrokkene; no row if the id is unknown or malformed, or the caller may not see them."""
        return await self._looked_up(row_reader.BETROKKENE, shape, pages, id)

    async def interne_taak(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A task (F2771); no row if the id is unknown or malformed, or the caller may not see it."""
        return await self._looked_up(row_reader.TAAK, shape, pages, id)

    async def gebeurtenis(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A fact; no row if the id is unknown or malformed, or the caller may not see it."""
        return await self._looked_up(row_reader.GEBEURTENIS, shape, pages, id)

    async def postvak(self, shape: Shape, pages: Pages, organisatorische_eenheid_id: str) -> PlainRows:
        """A department's inbox; raises `NietBevoegd` if it does not exist or the caller may not see it."""
        with self._verwerking.asking(organisatorische_eenheid_id):
            id_ = read_uuid(organisatorische_eenheid_id)
            if id_ is not None and self._scope.may_open_postvak(id_):
                list_pages = self._requested(
                    pages, {number: _in_eenheid(pages[number], id_) for number in _on_it(shape)}
                )
                rows = await self._read(row_reader.EENHEDEN_BY_ID, shape, list_pages, ids=[id_])
                if rows:
                    return rows
            raise postvak_geweigerd()

    async def postvakken(self, shape: Shape, pages: Pages, eenheid_ids: Sequence[str]) -> PlainRows:
        """The inboxes of departments, in no order. They must be visible to the caller: this does not check it."""
        return await self._records(row_reader.EENHEDEN_BY_ID, shape, pages, ids=eenheid_ids)

    async def postvak_by_id(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """An inbox by its own id, which must exist; no row if the caller may not see it. `shape` must have the
        column `eenheid_id`.
        """
        rows = await self._records(row_reader.POSTVAK, shape, pages, id=id.lower())
        at = shape.columns.index("eenheid_id")
        allowed = [row for row in rows if self._scope.may_open_postvak(row[at])]
        if not allowed:
            self._not_found(id.lower())
        return allowed

    async def open_postvakken(self, shape: Shape, pages: Pages) -> PlainRows:
        """The inboxes that the caller may open, sorted by the naam of the department. `shape` must have the column
        `eenheid_id`. Two statements.
        """
        names = await lookups.names_of_eenheden(self._reader)
        ordered = [id_ for id_, naam in sorted(names, key=_by_naam) if self._scope.may_open_postvak(id_)]
        rows = await self.postvakken(shape, pages, ordered)
        at, places = shape.columns.index("eenheid_id"), {id_: place for place, id_ in enumerate(ordered)}
        return sorted(rows, key=lambda row: places[row[at]])

    async def own_postvakken(self, shape: Shape, pages: Pages) -> PlainRows:
        """The inboxes of the caller's departments, in the order of the login. `shape` must have the column
        `eenheid_id`.
        """
        own = self._login.eenheden
        rows = await self.postvakken(shape, pages, own)
        at = shape.columns.index("eenheid_id")
        return sorted(rows, key=lambda row: own.index(row[at]))

    async def own_medewerker(self, shape: Shape, pages: Pages) -> PlainRows:
        """The caller as an employee."""
        return await self.medewerker(shape, pages, self._login.medewerker_id)

    async def eenheden(
        self, shape: Shape, pages: Pages, zoektekst: str | None = None, actief: bool | None = None
    ) -> PlainRows:
        """Departments sorted by naam, whose naam or identificatie matches the search text. `shape` must have
        `EENHEID_COLUMNS`.
        """
        zoek = read_zoektekst(zoektekst)
        if actief is None:
            rows = await self._records(row_reader.EENHEDEN, shape, pages)
        else:
            rows = await self._records(row_reader.EENHEDEN_BY_ACTIEF, shape, pages, actief=actief)
        naam, identificatie, id_ = (shape.columns.index(name) for name in EENHEID_COLUMNS)
        matching = [row for row in rows if matches(zoek, row[naam], row[identificatie])]
        return sorted(matching, key=lambda row: by_naam(row[naam], row[id_]))

    async def medewerkers(self, shape: Shape, pages: Pages, zoektekst: str, first: int) -> PlainRows:
        """The first active employees sorted by naam, whose naam matches the search text. `shape` must have the
        column `id`. Two statements.
        """
        zoek = read_zoektekst(zoektekst)
        names = await lookups.names_of_medewerkers(self._reader)
        matching = sorted((who for who in names if matches(zoek, who[1])), key=_by_naam)
        places = {id_: place for place, (id_, _) in enumerate(matching[:first])}
        rows = await self._records(row_reader.MEDEWERKERS_BY_ID, shape, pages, ids=list(places))
        at = shape.columns.index("id")
        return sorted(rows, key=lambda row: places[row[at]])

    async def medewerker(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """An employee by their id, which must be well formed."""
        return await self._records(row_reader.MEDEWERKER, shape, pages, id=id.lower())

    async def eenheid(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A department by its id, which must be well formed."""
        return await self._records(row_reader.EENHEID, shape, pages, id=id.lower())

    async def kind_of(self, id: str) -> str | None:
        """The kind of the object with this id; None, which is added to the processing log, if no object has it."""
        id_ = read_uuid(id)
        kind = await lookups.kind_of(self._reader, id_) if id_ else None
        if kind is None:
            self._not_found(id_)
        return kind

    async def fact(self, shape: Shape, pages: Pages, fact: Gebeurtenis) -> PlainRows:
        """A fact that the caller may see, with its related records as they are now."""
        return await self._records(row_reader.FACT, shape, pages, id=fact.id)

    async def page(self, shape: Shape, pages: Pages) -> PlainRows:
        """The page `pages[0]` of tasks (F3839) or of contacts (F3896); the other pages are nested in it."""
        list_pages = self._requested(pages, {0: pages[0].filter_})
        return await self._shapes.page(self._reader, self._scope, shape, list_pages, self._max_factor)

    async def count(self, page: ListRequest) -> int:
        """How many objects meet the filter of a page."""
        return await self._shapes.count(self._reader, paging.counted(self._scope, page.filter_))

    async def related(
        self, shape: Shape, relation: Relation, keys: Sequence[Sequence[Any]], most: int
    ) -> list[list[Sequence[Any]] | None]:
        """The related rows for each key (`Relation.key`) of records that were already read, in the order of the
        keys; None for a guarded list that the caller may not see.

        Raises `TooLong` if the lists have more than `most` items together.
        """
        return await self._shapes.related(self._reader, self._scope, shape, relation, keys, most)

    async def values(self, kind: str, name: str, ids: Sequence[str]) -> dict[str, Any]:
        """A value that is computed from related records, for each of these records of a kind, by id."""
        return await self._shapes.values(self._reader, self._scope, kind, name, ids)

    @property
    def _login(self) -> Login:
        if self._verwerking.login is None:
            raise RuntimeError("a fact's selection is shared: nothing in it may depend on the login")
        return self._verwerking.login

    async def _looked_up(self, source: RecordSource, shape: Shape, pages: Pages, object_id: str) -> PlainRows:
        id_ = read_uuid(object_id)
        rows = await self._records(source, shape, pages, id=id_) if id_ else ()
        if not rows:
            self._not_found(id_)
        return rows

    def _not_found(self, object_id: str | None) -> None:
        """Log that an object was not found or not visible (processing log); `object_id` is None if malformed."""
        self._verwerking.refuse(NietGevonden.__name__, object_id)

    async def _records(self, source: RecordSource, shape: Shape, pages: Pages, **values: Any) -> PlainRows:
        return await self._read(source, shape, self._requested(pages, {}), **values)

    async def _read(
        self, source: RecordSource, shape: Shape, pages: Sequence[ListPage], **values: Any
    ) -> PlainRows:
        return await self._shapes.records(
            self._reader, self._scope, source, shape, pages, max_factor=self._max_factor, **values
        )

    def _requested(self, pages: Pages, top_level: Mapping[int, AnyFilter]) -> list[ListPage]:
        """The pages in the form of the storage layer. `top_level` has the filters of those that are not nested in
        rows, by their number.
        """
        return [
            paging.paged(
                self._scope,
                top_level.get(number, page.filter_),
                page.volgorde,
                page.page,
                is_nested=number not in top_level,
            )
            for number, page in enumerate(pages)
        ]


def postvak_geweigerd() -> NietBevoegd:
    """The refusal for an inbox that does not exist or that the caller may not see."""
    return NietBevoegd("Dit postvak is niet voor u te zien.", BevoegdheidReden.ANDERE_AFDELING)


def _by_naam(named: tuple[str, str]) -> tuple[str, str, str]:
    """The sort key of an id with a naam."""
    id_, naam = named
    return by_naam(naam, id_)


def _on_it(shape: Shape) -> list[int]:
    """The numbers of the pages that are directly on the record, not nested deeper."""
    return [listing.page for listing in shape.listings if listing.kind is ListingKind.PAGE]


def _in_eenheid(page: ListRequest, eenheid_id: str) -> AnyFilter:
    """The filter of a page of tasks, limited to one department."""
    assert isinstance(page.filter_, TaakFilter)  # noqa: S101 - an inbox has pages of tasks only
    return page.filter_.in_postvak(eenheid_id)


EENHEID_COLUMNS = ("naam", "identificatie", "id")
"""The columns that departments are searched and sorted by."""
