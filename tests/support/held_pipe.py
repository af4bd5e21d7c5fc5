"""A connection that a test holds: what is written to it is noted, and the test says what its peer does."""

from collections.abc import Callable, Sequence


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
