"""Reading single records in full, in a transaction. An unknown record is None, or left out of a collection.

With a scope only what it may see is found; without one everything is.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, literal_column, select, union_all

from app.domain.model import InterneTaak, Klantcontact, OrganisatorischeEenheid
from app.domain.organisation import by_naam
from app.domain.rights import Scope
from app.storage.engine.snapshot import Reader
from app.storage.engine.transaction import Transaction
from app.storage.read import rows
from app.storage.read.row_reader import EENHEDEN, EENHEDEN_BY_ID, KLANTCONTACT, TAAK
from app.storage.read.shapes import Builder, Fragments, RecordSource
from app.storage.schema.tables import ID_COLUMNS, medewerker, organisatorische_eenheid
from app.storage.schema.tables import klantcontact as klantcontact_table
from app.storage.schema.visibility import Viewer, betrokkenen_visible, values_of
from app.storage.sql.prepared import DatabaseKind, Prepared, Template


def _in_full(kind: str, source: RecordSource, *, sees_all: bool = True) -> Prepared:
    def build(database: DatabaseKind) -> Template:
        return Builder(database, Viewer(sees_all), (), Fragments()).of_records(rows.FULL_SHAPES[kind], source)

    return Prepared(build)


_KIND_OF = Prepared.of(
    union_all(
        *(
            select(literal_column(f"'{kind}'").label("kind")).where(column == bindparam("id"))
            for kind, column in ID_COLUMNS.items()
        )
    )
)
_NAMES_OF_EENHEDEN = Prepared.of(select(organisatorische_eenheid.c.id, organisatorische_eenheid.c.naam))
_NAMES_OF_MEDEWERKERS = Prepared.of(select(medewerker.c.id, medewerker.c.naam).where(medewerker.c.actief.is_(True)))
_KLANTCONTACT = {sees_all: _in_full("Klantcontact", KLANTCONTACT, sees_all=sees_all) for sees_all in (True, False)}
_SEES_BETROKKENEN = {
    sees_all: Prepared.of(
        select(klantcontact_table.c.id).where(
            klantcontact_table.c.id == bindparam("id"), betrokkenen_visible(Viewer(sees_all))
        )
    )
    for sees_all in (True, False)
}
_TAAK = {sees_all: _in_full("InterneTaak", TAAK, sees_all=sees_all) for sees_all in (True, False)}
_EENHEDEN = _in_full("OrganisatorischeEenheid", EENHEDEN_BY_ID)
_ALL_EENHEDEN = _in_full("OrganisatorischeEenheid", EENHEDEN)


async def kind_of(reader: Reader, id_: str) -> str | None:
    """The kind of the object with an id, such as `InterneTaak`; None if there is no such object."""
    found = await reader.run(_KIND_OF, id=id_)
    return found[0][0] if found else None


async def names_of_eenheden(reader: Reader) -> list[tuple[str, str]]:
    """The id and the naam of every department."""
    return [(row[0], row[1]) for row in await reader.run(_NAMES_OF_EENHEDEN)]


async def names_of_medewerkers(reader: Reader) -> list[tuple[str, str]]:
    """The id and the name of every active employee who has ever logged in."""
    return [(row[0], row[1]) for row in await reader.run(_NAMES_OF_MEDEWERKERS)]


async def klantcontact(tx: Transaction, id_: str, scope: Scope | None = None) -> Klantcontact | None:
    """The contact with an id, or None."""
    row = await _first_row(tx, _KLANTCONTACT, id_, scope)
    return rows.klantcontact(row) if row else None


async def sees_betrokkenen(tx: Transaction, klantcontact_id: str, scope: Scope) -> bool:
    """Whether a scope may see whom a contact was with."""
    return bool(await tx.run(_SEES_BETROKKENEN[scope.sees_all], id=klantcontact_id, **values_of(scope)))


async def taak(tx: Transaction, id_: str, scope: Scope | None = None) -> InterneTaak | None:
    """The task with an id, or None."""
    row = await _first_row(tx, _TAAK, id_, scope)
    return rows.taak(row) if row else None


async def _first_row(tx: Transaction, by_sees_all: dict[bool, Prepared], id_: str, scope: Scope | None) -> Any:
    if scope is None or scope.sees_all:
        result = await tx.run(by_sees_all[True], id=id_)
    else:
        result = await tx.run(by_sees_all[False], id=id_, **values_of(scope))
    return result[0] if result else None


async def eenheden(tx: Transaction, ids: Collection[str]) -> dict[str, OrganisatorischeEenheid]:
    """Departments, by their ids."""
    return {row[0]: rows.eenheid(row) for row in await tx.run(_EENHEDEN, ids=ids)}


async def all_eenheden(tx: Transaction) -> list[OrganisatorischeEenheid]:
    """All departments, ordered by naam."""
    found = [rows.eenheid(row) for row in await tx.run(_ALL_EENHEDEN)]
    return sorted(found, key=lambda eenheid: by_naam(eenheid.naam, eenheid.id))
