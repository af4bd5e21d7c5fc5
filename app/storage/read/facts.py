"""Reading the streams of facts: of a department by volgnummer, of a task by versie, each from its own index.

Each function runs one statement.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Integer, bindparam, literal_column, select

from app.domain.facts import OVERWRITES_NOTHING
from app.domain.model import Gebeurtenis
from app.storage.engine.transaction import Transaction
from app.storage.read import rows
from app.storage.schema.tables import gebeurtenis, interne_taak, organisatorische_eenheid
from app.storage.sql.arrays import is_one_of
from app.storage.sql.prepared import Prepared


def _after(of: ColumnElement[str], number: ColumnElement[int]) -> Prepared:
    return Prepared.of(
        select(*rows.GEBEURTENIS_COLUMNS)
        .where(of == bindparam("of"), number > bindparam("after"))
        .order_by(number)
        .limit(bindparam("limit", type_=Integer))
    )


_OF_POSTVAK = _after(gebeurtenis.c.eenheid_id, gebeurtenis.c.volgnummer)
_OF_TAAK = _after(gebeurtenis.c.taak_id, gebeurtenis.c.versie)

_OVERWRITING = Prepared.of(
    select(gebeurtenis.c.versie)
    .where(
        gebeurtenis.c.taak_id == bindparam("taak_id"),
        gebeurtenis.c.versie > bindparam("versie"),
        *(gebeurtenis.c.soort != literal_column(f"'{soort.value}'") for soort in sorted(OVERWRITES_NOTHING)),
    )
    .limit(literal_column("1", Integer))
)

_EENHEID = organisatorische_eenheid.c
_ENDS_OF_POSTVAKKEN = Prepared.of(
    select(_EENHEID.id, _EENHEID.laatste_volgnummer).where(is_one_of(_EENHEID.id, "ids"))
)
_ENDS_OF_TAKEN = Prepared.of(
    select(interne_taak.c.id, interne_taak.c.versie).where(is_one_of(interne_taak.c.id, "ids"))
)


async def of_postvak(tx: Transaction, eenheid_id: str, after: int, limit: int) -> list[Gebeurtenis]:
    """The facts of a department with a volgnummer above `after`, in order, at most `limit`."""
    return [rows.gebeurtenis(row) for row in await tx.run(_OF_POSTVAK, of=eenheid_id, after=after, limit=limit)]


async def of_taak(tx: Transaction, taak_id: str, after: int, limit: int) -> list[Gebeurtenis]:
    """The facts of a task with a versie above `after`, in order, at most `limit`, in whichever department's stream
    they are.
    """
    return [rows.gebeurtenis(row) for row in await tx.run(_OF_TAAK, of=taak_id, after=after, limit=limit)]


async def overwritten_since(tx: Transaction, taak_id: str, versie: int) -> bool:
    """Whether a task has a fact with a versie above the given one that overwrote something."""
    return bool(await tx.run(_OVERWRITING, taak_id=taak_id, versie=versie))


async def ends_of_postvakken(tx: Transaction, eenheid_ids: Collection[str]) -> dict[str, int]:
    """The last volgnummer of each department, by its id."""
    return {row[0]: row[1] for row in await tx.run(_ENDS_OF_POSTVAKKEN, ids=eenheid_ids)}


async def ends_of_taken(tx: Transaction, taak_ids: Collection[str]) -> dict[str, int]:
    """The versie of each task, by its id."""
    return {row[0]: row[1] for row in await tx.run(_ENDS_OF_TAKEN, ids=taak_ids)}
