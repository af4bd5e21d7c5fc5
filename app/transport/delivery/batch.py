"""What is handed to a subscriber at a time, and where it goes."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


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

    async def room(self) -> None:
        """Wait until what was sent is taken, or the receiver is gone."""

    def finish(self, error: Exception | None) -> None:
        """There will be no more: the events have ended, or could not be delivered because of an error."""
