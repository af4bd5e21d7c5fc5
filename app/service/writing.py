"""Shared by every use case that writes: run it in one transaction, retry on a conflict, announce its facts."""

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
from app.storage.engine.transaction import AfterCommit, Transaction

T = TypeVar("T")

Announce = Callable[[Sequence[Hint]], Awaitable[None]]
"""Tells other processes that facts were committed. It may be slow or fail: they also poll."""

OnSystemFacts = Callable[[Sequence[Gebeurtenis]], None]
"""Callback with the facts of something that the system did by itself."""

HandOver = Callable[[Sequence[Gebeurtenis], CommittedRecords], None]
"""Callback with the facts of a commit in this process, in their order, and the records of the transaction."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The result of one transaction: the answer of the use case, the facts that it wrote, and all records that it
    wrote or looked up.
    """

    answer: T
    facts: Sequence[Gebeurtenis] = ()
    records: CommittedRecords = field(default_factory=CommittedRecords)


Work = Callable[[Transaction], Coroutine[Any, Any, Done[T]]]
"""One attempt of a use case inside its transaction."""

_ATTEMPTS = 5
"""How often a transaction is tried in all."""


class WriteObserver(Protocol):
    """Callbacks around writes, for metrics and traces. They must be quick and not raise."""

    def transaction(self) -> AbstractContextManager[None]:
        """A context that is open during a transaction, including its retries."""

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        """These facts were committed."""


class NoWriteObserver:
    """An observer that does nothing."""

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
        """Run `work` in a transaction and return its result. If it raises, nothing is stored or announced.

        Changed tasks are added to `verwerking`; without one, the work counts as the system's own. The work is
        retried on a `Conflict`, and then sees what the other transaction wrote. It is also retried if the
        connection was lost before the commit, for example because the database restarted. Committed facts are
        announced even if the caller no longer waits for the result.
        """

        open_ = ExitStack()

        async def committed(done: Done[T]) -> None:
            # The transaction has ended: close its context, so that what follows does not count as part of it.
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

    async def _tried(self, work: Work[T], committed: AfterCommit[Done[T]]) -> Done[T]:
        for _ in range(_ATTEMPTS - 1):
            with suppress(Conflict, TransactionLost):
                return await self._database.writing(work, committed)
        return await self._database.writing(work, committed)


async def nobody_listens(_: Sequence[Hint]) -> None:
    """The `Announce` of a process without a bus: other processes find its facts by polling."""
