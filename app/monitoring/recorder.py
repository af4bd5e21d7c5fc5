"""Records events of the transports and the use cases as metrics, and as traces if those are configured."""

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
"""The most facts committed by this process that are remembered until they are delivered."""

_CLOSE_CODES = frozenset({*range(1000, 1016), *(4400, 4401, 4403, 4406, 4408, 4409, 4429, 4499, 4500)})
"""Close codes that are used as a label; all others, which a client may choose, are counted as `other`."""


class Outcome(NamedTuple):
    """How an attempt ended: `kind` and `field` are those of the operation, `reason` is the refusal's or error's
    code.

    `result` is ok, refused, error, internal or left (the client disconnected).
    """

    kind: str
    field: str
    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """A fact committed by this process: when (`time.perf_counter`), and the span that later spans can link to."""

    at: float
    origin: Any


class Tracing(Protocol):
    """Creates spans. Implemented by `Spans`; a protocol, because that module needs an optional package."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Spans are exported while this context is open."""

    def began(self, attempt: Attempt) -> None:
        """Begin the span of an operation."""

    def ended(self, attempt: Attempt, outcome: Outcome) -> None:
        """End the span of an operation."""

    def transaction(self) -> AbstractContextManager[None]:
        """A span for a database transaction, as a child of the operation's span; no span outside an operation."""

    def origin(self) -> Any:
        """The context of the current span, which later spans can link to."""

    def handing_out(
        self, facts: Sequence[Gebeurtenis], origins: Sequence[Any], members: int, found: float
    ) -> AbstractContextManager[None]:
        """A span for each fact, linked to the span that created the fact if this process did."""


class Recorder:
    """The observer of the transports and of the use cases that write. Without `tracing` it only records metrics."""

    def __init__(self, counters: Counters, tracing: Tracing | None = None) -> None:
        self._counters = counters
        self._tracing = tracing
        self._commits: Lru[str, Commit] = Lru(_REMEMBERED)
        self._operations: dict[Outcome, Counter] = {}
        self._seconds: dict[tuple[str, str], Histogram] = {}
        self._waits: dict[str, Histogram] = {}
        self._limits = Reasons()
        self._logins = Reasons()

    def began(self, attempt: Attempt) -> None:
        """Record that an operation begins."""
        if self._tracing is not None:
            self._tracing.began(attempt)

    def ended(self, attempt: Attempt) -> None:
        """Count an operation and the time it took."""
        outcome = _outcome(attempt)
        # Cached, because looking a counter up by its labels takes longer than incrementing it.
        if (operations := self._operations.get(outcome)) is None:
            operations = self._operations[outcome] = self._counters.operations.labels(*outcome)
        operations.inc()
        if attempt.call is not None:
            labels = outcome[:2]
            if (seconds := self._seconds.get(labels)) is None:
                seconds = self._seconds[labels] = self._counters.operation_seconds.labels(*labels)
            seconds.observe(attempt.seconds)
            if self._tracing is not None:
                self._tracing.ended(attempt, outcome)

    def error_sent(self, code: str) -> None:
        """Count an error that was sent to a client."""
        self._counters.errors.labels(code).inc()

    def closed(self, by: EndedBy, code: int) -> None:
        """Count a WebSocket that ended."""
        self._counters.sockets_closed.labels(by, str(code) if code in _CLOSE_CODES else "other").inc()

    def limit_refused(self, limit: str) -> None:
        """Count a refusal because of a limit."""
        self._counters.limits_refused.labels(self._limits(limit)).inc()

    def login_refused(self, reason: str) -> None:
        """Count a login that was refused."""
        self._counters.logins_refused.labels(self._logins(reason)).inc()

    def waited(self, access: str, seconds: float) -> None:
        """Record how long code waited for a connection or the write lock; `access` says which kind of access."""
        if (waits := self._waits.get(access)) is None:
            waits = self._waits[access] = self._counters.database_wait_seconds.labels(access)
        waits.observe(seconds)

    def transaction(self) -> AbstractContextManager[None]:
        """A span for a database transaction, if there are traces."""
        return nullcontext() if self._tracing is None else self._tracing.transaction()

    def committed(self, facts: Sequence[Gebeurtenis]) -> None:
        """Count the facts of a committed transaction, and remember the time of the commit."""
        commit = Commit(time.perf_counter(), self._tracing and self._tracing.origin())
        for fact in facts:
            self._counters.facts_written.labels(str(fact.soort)).inc()
            self._commits.put(fact.id, commit)

    @contextmanager
    def handing_out(self, events: Sequence[Gebeurtenis], members: int, found: float) -> Iterator[None]:
        """Count and time the delivery of facts to a group. The cost does not depend on the number of members."""
        commits = [self._commits.get(fact.id) for fact in events]
        if self._tracing is None:
            yield
        else:
            origins = [commit and commit.origin for commit in commits]
            with self._tracing.handing_out(events, origins, members, found):
                yield
        self._counters.facts_handed_out.inc(len(events) * members)
        now = time.perf_counter()
        for fact, commit in zip(events, commits, strict=True):
            if commit is not None:
                self._counters.fact_delivery_seconds.labels("here").observe(now - commit.at)
            else:
                self._counters.fact_delivery_seconds.labels("elsewhere").observe(_age(fact))


def _age(fact: Gebeurtenis) -> float:
    """The age in seconds of a fact that another process committed.

    It depends on the clocks of both machines, and counts from a moment within the transaction: the time of the
    commit is known only to the process that committed.
    """
    return max(0.0, time.time() - datetime.fromisoformat(fact.tijdstip).timestamp())


def _outcome(attempt: Attempt) -> Outcome:
    kind, field = _operation(attempt)
    if attempt.is_left:
        return Outcome(kind, field, "left")
    if attempt.is_broken or Code.INTERNE_FOUT.value in attempt.codes:
        return Outcome(kind, field, "internal", Code.INTERNE_FOUT.value)
    if attempt.codes:
        return Outcome(kind, field, "error", attempt.codes[0])
    if attempt.context is not None and attempt.context.refusals:
        return Outcome(kind, field, "refused", attempt.context.refusals[0])
    return Outcome(kind, field, "ok")


def _operation(attempt: Attempt) -> tuple[str, str]:
    """The kind and the root field of an operation: `several` for several fields, `none` without an
    operation.
    """
    if attempt.call is None:
        return "none", "none"
    fields = attempt.call.fields
    return attempt.call.kind, fields[0] if len(fields) == 1 else "several"
