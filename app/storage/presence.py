"""Leases of who has an inbox open: what each process tells, and how many it makes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    delete,
    distinct,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.domain.rights import WORKERS
from app.storage.dialects import contains
from app.storage.prepared import Prepared
from app.storage.tables import medewerker, medewerker_eenheid, postvak_lease
from app.storage.transaction import Transaction

Open = tuple[str, str]
"""A department and an employee who has its inbox open."""


_KEY = ("proces_id", "eenheid_id", "medewerker_id")


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


_MINE = postvak_lease.c.proces_id == bindparam("proces_id")
_UNTIL = _Now() + bindparam("void_ms", type_=BigInteger)

_RENEW = Prepared.of(update(postvak_lease).where(_MINE).values(geldig_tot=_UNTIL))
_DROP_VOID = Prepared.of(delete(postvak_lease).where(postvak_lease.c.geldig_tot < _Now()))
_COUNT = Prepared.of(select(func.count()).select_from(postvak_lease).where(_MINE))
_ADD = Prepared.of(insert(postvak_lease).values(geldig_tot=_UNTIL, **{name: bindparam(name) for name in _KEY}))
_DROP = Prepared.of(delete(postvak_lease).where(*(postvak_lease.c[name] == bindparam(name) for name in _KEY)))
_DROP_ALL = Prepared.of(delete(postvak_lease).where(_MINE))


async def renew(tx: Transaction, proces_id: str, void_ms: int) -> int:
    """Make the leases of a process last so long from now on, and drop whatever is void. It answers how many the
    process has: they may have been dropped as void, where it was held up for too long.
    """
    await tx.run(_RENEW, proces_id=proces_id, void_ms=void_ms)
    await tx.run(_DROP_VOID)
    [[mine]] = await tx.run(_COUNT, proces_id=proces_id)
    return int(mine)


async def add(tx: Transaction, proces_id: str, opened: Collection[Open], void_ms: int) -> None:
    """Add leases of a process."""
    if opened:
        await tx.run_many(_ADD, [_lease(proces_id, one) | {"void_ms": void_ms} for one in opened])


async def drop(tx: Transaction, proces_id: str, closed: Collection[Open] | None = None) -> None:
    """Drop leases of a process: those that are given, or all."""
    if closed is None:
        await tx.run(_DROP_ALL, proces_id=proces_id)
    elif closed:
        await tx.run_many(_DROP, [_lease(proces_id, one) for one in closed])


def _lease(proces_id: str, one: Open) -> dict[str, Any]:
    return dict(zip(_KEY, (proces_id, *one), strict=True))


def open_in(eenheid_id: ColumnElement[str]) -> ColumnElement[int]:
    """How many of its own active employees who handle tasks have a department's inbox open, each counted once."""
    lease, own, wie = postvak_lease.c, medewerker_eenheid.alias(), medewerker.alias()
    # No role's name stands in another's.
    works = or_(*(contains(wie.c.rollen, literal_column(f"'{rol.value}'")) for rol in sorted(WORKERS)))
    is_own = (own.c.medewerker_id == lease.medewerker_id) & (own.c.eenheid_id == lease.eenheid_id)
    return (
        select(func.count(distinct(lease.medewerker_id)))
        .select_from(postvak_lease.join(own, is_own).join(wie, wie.c.id == lease.medewerker_id))
        .where(lease.eenheid_id == eenheid_id, lease.geldig_tot > _Now(), wie.c.actief.is_(True), works)
        .scalar_subquery()
    )
