"""Presence: which employees have which inbox open. Each process writes its own as leases in the database."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.common.outage import Outage
from app.domain.values.ids import new_id
from app.storage.engine.database import Database
from app.storage.engine.transaction import Transaction
from app.storage.write import presence
from app.storage.write.presence import Open

log = logging.getLogger(__name__)

_WRITES_PER_RENEWAL = 20
"""Changes are written at most this many times between two renewals; changes in between are written together."""


class Opened:
    """An inbox that an employee has open. The employee counts as present until `there(False)` or `close`."""

    __slots__ = ("_counted", "_open", "_presence")

    def __init__(self, presence: "Presence", open_: Open) -> None:
        self._presence = presence
        self._open = open_
        self._counted = False
        self.there(True)

    def there(self, is_there: bool) -> None:
        """Count the employee as present or absent from now on."""
        if is_there != self._counted:
            self._counted = is_there
            self._presence.count(self._open, 1 if is_there else -1)

    def close(self) -> None:
        """The inbox is closed: the employee no longer counts."""
        self.there(False)


class Presence:
    """Maintains this process's leases.

    Changes are written soon, and all leases are renewed every `renew_seconds`. A lease expires after `void_seconds`
    without renewal, so those of a process that has died disappear.
    """

    def __init__(self, database: Database, *, renew_seconds: float, void_seconds: float) -> None:
        self._database = database
        self._renew_seconds = renew_seconds
        self._void_ms = round(void_seconds * 1000)
        self._proces_id = new_id()
        self._open: Counter[Open] = Counter()
        self._written: set[Open] | None = set()
        self._changed = asyncio.Event()
        self._outage = Outage(
            log,
            "who has an inbox open cannot be told; trying on",
            "who has an inbox open can be told again",
            trace=True,
        )

    def opened(self, eenheid_id: str, medewerker_id: str) -> "Opened":
        """An employee opens an inbox; they may have it open more than once."""
        return Opened(self, (eenheid_id, medewerker_id))

    def count(self, open_: Open, more: int) -> None:
        """Add `more` (1 or -1) to the number of times that an employee has an inbox open."""
        before = open_ in self._open
        self._open[open_] += more
        if not self._open[open_]:
            del self._open[open_]
        if (open_ in self._open) != before:
            self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write and renew the leases inside this context; drop them at its end."""
        task = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._open.clear()
            await self._write_changes()

    async def _renew(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._renew_seconds):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            await self._write_changes()
            await asyncio.sleep(self._renew_seconds / _WRITES_PER_RENEWAL)

    async def _write_changes(self) -> None:
        wanted = set(self._open)
        if not wanted and self._written == set():
            return
        # None until this has succeeded: after a failure or cancellation it is unknown which leases are stored.
        written, self._written = self._written, None
        try:
            await self._database.writing(lambda tx: self._write(tx, written, wanted))
        except Exception as error:
            self._outage.failed(error)
        else:
            self._written = wanted
            self._outage.over()

    async def _write(self, tx: Transaction, written: set[Open] | None, wanted: set[Open]) -> None:
        if written is not None:
            if gone := written - wanted:
                await presence.drop(tx, self._proces_id, gone)
            unchanged = written & wanted
            if await presence.renew(tx, self._proces_id, self._void_ms) == len(unchanged):
                await presence.add(tx, self._proces_id, wanted - unchanged, self._void_ms)
                return
        await presence.drop(tx, self._proces_id)
        await presence.add(tx, self._proces_id, wanted, self._void_ms)
