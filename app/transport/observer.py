"""What whoever watches is told of: what clients asked, what they were told, how connections ended."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.logs.ids import trace_id
from app.transport.ports import Call, EndedBy, OperationContext


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


attempted: ContextVar[Attempt | None] = ContextVar("attempted", default=None)
"""What is being answered now."""


class Attempting:
    """What a client asks is being answered while this is open; the observer is told when it ends."""

    # Each request has one: no generator for it.
    __slots__ = ("_attempt", "_before", "_observer", "_trace_before")

    def __init__(self, observer: "Observer", traceparent: object) -> None:
        self._observer = observer
        self._attempt = Attempt(traceparent)

    def __enter__(self) -> None:
        self._before = attempted.set(self._attempt)
        self._trace_before = trace_id.set(None)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            is_left = issubclass(kind, asyncio.CancelledError)
            self._attempt.is_left, self._attempt.is_broken = is_left, not is_left
        self._observer.ended(self._attempt)
        trace_id.reset(self._trace_before)
        attempted.reset(self._before)


class Observer(Protocol):
    """Watches. It is told and never asked, must be quick, and raises nothing."""

    def began(self, attempt: Attempt) -> None:
        """It is known what is called, and it is carried out now."""

    def ended(self, attempt: Attempt) -> None:
        """It has its answer, or will have none."""

    def told(self, code: str) -> None:
        """A client was told an error."""

    def handing_out(self, events: Sequence[Any], members: int, found: float) -> AbstractContextManager[None]:
        """Events are handed to so many members of a group meanwhile; `found` is the `time.perf_counter` at which
        making their payloads began.
        """

    def closed(self, by: EndedBy, code: int) -> None:
        """A WebSocket has ended."""

    def limit_refused(self, limit: str) -> None:
        """Something was refused because of a limit, which is named; no name is made of what a client sent."""


class Unobserved:
    """Nobody watches."""

    def began(self, attempt: Attempt) -> None:
        """Do nothing."""

    def ended(self, attempt: Attempt) -> None:
        """Do nothing."""

    def told(self, code: str) -> None:
        """Do nothing."""

    def handing_out(self, events: Sequence[Any], members: int, found: float) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def closed(self, by: EndedBy, code: int) -> None:
        """Do nothing."""

    def limit_refused(self, limit: str) -> None:
        """Do nothing."""
