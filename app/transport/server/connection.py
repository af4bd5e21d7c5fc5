"""The base classes of connections that can be written to without waiting, and that know how many bytes are unread.

They extend uvicorn's protocols with what a fan-out to thousands of sockets needs beyond ASGI: a write that does not
wait, and the number of bytes that the client has not read yet. An application finds the pipe of a connection in the
`extensions` of its scope, under `PIPE`; `Pipe` in `app.transport.connections.pipe` has its documentation.

When the server stops, a client that reads nothing any more (for example, a suspended process) must not delay that.
"""

import asyncio
import fcntl
import struct
import termios

_PATIENCE_SECONDS = 2.0
"""How long a client may make no progress while the server waits for it in order to stop."""

Left = tuple[str, int]
"""What a client still has to do, and an amount that gets smaller when it makes progress."""


class PromptClosing(asyncio.Protocol):
    """A connection that is aborted if the client makes no progress while the server stops."""

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    _hurry_timer: asyncio.TimerHandle | None = None

    def left_to_peer(self) -> Left | None:
        """What the client has to do before the connection can be closed; None if it has to do nothing."""
        raise NotImplementedError

    def hurry(self) -> None:
        """The server stops: check from now on whether the client makes progress."""
        self._look_at_peer(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop checking: the connection is closed."""
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
        """The written bytes that the client has not received, including those in the system's send buffer."""
        return "take", self.transport.get_write_buffer_size() + self._buffered_by_system()

    def _buffered_by_system(self) -> int:
        buffer = bytearray(struct.calcsize("i"))
        fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, buffer)
        [size] = struct.unpack("i", buffer)
        return int(size)


class Counting(PromptClosing):
    """A mixin for uvicorn's protocols that counts reads and written bytes. `Pipe` describes the attributes."""

    heard = 0
    written = 0
    is_endless = False
    is_stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set up the connection so that writing pauses as soon as the client does not read."""
        super().connection_made(transport)
        # With this limit nothing waits on a transport that is not paused. Code that lets bytes wait reads
        # `pending`.
        self.transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        """Count the read, as a sign of life of the client."""
        self.heard += 1
        super().data_received(data)

    @property
    def pending(self) -> int:
        """The written bytes that wait in this process; those in the operating system's send buffer do not count."""
        return self.transport.get_write_buffer_size()

    def write_raw(self, data: bytes) -> None:
        """Write bytes unchanged, and count them."""
        self.written += len(data)
        self.transport.write(data)
