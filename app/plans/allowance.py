"""What lists may bring that have no page. What an operation costs takes each of them to have so many items; there
may be more, while all that is read costs no more than an operation may.
"""

from collections.abc import Iterable, Mapping, Sized
from typing import TypeVar

S = TypeVar("S", bound=Sized)


class TooLong(Exception):
    """Lists without a page are longer than what was asked for leaves room for."""


class Allowance:
    """What one execution of an operation may still read in such lists.

    `left` is the cost that is left for their items, `items` what an item of each list costs, by the `id` of the
    node that asks for the list. All lists together may be `stretch` times as long as they are taken to be, whatever
    is counted.
    """

    __slots__ = ("_items", "_left", "stretch")

    def __init__(self, left: int, items: Mapping[int, int], stretch: int) -> None:
        self._left = left
        self._items = items
        self.stretch = stretch

    @property
    def most(self) -> int:
        """How many more items may be read at once: more would cost too much, in whichever list they are."""
        return max(self._left, 0) // min(self._items.values(), default=1)

    def charge(self, asked: Iterable[int], count: int) -> None:
        """Count items of a list that nodes ask for; `TooLong` where they cost more than is left."""
        self._left -= count * sum(self._items.get(node, 0) for node in asked)
        if self._left < 0:
            raise TooLong


def within(items: S, most: int) -> S:
    """The items, unless there are more than so many: `TooLong`."""
    if len(items) > most:
        raise TooLong
    return items
