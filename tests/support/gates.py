"""Gates at which a test can make tasks wait."""

import asyncio

from tests.support.waiting import until


class Gate:
    """A gate: tasks that come while it is held wait until it is released; otherwise they pass."""

    def __init__(self) -> None:
        self.waiting = 0
        self._released = asyncio.Event()
        self._released.set()

    def hold(self) -> None:
        """Make tasks that come from now on wait."""
        self._released.clear()

    def release(self) -> None:
        """Let the waiting tasks pass."""
        self._released.set()

    async def passed(self) -> None:
        """Pass the gate, after waiting if it is held."""
        self.waiting += 1
        try:
            await self._released.wait()
        finally:
            self.waiting -= 1

    async def reached(self, many: int = 1) -> None:
        """Wait until `many` tasks wait at this gate."""
        await until(lambda: self.waiting == many)
