"""Bounds on the frames of a WebSocket; uvicorn's protocol handles whatever was read in one go, and counts nothing.

What was read is parsed a little at a time, and others have their turn between: a quarter of a megabyte holds forty
thousand frames. Control frames and the pieces of a message are counted as well: nobody else sees them.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.transport.connections.connection_counter import RateLimit

_SLICE = 512
"""So many bytes are parsed at a time: some 85 of the smallest frames."""
_AT_ONCE = 200
"""After so many frames others have their turn."""
_MESSAGES_AT_ONCE = 20
"""After so many messages as well."""
_MOST_PIECES = 1_000
"""In how many frames a message may come."""


class PacedFrames(WebSocketsSansIOProtocol):
    """A WebSocket on which at most `most_frames` frames come in ten seconds, or it is closed."""

    transport: asyncio.Transport
    _rest = b""
    _at = 0
    _counted = _taken = 0
    _holds_back = False
    _goes_on_soon = False
    _is_flooded = False

    def __init__(self, *args: Any, most_frames: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pace = RateLimit(most_frames)

    def data_received(self, data: bytes) -> None:
        """Take what was read: the head of the handshake as a whole, then frames."""
        if not self.handshake_initiated:
            super().data_received(data)
        elif not self._is_flooded:
            self._rest, self._at = self._rest[self._at :] + data, 0
            self._parse_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is parsed any more."""
        self._rest, self._at = b"", 0
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Handle the frames that were parsed, unless they are too many."""
        many = len(self.conn.events)
        self._counted += many
        if many and not self._pace.allows(many):
            self._flooded("Too many frames")
        else:
            super().handle_events()

    def handle_cont(self, event: Any) -> None:
        """Take a further piece of a message."""
        if len(self.frames) >= _MOST_PIECES:
            self._flooded("Too many frames in a message")
        else:
            super().handle_cont(event)

    async def receive(self) -> Any:
        """The next message. What waits behind it is parsed when there is no other."""
        self._taken += 1
        if self._taken % _MESSAGES_AT_ONCE == 0:
            # Where the next one is there already, nothing else is waited for.
            await asyncio.sleep(0)
        message = await super().receive()
        self._parse_on()
        return message

    def flooded(self, reason: str) -> None:
        """Send the peer away."""
        raise NotImplementedError

    def _flooded(self, reason: str) -> None:
        if not self._is_flooded:
            self._is_flooded = True
            self._rest, self._at, self.frames = b"", 0, []
            self.flooded(reason)

    def _parse_on(self) -> None:
        """Parse until a message waits for the application, or it is somebody else's turn."""
        until = self._counted + _AT_ONCE
        while self._at < len(self._rest) and not self.read_paused:
            if self._counted >= until:
                self._go_on_soon()
                return
            piece = self._rest[self._at : self._at + _SLICE]
            self._at += len(piece)
            super().data_received(piece)
        if self._at >= len(self._rest):
            self._rest, self._at = b"", 0
            if self._holds_back:
                self._holds_back = False
                if not self.read_paused:
                    self.transport.resume_reading()

    def _go_on_soon(self) -> None:
        """Read nothing more until what was read is parsed."""
        if not self._holds_back:
            self._holds_back = True
            self.transport.pause_reading()
        if not self._goes_on_soon:
            self._goes_on_soon = True
            self.loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self._goes_on_soon = False
        if not self.transport.is_closing():
            self._parse_on()
