"""A limit on lists without pagination. The cost of an operation counts each of them as a fixed number of items.
There may be more, as long as everything that is read together stays within the maximum cost of an operation.
"""

from collections.abc import Iterable, Mapping, Sized
from typing import TypeVar

S = TypeVar("S", bound=Sized)


class TooLong(Exception):
    """Lists without pagination have more items than the maximum cost allows."""


class Allowance:
    """How many items of such lists one execution of an operation may still read.

    `left` is the cost that remains for their items. `items` is the cost of one item of each list, by the `id` of
    the node that selects the list. Each list may have at most `max_factor` times the number of items that its cost
    assumes.
    """

    __slots__ = ("_items", "_left", "max_factor")

    def __init__(self, left: int, items: Mapping[int, int], max_factor: int) -> None:
        self._left = left
        self._items = items
        self.max_factor = max_factor

    @property
    def most(self) -> int:
        """The maximum number of items of one more list, in whichever list they are: more would cost too much."""
        return max(self._left, 0) // min(self._items.values(), default=1)

    def charge(self, nodes: Iterable[int], count: int) -> None:
        """Count `count` items of a list that nodes select. Raises `TooLong` if they cost more than is left."""
        self._left -= count * sum(self._items.get(node, 0) for node in nodes)
        if self._left < 0:
            raise TooLong


def within(items: S, most: int) -> S:
    """Return the items. Raises `TooLong` if there are more than `most`."""
    if len(items) > most:
        raise TooLong
    return items
