"""Connections that can be written to without a task of their own, and that tell how much waits to be taken.

uvicorn's own protocols, with what a fan-out to thousands of sockets needs beyond ASGI: a write that does not wait,
and the number of bytes that the peer has not yet taken. An application finds the pipe of a connection in the
`extensions` of its scope, under `PIPE`; what it can do is said at `Pipe` in `app.transport.connections.pipe`.

The server stops in short time: a peer that takes nothing any more, as one that was stopped itself, holds nothing
up.
"""

import asyncio
import fcntl
import struct
import termios

_PATIENCE_SECONDS = 2.0
"""So long a peer may do nothing of what the stop waits for."""

Left = tuple[str, int]
"""What a peer has still to do, and how much of it is left: less the next time, if it does anything."""


class PromptClosing(asyncio.Protocol):
    """A connection that is lost to a peer which does nothing, once the server stops."""

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    _hurry_timer: asyncio.TimerHandle | None = None

    def left_to_peer(self) -> Left | None:
        """What the end of the connection waits for; None where that is not the peer."""
        raise NotImplementedError

    def hurry(self) -> None:
        """The server stops: look from now on whether the peer does what is waited for."""
        self._look_at_peer(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to look at any more."""
        if self._hurry_timer is not None:
            self._hurry_timer.cancel()
        super().connection_lost(exc)

    def _look_at_peer(self, before: Left | None) -> None:
        left = self.left_to_peer()
        if before is not None and left is not None and left[0] == before[0] and left[1] >= before[1]:
            self.transport.abort()
        else:
            self._hurry_timer = self.loop.call_later(_PATIENCE_SECONDS, self._look_at_peer, left)

    @property
    def untaken(self) -> Left:
        """The bytes that were written and not taken by the peer, those that the operating system keeps included."""
        return "take", self.transport.get_write_buffer_size() + self._kept_by_system()

    def _kept_by_system(self) -> int:
        size = bytearray(struct.calcsize("i"))
        fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, size)
        [kept] = struct.unpack("i", size)
        return int(kept)


class Counting(PromptClosing):
    """Counts what passes, over one of uvicorn's protocols."""

    heard = 0
    written = 0
    is_endless = False
    is_stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and be told at once when the peer does not take what is written."""
        super().connection_made(transport)
        # So a transport that is not paused has nothing waiting. Who may leave something waiting asks `pending`.
        self.transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        """Note that the peer lives."""
        self.heard += 1
        super().data_received(data)

    @property
    def pending(self) -> int:
        """The bytes that the peer has not taken yet, beyond what the operating system keeps for it."""
        return self.transport.get_write_buffer_size()

    def write_raw(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.written += len(data)
        self.transport.write(data)
