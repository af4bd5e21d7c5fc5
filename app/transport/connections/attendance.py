"""Attendance: whether somebody is still present behind a socket that stays open.

A browser answers WebSocket ping frames itself, even if the page is frozen. A ping message of graphql-transport-ws
is answered by the page's script. So a socket counts as attended when any message comes from it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from time import monotonic

from app.transport.connections.pipe import Pipe
from app.transport.ports import There

PING = b'{"type":"ping"}'
"""A ping message of graphql-transport-ws; clients answer it with a pong."""

_TURNS = 10
"""How many turns `ping_seconds` is divided into. Each turn pings a part of the sockets, and finds silent ones."""
_AT_ONCE = 100
"""How many sockets are pinged before the event loop may run other tasks."""


@dataclass(slots=True)
class _Seat:
    """When a message last came from a socket, the turn in which it is pinged, and its callbacks."""

    heard: float
    turn: int
    listeners: list[There] = field(default_factory=list)


class Attendance:
    """Pings the sockets whose attendance somebody follows, each every `ping_seconds`, by one task for all.

    A socket counts as away when no message came for `answer_seconds`, which is found within a tenth of
    `ping_seconds`, until a message comes. No ping is sent if more than `most` bytes would wait then.
    """

    def __init__(
        self, *, ping_seconds: float, answer_seconds: float, most: int, clock: Callable[[], float] = monotonic
    ) -> None:
        self._clock = clock
        self._pause = ping_seconds / _TURNS
        self._answer_seconds = answer_seconds
        self._most = most
        self._turns: list[dict[Pipe, None]] = [{} for _ in range(_TURNS)]
        self._next_turn = cycle(range(_TURNS))
        # Ordered by the time of the last message, the oldest first.
        self._there: OrderedDict[Pipe, _Seat] = OrderedDict()
        self._away: dict[Pipe, _Seat] = {}

    def follows(self, pipe: Pipe, there: There) -> None:
        """Call `there` from now on when the attendance of a socket changes; immediately if the socket is away."""
        seat = self._there.get(pipe) or self._away.get(pipe)
        if seat is None:
            seat = self._there[pipe] = _Seat(self._clock(), next(self._next_turn))
            self._turns[seat.turn][pipe] = None
        seat.listeners.append(there)
        if pipe in self._away:
            there(False)

    def leaves(self, pipe: Pipe, there: There) -> None:
        """Stop calling `there`."""
        seat = self._there.get(pipe) or self._away[pipe]
        seat.listeners.remove(there)
        if not seat.listeners:
            self._there.pop(pipe, None)
            self._away.pop(pipe, None)
            del self._turns[seat.turn][pipe]

    def heard(self, pipe: Pipe) -> None:
        """Note that a message came from a socket; sockets that nobody follows are ignored."""
        if (seat := self._there.get(pipe)) is not None:
            seat.heard = self._clock()
            self._there.move_to_end(pipe)
        elif (seat := self._away.pop(pipe, None)) is not None:
            seat.heard = self._clock()
            self._there[pipe] = seat
            _tell(seat, is_there=True)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ping sockets and find silent ones while this context is open."""
        task = asyncio.create_task(self._take_turns())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _take_turns(self) -> None:
        for turn in cycle(self._turns):
            await asyncio.sleep(self._pause)
            self._miss()
            for number, pipe in enumerate(list(turn), 1):
                pipe.offer(b"", [PING], b"", self._most)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    def _miss(self) -> None:
        """Mark the sockets as away from which no message came for too long."""
        late = self._clock() - self._answer_seconds
        while self._there:
            pipe, seat = next(iter(self._there.items()))
            if seat.heard > late:
                return
            del self._there[pipe]
            self._away[pipe] = seat
            _tell(seat, is_there=False)


def _tell(seat: _Seat, *, is_there: bool) -> None:
    for there in list(seat.listeners):
        there(is_there)
