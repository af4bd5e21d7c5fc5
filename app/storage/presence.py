"""Leases of who has an inbox open: what each process tells, and how many it makes."""

from collections.abc import Collection

from sqlalchemy import BigInteger, ColumnElement, delete, distinct, func, insert, select, tuple_, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.storage.snapshot import Reader, Transaction
from app.storage.tables import medewerker, medewerker_eenheid, organisatorische_eenheid, postvak_lease

Open = tuple[str, str]
"""A department and an employee who has its inbox open."""


class _Now(FunctionElement[int]):
    """Milliseconds since 1970, by the clock of the database."""

    type = BigInteger()
    inherit_cache = True


@compiles(_Now, "sqlite")
def _now_on_sqlite(element: _Now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(_Now, "postgresql")
def _now_on_postgresql(element: _Now, compiler: SQLCompiler, **_: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


async def renew(tx: Transaction, proces_id: str, void_ms: int) -> int:
    """Make the leases of a process last so long from now on, and drop whatever is void. It answers how many the
    process has: they may have been dropped as void, where it was held up for too long.
    """
    await tx.connection.execute(
        update(postvak_lease).where(postvak_lease.c.proces_id == proces_id).values(geldig_tot=_Now() + void_ms)
    )
    await tx.connection.execute(delete(postvak_lease).where(postvak_lease.c.geldig_tot < _Now()))
    mine = select(func.count()).where(postvak_lease.c.proces_id == proces_id)
    return int((await tx.rows(mine))[0][0])


async def add(tx: Transaction, proces_id: str, opened: Collection[Open], void_ms: int) -> None:
    """Add leases of a process."""
    if opened:
        rows = [{"eenheid_id": eenheid_id, "medewerker_id": who} for eenheid_id, who in opened]
        statement = insert(postvak_lease).values(proces_id=proces_id, geldig_tot=_Now() + void_ms)
        await tx.connection.execute(statement, rows)


async def drop(tx: Transaction, proces_id: str, closed: Collection[Open] | None = None) -> None:
    """Drop leases of a process: those that are given, or all."""
    which: list[ColumnElement[bool]] = [postvak_lease.c.proces_id == proces_id]
    if closed is not None:
        which.append(tuple_(postvak_lease.c.eenheid_id, postvak_lease.c.medewerker_id).in_(list(closed)))
    await tx.connection.execute(delete(postvak_lease).where(*which))


async def counts(reader: Reader, eenheid_ids: Collection[str]) -> dict[str, int]:
    """How many of their own active employees have the inboxes of departments open, each counted once."""
    eenheid = organisatorische_eenheid.c.id
    found = await reader.rows(select(eenheid, open_in(eenheid)).where(eenheid.in_(eenheid_ids)))
    return {row[0]: row[1] for row in found}


def open_in(eenheid_id: ColumnElement[str]) -> ColumnElement[int]:
    """How many of its own active employees have the inbox of a department open, each counted once."""
    lease, own, wie = postvak_lease.c, medewerker_eenheid.alias(), medewerker.alias()
    is_own = (own.c.medewerker_id == lease.medewerker_id) & (own.c.eenheid_id == lease.eenheid_id)
    return (
        select(func.count(distinct(lease.medewerker_id)))
        .select_from(postvak_lease.join(own, is_own).join(wie, wie.c.id == lease.medewerker_id))
        .where(lease.eenheid_id == eenheid_id, lease.geldig_tot > _Now(), wie.c.actief.is_(True))
        .scalar_subquery()
    )
