"""Batches of payloads, and the receivers that write them to connections within the memory budget for answers."""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.transport.connections.answer_budget import AnswerBudget, BudgetExhausted, Reservation
from app.transport.connections.pipe import Pipe
from app.transport.execution.operation import Operation

_LARGE = 65_536
"""Batches of up to this many bytes need no reservation: not much of them can wait on one connection."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The payloads of consecutive events, with their places.

    `size` is the upper bound of their bytes. For the observer: `events` are the events themselves, and `found` is
    the `time.perf_counter` value when their payloads were started.
    """

    places: Sequence[int]
    payloads: Sequence[bytes]
    size: int = 0
    events: Sequence[Any] = ()
    found: float = 0.0

    def after(self, place: int) -> "Batch":
        """The part of the batch after a place."""
        first = bisect_right(self.places, place)
        return self if first == 0 else Batch(self.places[first:], self.payloads[first:], self.size)


class Receiver(Protocol):
    """Writes the payloads for one subscriber to their connection."""

    def take(self, batch: Batch) -> bool:
        """Send a batch; returns False, and sends nothing, if there is no room for it."""

    async def ready(self) -> None:
        """Reserve memory for payloads that are made for this subscriber alone; waits until it is available."""

    def leave(self) -> None:
        """Release the reservation: the payloads were sent, or will not be."""

    async def wait_for_room(self) -> None:
        """Wait until the client has read everything sent to it, or the connection is lost."""

    def finish(self, error: Exception | None) -> None:
        """End the subscription: there are no more events, or an error prevents their delivery."""


class BudgetedReceiver:
    """Sends the payloads of one operation to a connection, within the memory budget.

    While the subscriber catches up, memory is reserved before a batch is made. Of the batches made for a group,
    large ones are refused if the process has no memory left for them.
    """

    __slots__ = ("_budget", "_caller", "_place", "_size", "pipe")

    def __init__(self, budget: AnswerBudget, pipe: Pipe, caller: Hashable, operation: Operation) -> None:
        self.pipe = pipe
        self._budget = budget
        self._caller = caller
        self._size = operation.estimated.cost.bytes + _LARGE
        self._place: Reservation | None = None

    def offer(self, batch: Batch) -> bool:
        """Write a batch to the connection; returns False if too many bytes wait there already."""
        raise NotImplementedError

    def take(self, batch: Batch) -> bool:
        """Send a batch; returns False if the connection or the memory budget has no room for it."""
        if batch.size <= _LARGE:
            return self.offer(batch)
        if self._place is None and not self._budget.has(batch.size, self._caller):
            return False
        is_sent = self.offer(batch)
        self._budget.written(self.pipe, self._caller)
        return is_sent

    async def ready(self) -> None:
        """Reserve memory for the next batch; waits until it is available."""
        if self._place is None:
            self._place = self._budget.place(self.pipe, self._caller)
        while not self._place.is_taken:
            try:
                await self._place.take(self._size)
            except BudgetExhausted:
                # Try again. Clients that read nothing are disconnected meanwhile, which frees memory.
                continue

    def leave(self) -> None:
        """Release the reservation."""
        if self._place is not None:
            self._place.leave()
            self._place = None

    async def wait_for_room(self) -> None:
        """Wait until the client has read everything sent to it, or the connection is lost."""
        await self.pipe.drained()
