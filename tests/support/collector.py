"""An OpenTelemetry collector for the tests, on loopback: it stores what it receives."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Sent:
    """A received span."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    links: list[str]
    """The ids of the spans that it is linked to."""
    is_error: bool
    attributes: dict[str, Any]


@dataclass
class Collector:
    """The collector's URL, and what it received."""

    url: str
    spans: list[Sent] = field(default_factory=list)
    raw: bytes = b""
    services: set[str] = field(default_factory=set)

    def named(self, name: str) -> Sent:
        """The only span with this name."""
        [found] = [span for span in self.spans if span.name == name]
        return found

    def take(self, body: bytes) -> None:
        """Store the spans of a request."""
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services |= {str(_attributes(resource.resource)["service.name"])}
            self.spans += [_sent(span) for scope in resource.scope_spans for span in scope.spans]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens inside this context."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                collector.take(body)
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _sent(span: Any) -> Sent:
    return Sent(
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        [link.span_id.hex() for link in span.links],
        span.status.code == span.status.STATUS_CODE_ERROR,
        _attributes(span),
    )


def _attributes(of: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in of.attributes}
