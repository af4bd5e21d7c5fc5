"""Presence: who has which inbox open in this process, told to all processes by leases in the database."""

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

_PAUSES = 20
"""So many times between two renewals changes are written at most, those of one time together."""


class Opened:
    """An inbox that an employee has open: they are counted while they are there, until it is closed."""

    __slots__ = ("_counted", "_one", "_presence")

    def __init__(self, presence: "Presence", one: Open) -> None:
        self._presence = presence
        self._one = one
        self._counted = False
        self.there(True)

    def there(self, is_there: bool) -> None:
        """Whether they are there from now on."""
        if is_there != self._counted:
            self._counted = is_there
            self._presence.count(self._one, 1 if is_there else -1)

    def close(self) -> None:
        """They have closed it."""
        self.there(False)


class Presence:
    """Keeps this process's leases: written soon after a change, renewed in any case, void when it has died."""

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
        """An employee has opened an inbox, perhaps once more."""
        return Opened(self, (eenheid_id, medewerker_id))

    def count(self, one: Open, more: int) -> None:
        """An employee has an inbox open so many times more."""
        before = one in self._open
        self._open[one] += more
        if not self._open[one]:
            del self._open[one]
        if (one in self._open) != before:
            self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The leases are kept as long as this is open, and dropped at its end."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._open.clear()
            await self._tell()

    async def _keep(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._renew_seconds):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            await self._tell()
            await asyncio.sleep(self._renew_seconds / _PAUSES)

    async def _tell(self) -> None:
        wanted = set(self._open)
        if not wanted and self._written == set():
            return
        # Until it has succeeded, or is cancelled, it is not known what stands; void leases count nobody.
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
            kept = written & wanted
            if await presence.renew(tx, self._proces_id, self._void_ms) == len(kept):
                await presence.add(tx, self._proces_id, wanted - kept, self._void_ms)
                return
        await presence.drop(tx, self._proces_id)
        await presence.add(tx, self._proces_id, wanted, self._void_ms)
