"""Drawing, with a word for each way."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Drawn:
    """What one example draws."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.of = draw

    def chance(self, percent: int) -> bool:
        """Whether something happens that happens so often; in the simplest example it does not."""
        return self.of(st.integers(0, 99)) >= 100 - percent

    def pick(self, options: Sequence[T]) -> T:
        """One of them; in the simplest example the first."""
        return options[self.of(st.integers(0, len(options) - 1))]

    def how_many(self, least: int, most: int) -> int:
        """A number between two, both of which it may be."""
        return self.of(st.integers(least, most))
