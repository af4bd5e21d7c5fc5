"""Reading the streams of facts: a department's by volgnummer, a task's by versie, each by its own index."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from app.domain.model import Gebeurtenis
from app.storage import rows
from app.storage.snapshot import Reader
from app.storage.tables import gebeurtenis, interne_taak, organisatorische_eenheid


async def of_postvak(reader: Reader, eenheid_id: str, after: int, limit: int) -> list[Gebeurtenis]:
    """The facts of a department after a volgnummer, in order."""
    mine = gebeurtenis.c.eenheid_id == eenheid_id
    return await _after(reader, mine, gebeurtenis.c.volgnummer, after, limit)


async def of_taak(reader: Reader, taak_id: str, after: int, limit: int) -> list[Gebeurtenis]:
    """The facts of a task after a versie, in order, whichever department they are in."""
    return await _after(reader, gebeurtenis.c.taak_id == taak_id, gebeurtenis.c.versie, after, limit)


async def ends_of_postvakken(reader: Reader, eenheid_ids: Collection[str]) -> dict[str, int]:
    """The last volgnummer of departments."""
    eenheid = organisatorische_eenheid.c
    found = await reader.rows(select(eenheid.id, eenheid.laatste_volgnummer).where(eenheid.id.in_(eenheid_ids)))
    return {row[0]: row[1] for row in found}


async def ends_of_taken(reader: Reader, taak_ids: Collection[str]) -> dict[str, int]:
    """The versie of tasks."""
    found = await reader.rows(
        select(interne_taak.c.id, interne_taak.c.versie).where(interne_taak.c.id.in_(taak_ids))
    )
    return {row[0]: row[1] for row in found}


async def _after(
    reader: Reader, which: ColumnElement[bool], number: ColumnElement[int], after: int, limit: int
) -> list[Gebeurtenis]:
    statement = select(*rows.GEBEURTENIS_COLUMNS).where(which, number > after).order_by(number).limit(limit)
    return [rows.gebeurtenis(row) for row in await reader.rows(statement)]
