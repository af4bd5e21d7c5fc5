"""What every use case that writes shares: one transaction, tried again on a conflict, announced at its end."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Protocol, TypeVar

from app.domain.model import Gebeurtenis, Hint
from app.service.verwerking import Verwerking
from app.storage.database import Database
from app.storage.failures import Conflict, TransactionLost
from app.storage.snapshot import Transaction

T = TypeVar("T")

Announce = Callable[[Sequence[Hint]], Awaitable[None]]
"""Tells the other processes that facts were committed; it may be slow or fail, and nothing depends on it."""

ToldOfSystem = Callable[[Sequence[Gebeurtenis]], None]
"""Is told of the facts of what the system did by itself."""

Work = Callable[[Transaction], Awaitable[tuple[T, Sequence[Gebeurtenis]]]]
"""One attempt: what a use case does in its transaction. It returns its answer and the facts it wrote."""

_ATTEMPTS = 5


class WriteObserver(Protocol):
    """Watches over what is written. It must be quick, and raises nothing."""

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction, which may be tried more than once, is open meanwhile."""

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        """These facts stand from now on."""


class Unwatched:
    """Nobody watches."""

    def transaction(self) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        """Do nothing."""


class Writer:
    """Runs the work of a use case in one transaction and announces its facts after the commit."""

    def __init__(
        self,
        database: Database,
        announce: Announce,
        observer: WriteObserver | None = None,
        *,
        by_system: ToldOfSystem = lambda facts: None,
    ) -> None:
        self._database = database
        self._announce = announce
        self._observer = observer or Unwatched()
        self._by_system = by_system

    async def run(self, work: Work[T], verwerking: Verwerking | None = None) -> T:
        """The answer of the work. What it raises leaves nothing behind: nothing stored, nothing announced.

        The tasks that it changed are noted in the `verwerking`; where there is none it was the system's own work.
        On a `Conflict` the same work is asked again, and finds what the other transaction left. So it is where
        the connection was lost before the commit, as those are that were open when the database restarted.
        """
        with self._observer.transaction():
            answer, facts = await self._committed(work)
        if facts:
            self._observer.committed(facts)
            if verwerking is None:
                self._by_system(facts)
            else:
                verwerking.gewijzigd.add(facts)
            await self._announce([Hint(fact.eenheid_id, fact.taak_id, fact.volgnummer) for fact in facts])
        return answer

    async def _committed(self, work: Work[T]) -> tuple[T, Sequence[Gebeurtenis]]:
        for _ in range(_ATTEMPTS - 1):
            with suppress(Conflict, TransactionLost):
                return await self._once(work)
        return await self._once(work)

    async def _once(self, work: Work[T]) -> tuple[T, Sequence[Gebeurtenis]]:
        async with self._database.write() as connection:
            return await work(Transaction(connection))


async def nobody_listens(_: Sequence[Hint]) -> None:
    """For a process without a bus: the others find the facts by their poll."""
