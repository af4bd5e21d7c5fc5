"""Asserting something of each of several."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def each(things: Iterable[T]) -> list[T]:
    """All of them. There must be some: what is asserted of each of none is not asserted."""
    found = list(things)
    assert found, "there is none of which anything could be asserted"
    return found
