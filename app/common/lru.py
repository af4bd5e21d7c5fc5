"""A bounded cache that drops the least recently used values."""

from collections import OrderedDict
from collections.abc import Hashable
from math import inf
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lru(Generic[K, V]):
    """A cache with at most `most` values, whose sizes add up to at most `most_size`. When it is full, the least
    recently used values are dropped. It is safe to use from several threads. A value cannot be None.
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
        """The value of a key, which becomes the most recently used; None if there is no value."""
        with self._lock:
            if (entry := self._values.get(key)) is None:
                return None
            self._values.move_to_end(key)
            return entry[0]

    def put(self, key: K, value: V, size: int = 0) -> None:
        """Store a value under a key; `size` counts toward `most_size`, in the same unit. A value larger than
        `most_size` is not stored: it would only push out the others.
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
        """Remove the value of a key, if there is one."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Remove every value."""
        with self._lock:
            self._values.clear()
            self._size = 0

    def _drop(self, key: K) -> None:
        _, size = self._values.pop(key, (None, 0))
        self._size -= size
