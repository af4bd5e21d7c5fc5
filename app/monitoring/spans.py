"""OpenTelemetry traces: a span for each operation, for its transaction, and for each fact that is delivered.

There are no spans for fields: a span costs more than most fields. The module is imported only if traces are
configured, because its packages are an optional extra.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from importlib.metadata import version

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.domain.model import Gebeurtenis
from app.monitoring.recorder import Outcome
from app.transport.ports import Attempt

_PATH = "/v1/traces"
_REQUEST_SECONDS = 3.0
_FLUSH_SECONDS = 5.0
"""How long a stopping server tries to export its last spans."""


class _CallIds(RandomIdGenerator):
    """Gives a span without a parent the trace id of its call, so that logs and traces have the same id."""

    def __init__(self) -> None:
        self.next: int | None = None

    def generate_trace_id(self) -> int:
        """The id set as `next`, once; otherwise a random id."""
        id_, self.next = self.next, None
        return super().generate_trace_id() if id_ is None else id_


class Spans:
    """Creates spans and exports them in batches, in the background.

    The OTEL_… environment variables of the SDK (sampler, headers, service name, resource) apply.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._ids = _CallIds()
        self._provider = TracerProvider(resource=_resource(), id_generator=self._ids, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("overdracht")
        self._propagator = TraceContextTextMapPropagator()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Spans are exported while this context is open; on exit the last ones, within `_FLUSH_SECONDS`."""
        try:
            yield
        finally:
            # In a thread with a timeout: shutdown waits for the network, and its own timeout is too long.
            ending = asyncio.ensure_future(asyncio.to_thread(self._provider.shutdown))
            await asyncio.wait([ending], timeout=_FLUSH_SECONDS)
            if not ending.done():
                await asyncio.to_thread(self._exporter.shutdown)
            await ending

    def began(self, attempt: Attempt) -> None:
        """Begin the span of an operation, as a child of the client's span if it sent a traceparent."""
        assert attempt.call is not None  # noqa: S101 - an operation that begins has a call
        call = attempt.call
        traceparent = attempt.traceparent
        carrier = {"traceparent": traceparent} if isinstance(traceparent, str) else {}
        parent = self._propagator.extract(carrier, context.Context())
        self._ids.next = int(call.trace_id, 16)
        name = call.fields[0] if len(call.fields) == 1 else "several"
        span = self._tracer.start_span(
            f"{call.kind} {name}",
            parent,
            SpanKind.SERVER,
            {"graphql.operation.type": call.kind, "overdracht.fields": call.fields},
            start_time=_moment(attempt.began),
        )
        self._ids.next = None
        attempt.kept = (span, context.attach(trace.set_span_in_context(span)))

    def ended(self, attempt: Attempt, outcome: Outcome) -> None:
        """End the span of an operation, with its outcome."""
        span, token = attempt.kept
        context.detach(token)
        span.set_attribute("overdracht.outcome", outcome.result)
        if outcome.reason:
            span.set_attribute("overdracht.reason", outcome.reason)
        if outcome.result == "internal":
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A span for a database transaction, as a child of the operation's span; no span outside an operation."""
        if not trace.get_current_span().get_span_context().is_valid:
            yield
            return
        # The message of an error may quote what somebody typed, so the exception is not recorded.
        with self._tracer.start_as_current_span(
            "transaction", record_exception=False, set_status_on_exception=False
        ):
            yield

    def origin(self) -> SpanContext | None:
        """The context of the current span, to which the span of a fact can link; None if there is no span."""
        current = trace.get_current_span().get_span_context()
        return current if current.is_valid else None

    @contextmanager
    def handing_out(
        self, facts: Sequence[Gebeurtenis], origins: Sequence[SpanContext | None], members: int, found: float
    ) -> Iterator[None]:
        """A span for each fact: from `found`, when its payload was started, until the whole group got it."""
        with ExitStack() as spans:
            for fact, origin in zip(facts, origins, strict=True):
                span = self._tracer.start_span(
                    "deliver fact",
                    context.Context(),
                    SpanKind.CONSUMER,
                    {
                        "overdracht.soort": str(fact.soort),
                        "overdracht.eenheid": fact.eenheid_id,
                        "overdracht.volgnummer": fact.volgnummer,
                        "overdracht.subscribers": members,
                    },
                    [Link(origin)] if origin else [],
                    _moment(found),
                )
                spans.callback(span.end)
            yield


def open_spans(endpoint: str) -> Spans:
    """Spans exported to an OpenTelemetry collector over OTLP/HTTP; `endpoint` is its base URL."""
    url = endpoint.rstrip("/").removesuffix(_PATH) + _PATH
    return Spans(OTLPSpanExporter(url, timeout=_REQUEST_SECONDS))


def _resource() -> Resource:
    own = Resource({"service.name": "overdracht", "service.version": version("overdracht")})
    return Resource.create().merge(own).merge(OTELResourceDetector().detect())


def _moment(counted: float) -> int:
    """Convert a `time.perf_counter` value to nanoseconds since 1970."""
    return time.time_ns() - round((time.perf_counter() - counted) * 1e9)
