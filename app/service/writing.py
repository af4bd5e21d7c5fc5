"""What every use case that writes shares: one transaction, tried again on a conflict, announced at its end."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from app.domain.model import Gebeurtenis, Hint
from app.domain.streams import hint
from app.service.at_hand import AtHand
from app.service.verwerking import Verwerking
from app.storage.engine.database import Database
from app.storage.engine.failures import Conflict, TransactionLost
from app.storage.engine.transaction import Then, Transaction

T = TypeVar("T")

Announce = Callable[[Sequence[Hint]], Awaitable[None]]
"""Tells the other processes that facts were committed; it may be slow or fail, and nothing depends on it."""

ToldOfSystem = Callable[[Sequence[Gebeurtenis]], None]
"""Is told of the facts of what the system did by itself."""

HandOver = Callable[[Sequence[Gebeurtenis], AtHand], None]
"""Is handed facts that were committed in this process, in their order, and what was at hand then."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What one attempt came to: the answer of the use case, the facts it wrote, and what it had at hand."""

    answer: T
    facts: Sequence[Gebeurtenis] = ()
    at_hand: AtHand = field(default_factory=AtHand)


Work = Callable[[Transaction], Coroutine[Any, Any, Done[T]]]
"""One attempt: what a use case does in its transaction."""

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
        hand_over: HandOver = lambda facts, at_hand: None,
    ) -> None:
        self._database = database
        self._announce = announce
        self._observer = observer or Unwatched()
        self._by_system = by_system
        self._hand_over = hand_over

    async def run(self, work: Work[T], verwerking: Verwerking | None = None, at_hand: AtHand | None = None) -> T:
        """The answer of the work. What it raises leaves nothing behind: nothing stored, nothing announced.

        The tasks that it changed are noted in the `verwerking`; where there is none it was the system's own work.
        What it had at hand is put into `at_hand`. On a `Conflict` the same work is asked again, and finds what the
        other transaction left. So it is where the connection was lost before the commit, as those are that were
        open when the database restarted. What is committed is announced also where who asked is gone.
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
                self._hand_over(done.facts, done.at_hand)
                await self._announce([hint(fact) for fact in done.facts])

        with open_:
            open_.enter_context(self._observer.transaction())
            done = await self._tried(work, committed)
        if at_hand is not None:
            at_hand.become(done.at_hand)
        return done.answer

    async def _tried(self, work: Work[T], committed: Then[Done[T]]) -> Done[T]:
        for _ in range(_ATTEMPTS - 1):
            with suppress(Conflict, TransactionLost):
                return await self._database.writing(work, committed)
        return await self._database.writing(work, committed)


async def nobody_listens(_: Sequence[Hint]) -> None:
    """For a process without a bus: the others find the facts by their poll."""
