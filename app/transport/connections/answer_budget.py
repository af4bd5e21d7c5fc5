"""The memory budget for answers: how many bytes may be in the making, or wait for slow readers, on one connection
and in the whole process.

The estimated size of an answer is reserved before the answer is made. If the client of a connection does not read,
the next operations on that connection wait; the idle watch closes the connection if that lasts too long. An
operation that waits too long for the budget of the process gets a transient error.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.common.outage import Transient
from app.transport.connections.pipe import Pipe

ERROR_BYTES = 65_536
"""The approximate bytes of the errors of an operation that is not executed."""

_SHARE = 4
"""One caller gets at most 1/4 of the budget of the process."""
_LOOK_SECONDS = 0.05
"""How often a waiting operation checks whether the budget has room."""


class BudgetExhausted(Transient):
    """The budget of this process or of this caller is used up, until clients have read some of their
    answers.
    """


@dataclass(frozen=True, slots=True)
class AnswerBudgetLimits:
    """The most bytes of one answer, of all answers on a connection (a single one may be larger), and in the
    process.

    `patience_seconds` is how long an operation waits for the budget of the process.
    """

    answer: int
    connection: int
    process: int
    patience_seconds: float = 5.0


@dataclass(slots=True, eq=False)
class _Connection:
    """The bytes reserved on one connection (`taken`). The lock `turn` serves its operations in order of arrival;
    `left` is set when a reservation shrinks or ends.
    """

    taken: int = 0
    caller: Hashable = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    left: asyncio.Event = field(default_factory=asyncio.Event)


class AnswerBudget:
    """The budget of a process. `made` is the size in bytes of the answers that are made and not yet written."""

    def __init__(self, bounds: AnswerBudgetLimits) -> None:
        self.bounds = bounds
        self.made = 0
        self._connections: dict[Pipe, _Connection] = {}

    def place(self, pipe: Pipe, caller: Hashable) -> "Reservation":
        """Create a reservation for one answer to a caller on a connection; it reserves nothing yet."""
        return Reservation(self, pipe, caller)

    @property
    def pipes(self) -> list[Pipe]:
        """The connections with reservations or with unread bytes."""
        return [pipe for pipe, connection in self._connections.items() if connection.taken or pipe.pending]

    def has(self, size: int, caller: Hashable) -> bool:
        """Whether the process has room for `size` more bytes for this caller. A caller who uses nothing yet has
        room for one answer of any size, as far as their own share is concerned.
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
        """Wait until the process has room; raises `BudgetExhausted` after `patience_seconds`."""
        for _ in range(round(self.bounds.patience_seconds / _LOOK_SECONDS)):
            if self.has(size, caller):
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise BudgetExhausted

    def written(self, pipe: Pipe, caller: Hashable) -> None:
        """Count what the client has not read yet, after something was written without a reservation."""
        if pipe.pending:
            self.connection(pipe).caller = caller

    def connection(self, pipe: Pipe) -> _Connection:
        """The reserved bytes of a connection."""
        return self._connections.setdefault(pipe, _Connection())

    def _forget(self, pipe: Pipe, connection: _Connection) -> None:
        if not connection.turn.locked():
            del self._connections[pipe]


class Reservation:
    """The bytes reserved for one answer, from before it is made until it is written."""

    __slots__ = ("_budget", "_caller", "_connection", "_made", "_pipe", "_size")

    def __init__(self, budget: AnswerBudget, pipe: Pipe, caller: Hashable) -> None:
        self._budget = budget
        self._pipe = pipe
        self._caller = caller
        self._size = self._made = 0
        self._connection = budget.connection(pipe)

    async def take(self, size: int) -> None:
        """Reserve `size` bytes, instead of those reserved before; waits until the connection and the process have
        room.

        Raises `BudgetExhausted` if the process has none for too long.
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
            await self._pipe.drained()

    @property
    def is_taken(self) -> bool:
        """Whether bytes are reserved."""
        return self._size > 0

    def made(self, size: int) -> None:
        """Adjust the reservation to the actual size of the answer, in bytes."""
        self._connection.taken += size - self._size
        self._budget.made += size - self._made
        self._size = self._made = size
        self._connection.left.set()

    def leave(self) -> None:
        """Release the reservation: the answer was written, or will not be."""
        self.made(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()
