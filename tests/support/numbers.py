"""Numbers that come when a test says so."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Hashable

from app.transport.ports import There
from tests.support.gates import Gate


class Counting:
    """Numbers that come when a test says so. `following` are those who are given them and have not gone, `opened`
    all who ever were. Whoever opens them comes by the gates `opening` and, with a place, `placed`.
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
        """So many more come."""
        async with self._came:
            self.last += many
            self._came.notify_all()

    async def end(self, error: Exception | None = None) -> None:
        """No more come: there are no others, or they cannot be had because of an error."""
        async with self._came:
            self._is_over, self._breaks = True, error
            self._came.notify_all()

    async def after(self, place: int) -> list[int]:
        """Those after a place, when there are any; none where no more come."""
        async with self._came:
            await self._came.wait_for(lambda: self.last > place or self._is_over)
        if self._breaks is not None:
            raise self._breaks
        return list(range(place + 1, self.last + 1))


class Numbers:
    """The numbers after a place, as an event source."""

    there: There | None = None

    def __init__(self, counting: Counting, after: int) -> None:
        self._counting = counting
        self.after = after
        self.end = max(after, counting.last)

    @property
    def key(self) -> Hashable:
        """Equal for those who follow the same."""
        return id(self._counting)

    def place(self, event: int) -> int:
        """The place of a number is itself."""
        return event

    async def events(self, after: int) -> AsyncGenerator[list[int], None]:
        """Every number after a place."""
        while found := await self._counting.after(after):
            yield found
            after = found[-1]

    def begin(self, group: str) -> None:
        """Somebody is given them from now on."""
        self._counting.following += 1
        self._counting.opened += 1

    def close(self, place: int) -> None:
        """They have gone."""
        self._counting.following -= 1

    async def __aiter__(self) -> AsyncIterator[int]:
        """graphql-core asks that of what a subscription resolves to."""
        for event in list[int]():
            yield event
