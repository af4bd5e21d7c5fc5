"""What is counted and timed as it happens, on a registry of the application's own.

Labels are few and of closed sets: root fields of the schema, kinds, outcomes, our own codes and reasons.
"""

from collections.abc import Collection, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, Info

_OPERATION = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_DELIVERY = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 30.0)
_WAIT = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
_LAG = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Buckets in seconds. A fact that no hint tells of comes by the poll, after a second and a bit."""

_MOST_REASONS = 50


class _Made:
    """Makes counters and histograms on a registry, under our names."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"overdracht_{name}", help, labels, registry=self._registry)

    def histogram(self, name: str, help: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"overdracht_{name}", help, labels, buckets=buckets, registry=self._registry)


class Counters:
    """Every counter and histogram. `soorten` are the kinds of facts there are."""

    def __init__(self, registry: CollectorRegistry, soorten: Collection[str]) -> None:
        made = _Made(registry)
        self.build = Info("overdracht_build", "What runs here.", registry=registry)
        self._count_operations(made)
        self._count_facts(made, soorten)
        self.database_wait_seconds = made.histogram(
            "database_wait_seconds", "Waiting for a connection or for the turn to write.", _WAIT, "access"
        )
        self.loop_lag_seconds = made.histogram(
            "event_loop_lag_seconds", "How late the event loop came round.", _LAG
        )

    def _count_operations(self, made: _Made) -> None:
        """What clients asked, and what they were refused."""
        self.operations = made.counter(
            "operations", "What clients asked, by what came of it.", "kind", "field", "outcome", "reason"
        )
        self.operation_seconds = made.histogram(
            "operation_seconds",
            "From when an operation came until its answer, or the beginning of its stream, was there.",
            _OPERATION,
            "kind",
            "field",
        )
        self.errors = made.counter("errors", "Errors that clients were told.", "code")
        self.limits_refused = made.counter("limits_refused", "What was refused because of a limit.", "limit")
        self.logins_refused = made.counter("logins_refused", "Who was not let in, by why.", "reason")
        self.sockets_closed = made.counter(
            "sockets_closed", "WebSockets that ended, by who ended them.", "by", "code"
        )

    def _count_facts(self, made: _Made, soorten: Collection[str]) -> None:
        """What was written, and handed out."""
        self.facts_written = made.counter("facts_written", "Facts committed by this process.", "soort")
        self.fact_delivery_seconds = made.histogram(
            "fact_delivery_seconds",
            "From the commit of a fact until it was handed to every live subscriber of a group.",
            _DELIVERY,
            "made",
        )
        self.facts_handed_out = made.counter(
            "facts_handed_out", "Facts handed to subscribers, each as often as there are."
        )
        # What is there from the beginning can be told from what never happened.
        for soort in soorten:
            self.facts_written.labels(soort)
        for place in ("here", "elsewhere"):
            self.fact_delivery_seconds.labels(place)


class Reasons:
    """Keeps a label to a closed set, whoever adds to it later: the first so many values, and `other`."""

    def __init__(self, most: int = _MOST_REASONS) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, reason: str) -> str:
        """The value of the label for a reason."""
        if reason in self._known:
            return reason
        if len(self._known) >= self._most:
            return "other"
        self._known.add(reason)
        return reason
