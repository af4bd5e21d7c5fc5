"""How many connections there may be: of one address, of one caller, and of nobody yet."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.api.transport.closing import CloseCode
from app.api.transport.limits import Limit, LimitReached
from app.api.transport.ports import Pipe


class CrowdLimit(StrEnum):
    """What is limited, as figures tell it; a client is told of connections only."""

    OF_ADDRESS = "ADRES"
    OF_CALLER = "MEDEWERKER"
    OF_NOBODY = "NIET_AANGEMELD"
    MESSAGES = "BERICHTEN"


@dataclass(frozen=True, slots=True)
class CrowdLimits:
    """How many sockets and event streams may be open at once, and what may come over a socket; each at most."""

    of_address: int
    of_caller: int
    of_nobody: int
    """Sockets whose caller has not said who he is."""
    operations: int
    """Operations that run on one socket."""
    messages: int
    """Messages on one socket in ten seconds."""


class Crowd:
    """Counts connections. `refused` is told which limit one was too many for."""

    def __init__(self, limits: CrowdLimits, refused: Callable[[str], None]) -> None:
        self._limits = limits
        self._refused = refused
        self._addresses: Counter[Hashable] = Counter()
        self._callers: Counter[Hashable] = Counter()
        self._nobody: dict[Pipe, None] = {}

    @contextmanager
    def from_address(self, scope: Mapping[str, Any]) -> Iterator[None]:
        """A connection from the address in an ASGI scope, as long as this is open; `LimitReached` where it has
        enough.
        """
        host, _ = scope.get("client") or (None, None)
        with self._counted(self._addresses, host, self._limits.of_address, CrowdLimit.OF_ADDRESS):
            yield

    @contextmanager
    def of_caller(self, caller: Hashable) -> Iterator[None]:
        """A caller's connection, as long as this is open; `LimitReached` where he has enough."""
        with self._counted(self._callers, caller, self._limits.of_caller, CrowdLimit.OF_CALLER):
            yield

    @contextmanager
    def of_nobody(self, pipe: Pipe) -> Iterator[None]:
        """A socket of which nobody knows whose it is, as long as this is open.

        Of too many the one that has waited longest is sent away: whoever means it says at once who he is.
        """
        self._nobody[pipe] = None
        if len(self._nobody) > self._limits.of_nobody:
            oldest = next(iter(self._nobody))
            del self._nobody[oldest]
            self._refused(CrowdLimit.OF_NOBODY)
            oldest.end(CloseCode.TRY_AGAIN_LATER, "Too many sockets that do not say whose they are")
        try:
            yield
        finally:
            self._nobody.pop(pipe, None)

    @contextmanager
    def _counted(self, counted: Counter[Hashable], key: Hashable, most: int, limit: CrowdLimit) -> Iterator[None]:
        if counted[key] >= most:
            self._refused(limit)
            raise LimitReached(Limit.CONNECTIONS, most)
        counted[key] += 1
        try:
            yield
        finally:
            counted[key] -= 1
            if not counted[key]:
                del counted[key]
