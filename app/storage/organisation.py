"""Reading and writing departments and employees."""

from collections.abc import Collection, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, delete, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from app.domain.model import OrganisatorischeEenheid, Rol
from app.domain.organisation import Claims, Dienstverband, Eigen
from app.domain.search import fold
from app.domain.text import new_id
from app.storage.failures import Conflict
from app.storage.snapshot import Reader, Transaction
from app.storage.tables import medewerker, medewerker_eenheid, organisatorische_eenheid, rechten


class IdentificatieBestaat(Exception):
    """Another department has this identificatie."""


async def dienstverband(reader: Reader, medewerker_id: str) -> Dienstverband | None:
    """An employee as recorded; None for who was never seen."""
    return (await dienstverbanden(reader, [medewerker_id])).get(medewerker_id)


async def dienstverbanden(reader: Reader, medewerker_ids: Collection[str]) -> dict[str, Dienstverband]:
    """Employees as recorded, by id; who was never seen is left out."""
    found = await _dienstverbanden(reader, medewerker.c.id.in_(medewerker_ids))
    return {who.medewerker_id: who for who in found}


async def all_medewerkers(reader: Reader) -> list[Dienstverband]:
    """Every employee, by naam."""
    found = await _dienstverbanden(reader, true())
    return sorted(found, key=lambda who: (fold(who.naam), who.naam, who.medewerker_id))


_DIENSTVERBAND = (
    select(
        medewerker.c.id.label("wie"),
        medewerker.c.naam,
        medewerker.c.actief,
        medewerker.c.rollen,
        medewerker.c.vastgesteld,
        organisatorische_eenheid.c.id,
        organisatorische_eenheid.c.identificatie,
        organisatorische_eenheid.c.actief.label("eenheid_actief"),
    )
    .join_from(medewerker, medewerker_eenheid, medewerker_eenheid.c.medewerker_id == medewerker.c.id)
    .join(organisatorische_eenheid, organisatorische_eenheid.c.id == medewerker_eenheid.c.eenheid_id)
    .order_by(medewerker.c.id, medewerker_eenheid.c.plaats)
)


async def _dienstverbanden(reader: Reader, which: ColumnElement[bool]) -> list[Dienstverband]:
    found = await reader.rows(_DIENSTVERBAND.where(which))
    return [
        Dienstverband(
            wie,
            rows[0].naam,
            rows[0].actief,
            frozenset(Rol(rol) for rol in rows[0].rollen.split()),
            tuple(Eigen(row.id, row.identificatie, row.eenheid_actief) for row in rows),
            rows[0].vastgesteld,
        )
        for wie, rows in ((wie, list(of)) for wie, of in groupby(found, key=lambda row: row.wie))
    ]


async def eenheden_named(reader: Reader, names: Collection[str]) -> dict[str, Eigen]:
    """Departments by what they were named by, id or identificatie; an id goes before an identificatie."""
    eenheid = organisatorische_eenheid.c
    found = await reader.rows(
        select(eenheid.id, eenheid.identificatie, eenheid.actief).where(
            or_(eenheid.id.in_(names), eenheid.identificatie.in_(names))
        )
    )
    named = {row.identificatie: Eigen(*row) for row in found if row.identificatie is not None}
    return named | {row.id: Eigen(*row) for row in found}


async def record_medewerker(tx: Transaction, claims: Claims, eenheden: Sequence[Eigen], *, is_new: bool) -> None:
    """Record what a token says. `Conflict` where he was recorded for the first time meanwhile."""
    values = {
        "naam": claims.naam,
        "rollen": " ".join(sorted(claims.rollen)),
        "vastgesteld": claims.uitgegeven,
    }
    if is_new:
        try:
            await tx.connection.execute(insert(medewerker).values(id=claims.medewerker_id, actief=True, **values))
        except IntegrityError as error:
            raise Conflict from error
    else:
        await tx.connection.execute(
            update(medewerker).where(medewerker.c.id == claims.medewerker_id).values(**values)
        )
        await raise_rights_version(tx)
    await set_eenheden(tx, claims.medewerker_id, [eigen.id for eigen in eenheden])


