"""What every use case that writes shares: one transaction, tried again on a conflict, announced at its end."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from app.domain.model import Gebeurtenis, Hint
from app.domain.streams import hint
from app.service.committed_records import CommittedRecords
from app.service.verwerking import Verwerking
from app.storage.engine.database import Database
from app.storage.engine.failures import Conflict, TransactionLost
from app.storage.engine.transaction import Then, Transaction

T = TypeVar("T")

Announce = Callable[[Sequence[Hint]], Awaitable[None]]
"""Tells the other processes that facts were committed; it may be slow or fail, and nothing depends on it."""

OnSystemFacts = Callable[[Sequence[Gebeurtenis]], None]
"""Is told of the facts of what the system did by itself."""

HandOver = Callable[[Sequence[Gebeurtenis], CommittedRecords], None]
"""Is handed facts that were committed in this process, in their order, with the records of their transaction."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What was done in one transaction: the answer of the use case, the facts that it wrote, and all records that
    it wrote and looked up.
    """

    answer: T
    facts: Sequence[Gebeurtenis] = ()
    records: CommittedRecords = field(default_factory=CommittedRecords)


Work = Callable[[Transaction], Coroutine[Any, Any, Done[T]]]
"""One attempt: what a use case does in its transaction."""

_ATTEMPTS = 5


class WriteObserver(Protocol):
    """Watches over what is written. It must be quick, and raises nothing."""

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction, which may be tried more than once, is open meanwhile."""

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        """These facts stand from now on."""


class NoWriteObserver:
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
        by_system: OnSystemFacts = lambda facts: None,
        hand_over: HandOver = lambda facts, records: None,
    ) -> None:
        self._database = database
        self._announce = announce
        self._observer = observer or NoWriteObserver()
        self._by_system = by_system
        self._hand_over = hand_over

    async def run(self, work: Work[T], verwerking: Verwerking | None = None) -> Done[T]:
        """What the work did. What it raises leaves nothing behind: nothing is stored or announced.

        The tasks that it changed are noted in the `verwerking`; where there is none it was the system's own work.
        On a `Conflict` the same work is tried again, and finds what the other transaction left. It is also tried
        again where the connection was lost before the commit, as happens when the database restarts. What is
        committed is announced even when nobody waits for the answer any more.
        """

        open_ = ExitStack()

        async def committed(done: Done[T]) -> None:
            # It is over; what follows belongs to the operation again.
            open_.close()
            if done.facts:
                self._observer.committed(done.facts)
                if verwerking is None:
                    self._by_system(done.facts)
                else:
                    verwerking.gewijzigd.add(done.facts)
                self._hand_over(done.facts, done.records)
                await self._announce([hint(fact) for fact in done.facts])

        with open_:
            open_.enter_context(self._observer.transaction())
            return await self._tried(work, committed)

    async def _tried(self, work: Work[T], committed: Then[Done[T]]) -> Done[T]:
        for _ in range(_ATTEMPTS - 1):
            with suppress(Conflict, TransactionLost):
                return await self._database.writing(work, committed)
        return await self._database.writing(work, committed)


async def nobody_listens(_: Sequence[Hint]) -> None:
    """For a process without a bus: the others find the facts by their poll."""
