"""The monitoring of one server as a whole: metrics, traces and the lag of the event loop."""

import platform
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import Metric

from app.domain.model import GebeurtenisSoort
from app.monitoring.counters import Counters
from app.monitoring.families import collected
from app.monitoring.figures import AnyFigure, Figures
from app.monitoring.lag import probing
from app.monitoring.recorder import Recorder, Tracing
from app.monitoring.workers import Workers


@cache
def _build() -> dict[str, str]:
    return {"version": version("overdracht"), "python": platform.python_version()}


class TracingUnavailable(Exception):
    """Traces are configured, but the packages that they need are not installed."""


class Monitoring:
    """The metrics; and the traces, if `otlp_endpoint` (the base URL of an OpenTelemetry collector) is given.

    `directory` holds the sockets by which the serving processes exchange their metrics; None for a single one.
    """

    def __init__(self, *, otlp_endpoint: str | None, directory: Path | None) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._counters = Counters(self._registry, [soort.value for soort in GebeurtenisSoort])
        self._counters.build.info(_build())
        self._tracing = None if otlp_endpoint is None else _tracing(otlp_endpoint)
        self._workers = None if directory is None else Workers(directory, self._own)
        self.recorder = Recorder(self._counters, self._tracing)

    def show(self, figures: Sequence[AnyFigure]) -> None:
        """Add figures to the metrics that are shown."""
        self._registry.register(Figures(figures))

    async def families(self) -> list[Metric]:
        """The metric families of all processes that serve together."""
        return self._own() if self._workers is None else await self._workers.families()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Traces are exported, other processes are answered and lag is measured while this context is open."""
        async with AsyncExitStack() as stack:
            if self._tracing is not None:
                await stack.enter_async_context(self._tracing.running())
            if self._workers is not None:
                await stack.enter_async_context(self._workers.running())
            await stack.enter_async_context(probing(self._counters.loop_lag_seconds.observe))
            yield

    def _own(self) -> list[Metric]:
        return collected(self._registry)


def _tracing(endpoint: str) -> Tracing:
    # Tracing is an optional extra, so its packages are imported only if traces are configured.
    try:
        spans = import_module("app.monitoring.spans")
    except ModuleNotFoundError:
        raise TracingUnavailable("traces need the extra 'tracing': pip install 'overdracht[tracing]'") from None
    tracing: Tracing = spans.open_spans(endpoint)
    return tracing
