"""Limits on the number of connections (per address, per caller, not yet authenticated) and on message
rates.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any, Self

from app.transport.connections.pipe import CloseCode, Pipe
from app.transport.limits import Limit, LimitReached

_PACE_SECONDS = 10.0
"""The time window of a `RateLimit`."""


class ConnectionLimit(StrEnum):
    """The limits by their names in metrics. For those on connections, clients see `Limit.CONNECTIONS`."""

    OF_ADDRESS = "ADRES"
    OF_CALLER = "MEDEWERKER"
    OF_NOBODY = "NIET_AANGEMELD"
    MESSAGES = "BERICHTEN"


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The most sockets and event streams that may be open together, and the limits of one socket."""

    of_address: int
    """The connections of one IP address."""
    of_caller: int
    """The connections of one caller."""
    of_anonymous: int
    """The sockets in the process whose caller is not authenticated yet."""
    operations: int
    """The operations that run on one socket."""
    messages: int
    """The messages on one socket in ten seconds."""


class ConnectionCounter:
    """Counts connections, and refuses those above a limit. `refused` is called with the name of that limit."""

    def __init__(self, limits: ConnectionLimits, refused: Callable[[str], None]) -> None:
        self._limits = limits
        self._refused = refused
        self._addresses: Counter[Hashable] = Counter()
        self._callers: Counter[Hashable] = Counter()
        self._nobody: dict[Pipe, None] = {}

    def from_address(self, scope: Mapping[str, Any]) -> "CountedConnection":
        """Count a connection of the client's address in an ASGI scope; raises `LimitReached` above the
        limit.
        """
        host, _ = scope.get("client") or (None, None)
        return self._place(self._addresses, host, self._limits.of_address, ConnectionLimit.OF_ADDRESS)

    def of_caller(self, caller: Hashable) -> "CountedConnection":
        """Count a connection of a caller; raises `LimitReached` above the limit."""
        return self._place(self._callers, caller, self._limits.of_caller, ConnectionLimit.OF_CALLER)

    def add_anonymous(self, pipe: Pipe) -> None:
        """Count a socket that is not authenticated yet.

        If there are too many, the oldest one is closed: a genuine client authenticates right after it connects.
        """
        self._nobody[pipe] = None
        if len(self._nobody) > self._limits.of_anonymous:
            oldest = next(iter(self._nobody))
            del self._nobody[oldest]
            self._refused(ConnectionLimit.OF_NOBODY)
            oldest.end(CloseCode.TRY_AGAIN_LATER, "Too many sockets that do not say whose they are")

    def remove_anonymous(self, pipe: Pipe) -> None:
        """Stop counting a socket as unauthenticated: its caller is known now, or it is closed."""
        self._nobody.pop(pipe, None)

    def _place(
        self, counted: Counter[Hashable], key: Hashable, most: int, limit: ConnectionLimit
    ) -> "CountedConnection":
        if counted[key] >= most:
            self._refused(limit)
            raise LimitReached(Limit.CONNECTIONS, most)
        return CountedConnection(counted, key)


class CountedConnection:
    """One counted connection; it counts until `leave` is called, or until the end of its `with` block."""

    # Not a generator-based context manager: that would take more memory for each of thousands of sockets.
    __slots__ = ("_counted", "_key")

    def __init__(self, counted: Counter[Hashable], key: Hashable) -> None:
        self._counted: Counter[Hashable] | None = counted
        self._key = key
        counted[key] += 1

    def leave(self) -> None:
        """Stop counting the connection. A second call does nothing."""
        counted, self._counted = self._counted, None
        if counted is not None:
            counted[self._key] -= 1
            if not counted[self._key]:
                del counted[self._key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


class RateLimit:
    """A rate limit: allows `most` things in a window of ten seconds, and as many in the next window."""

    __slots__ = ("_begun", "_counted", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = monotonic()
        self._counted = 0

    def allows(self, many: int = 1) -> bool:
        """Count `many` more, and return whether the window allows them."""
        now = monotonic()
        if now - self._begun >= _PACE_SECONDS:
            self._begun, self._counted = now, 0
        self._counted += many
        return self._counted <= self._most
