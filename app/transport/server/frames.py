"""Limits on the frames of a WebSocket. uvicorn's protocol has none, and handles all data of a read without a pause.

A read of a quarter of a megabyte can hold forty thousand frames, so it is parsed in small slices, and the event
loop may run other tasks in between. Control frames and fragments count too: no other code sees them.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.transport.connections.connection_counter import RateLimit

_SLICE = 512
"""The bytes that are parsed at a time: about 85 of the smallest frames."""
_AT_ONCE = 200
"""After how many frames the event loop may run other tasks."""
_MESSAGES_AT_ONCE = 20
"""After how many messages the event loop may run other tasks."""
_MOST_PIECES = 1_000
"""The most frames of one message."""


class PacedFrames(WebSocketsSansIOProtocol):
    """A WebSocket that is closed if more than `most_frames` frames come in ten seconds."""

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
        """Handle a read: the request of the handshake as a whole, after that frames in slices."""
        if not self.handshake_initiated:
            super().data_received(data)
        elif not self._is_flooded:
            self._rest, self._at = self._rest[self._at :] + data, 0
            self._parse_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop the data that is not parsed yet."""
        self._rest, self._at = b"", 0
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Handle the parsed frames; close the socket if they are too many."""
        many = len(self.conn.events)
        self._counted += many
        if many and not self._pace.allows(many):
            self._flooded("Too many frames")
        else:
            super().handle_events()

    def handle_cont(self, event: Any) -> None:
        """Handle a continuation frame; close the socket if its message has too many frames."""
        if len(self.frames) >= _MOST_PIECES:
            self._flooded("Too many frames in a message")
        else:
            super().handle_cont(event)

    async def receive(self) -> Any:
        """The next message. Afterwards parsing continues with the data that was held back."""
        self._taken += 1
        if self._taken % _MESSAGES_AT_ONCE == 0:
            # If the next message is there already, `receive` would not let other tasks run.
            await asyncio.sleep(0)
        message = await super().receive()
        self._parse_on()
        return message

    def flooded(self, reason: str) -> None:
        """Close the socket, because a limit was exceeded."""
        raise NotImplementedError

    def _flooded(self, reason: str) -> None:
        if not self._is_flooded:
            self._is_flooded = True
            self._rest, self._at, self.frames = b"", 0, []
            self.flooded(reason)

    def _parse_on(self) -> None:
        """Parse until a message waits for the application, or until other tasks may run."""
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
        """Stop reading from the connection, and continue to parse in the next turn of the event loop."""
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
