"""Watches: makes figures, and traces where they are wanted, of what the transports and the use cases tell."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from prometheus_client import Counter, Histogram

from app.common.lru import Lru
from app.domain.model import Gebeurtenis
from app.graphql.errors import Code
from app.monitoring.counters import Counters, Reasons
from app.transport.ports import Attempt, EndedBy

_REMEMBERED = 4096
"""How many facts of its own a process remembers until they are handed out."""

_CLOSE_CODES = frozenset({*range(1000, 1016), *(4400, 4401, 4403, 4406, 4408, 4409, 4429, 4499, 4500)})
"""Close codes that stand in figures; a client may choose others."""


class Outcome(NamedTuple):
    """What came of an attempt: `kind` and `field` are the operation's, `reason` says which refusal or error."""

    kind: str
    field: str
    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A fact that was committed here: when, by `time.perf_counter`, and what traces keep of it."""

    at: float
    origin: Any


class Tracing(Protocol):
    """Makes traces."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Traces are handed over while this is open."""

    def began(self, attempt: Attempt) -> None:
        """Begin the span of an operation."""

    def ended(self, attempt: Attempt, outcome: Outcome) -> None:
        """End it."""

    def transaction(self) -> AbstractContextManager[None]:
        """A span below the operation that writes, if one does."""

    def origin(self) -> Any:
        """What later spans can be linked to: the one that is open now."""

    def handing_out(
        self, facts: Sequence[Gebeurtenis], origins: Sequence[Any], members: int, found: float
    ) -> AbstractContextManager[None]:
        """A span for each fact, linked to where it was made if that is known."""


class Recorder:
    """Of the transports and of the use cases that write. Without `tracing` there are figures only."""

    def __init__(self, counters: Counters, tracing: Tracing | None = None) -> None:
        self._counters = counters
        self._tracing = tracing
        self._made: Lru[str, Made] = Lru(_REMEMBERED)
        self._operations: dict[Outcome, Counter] = {}
        self._seconds: dict[tuple[str, str], Histogram] = {}
        self._waits: dict[str, Histogram] = {}
        self._limits = Reasons()
        self._logins = Reasons()

    def began(self, attempt: Attempt) -> None:
        """An operation is carried out."""
        if self._tracing is not None:
            self._tracing.began(attempt)

    def ended(self, attempt: Attempt) -> None:
        """Count an operation and the time it took."""
        outcome = _outcome(attempt)
        # To find a counter by its labels takes longer than to count.
        if (operations := self._operations.get(outcome)) is None:
            operations = self._operations[outcome] = self._counters.operations.labels(*outcome)
        operations.inc()
        if attempt.call is not None:
            asked = outcome[:2]
            if (seconds := self._seconds.get(asked)) is None:
                seconds = self._seconds[asked] = self._counters.operation_seconds.labels(*asked)
            seconds.observe(attempt.seconds)
            if self._tracing is not None:
                self._tracing.ended(attempt, outcome)

    def error_sent(self, code: str) -> None:
        """Count an error that a client was told."""
        self._counters.errors.labels(code).inc()

    def closed(self, by: EndedBy, code: int) -> None:
        """Count a WebSocket that ended."""
        self._counters.sockets_closed.labels(by, str(code) if code in _CLOSE_CODES else "other").inc()

    def limit_refused(self, limit: str) -> None:
        """Count what a limit refused."""
        self._counters.limits_refused.labels(self._limits(limit)).inc()

    def login_refused(self, reason: str) -> None:
        """Count who was not let in."""
        self._counters.logins_refused.labels(self._logins(reason)).inc()

    def waited(self, access: str, seconds: float) -> None:
        """Time how long somebody waited for the database."""
        if (waits := self._waits.get(access)) is None:
            waits = self._waits[access] = self._counters.database_wait_seconds.labels(access)
        waits.observe(seconds)

    def transaction(self) -> AbstractContextManager[None]:
        """Something is written."""
        return nullcontext() if self._tracing is None else self._tracing.transaction()

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        """Count the facts that were written, and remember when."""
        made = Made(time.perf_counter(), self._tracing and self._tracing.origin())
        for fact in facts:
            self._counters.facts_written.labels(str(fact.soort)).inc()
            self._made.put(fact.id, made)

    @contextmanager
    def handing_out(self, events: Sequence[Gebeurtenis], members: int, found: float) -> Iterator[None]:
        """Count and time what is handed to a group: a few additions, however many members it has."""
        made = [self._made.get(fact.id) for fact in events]
        if self._tracing is None:
            yield
        else:
            origins = [one and one.origin for one in made]
            with self._tracing.handing_out(events, origins, members, found):
                yield
        self._counters.facts_handed_out.inc(len(events) * members)
        now = time.perf_counter()
        for fact, one in zip(events, made, strict=True):
            if one is not None:
                self._counters.fact_delivery_seconds.labels("here").observe(now - one.at)
            else:
                self._counters.fact_delivery_seconds.labels("elsewhere").observe(_age(fact))


def _age(fact: Gebeurtenis) -> float:
    """How long ago a fact of another process was made, in seconds: by the clocks of both, and from a moment within
    its transaction on, since nobody else knows when it was committed.
    """
    return max(0.0, time.time() - datetime.fromisoformat(fact.tijdstip).timestamp())


def _outcome(attempt: Attempt) -> Outcome:
    kind, field = _asked(attempt)
    if attempt.is_left:
        return Outcome(kind, field, "left")
    if attempt.is_broken or Code.INTERNE_FOUT.value in attempt.codes:
        return Outcome(kind, field, "internal", Code.INTERNE_FOUT.value)
    if attempt.codes:
        return Outcome(kind, field, "error", attempt.codes[0])
    if attempt.context is not None and attempt.context.refusals:
        return Outcome(kind, field, "refused", attempt.context.refusals[0])
    return Outcome(kind, field, "ok")


def _asked(attempt: Attempt) -> tuple[str, str]:
    """The kind and the root field of an operation; `several` for several fields, `none` where it is none."""
    if attempt.call is None:
        return "none", "none"
    fields = attempt.call.fields
    return attempt.call.kind, fields[0] if len(fields) == 1 else "several"
