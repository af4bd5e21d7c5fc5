"""Reading rows in the shape that is asked: the one way in which an operation reads.

What a plan reads is noted where it is written, what graphql-core reads in `Records`; what is not found is noted
here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from app.domain.finding.filters import KlantcontactFilter, Page, TaakFilter
from app.domain.finding.search import matches, read_zoektekst
from app.domain.model import Gebeurtenis, Volgorde
from app.domain.organisation import by_naam
from app.domain.refusals import NietBevoegd, NietGevonden
from app.domain.relations import Relation
from app.domain.rights import Login
from app.domain.values.ids import read_uuid
from app.plans.shapes import ListingKind, Shape
from app.service.verwerking import Verwerking
from app.storage.engine.snapshot import Reader
from app.storage.engine.transaction import PlainRows
from app.storage.lists import paging
from app.storage.lists.pages import ListPage
from app.storage.read import lookups
from app.storage.read import row_reader as shaped
from app.storage.read.row_reader import RowReader
from app.storage.read.shapes import RecordSource

AnyFilter = TaakFilter | KlantcontactFilter


class ListRequest(Protocol):
    """A page of tasks or of contacts as it is asked."""

    @property
    def filter_(self) -> AnyFilter:
        """What it is narrowed to."""

    @property
    def volgorde(self) -> Volgorde:
        """Its order."""

    @property
    def page(self) -> Page:
        """Which part of it."""


Pages = Sequence[ListRequest]

T = TypeVar("T")


class Rows:
    """What one operation reads: everything is of one moment.

    Each method is handed the shape of the rows and the pages that hang in it, then what is asked, named as the
    arguments of the fields that it is for.
    """

    def __init__(self, reader: Reader, shapes: RowReader, verwerking: Verwerking, stretch: int = 1) -> None:
        self._reader = reader
        self._stretch = stretch
        self._shapes = shapes
        self._verwerking = verwerking
        self._scope = verwerking.scope

    def gelezen(self, objects: Iterable[object]) -> None:
        """Note that objects were read, whoever shows them."""
        self._verwerking.gelezen.add(objects)

    async def klantcontact(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A contact (F8618); none for what is unknown, malformed or not for him."""
        return await self._looked_up(shaped.KLANTCONTACT, shape, pages, id)

    async def interne_taak(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A task (F2771); none for what is unknown, malformed or not for him."""
        return await self._looked_up(shaped.TAAK, shape, pages, id)

    async def gebeurtenis(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A fact; none for what is unknown, malformed or not for him."""
        return await self._looked_up(shaped.GEBEURTENIS, shape, pages, id)

    async def postvak(self, shape: Shape, pages: Pages, organisatorische_eenheid_id: str) -> PlainRows:
        """A department's inbox. `NietBevoegd` for what is unknown and what is not for him alike."""
        with self._verwerking.asking(organisatorische_eenheid_id):
            id_ = read_uuid(organisatorische_eenheid_id)
            if id_ is not None and self._scope.may_open_postvak(id_):
                filter_ = self._requested(
                    pages, {number: _in_eenheid(pages[number], id_) for number in _on_it(shape)}
                )
                found = await self._read(shaped.EENHEDEN_BY_ID, shape, filter_, ids=[id_])
                if found:
                    return found
            raise postvak_geweigerd()

    async def postvakken(self, shape: Shape, pages: Pages, eenheid_ids: Sequence[str]) -> PlainRows:
        """The inboxes of departments, which must be his to see, in no order."""
        return await self._records(shaped.EENHEDEN_BY_ID, shape, pages, ids=eenheid_ids)

    async def postvak_by_id(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """An inbox by its own id, which must be known; none where it is not for him. It has its `eenheid_id`."""
        found = await self._records(shaped.POSTVAK, shape, pages, id=id.lower())
        at = shape.columns.index("eenheid_id")
        allowed = [row for row in found if self._scope.may_open_postvak(row[at])]
        if not allowed:
            self._not_found(id.lower())
        return allowed

    async def own_postvakken(self, shape: Shape, pages: Pages) -> PlainRows:
        """The inboxes of his departments, the first one's first. They have their `eenheid_id`."""
        own = self._login.eenheden
        found = await self.postvakken(shape, pages, own)
        at = shape.columns.index("eenheid_id")
        return sorted(found, key=lambda row: own.index(row[at]))

    async def own_medewerker(self, shape: Shape, pages: Pages) -> PlainRows:
        """The employee who asks."""
        return await self.medewerker(shape, pages, self._login.medewerker_id)

    async def eenheden(
        self, shape: Shape, pages: Pages, zoektekst: str | None = None, actief: bool | None = None
    ) -> PlainRows:
        """Departments by naam, those whose naam or identificatie has the words of a search text."""
        zoek = read_zoektekst(zoektekst)
        if actief is None:
            found = await self._records(shaped.EENHEDEN, shape, pages)
        else:
            found = await self._records(shaped.EENHEDEN_BY_ACTIEF, shape, pages, actief=actief)
        naam, identificatie, id_ = (shape.columns.index(name) for name in EENHEID_COLUMNS)
        matching = [row for row in found if matches(zoek, row[naam], row[identificatie])]
        return sorted(matching, key=lambda row: by_naam(row[naam], row[id_]))

    async def medewerker(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """An employee by his id, which must be well formed."""
        return await self._records(shaped.MEDEWERKER, shape, pages, id=id.lower())

    async def eenheid(self, shape: Shape, pages: Pages, id: str) -> PlainRows:
        """A department by its id, which must be well formed."""
        return await self._records(shaped.EENHEID, shape, pages, id=id.lower())

    async def kind_of(self, id: str) -> str | None:
        """Which kind of object has an id; None, which is noted, where nothing has."""
        id_ = read_uuid(id)
        kind = await lookups.kind_of(self._reader, id_) if id_ else None
        if kind is None:
            self._not_found(id_)
        return kind

    async def fact(self, shape: Shape, pages: Pages, fact: Gebeurtenis) -> PlainRows:
        """A fact that he may see, with what hangs on it as it is now."""
        return await self._records(shaped.FACT, shape, pages, id=fact.id)

    async def page(self, shape: Shape, pages: Pages) -> PlainRows:
        """The first of the pages: of tasks (F3839) or of contacts (F3896)."""
        filter_ = self._requested(pages, {0: pages[0].filter_})
        return await self._shapes.page(self._reader, self._scope, shape, filter_, self._stretch)

    async def count(self, page: ListRequest) -> int:
        """How many there are under the filter of a page."""
        return await self._shapes.count(self._reader, paging.counted(self._scope, page.filter_))

    async def related(
        self, shape: Shape, relation: Relation, keys: Sequence[Sequence[Any]], most: int
    ) -> list[list[Sequence[Any]]]:
        """For each key what hangs on who has it, which was found. Lists are `TooLong` that have more than `most`
        items together.
        """
        return await self._shapes.related(self._reader, self._scope, shape, relation, keys, most)

    async def values(self, kind: str, name: str, ids: Sequence[str]) -> dict[str, Any]:
        """A value that is reckoned from what hangs on records of a kind, by their ids."""
        return await self._shapes.values(self._reader, self._scope, kind, name, ids)

    @property
    def _login(self) -> Login:
        if self._verwerking.login is None:
            raise RuntimeError("a fact's selection is shared: nothing in it may depend on the login")
        return self._verwerking.login

    async def _looked_up(self, source: RecordSource, shape: Shape, pages: Pages, object_id: str) -> PlainRows:
        id_ = read_uuid(object_id)
        found = await self._records(source, shape, pages, id=id_) if id_ else ()
        if not found:
            self._not_found(id_)
        return found

    def _not_found(self, object_id: str | None) -> None:
        """Note that something was looked up that is unknown, malformed (None) or not for him."""
        self._verwerking.refuse(NietGevonden.__name__, object_id)

    async def _records(self, source: RecordSource, shape: Shape, pages: Pages, **values: Any) -> PlainRows:
        return await self._read(source, shape, self._requested(pages, {}), **values)

    async def _read(
        self, source: RecordSource, shape: Shape, pages: Sequence[ListPage], **values: Any
    ) -> PlainRows:
        return await self._shapes.records(
            self._reader, self._scope, source, shape, pages, stretch=self._stretch, **values
        )

    def _requested(self, pages: Pages, by_themselves: Mapping[int, AnyFilter]) -> list[ListPage]:
        """The pages as storage asks them: but for those that stand by themselves, they hang on rows."""
        return [
            paging.paged(
                self._scope,
                by_themselves.get(number, page.filter_),
                page.volgorde,
                page.page,
                hangs=number not in by_themselves,
            )
            for number, page in enumerate(pages)
        ]


def postvak_geweigerd() -> NietBevoegd:
    """The answer to who asks an inbox that is unknown or not for him."""
    return NietBevoegd("Dit postvak is niet voor u te zien.")


def _on_it(shape: Shape) -> list[int]:
    """The pages that hang on the record itself, by number."""
    return [listing.page for listing in shape.listings if listing.kind is ListingKind.PAGE]


def _in_eenheid(page: ListRequest, eenheid_id: str) -> AnyFilter:
    """The filter of a page of tasks, for one department."""
    assert isinstance(page.filter_, TaakFilter)  # noqa: S101 - only tasks hang on an inbox
    return page.filter_.in_postvak(eenheid_id)


EENHEID_COLUMNS = ("naam", "identificatie", "id")
"""What departments are found and ordered by."""
