"""The counters and histograms that are updated as things happen, on a Prometheus registry of the application's own.

Labels are few and come from closed sets: root fields of the schema, kinds, outcomes, our own codes and reasons.
"""

from collections.abc import Collection, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, Info

_OPERATION = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_DELIVERY = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 30.0)
_WAIT = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
_LAG = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Buckets in seconds. Delivery has one at 1.5: a fact without a hint arrives by the poll, in just over a
second.
"""

_MOST_REASONS = 50


class _Factory:
    """Creates counters and histograms on a registry, with our prefix before their names."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"overdracht_{name}", help, labels, registry=self._registry)

    def histogram(self, name: str, help: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"overdracht_{name}", help, labels, buckets=buckets, registry=self._registry)


class Counters:
    """Every counter and histogram. `soorten` are all kinds of facts (values of the label `soort`)."""

    def __init__(self, registry: CollectorRegistry, soorten: Collection[str]) -> None:
        factory = _Factory(registry)
        self.build = Info("overdracht_build", "What runs here.", registry=registry)
        self._count_operations(factory)
        self._count_facts(factory, soorten)
        self.database_wait_seconds = factory.histogram(
            "database_wait_seconds", "Waiting for a connection or for the turn to write.", _WAIT, "access"
        )
        self.loop_lag_seconds = factory.histogram(
            "event_loop_lag_seconds", "How late the event loop came round.", _LAG
        )

    def _count_operations(self, factory: _Factory) -> None:
        """Create the metrics of operations, errors, refusals and sockets."""
        self.operations = factory.counter(
            "operations", "What clients asked, by what came of it.", "kind", "field", "outcome", "reason"
        )
        self.operation_seconds = factory.histogram(
            "operation_seconds",
            "From when an operation came until its answer, or the beginning of its stream, was there.",
            _OPERATION,
            "kind",
            "field",
        )
        self.errors = factory.counter("errors", "Errors that clients were told.", "code")
        self.limits_refused = factory.counter("limits_refused", "What was refused because of a limit.", "limit")
        self.logins_refused = factory.counter("logins_refused", "Who was not let in, by why.", "reason")
        self.sockets_closed = factory.counter(
            "sockets_closed", "WebSockets that ended, by who ended them.", "by", "code"
        )

    def _count_facts(self, factory: _Factory, soorten: Collection[str]) -> None:
        """Create the metrics of facts written and delivered."""
        self.facts_written = factory.counter("facts_written", "Facts committed by this process.", "soort")
        self.fact_delivery_seconds = factory.histogram(
            "fact_delivery_seconds",
            "From the commit of a fact until it was handed to every live subscriber of a group.",
            _DELIVERY,
            "made",
        )
        self.facts_handed_out = factory.counter(
            "facts_handed_out", "Facts handed to subscribers, each as often as there are."
        )
        # Created at 0, so that a value which never occurred is shown as 0 and is not missing.
        for soort in soorten:
            self.facts_written.labels(soort)
        for place in ("here", "elsewhere"):
            self.fact_delivery_seconds.labels(place)


class Reasons:
    """Bounds the number of values of a label: the first `most` values are used, any other becomes `other`."""

    def __init__(self, most: int = _MOST_REASONS) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, reason: str) -> str:
        """The label's value for a reason: the reason itself, or `other`."""
        if reason in self._known:
            return reason
        if len(self._known) >= self._most:
            return "other"
        self._known.add(reason)
        return reason
