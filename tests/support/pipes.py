"""Connections without a peer: the test decides what the peer does."""

import asyncio
from collections.abc import Callable, Sequence


class Pipe:
    """A connection whose number of unread bytes a test sets."""

    answers = True
    heard = written = 0
    is_stopping = is_endless = False
    is_open = True

    def __init__(self, pending: int = 0) -> None:
        self.pending = pending
        self._emptied = asyncio.Event()

    def write(self, message: bytes) -> None:
        """Add a message to the unread bytes."""
        self.pending += len(message)

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Add messages to the unread bytes."""
        self.pending += sum(len(head) + len(body) + len(tail) for body in bodies)
        return True

    def ping(self) -> None:
        """Do nothing."""

    def taken(self) -> None:
        """The peer has read everything."""
        self.pending = 0
        self._emptied.set()

    async def drained(self) -> None:
        """Wait until the peer has read everything."""
        await self._emptied.wait()

    def end(self, code: int, reason: str = "") -> None:
        """Do nothing."""


def _nothing() -> None:
    """The default action of a peer: none."""


class HeldPipe:
    """A `Pipe` whose peer calls `asked` on every ping or message, and reads `takes` bytes before each look at
    `pending`.
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
        """The number of bytes that the peer has not read yet."""
        self.looks += 1
        self.waits -= min(self.takes, self.waits)
        return self.waits

    def waiting(self, count: int) -> None:
        """Add `count` written bytes."""
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
        """Send a ping to the peer."""
        self.pings += 1
        self.asked()

    async def drained(self) -> None:
        """Return at once."""

    def end(self, code: int, reason: str = "") -> None:
        """Record the close code."""
        self.ended.append(code)
        self.at_end()
