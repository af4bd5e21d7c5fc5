"""Assertions about each item of a collection."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def each(things: Iterable[T]) -> list[T]:
    """The items as a list, which must not be empty: an assertion about each of no items would assert nothing."""
    found = list(things)
    assert found, "there is none of which anything could be asserted"
    return found
