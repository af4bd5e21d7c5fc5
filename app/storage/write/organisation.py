"""Reading and writing departments and employees."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, null, or_, select, true, union_all, update

from app.domain.model import OrganisatorischeEenheid, Rol
from app.domain.organisation import Claims, Dienstverband, by_naam
from app.domain.references import Named
from app.domain.values.ids import new_id
from app.storage.engine.failures import Conflict, ConstraintViolated
from app.storage.engine.transaction import PlainRows, Transaction
from app.storage.read.rows import EENHEID_COLUMNS
from app.storage.read.rows import eenheid as as_eenheid
from app.storage.schema.tables import medewerker, medewerker_eenheid, organisatorische_eenheid, rechten
from app.storage.sql.arrays import is_one_of
from app.storage.sql.prepared import Prepared


class IdentificatieBestaat(Exception):
    """Another department already has this identificatie."""


def _employees(which: ColumnElement[bool]) -> Select[Any]:
    """A SELECT of employees with their departments, the first department first: the columns that `_named` reads."""
    return (
        select(
            *(medewerker.c[name] for name in ("id", "naam", "actief", "rollen", "vastgesteld")), *EENHEID_COLUMNS
        )
        .join_from(medewerker, medewerker_eenheid, medewerker_eenheid.c.medewerker_id == medewerker.c.id)
        .join(organisatorische_eenheid, organisatorische_eenheid.c.id == medewerker_eenheid.c.eenheid_id)
        .where(which)
        .order_by(medewerker.c.id, medewerker_eenheid.c.plaats)
    )


_NOBODY = [
    null().label(name) for name in ("medewerker", "medewerker_naam", "medewerker_actief", "rollen", "vastgesteld")
]

_DIENSTVERBANDEN = Prepared.of(_employees(is_one_of(medewerker.c.id, "medewerkers")))
_ALL_DIENSTVERBANDEN = Prepared.of(_employees(true()))
_KNOWN = Prepared.of(
    union_all(
        select(_employees(is_one_of(medewerker.c.id, "medewerkers")).subquery("wie")),
        select(*_NOBODY, *EENHEID_COLUMNS).where(is_one_of(organisatorische_eenheid.c.id, "eenheden")),
    )
)
_LOCK = select(medewerker.c.id).where(is_one_of(medewerker.c.id, "medewerkers")).order_by(medewerker.c.id)
_LOCK_RECORD = Prepared.of(_LOCK.with_for_update(key_share=True))
_SHARE_RECORDS = Prepared.of(_LOCK.with_for_update(read=True))

_ADD_EENHEID = Prepared.of(insert(medewerker_eenheid))
_RIGHTS_VERSION = Prepared.of(select(rechten.c.versie))

_ROLLEN = {rol.value: rol for rol in Rol}


async def dienstverband(tx: Transaction, medewerker_id: str) -> Dienstverband | None:
    """An employee as recorded; None if there is no record of them."""
    return (await dienstverbanden(tx, [medewerker_id])).get(medewerker_id)


async def dienstverbanden(tx: Transaction, medewerker_ids: Collection[str]) -> Mapping[str, Dienstverband]:
    """Employees as recorded, by id; those without a record are left out. One statement."""
    return _named(await tx.run(_DIENSTVERBANDEN, medewerkers=medewerker_ids)).medewerkers


async def all_medewerkers(tx: Transaction) -> list[Dienstverband]:
    """All employees, ordered by naam. One statement."""
    found = _named(await tx.run(_ALL_DIENSTVERBANDEN)).medewerkers.values()
    return sorted(found, key=lambda who: by_naam(who.naam, who.medewerker_id))


def _named(result: PlainRows) -> Named:
    """Employees from the rows of `_employees`, and departments: a row without an employee is a department."""
    eenheden: dict[str, OrganisatorischeEenheid] = {}
    medewerkers: dict[str, Dienstverband] = {}
    for medewerker_id, rows in groupby(result, key=itemgetter(0)):
        if medewerker_id is None:
            eenheden |= {row[5]: as_eenheid(row[5:]) for row in rows}
            continue
        first, *others = rows
        _, naam, actief, rollen, vastgesteld, *_ = first
        theirs = tuple(as_eenheid(row[5:]) for row in (first, *others))
        roles = frozenset([_ROLLEN.get(rol, rol) for rol in rollen.split()])
        medewerkers[medewerker_id] = Dienstverband(medewerker_id, naam, bool(actief), roles, theirs, vastgesteld)
    return Named(eenheden, medewerkers)


async def eenheden_named(tx: Transaction, names: Collection[str]) -> dict[str, OrganisatorischeEenheid]:
    """Departments by the name that was used for them, an id or an identificatie. If both match, the id wins."""
    eenheid = organisatorische_eenheid.c
    found = await tx.rows(
        select(*EENHEID_COLUMNS).where(or_(eenheid.id.in_(names), eenheid.identificatie.in_(names)))
    )
    named = {row.identificatie: as_eenheid(row) for row in found if row.identificatie is not None}
    return named | {row.id: as_eenheid(row) for row in found}


async def record_medewerker(
    tx: Transaction, claims: Claims, eenheden: Sequence[OrganisatorischeEenheid], *, is_new: bool
) -> None:
    """Record what a token says of an employee. Raises `Conflict` if they were recorded for the first time
    meanwhile.
    """
    values = {
        "naam": claims.naam,
        "rollen": " ".join(sorted(claims.rollen)),
        "vastgesteld": claims.uitgegeven,
    }
    if is_new:
        try:
            await tx.rows(insert(medewerker).values(id=claims.medewerker_id, actief=True, **values))
        except ConstraintViolated as error:
            raise Conflict from error
    else:
        await tx.rows(update(medewerker).where(medewerker.c.id == claims.medewerker_id).values(**values))
        await raise_rights_version(tx)
    await set_eenheden(tx, claims.medewerker_id, [eigen.id for eigen in eenheden])


async def lock_medewerker(tx: Transaction, medewerker_id: str) -> None:
    """Lock an employee's row until the transaction ends, so that changes of their record happen one after the
    other.

    Transactions that only refer to the employee do not wait for this lock; those that assign a task to them do, see
    `lock_and_read`.
    """
    if tx.locks_rows:
        await tx.run(_LOCK_RECORD, medewerkers=[medewerker_id])


async def lock_and_read(
    tx: Transaction, medewerker_ids: Collection[str], eenheid_ids: Collection[str] = ()
) -> Named:
    """Read employees, and lock them until the transaction ends: whoever does something in the transaction, and
    those whom a task is assigned to. Departments that are named are read as well, without a lock.

    Without the lock an employee could leave between the read and the commit, and the new task would be missing when
    their open tasks are returned to the inbox. The order of locking is: employees, the version of rights, tasks,
    departments. SQLite has one writer and locks no rows.
    """
    if tx.locks_rows:
        await tx.run(_SHARE_RECORDS, medewerkers=medewerker_ids)
    # In a second statement, because a statement that waits for a lock sees joined rows as they were before.
    if not eenheid_ids:
        return _named(await tx.run(_DIENSTVERBANDEN, medewerkers=medewerker_ids))
    return _named(await tx.run(_KNOWN, medewerkers=medewerker_ids, eenheden=eenheid_ids))


async def set_eenheden(tx: Transaction, medewerker_id: str, eenheid_ids: Sequence[str]) -> None:
    """Replace an employee's departments; the first one given is their first department."""
    await tx.rows(delete(medewerker_eenheid).where(medewerker_eenheid.c.medewerker_id == medewerker_id))
    values = [
        {"medewerker_id": medewerker_id, "eenheid_id": eenheid_id, "plaats": place}
        for place, eenheid_id in enumerate(eenheid_ids)
    ]
    await tx.run_many(_ADD_EENHEID, values)


