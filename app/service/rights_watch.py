"""Notices changes to the rights of connected employees, and to the names of employees and departments, that another
process or the command line made.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from app.common.outage import Outage
from app.domain.organisation import Dienstverband
from app.storage.engine.database import Database
from app.storage.engine.transaction import Transaction
from app.storage.write import organisation

log = logging.getLogger(__name__)

Changed = Callable[[Dienstverband], None]
"""Callback with the current record of an employee, which may be unchanged."""


class RightsWatch:
    """Polls every `poll_seconds` whether any rights changed, and calls the callbacks of the watched employees.

    Before that it calls `forget`, and the functions added with `also_forget`, so that caches of older records are
    cleared.
    """

    def __init__(self, database: Database, forget: Callable[[], None], *, poll_seconds: float) -> None:
        self._database = database
        self._forgets = [forget]
        self._poll_seconds = poll_seconds
        self._versie: int | None = None
        self._watching: dict[str, dict[object, Changed]] = {}
        self._outage = Outage(
            log,
            "whose rights changed cannot be read; trying on",
            "whose rights changed can be read again",
            trace=True,
        )

    def also_forget(self, forget: Callable[[], None]) -> None:
        """Also call this function whenever an employee or department has changed."""
        self._forgets.append(forget)

    def watch(self, medewerker_id: str, changed: Changed) -> Callable[[], None]:
        """Call `changed` after each change of this employee's rights, until the returned function is called.
        Changes of others' rights call it as well.
        """
        watching = self._watching.setdefault(medewerker_id, {})
        # A key of its own, so that the same function can be registered twice.
        key = object()

        def unwatch() -> None:
            watching.pop(key, None)
            if not watching and self._watching.get(medewerker_id) is watching:
                del self._watching[medewerker_id]

        watching[key] = changed
        return unwatch

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Poll inside this context."""
        await self._try()
        polling = asyncio.create_task(self._poll())
        try:
            yield
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            await self._try()

    async def _try(self) -> None:
        try:
            await self._look()
        except Exception as error:
            self._outage.failed(error)
        else:
            self._outage.over()

    async def _look(self) -> None:
        if await self._database.reading(organisation.rights_version, alone=True) == self._versie:
            return
        watched = set(self._watching)

        async def read(tx: Transaction) -> tuple[int, Mapping[str, Dienstverband]]:
            versie = await organisation.rights_version(tx)
            return versie, await organisation.dienstverbanden(tx, watched) if watched else {}

        versie, records = await self._database.reading(read)
        # Only after this read: a cache that is cleared earlier could be filled again with older records.
        for forget in self._forgets:
            forget()
        # Watches that were added during this read may have missed the change, so the next poll reads again.
        self._versie = versie if watched.issuperset(self._watching) else None
        for medewerker_id, record in records.items():
            for changed in list(self._watching.get(medewerker_id, {}).values()):
                changed(record)