async def lock_medewerker(tx: Transaction, medewerker_id: str) -> None:
    """Hold an employee's row until the transaction ends, so that his record changes one step at a time.

    Who refers to him meanwhile does not wait for it; who gives him a task does, see `kept_medewerkers`.
    """
    mine = select(medewerker.c.id).where(medewerker.c.id == medewerker_id)
    await tx.rows(mine.with_for_update(key_share=True))


async def kept_medewerkers(tx: Transaction, medewerker_ids: Collection[str]) -> dict[str, Dienstverband]:
    """Employees as they are recorded, and stay recorded until the transaction ends: who does something in it, and
    those who are given a task.

    Otherwise one of them could leave unseen between the look at his record and the commit, and his open tasks
    would be laid back without the new one. Employees are locked before the version of rights, that before tasks,
    tasks before departments. SQLite has one writer and locks no rows.
    """
    if tx.locks_rows:
        theirs = select(medewerker.c.id).where(medewerker.c.id.in_(medewerker_ids)).order_by(medewerker.c.id)
        await tx.rows(theirs.with_for_update(read=True))
    # A statement of its own: the one that waited for a lock sees the rows beside it as they were before.
    return await dienstverbanden(tx, medewerker_ids)


async def set_eenheden(tx: Transaction, medewerker_id: str, eenheid_ids: Sequence[str]) -> None:
    """Replace an employee's departments, the first one first."""
    await tx.connection.execute(
        delete(medewerker_eenheid).where(medewerker_eenheid.c.medewerker_id == medewerker_id)
    )
    values = [
        {"medewerker_id": medewerker_id, "eenheid_id": eenheid_id, "plaats": place}
        for place, eenheid_id in enumerate(eenheid_ids)
    ]
    await tx.connection.execute(insert(medewerker_eenheid), values)


async def set_medewerker(tx: Transaction, medewerker_id: str, vastgesteld: int, *, actief: bool) -> None:
    """Activate or deactivate an employee, and note when that was said."""
    await tx.connection.execute(
        update(medewerker).where(medewerker.c.id == medewerker_id).values(actief=actief, vastgesteld=vastgesteld)
    )
    await raise_rights_version(tx)


async def rights_version(reader: Reader) -> int:
    """A number that is raised with every change of what an employee may do."""
    [[versie]] = await reader.rows(select(rechten.c.versie))
    return int(versie)


async def raise_rights_version(tx: Transaction) -> None:
    """Tell every process that what some employee may do changes with this transaction."""
    await tx.connection.execute(update(rechten).values(versie=rechten.c.versie + 1))


async def insert_eenheid(
    tx: Transaction, naam: str, identificatie: str | None, object_id: str | None = None
) -> OrganisatorischeEenheid:
    """Add an active department with an empty inbox."""
    eenheid = OrganisatorischeEenheid(object_id or new_id(), naam, identificatie, actief=True)
    statement = insert(organisatorische_eenheid).values(
        id=eenheid.id,
        naam=naam,
        identificatie=identificatie,
        actief=True,
        postvak_id=new_id(),
        laatste_volgnummer=0,
        aantal_te_doen=0,
        aantal_niet_toegewezen=0,
        aantal_klant_aan_de_lijn=0,
    )
    try:
        await tx.connection.execute(statement)
    except IntegrityError as error:
        raise IdentificatieBestaat from error
    return eenheid


async def update_eenheid(
    tx: Transaction, eenheid_id: str, *, naam: str | None = None, actief: bool | None = None
) -> None:
    """Rename, close or reopen a department."""
    if actief is not None:
        # Before the department: who lays tasks back locks it after this as well.
        await raise_rights_version(tx)
    values = {key: value for key, value in {"naam": naam, "actief": actief}.items() if value is not None}
    await tx.connection.execute(
        update(organisatorische_eenheid).where(organisatorische_eenheid.c.id == eenheid_id).values(**values)
    )
