"""How many connections there may be, of one address, of one caller, and of nobody yet; and how fast things may come
over one.
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
"""For how long a `RateLimit` counts."""


class ConnectionLimit(StrEnum):
    """What is limited, as figures tell it; a client is told of connections only."""

    OF_ADDRESS = "ADRES"
    OF_CALLER = "MEDEWERKER"
    OF_NOBODY = "NIET_AANGEMELD"
    MESSAGES = "BERICHTEN"


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many sockets and event streams may be open at once, and what may come over a socket; each at most."""

    of_address: int
    of_caller: int
    of_nobody: int
    """Sockets whose caller has not said who he is."""
    operations: int
    """Operations that run on one socket."""
    messages: int
    """Messages on one socket in ten seconds."""


class ConnectionCounter:
    """Counts connections. `refused` is told which limit one was too many for."""

    def __init__(self, limits: ConnectionLimits, refused: Callable[[str], None]) -> None:
        self._limits = limits
        self._refused = refused
        self._addresses: Counter[Hashable] = Counter()
        self._callers: Counter[Hashable] = Counter()
        self._nobody: dict[Pipe, None] = {}

    def from_address(self, scope: Mapping[str, Any]) -> "CountedConnection":
        """A place for a connection from the address in an ASGI scope; `LimitReached` where it has enough."""
        host, _ = scope.get("client") or (None, None)
        return self._place(self._addresses, host, self._limits.of_address, ConnectionLimit.OF_ADDRESS)

    def of_caller(self, caller: Hashable) -> "CountedConnection":
        """A place for a caller's connection; `LimitReached` where he has enough."""
        return self._place(self._callers, caller, self._limits.of_caller, ConnectionLimit.OF_CALLER)

    def is_nobodys(self, pipe: Pipe) -> None:
        """There is a socket of which nobody knows whose it is.

        Of too many the one that has waited longest is sent away: whoever means it says at once who he is.
        """
        self._nobody[pipe] = None
        if len(self._nobody) > self._limits.of_nobody:
            oldest = next(iter(self._nobody))
            del self._nobody[oldest]
            self._refused(ConnectionLimit.OF_NOBODY)
            oldest.end(CloseCode.TRY_AGAIN_LATER, "Too many sockets that do not say whose they are")

    def is_known(self, pipe: Pipe) -> None:
        """It is known whose a socket is, or it has gone."""
        self._nobody.pop(pipe, None)

    def _place(
        self, counted: Counter[Hashable], key: Hashable, most: int, limit: ConnectionLimit
    ) -> "CountedConnection":
        if counted[key] >= most:
            self._refused(limit)
            raise LimitReached(Limit.CONNECTIONS, most)
        return CountedConnection(counted, key)


class CountedConnection:
    """The place of one connection among those that are counted, until it is left, once."""

    # Thousands of sockets have one: no generator each.
    __slots__ = ("_counted", "_key")

    def __init__(self, counted: Counter[Hashable], key: Hashable) -> None:
        self._counted: Counter[Hashable] | None = counted
        self._key = key
        counted[key] += 1

    def leave(self) -> None:
        """The connection has gone."""
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
    """Allows so many things in ten seconds, and as many again in the next ten."""

    __slots__ = ("_begun", "_counted", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = monotonic()
        self._counted = 0

    def allows(self, many: int = 1) -> bool:
        """Whether so many more may come now."""
        now = monotonic()
        if now - self._begun >= _PACE_SECONDS:
            self._begun, self._counted = now, 0
        self._counted += many
        return self._counted <= self._most