async def set_medewerker(tx: Transaction, medewerker_id: str, vastgesteld: int, *, actief: bool) -> None:
    """Activate or deactivate an employee. `vastgesteld` is when that was decided, in seconds since 1970."""
    await tx.rows(
        update(medewerker).where(medewerker.c.id == medewerker_id).values(actief=actief, vastgesteld=vastgesteld)
    )
    await raise_rights_version(tx)


async def rights_version(tx: Transaction) -> int:
    """A number that is raised with every change of an employee's rights or name, and with every change of a
    department. One statement.
    """
    [[versie]] = await tx.run(_RIGHTS_VERSION)
    return int(versie)


async def raise_rights_version(tx: Transaction) -> None:
    """Raise the version of rights, so that every process notices that an employee's rights, or the name of an
    employee or a department, change with this transaction.
    """
    await tx.rows(update(rechten).values(versie=rechten.c.versie + 1))


async def insert_eenheid(
    tx: Transaction, naam: str, identificatie: str | None, object_id: str | None = None
) -> OrganisatorischeEenheid:
    """Add an active department with an empty inbox. Raises `IdentificatieBestaat` if the identificatie is
    in use.
    """
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
        await tx.rows(statement)
    except ConstraintViolated as error:
        raise IdentificatieBestaat from error
    return eenheid


async def update_eenheid(
    tx: Transaction, eenheid_id: str, *, naam: str | None = None, actief: bool | None = None
) -> None:
    """Rename, close or reopen a department."""
    # First the version of rights, then the department: returning tasks to the inbox locks in the same order.
    await raise_rights_version(tx)
    values = {key: value for key, value in {"naam": naam, "actief": actief}.items() if value is not None}
    await tx.rows(
        update(organisatorische_eenheid).where(organisatorische_eenheid.c.id == eenheid_id).values(**values)
    )
