"""The interfaces between the transports and the rest of the program, which is passed in."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self

from graphql import GraphQLError, GraphQLFormattedError

from app.plans.plan import PlanContext

EndedBy = Literal["client", "server", "lost"]
"""Which side closed a WebSocket first; `lost` if the connection broke without a close frame."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation, as the processing log and traces need it.

    `kind` is query, mutation or subscription. `fields` are the names of its root fields, each once. `name` is the
    operation's name in the document. `trace_id` is 32 hexadecimal digits: the client's if it sent one (W3C Trace
    Context). `last_event_id` is the id of the last event that a reconnecting client received. `by_get` is whether
    the request, with its variables, is in a URL.
    """

    kind: str
    fields: tuple[str, ...]
    name: str | None
    trace_id: str
    last_event_id: str | None = None
    by_get: bool = False


class OperationContext(PlanContext, Protocol):
    """The context of one operation; it is closed when the operation ends."""

    @property
    def scope(self) -> Hashable:
        """What the caller may see. Callers with an equal scope get equal results."""

    @property
    def refusals(self) -> Sequence[str]:
        """The type names of the results so far that refuse the request."""

    def of_fact(self, event: Any) -> "OperationContext":
        """A new context for one event of a subscription. Of the caller it has only the scope."""

    async def close(self) -> None:
        """Release the resources of the context."""


class CallerSession(Protocol):
    """An authenticated caller, with their rights at the time of authentication or renewal."""

    @property
    def caller(self) -> Hashable:
        """The identity of the caller: equal for all sessions of one caller."""

    @property
    def scope(self) -> Hashable:
        """What the caller may see. Callers with an equal scope get equal results."""

    @property
    def seconds_left(self) -> float:
        """For how many seconds the token is still valid."""

    @property
    def is_expired(self) -> bool:
        """Whether the token has expired."""

    async def renewed(self) -> Self:
        """The caller's session with their current rights; raises a GraphQLError if they lost access."""

    def watch(self, heard: Callable[[Self | None], None]) -> Callable[[], None]:
        """Call `heard` whenever the caller's rights change, with their new session, or with None if they lost
        access.

        Returns a function that ends this.
        """

    def open_context(self, call: Call) -> OperationContext:
        """A new context for one operation."""


Authenticate = Callable[[object], Awaitable[CallerSession]]
"""Authenticates a caller by their Authorization value, or raises a GraphQLError."""

FormatError = Callable[[GraphQLError], GraphQLFormattedError]
"""Formats an error for clients."""

IsTransient = Callable[[BaseException], bool]
"""Whether an error is transient, so that a retry can succeed; for example when the database is unavailable."""


IsUnauthorized = Callable[[BaseException], bool]
"""Whether an error means that the caller lost access."""

There = Callable[[bool], None]
"""A callback for attendance: False when nobody seems to be behind an open socket, True when somebody is
again.
"""


class EventSource(Protocol):
    """What the resolver of a subscription returns: events in an order that is equal for all subscribers. Each event
    has a place (its position): a number that grows.
    """

    @property
    def key(self) -> Hashable:
        """Equal for sources of the same events."""

    @property
    def there(self) -> There | None:
        """The callback for attendance (at first the subscriber is present); None if that does not matter."""

    @property
    def after(self) -> int:
        """The place after which this subscriber begins."""

    @property
    def end(self) -> int:
        """The place of the last event that existed when the source was opened; at least `after`."""

    def place(self, event: Any) -> int:
        """The place of an event."""

    def events(self, after: int) -> AsyncGenerator[list[Any], None]:
        """Yield every event after a place, in batches of what is available, at the consumer's pace."""

    def begin(self, group: str) -> None:
        """Report that delivery to the subscriber begins, as a member of the group with this name."""

    def close(self, place: int) -> None:
        """Report that the subscriber has left; `place` is that of the last event they received."""


@dataclass(slots=True, eq=False)
class Attempt:
    """One request of a client, from its arrival until its response, or the beginning of its stream, is ready.

    `call` is None until the request is known to be an operation that may be executed. `codes` are the codes of the
    errors that were sent. `is_broken` means that an internal error left no response, `is_left` that the client
    disconnected before it. `kept` is for the observer's own data. `began` is a `time.perf_counter` value.
    """

    traceparent: object = None
    call: Call | None = None
    context: OperationContext | None = None
    codes: list[str] = field(default_factory=list)
    is_broken: bool = False
    is_left: bool = False
    began: float = field(default_factory=time.perf_counter)
    kept: Any = None

    @property
    def seconds(self) -> float:
        """Seconds since the request arrived."""
        return time.perf_counter() - self.began


class Observer(Protocol):
    """Gets events for metrics and traces. Its methods must be fast and must not raise."""

    def began(self, attempt: Attempt) -> None:
        """An operation is known, and its execution begins."""

    def ended(self, attempt: Attempt) -> None:
        """An attempt has its response, or will get none."""

    def error_sent(self, code: str) -> None:
        """An error with this code is sent to a client."""

    def handing_out(self, events: Sequence[Any], members: int, found: float) -> AbstractContextManager[None]:
        """A context in which events are delivered to the members of a group. `found` is the `time.perf_counter`
        value when their payloads were started.
        """

    def closed(self, by: EndedBy, code: int) -> None:
        """A WebSocket has ended, with this close code."""

    def limit_refused(self, limit: str) -> None:
        """A limit refused something; the limit's name never comes from what a client sent."""


class NoObserver:
    """An observer that does nothing."""

    def began(self, attempt: Attempt) -> None:
        """Do nothing."""

    def ended(self, attempt: Attempt) -> None:
        """Do nothing."""

    def error_sent(self, code: str) -> None:
        """Do nothing."""

    def handing_out(self, events: Sequence[Any], members: int, found: float) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def closed(self, by: EndedBy, code: int) -> None:
        """Do nothing."""

    def limit_refused(self, limit: str) -> None:
        """Do nothing."""
