"""Receivers of events for which there must be room, as for answers."""

from collections.abc import Hashable

from app.transport.connections.room import NoRoom, Place
from app.transport.delivery.batch import Batch
from app.transport.execution.operation import Operation
from app.transport.ports import Pipe
from app.transport.serving import Serving

_LARGE = 65_536
"""What has no more bytes is not looked at: little of it waits on one connection."""


class RoomyReceiver:
    """Takes payloads for a caller's operation on a connection. While it catches up, room is taken before they are
    made; of those that are made for a group, large ones are refused where there is no room in the process.
    """

    __slots__ = ("_caller", "_place", "_room", "_size", "pipe")

    def __init__(self, serving: Serving, pipe: Pipe, caller: Hashable, operation: Operation) -> None:
        self.pipe = pipe
        self._room = serving.room
        self._caller = caller
        self._size = operation.reckoned.cost.bytes + _LARGE
        self._place: Place | None = None

    def offer(self, batch: Batch) -> bool:
        """Write payloads, unless too much waits already."""
        raise NotImplementedError

    def take(self, batch: Batch) -> bool:
        """Send payloads, unless too much waits already."""
        if batch.size <= _LARGE:
            return self.offer(batch)
        if self._place is None and not self._room.has(batch.size, self._caller):
            return False
        is_sent = self.offer(batch)
        self._room.written(self.pipe, self._caller)
        return is_sent

    async def ready(self) -> None:
        """Wait until there is room for what is made next."""
        if self._place is None:
            self._place = self._room.place(self.pipe, self._caller)
        while not self._place.is_taken:
            try:
                await self._place.take(self._size)
            except NoRoom:
                # Whoever takes nothing is sent away meanwhile; anybody else waits for those.
                continue

    def leave(self) -> None:
        """It was sent, or will not be."""
        if self._place is not None:
            self._place.leave()
            self._place = None

    async def room(self) -> None:
        """Wait until all that was sent is taken."""
        await self.pipe.emptied()
