"""Leases of open inboxes: each process stores which employees have an inbox open, and renews its leases."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, update

from app.storage.engine.transaction import Transaction
from app.storage.schema.tables import postvak_lease
from app.storage.sql.dialects import Now
from app.storage.sql.prepared import Prepared

Open = tuple[str, str]
"""The id of a department, and of an employee who has its inbox open."""


_KEY = ("proces_id", "eenheid_id", "medewerker_id")


_MINE = postvak_lease.c.proces_id == bindparam("proces_id")
_UNTIL = Now() + bindparam("valid_ms", type_=BigInteger)

_RENEW = Prepared.of(update(postvak_lease).where(_MINE).values(geldig_tot=_UNTIL))
_DROP_VOID = Prepared.of(delete(postvak_lease).where(postvak_lease.c.geldig_tot < Now()))
_COUNT = Prepared.of(select(func.count()).select_from(postvak_lease).where(_MINE))
_ADD = Prepared.of(insert(postvak_lease).values(geldig_tot=_UNTIL, **{name: bindparam(name) for name in _KEY}))
_DROP = Prepared.of(delete(postvak_lease).where(*(postvak_lease.c[name] == bindparam(name) for name in _KEY)))
_DROP_ALL = Prepared.of(delete(postvak_lease).where(_MINE))


async def renew(tx: Transaction, proces_id: str, valid_ms: int) -> int:
    """Make all leases of a process last `valid_ms` milliseconds from now, and delete every expired lease. Returns
    how many leases the process still has: if it was held up too long, another process may have deleted them as
    expired.
    """
    await tx.run(_RENEW, proces_id=proces_id, valid_ms=valid_ms)
    await tx.run(_DROP_VOID)
    [[mine]] = await tx.run(_COUNT, proces_id=proces_id)
    return int(mine)


async def add(tx: Transaction, proces_id: str, opened: Collection[Open], valid_ms: int) -> None:
    """Add leases of a process that last `valid_ms` milliseconds."""
    if opened:
        await tx.run_many(_ADD, [_lease(proces_id, open_) | {"valid_ms": valid_ms} for open_ in opened])


async def drop(tx: Transaction, proces_id: str, closed: Collection[Open] | None = None) -> None:
    """Delete the given leases of a process, or all of them."""
    if closed is None:
        await tx.run(_DROP_ALL, proces_id=proces_id)
    elif closed:
        await tx.run_many(_DROP, [_lease(proces_id, open_) for open_ in closed])


def _lease(proces_id: str, open_: Open) -> dict[str, Any]:
    return dict(zip(_KEY, (proces_id, *open_), strict=True))
