"""Helpers for drawing values in Hypothesis."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Drawn:
    """Draws values for one example."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.of = draw

    def chance(self, percent: int) -> bool:
        """True in `percent` of the cases; False in the simplest example."""
        return self.of(st.integers(0, 99)) >= 100 - percent

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; the first in the simplest example."""
        return options[self.of(st.integers(0, len(options) - 1))]

    def how_many(self, least: int, most: int) -> int:
        """A number from `least` to `most`, both inclusive."""
        return self.of(st.integers(least, most))
