"""A connection that is written to without waiting, and the codes that sockets are closed with."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol

from app.transport.ports import EndedBy


class CloseCode(IntEnum):
    """Why a socket is closed."""

    POLICY_VIOLATION = 1008
    """It sends more than it may; it stays away."""
    SERVICE_RESTART = 1012
    """The server stops; it comes back, to another process or to this one when it is up again."""
    TRY_AGAIN_LATER = 1013
    """It cannot be served now; it comes back."""
    BAD_REQUEST = 4400
    """It does not keep to the protocol; it stays away."""
    UNAUTHORIZED = 4401
    """Its caller is not let in any more; it stays away."""
    FORBIDDEN = 4403
    """What its caller came in with is not valid, or not any more; it comes back with a fresh one."""
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    """It does not speak graphql-transport-ws."""
    CONNECTION_INITIALISATION_TIMEOUT = 4408
    """It did not say in time who it is; it comes back."""
    SUBSCRIBER_ALREADY_EXISTS = 4409
    """It gave two operations one id; it stays away."""
    TOO_MANY_INITIALISATION_REQUESTS = 4429
    """It said twice who it is; it stays away."""
    INTERNAL_SERVER_ERROR = 4500
    """We broke; it stays away."""


PIPE = "overdracht.pipe"
"""Under this name a scope's `extensions` have the `Pipe` of the connection."""


class Pipe(Protocol):
    """A connection that is written to without waiting: a WebSocket, or a response that was begun."""

    answers: bool
    """Whether the peer answers a ping."""
    heard: int
    """How often something came from the peer."""
    written: int
    """The bytes that were written."""
    is_stopping: bool
    """Whether the server was told to stop."""
    is_endless: bool
    """Whether it is a response that ends only when the client goes or is sent away."""

    @property
    def is_open(self) -> bool:
        """Whether it can be written to."""

    @property
    def pending(self) -> int:
        """The bytes that the peer has not taken yet."""

    def write(self, message: bytes) -> None:
        """Write a message, whatever waits already; nothing where it is not open."""

    def offer(self, head: bytes, bodies: Sequence[bytes], tail: bytes, most: int) -> bool:
        """Write messages, each of a head, a body and a tail, unless something waits and it would be more than
        `most` bytes with them: then False, and nothing is written. Where it is not open nothing is written either.
        """

    def ping(self) -> None:
        """Write what asks for a sign of life and means nothing."""

    async def emptied(self) -> None:
        """Wait until nothing waits to be taken, or the connection is lost."""

    def end(self, code: int, reason: str = "") -> None:
        """End it with a close code, behind what waits; nothing where it is not open."""


class Socket(Pipe, Protocol):
    """A WebSocket, which may have answers under way when the server stops."""

    @property
    def ending(self) -> tuple[EndedBy, int]:
        """Who ended it first and with which close code, once it has ended."""

    def begin_answer(self) -> None:
        """An answer is under way that the peer should still get."""

    def end_answer(self) -> None:
        """It was sent, or will not be."""
