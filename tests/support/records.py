"""Reading records in the way of graphql-core's resolvers, without a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.domain.finding.filters import KlantcontactFilter, Page, TaakFilter
from app.domain.model import Rol, Volgorde
from app.domain.rights import Scope
from app.service.reading import ReadRows, Records
from app.service.verwerking import Verwerking
from app.storage.engine.database import Database

SEES_ALL = Scope(frozenset({Rol.TOEZICHTHOUDER}), frozenset())


@dataclass(frozen=True)
class Listed:
    """A requested page of a list."""

    filter_: TaakFilter | KlantcontactFilter
    volgorde: Volgorde = Volgorde.NIEUWSTE_EERST
    page: Page = field(default_factory=lambda: Page(200))


@asynccontextmanager
async def records_of(database: Database, verwerking: Verwerking | None = None) -> AsyncIterator[Records]:
    """A reader of records from one snapshot; by default for a caller who may see everything."""
    reading = ReadRows(database).step_by_step(verwerking or Verwerking(SEES_ALL))
    try:
        yield reading.records
    finally:
        await reading.close()
