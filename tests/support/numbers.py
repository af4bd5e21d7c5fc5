"""A source of numbers, as events, that a test controls."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Hashable

from app.transport.ports import There
from tests.support.gates import Gate


class Counting:
    """Numbers that come when a test calls `come`.

    `following` is the number of current subscribers, `opened` the number of all subscribers ever. A new subscriber
    passes the gate `opening` and, when its position is known, the gate `placed`.
    """

    def __init__(self) -> None:
        self.opening = Gate()
        self.placed = Gate()
        self.last = 0
        self.following = 0
        self.opened = 0
        self._came = asyncio.Condition()
        self._breaks: Exception | None = None
        self._is_over = False

    async def come(self, many: int = 1) -> None:
        """Let `many` more numbers come."""
        async with self._came:
            self.last += many
            self._came.notify_all()

    async def end(self, error: Exception | None = None) -> None:
        """Let no more numbers come: the stream ends, or fails with an error."""
        async with self._came:
            self._is_over, self._breaks = True, error
            self._came.notify_all()

    async def after(self, place: int) -> list[int]:
        """Wait for numbers above `place`; empty if no more come."""
        async with self._came:
            await self._came.wait_for(lambda: self.last > place or self._is_over)
        if self._breaks is not None:
            raise self._breaks
        return list(range(place + 1, self.last + 1))


class Numbers:
    """The numbers after a position, as an event source."""

    there: There | None = None

    def __init__(self, counting: Counting, after: int) -> None:
        self._counting = counting
        self.after = after
        self.end = max(after, counting.last)

    @property
    def key(self) -> Hashable:
        """Equal for subscribers to the same numbers."""
        return id(self._counting)

    def place(self, event: int) -> int:
        """The position of a number, which is the number itself."""
        return event

    async def events(self, after: int) -> AsyncGenerator[list[int], None]:
        """Every number above `after`, in lists."""
        while found := await self._counting.after(after):
            yield found
            after = found[-1]

    def begin(self, group: str) -> None:
        """A subscriber gets the numbers from now on."""
        self._counting.following += 1
        self._counting.opened += 1

    def close(self, place: int) -> None:
        """The subscriber has left."""
        self._counting.following -= 1

    async def __aiter__(self) -> AsyncIterator[int]:
        """Required by graphql-core for the result of a subscription; yields nothing."""
        for event in list[int]():
            yield event
