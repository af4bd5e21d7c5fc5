"""Attendance: whether anybody is still there behind a socket that stays open.

Browsers answer the pings of WebSocket by themselves, also where the page is frozen. A ping of graphql-transport-ws
is answered by the script of the page, so whoever says anything is there.
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
"""Asks a client for a sign of life: graphql-transport-ws has it answered with a pong."""

_TURNS = 10
"""Over so many moments the pings of all sockets are spread, and so often is looked who has said nothing."""
_AT_ONCE = 100


@dataclass(slots=True)
class _Seat:
    """When a socket last said something, at which turn it is pinged, and who wants to know whether it is there."""

    heard: float
    turn: int
    listeners: list[There] = field(default_factory=list)


class Attendance:
    """Pings sockets of which somebody wants to know whether they are there: each every `ping_seconds`.

    One that says nothing for `answer_seconds` is not there, as is found within a tenth of `ping_seconds`, until it
    says something again. One task for all of them. At most `most` bytes wait for a socket with the ping.
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
        # The one that has said nothing for the longest time comes first.
        self._there: OrderedDict[Pipe, _Seat] = OrderedDict()
        self._away: dict[Pipe, _Seat] = {}

    def follows(self, pipe: Pipe, there: There) -> None:
        """From now on tell whether a socket is there. It is at first, unless it is known to be away."""
        seat = self._there.get(pipe) or self._away.get(pipe)
        if seat is None:
            seat = self._there[pipe] = _Seat(self._clock(), next(self._next_turn))
            self._turns[seat.turn][pipe] = None
        seat.listeners.append(there)
        if pipe in self._away:
            there(False)

    def leaves(self, pipe: Pipe, there: There) -> None:
        """Tell no more."""
        seat = self._there.get(pipe) or self._away[pipe]
        seat.listeners.remove(there)
        if not seat.listeners:
            self._there.pop(pipe, None)
            self._away.pop(pipe, None)
            del self._turns[seat.turn][pipe]

    def heard(self, pipe: Pipe) -> None:
        """Something was said on a socket, on any that there is."""
        if (seat := self._there.get(pipe)) is not None:
            seat.heard = self._clock()
            self._there.move_to_end(pipe)
        elif (seat := self._away.pop(pipe, None)) is not None:
            seat.heard = self._clock()
            self._there[pipe] = seat
            _tell(seat, is_there=True)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Ping and look as long as this is open."""
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
        """Note who has said nothing for too long."""
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
