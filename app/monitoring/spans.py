"""OpenTelemetry traces: a span for each operation, for its transaction, and for each fact that is handed out.

Operations, not fields: a span for every field costs more than the field. Imported only where traces are wanted: the
packages are an extra.
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
"""How long a stopping server tries to hand over its last spans."""


class _CallIds(RandomIdGenerator):
    """Gives a span without a parent the trace id of its call, so that every place tells the same one."""

    def __init__(self) -> None:
        self.next: int | None = None

    def generate_trace_id(self) -> int:
        """The id of the next trace."""
        found, self.next = self.next, None
        return super().generate_trace_id() if found is None else found


class Spans:
    """Makes spans and hands them to an exporter, in the background and some at a time.

    What the SDK reads from OTEL_… variables (sampler, headers, service name, resource) holds here as well.
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
        """Spans are handed over while this is open, and at its end what is left, if that can be done soon."""
        try:
            yield
        finally:
            # It waits for the network, for which it has no bound of its own that is short enough.
            ending = asyncio.ensure_future(asyncio.to_thread(self._provider.shutdown))
            await asyncio.wait([ending], timeout=_FLUSH_SECONDS)
            if not ending.done():
                await asyncio.to_thread(self._exporter.shutdown)
            await ending

    def began(self, attempt: Attempt) -> None:
        """Begin the span of an operation, below the client's own where it told one."""
        assert attempt.call is not None  # noqa: S101 - that is what beginning means
        call = attempt.call
        given = attempt.traceparent
        carrier = {"traceparent": given} if isinstance(given, str) else {}
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
        """End it, and say what came of it."""
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
        """A span below the operation that writes; none where nobody's operation does."""
        if not trace.get_current_span().get_span_context().is_valid:
            yield
            return
        # What an error says may be what somebody typed.
        with self._tracer.start_as_current_span(
            "transaction", record_exception=False, set_status_on_exception=False
        ):
            yield

    def origin(self) -> SpanContext | None:
        """What the span of a fact is linked to."""
        found = trace.get_current_span().get_span_context()
        return found if found.is_valid else None

    @contextmanager
    def handing_out(
        self, facts: Sequence[Gebeurtenis], origins: Sequence[SpanContext | None], members: int, found: float
    ) -> Iterator[None]:
        """A span for each fact, from when it began to be executed until the last member was handed it."""
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
    """Spans that go to an OpenTelemetry collector over OTLP/HTTP; `endpoint` is its base URL."""
    url = endpoint.rstrip("/").removesuffix(_PATH) + _PATH
    return Spans(OTLPSpanExporter(url, timeout=_REQUEST_SECONDS))


def _resource() -> Resource:
    own = Resource({"service.name": "overdracht", "service.version": version("overdracht")})
    return Resource.create().merge(own).merge(OTELResourceDetector().detect())


def _moment(counted: float) -> int:
    """A `time.perf_counter` as nanoseconds since 1970."""
    return time.time_ns() - round((time.perf_counter() - counted) * 1e9)
