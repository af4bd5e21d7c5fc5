"""Metrics whose values are read at scrape time, from attributes that other objects maintain anyway."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.access.keys import Keys
from app.live.bus import Bus
from app.live.relay import Relay
from app.logs.lines import LogLines
from app.transport.delivery.groups import Deliveries
from app.transport.transport import Transport


@dataclass(frozen=True)
class Figure:
    """One metric without labels, read at scrape time. It is anonymous: no name, free text or id of a person."""

    kind: Literal["counter", "gauge"]
    name: str
    help: str
    read: Callable[[], float]

    def metric(self) -> Metric:
        """The metric with its current value; prometheus_client adds `_total` to the name of a counter."""
        family = CounterMetricFamily if self.kind == "counter" else GaugeMetricFamily
        return family(f"overdracht_{self.name}", self.help, value=self.read())


@dataclass(frozen=True)
class LabelledCounter:
    """A counter with labels, read at scrape time. Labels are few and come from closed sets.

    `read` returns the value of each combination of labels; the values of labels are in the order of `labels`.
    """

    name: str
    help: str
    labels: Sequence[str]
    read: Callable[[], Mapping[tuple[str, ...], float]]

    def metric(self) -> Metric:
        """The metric with its current values."""
        family = CounterMetricFamily(f"overdracht_{self.name}", self.help, labels=self.labels)
        for values, value in self.read().items():
            family.add_metric(values, value)
        return family


AnyFigure = Figure | LabelledCounter


class Figures(Collector):
    """A Prometheus collector of figures."""

    def __init__(self, figures: Sequence[AnyFigure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Read every figure."""
        return [figure.metric() for figure in self._figures]


def live_figures(bus: Bus, relay: Relay) -> list[Figure]:
    """The metrics of the hint bus and the relay."""
    return [
        Figure("gauge", "bus_hears", "Whether the hint bus hears itself: 1 or 0.", lambda: bus.hears),
        Figure("counter", "bus_deaf", "How often the hint bus went deaf.", lambda: bus.times_deaf),
        Figure("counter", "bus_rebuilt", "How often it was connected anew.", lambda: bus.times_rebuilt),
        Figure("counter", "hints_sent", "Hints sent to the broker.", lambda: bus.hints_sent),
        Figure("counter", "hints_dropped", "Hints that could not be sent.", lambda: bus.hints_dropped),
        Figure("counter", "hints_heard", "Hints heard, those of this process included.", lambda: bus.hints_heard),
        Figure(
            "counter", "bus_unreadable", "Messages on the channel that nobody could read.", lambda: bus.unreadable
        ),
        Figure("counter", "polls", "How often the ends of followed streams were read.", lambda: relay.polls),
        Figure(
            "counter",
            "poll_found_facts",
            "Facts that a poll found in followed streams and no hint had told of.",
            lambda: relay.found_by_poll,
        ),
    ]


def keys_figures(keys: Keys) -> list[Figure]:
    """The metric of the keys that tokens are verified with: whether their source answers."""
    return [
        Figure(
            "gauge",
            "keys_answer",
            "Whether the issuer gave its keys when it was last asked: 1 or 0; 1 where they are in a file.",
            lambda: keys.answers,
        )
    ]


def serving_figures(transport: Transport) -> list[AnyFigure]:
    """The metrics of the transports: operations, connections and deliveries."""
    executed = transport.executor.executed
    operations = LabelledCounter(
        "operations_executed",
        "Operations, and facts selected for subscriptions, by how: compiled, or why not.",
        ("kind", "way"),
        # A copy, because the counter may get new keys while it is being read.
        lambda: {(kind, way): count for (kind, way), count in executed.items()},
    )
    return [operations, *_connection_figures(transport), *_delivery_figures(transport.deliveries)]


def _connection_figures(transport: Transport) -> list[Figure]:
    return [
        Figure("gauge", "open_connections", "Open sockets and event streams.", lambda: len(transport.idle_watch)),
        Figure("gauge", "open_sockets", "Open WebSockets.", lambda: transport.idle_watch.sockets),
        Figure(
            "gauge",
            "open_event_streams",
            "Open responses of server-sent events.",
            lambda: len(transport.idle_watch) - transport.idle_watch.sockets,
        ),
        Figure("gauge", "pending_bytes", "Bytes that wait for slow readers.", lambda: transport.pending),
    ]


def _delivery_figures(deliveries: Deliveries) -> list[Figure]:
    return [
        Figure(
            "gauge",
            "groups",
            "Groups of subscriptions that are told alike, each executed and serialised once.",
            lambda: deliveries.groups,
        ),
        Figure("gauge", "subscriptions", "Open subscriptions.", lambda: deliveries.subscriptions),
        Figure(
            "gauge",
            "subscriptions_catching_up",
            "Those of them that read from the table at their own pace.",
            lambda: deliveries.catching_up,
        ),
        Figure(
            "counter",
            "payloads_made",
            "Facts executed and serialised, each once for all who select alike.",
            lambda: deliveries.payloads_made,
        ),
    ]


def loglines_figures(lines: LogLines) -> list[Figure]:
    """The metrics of the processing log (verwerkingenlog)."""
    return [
        Figure("counter", "verwerkingenlog_written", "Lines of the processing log written.", lambda: lines.written),
        Figure("counter", "verwerkingenlog_lost", "Those that were lost: alert on any.", lambda: lines.lost),
        Figure("gauge", "verwerkingenlog_waiting", "Those that wait to be written.", lambda: lines.waiting),
    ]
