"""Where a test holds whoever comes."""

import asyncio

from tests.support.waiting import until


class Gate:
    """Where everybody passes, but those who come while it is held: they wait until it is released."""

    def __init__(self) -> None:
        self.waiting = 0
        self._released = asyncio.Event()
        self._released.set()

    def hold(self) -> None:
        """Whoever comes from now on waits."""
        self._released.clear()

    def release(self) -> None:
        """Those who wait go on."""
        self._released.set()

    async def passed(self) -> None:
        """Come through."""
        self.waiting += 1
        try:
            await self._released.wait()
        finally:
            self.waiting -= 1

    async def reached(self, many: int = 1) -> None:
        """Wait until so many wait."""
        await until(lambda: self.waiting == many)
