"""What is handed to a subscriber at a time, and where it goes: only where there is room for it, as for answers."""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.transport.connections.answer_budget import AnswerBudget, BudgetExhausted, Reservation
from app.transport.connections.pipe import Pipe
from app.transport.execution.operation import Operation

_LARGE = 65_536
"""What has no more bytes is not looked at: little of it waits on one connection."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Payloads of events that follow each other, with their places.

    `size` is how many bytes they are, or more.

    For whoever watches: the events themselves, and the `time.perf_counter` at which making their payloads began.
    """

    places: Sequence[int]
    payloads: Sequence[bytes]
    size: int = 0
    events: Sequence[Any] = ()
    found: float = 0.0

    def after(self, place: int) -> "Batch":
        """Those that come after a place."""
        first = bisect_right(self.places, place)
        return self if first == 0 else Batch(self.places[first:], self.payloads[first:], self.size)


class Receiver(Protocol):
    """Where the payloads of one subscriber go."""

    def take(self, batch: Batch) -> bool:
        """Send payloads; False where there is no room for them, and nothing was sent."""

    async def ready(self) -> None:
        """Wait until there is room for payloads that are made for this one alone."""

    def leave(self) -> None:
        """They were sent, or will not be."""

    async def wait_for_room(self) -> None:
        """Wait until what was sent is taken, or the receiver is gone."""

    def finish(self, error: Exception | None) -> None:
        """There will be no more: the events have ended, or could not be delivered because of an error."""


class BudgetedReceiver:
    """Takes payloads for a caller's operation on a connection. While it catches up, room is taken before they are
    made; of those that are made for a group, large ones are refused where there is no room in the process.
    """

    __slots__ = ("_budget", "_caller", "_place", "_size", "pipe")

    def __init__(self, budget: AnswerBudget, pipe: Pipe, caller: Hashable, operation: Operation) -> None:
        self.pipe = pipe
        self._budget = budget
        self._caller = caller
        self._size = operation.estimated.cost.bytes + _LARGE
        self._place: Reservation | None = None

    def offer(self, batch: Batch) -> bool:
        """Write payloads, unless too much waits already."""
        raise NotImplementedError

    def take(self, batch: Batch) -> bool:
        """Send payloads, unless too much waits already."""
        if batch.size <= _LARGE:
            return self.offer(batch)
        if self._place is None and not self._budget.has(batch.size, self._caller):
            return False
        is_sent = self.offer(batch)
        self._budget.written(self.pipe, self._caller)
        return is_sent

    async def ready(self) -> None:
        """Wait until there is room for what is made next."""
        if self._place is None:
            self._place = self._budget.place(self.pipe, self._caller)
        while not self._place.is_taken:
            try:
                await self._place.take(self._size)
            except BudgetExhausted:
                # Whoever takes nothing is sent away meanwhile; anybody else waits for those.
                continue

    def leave(self) -> None:
        """It was sent, or will not be."""
        if self._place is not None:
            self._place.leave()
            self._place = None

    async def wait_for_room(self) -> None:
        """Wait until all that was sent is taken."""
        await self.pipe.emptied()
