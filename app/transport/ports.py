"""What the transports are handed."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
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

IsTransient = Callable[[BaseException], bool]
"""Whether an error passes by itself, so that what it broke off can be tried again: a database that is away."""


IsUnauthorized = Callable[[BaseException], bool]
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


@dataclass(slots=True, eq=False)
class Attempt:
    """One thing that a client asked, from when it came until its answer, or the beginning of a stream, was there.

    `call` is None as long as it is not an operation that may be carried out. `codes` are those of the errors that
    the client was told. `is_broken` where he was told nothing since we broke, `is_left` where he went before that.
    `kept` is the observer's own.
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
        """How long ago it came."""
        return time.perf_counter() - self.began


class Observer(Protocol):
    """Watches. It is told and never asked, must be quick, and raises nothing."""

    def began(self, attempt: Attempt) -> None:
        """It is known what is called, and it is carried out now."""

    def ended(self, attempt: Attempt) -> None:
        """It has its answer, or will have none."""

    def error_sent(self, code: str) -> None:
        """A client was told an error."""

    def handing_out(self, events: Sequence[Any], members: int, found: float) -> AbstractContextManager[None]:
        """Events are handed to so many members of a group meanwhile; `found` is the `time.perf_counter` at which
        making their payloads began.
        """

    def closed(self, by: EndedBy, code: int) -> None:
        """A WebSocket has ended."""

    def limit_refused(self, limit: str) -> None:
        """Something was refused because of a limit, which is named; no name is made of what a client sent."""


class NoObserver:
    """Nobody watches."""

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
