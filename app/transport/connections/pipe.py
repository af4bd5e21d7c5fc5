"""The interface of connections that can be written to without waiting, and the close codes of sockets."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol

from app.transport.ports import EndedBy


class CloseCode(IntEnum):
    """The close codes: why the server closes a socket, and whether the client should reconnect."""

    POLICY_VIOLATION = 1008
    """The client exceeds a limit on messages or frames; it should not reconnect."""
    SERVICE_RESTART = 1012
    """The server stops; the client should reconnect, to another process or to this one after its restart."""
    TRY_AGAIN_LATER = 1013
    """The socket cannot be served now; the client should reconnect."""
    BAD_REQUEST = 4400
    """The client violates the protocol; it should not reconnect."""
    UNAUTHORIZED = 4401
    """The caller lost access; the client should not reconnect."""
    FORBIDDEN = 4403
    """The token is invalid or expired; the client should reconnect with a new one."""
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    """The client does not offer the subprotocol graphql-transport-ws."""
    CONNECTION_INITIALISATION_TIMEOUT = 4408
    """connection_init did not come in time; the client should reconnect."""
    SUBSCRIBER_ALREADY_EXISTS = 4409
    """The client used the id of a running operation; it should not reconnect."""
    TOO_MANY_INITIALISATION_REQUESTS = 4429
    """connection_init came twice; the client should not reconnect."""
    INTERNAL_SERVER_ERROR = 4500
    """An internal error; the client should not reconnect."""


PIPE = "overdracht.pipe"
"""The key of the connection's `Pipe` in the `extensions` of an ASGI scope."""


class Pipe(Protocol):
    """A connection that can be written to without waiting: a WebSocket, or a response whose body is being sent."""

    answers: bool
    """Whether the client answers a ping: True for WebSockets, False for HTTP."""
    heard: int
    """How often data came from the client."""
    written: int
    """The number of bytes written so far."""
    is_stopping: bool
    """Whether the server is shutting down."""
    is_endless: bool
    """Whether it is a response that ends only when the client disconnects or the server closes it."""

    @property
    def is_open(self) -> bool:
        """Whether it can be written to."""

    @property
    def pending(self) -> int:
        """The written bytes that wait in memory because the client has not read them yet."""

    def write(self, message: bytes) -> None:
        """Write a message, however much waits already. Does nothing if the connection is not open."""

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write one message for each body: the head, the body and the tail.

        Returns False, and writes nothing, if bytes wait already and there would be more than `most` with these. If
        the connection is not open, nothing is written either.
        """

    def ping(self) -> None:
        """Write a ping frame (WebSocket) or a comment (event stream), which only keeps the connection alive."""

    async def drained(self) -> None:
        """Wait until no written bytes wait any more, or the connection is lost."""

    def end(self, code: int, reason: str = "") -> None:
        """Close the connection with a close code, after the bytes that wait. Does nothing if it is not open."""


class Socket(Pipe, Protocol):
    """A WebSocket. When the server stops, it is closed after the answers that are in the making."""

    @property
    def ending(self) -> tuple[EndedBy, int]:
        """Which side closed it first and with which close code; only after it has ended."""

    def begin_answer(self) -> None:
        """An answer is being made, which the client should get before the server closes the socket."""

    def end_answer(self) -> None:
        """An answer was sent, or will not be."""
