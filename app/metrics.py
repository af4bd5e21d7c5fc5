"""Figures for whoever watches over the server, in Prometheus' text format."""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, make_asgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.api.transport.serving import Serving
from app.live.bus import Bus
from app.live.relay import Relay
from app.loglines import LogLines


@dataclass(frozen=True)
class Figure:
    """One number, read when it is asked for. What it counts is anonymous: no name, no text, no id of a person."""

    kind: Literal["counter", "gauge"]
    name: str
    help: str
    read: Callable[[], float]

    def metric(self) -> Metric:
        """As Prometheus knows it; to the name of a counter it adds `_total`."""
        family = CounterMetricFamily if self.kind == "counter" else GaugeMetricFamily
        return family(f"overdracht_{self.name}", self.help, value=self.read())


class _Figures(Collector):
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return [figure.metric() for figure in self._figures]


class Metrics:
    """Shows figures to who sends the token as bearer token. For anybody else there is nothing here."""

    def __init__(self, token: str, figures: Sequence[Figure]) -> None:
        registry = CollectorRegistry()
        registry.register(_Figures(figures))
        self._token = token.encode()
        self._show = make_asgi_app(registry)
        self._show_nothing = PlainTextResponse("Not Found", status_code=404)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; this makes it an ASGI application."""
        show = self._show if scope["method"] in ("GET", "HEAD") and self._is_allowed(scope) else self._show_nothing
        await show(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        # Headers are bytes, which Starlette reads as Latin-1.
        return hmac.compare_digest(token.strip().encode("latin-1"), self._token) and scheme.lower() == "bearer"


def live_figures(bus: Bus, relay: Relay) -> list[Figure]:
    """What the hint bus and the relay count."""
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


def serving_figures(serving: Serving) -> list[Figure]:
    """What the transports count."""
    deliveries = serving.deliveries
    return [
        Figure("gauge", "open_connections", "Open sockets and event streams.", lambda: len(serving.watch)),
        Figure("gauge", "pending_bytes", "Bytes that wait for slow readers.", lambda: serving.watch.pending),
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
    """What the processing log counts."""
    return [
        Figure("counter", "verwerkingenlog_written", "Lines of the processing log written.", lambda: lines.written),
        Figure("counter", "verwerkingenlog_lost", "Those that were lost: alert on any.", lambda: lines.lost),
        Figure("gauge", "verwerkingenlog_waiting", "Those that wait to be written.", lambda: lines.waiting),
    ]
