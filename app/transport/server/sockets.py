"""WebSockets that can be written to without a task of their own: a connection as `Socket` in
`app.transport.connections.pipe` says.
"""

from collections.abc import Sequence
from typing import Any

from app.transport.connections.pipe import PIPE, CloseCode
from app.transport.ports import EndedBy
from app.transport.server.connection import Counting, Left
from app.transport.server.frames import PacedFrames

_NO_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TEXT, _PING = 0x81, b"\x89\x00"
_INVALID_DATA = 1007


class SocketPipe(Counting, PacedFrames):
    """A WebSocket. What is written is one text message."""

    answers = True
    _answering = 0
    _peer_closed = False
    _pong = b""

    def data_received(self, data: bytes) -> None:
        """Take frames; before them the head of the handshake, which comes as a whole."""
        super().data_received(data)
        if not self.handshake_initiated:
            # It has a line that is too long, or a body: the library waits for ever for what it can read.
            self.transport.write(_NO_HANDSHAKE)
            self.transport.close()

    def handle_connect(self, event: Any) -> None:
        """Hand the application this pipe with its scope."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][PIPE] = self  # type: ignore[assignment] # uvicorn's scope types know its own extensions only

    def start_keepalive(self) -> None:
        """The handshake is over: let go of what it needed, some 5 KiB for as long as the socket is open."""
        super().start_keepalive()
        del self.request, self.response

    def send_receive_event_to_app(self) -> None:
        """Hand on a message; a text that is no UTF-8 fails the connection, and is no error of ours to log."""
        self.frames = [b"".join(self.frames)]
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_utf8(self.frames[0]):
            self.conn.fail(_INVALID_DATA)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """The peer broke the rules of WebSocket itself: close with the code for that.

        What it still sends is read and dropped: with unread data the connection would be reset, and the peer might
        not get the code.
        """
        # Whatever comes afterwards leads here again.
        if not self.close_sent and (close := self.conn.close_sent) is not None:
            self._leave(close.code, close.reason)
            self._end_writing()

    def flooded(self, reason: str) -> None:
        """Send the peer away; what it still sends is read and dropped."""
        self.end(CloseCode.POLICY_VIOLATION, reason)
        self._end_writing()

    def _end_writing(self) -> None:
        if self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()

    def handle_close(self, event: Any) -> None:
        """The peer closes."""
        self._peer_closed = True
        super().handle_close(event)

    @property
    def is_open(self) -> bool:
        """Whether messages can be written."""
        return self.handshake_complete and not (self.close_sent or self._peer_closed or self.disconnected)

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write text messages, each of a head, a body and a tail, unless something waits and it would be more than
        `most` bytes with them; nothing where the connection is closed.
        """
        # This is done for every socket that is told something: no call that can be left out.
        around = len(head) + len(tail)
        frames: list[bytes] = []
        for body in bodies:
            frames += (_header(around + len(body)), head, body, tail)
        data = b"".join(frames)
        if (waiting := self.transport.get_write_buffer_size()) and waiting + len(data) > most:
            return False
        if not (self.close_sent or self._peer_closed or self.disconnected):
            self.written += len(data)
            self.transport.write(data)
        return True

    def write(self, message: bytes) -> None:
        """Write a text message, whatever waits already; nothing where the connection is closed."""
        if self.is_open:
            self.write_raw(_header(len(message)) + message)

    def ping(self) -> None:
        """Ask for a sign of life: every WebSocket client answers by itself."""
        if self.is_open:
            self.write_raw(_PING)

    def handle_ping(self) -> None:
        """Answer a ping. While something waits only the last one is kept, to be answered then: whoever pings and
        takes no answers would have them wait without end.
        """
        # All that came together are answered here at the first of them, a close behind them as well.
        if not self.is_open or self.conn.close_sent:
            super().handle_ping()
        elif answers := self.conn.data_to_send():
            self._pong = answers[-1]
            if not self.pending:
                self._send_pong()

    def resume_writing(self) -> None:
        """Nothing waits any more."""
        super().resume_writing()
        self._send_pong()

    def _send_pong(self) -> None:
        pong, self._pong = self._pong, b""
        if pong and self.is_open:
            self.write_raw(pong)

    async def emptied(self) -> None:
        """Wait until nothing waits to be taken, or the connection is lost."""
        await self.writable.wait()

    def end(self, code: int, reason: str = "") -> None:
        """Close with a code, behind what waits. What is then still not taken after a while is dropped."""
        if self.is_open:
            self.conn.send_close(code, reason)
            self._leave(code, reason)

    def _leave(self, code: int, reason: str) -> None:
        """Write the close, and wait a while for the peer to close as well."""
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused and not self.transport.is_closing():
            # The peer's own close comes behind what the application does not read any more.
            self.read_paused = False
            self.transport.resume_reading()
            self._go_on_soon()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    @property
    def ending(self) -> tuple[EndedBy, int]:
        """Who ended it first and with which close code, once it has ended: 1005 where no code was given."""
        sent, received = self.conn.close_sent, self.conn.close_rcvd
        if received is not None and (sent is None or self.conn.close_rcvd_then_sent):
            return "client", received.code
        return ("lost", 1006) if sent is None else ("server", sent.code)

    def begin_answer(self) -> None:
        """An answer is under way that the peer should still get."""
        self._answering += 1

    def end_answer(self) -> None:
        """It was sent, or will not be."""
        self._answering -= 1
        if self.is_stopping and not self._answering:
            self.end(CloseCode.SERVICE_RESTART)

    def shutdown(self) -> None:
        """The server stops: send the peer away, as soon as it has the answers that are under way."""
        if not self.handshake_complete:
            super().shutdown()
            return
        self.is_stopping = True
        if not self._answering:
            self.end(CloseCode.SERVICE_RESTART)
        self.hurry()

    def left_to_peer(self) -> Left | None:
        """To take what was written, and to close when it was sent away."""
        return self.untaken if self.close_sent or self.transport.is_closing() or self.pending else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _header(length: int) -> bytes:
    """The header of an unfragmented, unmasked text frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((_TEXT, length))
    if length < 65536:
        return bytes((_TEXT, 126, length >> 8, length & 0xFF))
    return bytes((_TEXT, 127)) + length.to_bytes(8, "big")
