"""What the transports are handed."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self

from graphql import GraphQLError, GraphQLFormattedError

from app.plans.plan import PlanContext

EndedBy = Literal["client", "server", "lost"]
"""Who ended a WebSocket first; lost where nobody said that it ends."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation as it was called, for whoever writes down what was done.

    `kind` is query, mutation or subscription; `fields` are the root fields that it asks, by name and each once;
    `name` is what the client calls it; `trace_id` is 32 hexadecimal digits, the client's own where it sent one (W3C
    Trace Context). `last_event_id` is that of the last event that a client got which comes back.
    """

    kind: str
    fields: tuple[str, ...]
    name: str | None
    trace_id: str
    last_event_id: str | None = None


class OperationContext(PlanContext, Protocol):
    """The context of one operation; closed when it ends. Callers of equal `scope` see the same of everything."""

    @property
    def scope(self) -> Hashable:
        """What the caller may see."""

    @property
    def refusals(self) -> Sequence[str]:
        """By the names of their types, the results so far that are the answer no."""

    def of_fact(self, event: Any) -> "OperationContext":
        """A fresh context for one event of a subscription, with nothing of the caller but his scope."""

    async def close(self) -> None:
        """Let go of whatever it holds."""


class CallerSession(Protocol):
    """A caller who was let in, with his rights as they stood."""

    @property
    def caller(self) -> Hashable:
        """Who it is: equal for the sessions of one caller."""

    @property
    def scope(self) -> Hashable:
        """What he may see."""

    @property
    def seconds_left(self) -> float:
        """How long what he came in with is still valid."""

    @property
    def is_expired(self) -> bool:
        """Whether what he came in with is no longer valid."""

    async def renewed(self) -> Self:
        """The same caller as he stands now; raises a GraphQLError where he would not be let in any more."""

    def watch(self, heard: Callable[[Self | None], None]) -> Callable[[], None]:
        """Have a function called when his rights change, with his session as it stands then, or None where he would
        not be let in any more; until the function that is returned is called.
        """

    def open_context(self, call: Call) -> OperationContext:
        """A fresh context for one operation."""


Authenticate = Callable[[object], Awaitable[CallerSession]]
"""Lets a caller in by his Authorization value, or raises a GraphQLError."""

FormatError = Callable[[GraphQLError], GraphQLFormattedError]
"""Writes an error as clients get it."""

Passes = Callable[[BaseException], bool]
"""Whether an error passes by itself, so that what it broke off can be tried again: a database that is away."""


SendsAway = Callable[[BaseException], bool]
"""Whether an error says that its caller is not let in any more."""

There = Callable[[bool], None]
"""Is told when it turns out that nobody is there behind a socket that stays open, and when somebody is again."""


class EventSource(Protocol):
    """What the resolver of a subscription returns: events in an order that is the same for everyone, each with a
    place: a number that grows.
    """

    @property
    def key(self) -> Hashable:
        """Equal for sources of the same events."""

    @property
    def there(self) -> There | None:
        """What wants to know whether the subscriber is there; None where nobody does. At first they are."""

    @property
    def after(self) -> int:
        """The place after which this subscriber begins."""

    @property
    def end(self) -> int:
        """The place of the last event there was when it was opened; not before `after`."""

    def place(self, event: Any) -> int:
        """The place of an event."""

    def events(self, after: int) -> AsyncGenerator[list[Any], None]:
        """Every event after a place, as many at a time as there are, at the pace of who takes them."""

    def begin(self, group: str) -> None:
        """The subscriber is given events from now on, as all of the group with this name are."""

    def close(self, place: int) -> None:
        """The subscriber has gone; the last event that he was given is at this place."""


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
