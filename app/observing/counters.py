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


class Counters:
    """Every counter and histogram. `soorten` are the kinds of facts there are."""

    def __init__(self, registry: CollectorRegistry, soorten: Collection[str]) -> None:
        def counter(name: str, help: str, *labels: str) -> Counter:
            return Counter(f"overdracht_{name}", help, labels, registry=registry)

        def histogram(name: str, help: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(f"overdracht_{name}", help, labels, buckets=buckets, registry=registry)

        self.build = Info("overdracht_build", "What runs here.", registry=registry)
        self.operations = counter(
            "operations", "What clients asked, by what came of it.", "kind", "field", "outcome", "reason"
        )
        self.operation_seconds = histogram(
            "operation_seconds",
            "From when an operation came until its answer, or the beginning of its stream, was there.",
            _OPERATION,
            "kind",
            "field",
        )
        self.errors = counter("errors", "Errors that clients were told.", "code")
        self.limits_refused = counter("limits_refused", "What was refused because of a limit.", "limit")
        self.logins_refused = counter("logins_refused", "Who was not let in, by why.", "reason")
        self.sockets_closed = counter("sockets_closed", "WebSockets that ended, by who ended them.", "by", "code")
        self.facts_written = counter("facts_written", "Facts committed by this process.", "soort")
        self.fact_delivery_seconds = histogram(
            "fact_delivery_seconds",
            "From the commit of a fact until it was handed to every live subscriber of a group.",
            _DELIVERY,
            "made",
        )
        self.facts_handed_out = counter(
            "facts_handed_out", "Facts handed to subscribers, each as often as there are."
        )
        self.database_wait_seconds = histogram(
            "database_wait_seconds", "Waiting for a connection or for the turn to write.", _WAIT, "access"
        )
        self.loop_lag_seconds = histogram("event_loop_lag_seconds", "How late the event loop came round.", _LAG)
        # What is there from the beginning can be told from what never happened.
        for soort in soorten:
            self.facts_written.labels(soort)
        for made in ("here", "elsewhere"):
            self.fact_delivery_seconds.labels(made)


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
