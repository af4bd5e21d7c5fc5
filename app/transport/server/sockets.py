"""WebSocket connections as a `Socket`, which can be written to without waiting."""

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
    """A WebSocket. Each write is a text message."""

    answers = True
    _answering = 0
    _peer_closed = False
    _pong = b""

    def data_received(self, data: bytes) -> None:
        """Handle a read: first the request of the handshake, which comes in one piece, then frames."""
        super().data_received(data)
        if not self.handshake_initiated:
            # The request has a line that is too long, or a body; the library would wait for more data for ever.
            self.transport.write(_NO_HANDSHAKE)
            self.transport.close()

    def handle_connect(self, event: Any) -> None:
        """Put this pipe into the scope of the socket."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope["extensions"][PIPE] = self  # type: ignore[assignment] # uvicorn's scope types know its own extensions only

    def start_keepalive(self) -> None:
        """Release the objects of the handshake, which is over: about 5 KiB per open socket."""
        super().start_keepalive()
        del self.request, self.response

    def send_receive_event_to_app(self) -> None:
        """Pass a message on to the application. Text that is not UTF-8 closes the socket, without an error in the
        log.
        """
        self.frames = [b"".join(self.frames)]
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_utf8(self.frames[0]):
            self.conn.fail(_INVALID_DATA)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """The client violated the WebSocket protocol: close the socket with the library's close code.

        What the client still sends is read and dropped. With unread data the operating system would reset the
        connection, and the client might not get the code.
        """
        # This method is called again for all data that comes afterwards.
        if not self.close_sent and (close := self.conn.close_sent) is not None:
            self._leave(close.code, close.reason)
            self._end_writing()

    def flooded(self, reason: str) -> None:
        """Close the socket; what the client still sends is read and dropped."""
        self.end(CloseCode.POLICY_VIOLATION, reason)
        self._end_writing()

    def _end_writing(self) -> None:
        if self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()

    def handle_close(self, event: Any) -> None:
        """Note that the client closed the socket."""
        self._peer_closed = True
        super().handle_close(event)

    @property
    def is_open(self) -> bool:
        """Whether messages can be written."""
        return self.handshake_complete and not (self.close_sent or self._peer_closed or self.disconnected)

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write one text message for each body: the head, the body and the tail.

        Returns False, and writes nothing, if bytes wait already and there would be more than `most` with these. If
        the socket is closed, nothing is written either.
        """
        # Inlined for speed: this runs for every event and every subscriber.
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
        """Write a text message, however much waits already. Does nothing if the socket is closed."""
        if self.is_open:
            self.write_raw(_header(len(message)) + message)

    def ping(self) -> None:
        """Send a ping frame, which every WebSocket client answers automatically."""
        if self.is_open:
            self.write_raw(_PING)

    def handle_ping(self) -> None:
        """Answer a ping. While bytes wait, only the pong for the last ping is stored and sent later: otherwise a
        client that pings and does not read would let pongs pile up.
        """
        # `data_to_send` has the answers to all frames of this read, including a close frame after the pings.
        if not self.is_open or self.conn.close_sent:
            super().handle_ping()
        elif answers := self.conn.data_to_send():
            self._pong = answers[-1]
            if not self.pending:
                self._send_pong()

    def resume_writing(self) -> None:
        """Send the stored pong, because no bytes wait any more."""
        super().resume_writing()
        self._send_pong()

    def _send_pong(self) -> None:
        pong, self._pong = self._pong, b""
        if pong and self.is_open:
            self.write_raw(pong)

    async def drained(self) -> None:
        """Wait until no written bytes wait any more, or the connection is lost."""
        await self.writable.wait()

    def end(self, code: int, reason: str = "") -> None:
        """Close the socket with a code, after the bytes that wait. After a timeout unread bytes are dropped."""
        if self.is_open:
            self.conn.send_close(code, reason)
            self._leave(code, reason)

    def _leave(self, code: int, reason: str) -> None:
        """Send the close frame, and start the timeout for the client's own close frame."""
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused and not self.transport.is_closing():
            # The client's close frame comes after messages that the application does not read any more.
            self.read_paused = False
            self.transport.resume_reading()
            self._go_on_soon()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    @property
    def ending(self) -> tuple[EndedBy, int]:
        """Which side closed it first and with which code, after it has ended; 1005 if the client gave no code."""
        sent, received = self.conn.close_sent, self.conn.close_rcvd
        if received is not None and (sent is None or self.conn.close_rcvd_then_sent):
            return "client", received.code
        return ("lost", 1006) if sent is None else ("server", sent.code)

    def begin_answer(self) -> None:
        """An answer is being made, which the client should get before the server closes the socket."""
        self._answering += 1

    def end_answer(self) -> None:
        """An answer was sent, or will not be. If the server stops and it was the last one, close the socket."""
        self._answering -= 1
        if self.is_stopping and not self._answering:
            self.end(CloseCode.SERVICE_RESTART)

    def shutdown(self) -> None:
        """The server stops: close the socket, after the answers that are in the making."""
        if not self.handshake_complete:
            super().shutdown()
            return
        self.is_stopping = True
        if not self._answering:
            self.end(CloseCode.SERVICE_RESTART)
        self.hurry()

    def left_to_peer(self) -> Left | None:
        """The client has to read what was written, and to answer the close frame."""
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
