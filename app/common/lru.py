"""Remembering what was used last, within bounds."""

from collections import OrderedDict
from collections.abc import Hashable
from math import inf
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lru(Generic[K, V]):
    """Values by key: at most `most` of them, and together at most `most_size` large. Of too many those go that were
    not used for longest. It may be used from several threads; no value is None.
    """

    def __init__(self, most: int, *, most_size: float = inf) -> None:
        self._most = most
        self._most_size = most_size
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value of a key, which is used by that; None where there is none."""
        with self._lock:
            if (found := self._values.get(key)) is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, size: int = 0) -> None:
        """Remember a value of some size under a key. One that is larger than all may be is not remembered: it would
        only push the others out.
        """
        with self._lock:
            self._drop(key)
            if size > self._most_size:
                return
            self._values[key] = value, size
            self._size += size
            while len(self._values) > self._most or self._size > self._most_size:
                self._drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Forget the value of a key, if there is one."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Forget every value."""
        with self._lock:
            self._values.clear()
            self._size = 0

    def _drop(self, key: K) -> None:
        _, size = self._values.pop(key, (None, 0))
        self._size -= size
