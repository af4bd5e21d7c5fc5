"""Connections that nobody is at the other end of."""

import asyncio
from collections.abc import Sequence


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
