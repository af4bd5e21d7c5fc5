"""How those stand who are connected: what another process, or the command line, changed of what they may do, and of
what employees and departments are called.
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
"""Is told a record that may differ from the one before."""


class RightsWatch:
    """Looks every `poll_seconds` whether anybody's rights changed, and tells those who watch the employees it is
    about. What was read before they were looked up does not serve any more: `forget`, and what is added to it, is
    called first.
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
        """Call this as well when something about employees and departments was changed."""
        self._forgets.append(forget)

    def watch(self, medewerker_id: str, changed: Changed) -> Callable[[], None]:
        """Tell of an employee, until what is returned is called."""
        watching = self._watching.setdefault(medewerker_id, {})
        # Its own key, so that one function may watch twice.
        key = object()

        def unwatch() -> None:
            watching.pop(key, None)
            if not watching and self._watching.get(medewerker_id) is watching:
                del self._watching[medewerker_id]

        watching[key] = changed
        return unwatch

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Changes are told while this is open."""
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
        # Not before: what others read while this was read may be older than it.
        for forget in self._forgets:
            forget()
        # Who began to watch meanwhile may have looked before the change: the next look is for them.
        self._versie = versie if watched.issuperset(self._watching) else None
        for medewerker_id, record in records.items():
            for changed in list(self._watching.get(medewerker_id, {}).values()):
                changed(record)
