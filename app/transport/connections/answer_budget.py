"""Room for answers: how many bytes may be under way, or wait for slow readers, on a connection and in a process.

What an answer may need is taken before it is made, so that nothing is made for which there is no room. A connection
whose peer does not read has its next operations wait; it is watched, and ended when nothing is taken for long. Who
waits too long for room in the process is refused with what passes by itself.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.common.outage import Transient
from app.transport.connections.pipe import Pipe

FOR_REFUSAL = 65_536
"""The bytes that the errors of an operation which is not executed may be, about."""

_SHARE = 4
"""One caller has at most this part of the room of a process."""
_LOOK_SECONDS = 0.05
"""How often it is looked meanwhile whether something was taken."""


class BudgetExhausted(Transient):
    """Too much waits in this process, or for this caller, to be taken: there is room again when some was."""


@dataclass(frozen=True, slots=True)
class AnswerBudgetLimits:
    """The bytes of answers at most: of one; of a connection, where one by itself may be larger; of a process, for
    room in which an operation waits for `patience_seconds`.
    """

    answer: int
    connection: int
    process: int
    patience_seconds: float = 5.0


@dataclass(slots=True, eq=False)
class _Connection:
    """What is taken of the room of a connection. Its operations have their turn in the order in which they came."""

    taken: int = 0
    caller: Hashable = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    left: asyncio.Event = field(default_factory=asyncio.Event)


class AnswerBudget:
    """The room of a process. `made` are the bytes of answers that were made and wait to be written."""

    def __init__(self, bounds: AnswerBudgetLimits) -> None:
        self.bounds = bounds
        self.made = 0
        self._connections: dict[Pipe, _Connection] = {}

    def place(self, pipe: Pipe, caller: Hashable) -> "Reservation":
        """A place for one answer to a caller on a connection, which has no room yet."""
        return Reservation(self, pipe, caller)

    @property
    def pipes(self) -> list[Pipe]:
        """The connections that something is made for, or waits on."""
        return [pipe for pipe, connection in self._connections.items() if connection.taken or pipe.pending]

    def has(self, size: int, caller: Hashable) -> bool:
        """Whether so many bytes more have room in the process. A caller who has nothing there has room for one
        answer, whatever it is.
        """
        used = of_caller = 0
        for pipe, connection in list(self._connections.items()):
            if not (here := connection.taken + pipe.pending):
                self._forget(pipe, connection)
                continue
            used += here
            if connection.caller == caller:
                of_caller += here
        if used + size > self.bounds.process and used:
            return False
        return not of_caller or of_caller + size <= self.bounds.process // _SHARE

    async def wait(self, size: int, caller: Hashable) -> None:
        """Wait until there is room in the process; `BudgetExhausted` where that takes too long."""
        for _ in range(round(self.bounds.patience_seconds / _LOOK_SECONDS)):
            if self.has(size, caller):
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise BudgetExhausted

    def written(self, pipe: Pipe, caller: Hashable) -> None:
        """Something was written to a connection: what its peer does not take of it counts."""
        if pipe.pending:
            self.connection(pipe).caller = caller

    def connection(self, pipe: Pipe) -> _Connection:
        """What is taken on a connection."""
        return self._connections.setdefault(pipe, _Connection())

    def _forget(self, pipe: Pipe, connection: _Connection) -> None:
        if not connection.turn.locked():
            del self._connections[pipe]


class Reservation:
    """What one answer takes of the room, from before it is made until it was written."""

    __slots__ = ("_budget", "_caller", "_connection", "_made", "_pipe", "_size")

    def __init__(self, budget: AnswerBudget, pipe: Pipe, caller: Hashable) -> None:
        self._budget = budget
        self._pipe = pipe
        self._caller = caller
        self._size = self._made = 0
        self._connection = budget.connection(pipe)

    async def take(self, size: int) -> None:
        """Take so many bytes, instead of those that were taken before, as soon as there is room on the connection
        and in the process; `BudgetExhausted` where there is none for long.
        """
        self.leave()
        self._connection = connection = self._budget.connection(self._pipe)
        async with connection.turn:
            while (used := connection.taken + self._pipe.pending) and used + size > self._budget.bounds.connection:
                await self._some_taken(connection)
            await self._budget.wait(size, self._caller)
            connection.caller = self._caller
            self._size = size
            connection.taken += size

    async def _some_taken(self, connection: _Connection) -> None:
        if connection.taken:
            connection.left.clear()
            await connection.left.wait()
        else:
            await self._pipe.emptied()

    @property
    def is_taken(self) -> bool:
        """Whether there is room for the answer."""
        return self._size > 0

    def made(self, size: int) -> None:
        """The answer was made, and has so many bytes."""
        self._connection.taken += size - self._size
        self._budget.made += size - self._made
        self._size = self._made = size
        self._connection.left.set()

    def leave(self) -> None:
        """The answer was written, or will not be."""
        self.made(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()
