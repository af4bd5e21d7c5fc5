"""How fast things may come."""

from time import monotonic

SECONDS = 10.0


class Pace:
    """Allows so many things in ten seconds, and as many again in the next ten."""

    __slots__ = ("_begun", "_counted", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = monotonic()
        self._counted = 0

    def allows(self, many: int = 1) -> bool:
        """Whether so many more may come now."""
        now = monotonic()
        if now - self._begun >= SECONDS:
            self._begun, self._counted = now, 0
        self._counted += many
        return self._counted <= self._most
