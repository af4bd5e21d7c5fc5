"""Connections that nobody is at the other end of: the test says what a peer would do."""

import asyncio
from collections.abc import Callable, Sequence


class Pipe:
    """A connection of which a test says how much waits there."""

    answers = True
    heard = written = 0
    is_stopping = is_endless = False
    is_open = True

    def __init__(self, pending: int = 0) -> None:
        self.pending = pending
        self._emptied = asyncio.Event()

    def write(self, message: bytes) -> None:
        """Let it wait."""
        self.pending += len(message)

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Let it wait, whatever it is."""
        self.pending += sum(len(head) + len(body) + len(tail) for body in bodies)
        return True

    def ping(self) -> None:
        """Do nothing."""

    def taken(self) -> None:
        """The peer has taken everything."""
        self.pending = 0
        self._emptied.set()

    async def emptied(self) -> None:
        """Wait until the peer has taken everything."""
        await self._emptied.wait()

    def end(self, code: int, reason: str = "") -> None:
        """Do nothing."""


def _nothing() -> None:
    """What a peer does that does nothing."""


class HeldPipe:
    """A `Pipe` whose peer does what it is told when it is asked for a sign of life: `asked`. `takes` is how much of
    what waits it takes before each look at it.
    """

    def __init__(self, name: str = "", *, answers: bool = True) -> None:
        self.name = name
        self.answers = answers
        self.heard = 0
        self.written = 0
        self.is_stopping = False
        self.is_endless = True
        self.is_open = True
        self.asked: Callable[[], None] = _nothing
        self.pings = 0
        self.offered: list[bytes] = []
        self.takes = 0
        self.waits = 0
        self.looks = 0
        self.ended: list[int] = []
        self.at_end: Callable[[], None] = _nothing

    @property
    def pending(self) -> int:
        """The bytes that the peer has not taken yet."""
        self.looks += 1
        self.waits -= min(self.takes, self.waits)
        return self.waits

    def waiting(self, count: int) -> None:
        """So many bytes more were written."""
        self.written += count
        self.waits += count

    def write(self, message: bytes) -> None:
        """Write a message."""
        self.waiting(len(message))

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write messages."""
        self.offered += bodies
        self.asked()
        return True

    def ping(self) -> None:
        """Ask for a sign of life."""
        self.pings += 1
        self.asked()

    async def emptied(self) -> None:
        """Wait for nothing."""

    def end(self, code: int, reason: str = "") -> None:
        """End it with a close code."""
        self.ended.append(code)
        self.at_end()
