"""OpenTelemetry traces, as a collector gets them: operations, their transactions, and facts that are handed out."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from app.monitoring.spans import Spans
from app.settings import Settings, SettingsWrong
from tests.support import waiting
from tests.support.arrange import new_taak, taak
from tests.support.client import PATIENCE
from tests.support.collector import Collector, collecting
from tests.support.commands import ROOT
from tests.support.databases import KINDS, refusing
from tests.support.figures import until, with_figures
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import serving
from tests.support.table import fact
from tests.support.template import Template

# Traces tell of operations and facts, whatever is read.
pytestmark = pytest.mark.database("sqlite")

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
NOT_SAMPLED = {"traceparent": f"00-{TRACE}-{PARENT}-00"}

POSTVAK = """
subscription Geheim ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }
"""
REGISTER = """
mutation Geheim ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


def traced(settings: Settings, collector: Collector) -> Settings:
    """The same settings, with figures, and traces go to the collector."""
    return with_figures(settings).model_copy(update={"otlp_endpoint": collector.url})


@pytest.mark.database(*KINDS)
async def test_an_operation_goes_on_with_the_trace_of_its_client_and_its_transaction_is_below_it(
    settings: Settings, template: Template, collector: Collector
) -> None:
    async with serving(traced(settings, collector), template.eenheden) as server:
        server.http.headers.update(SAMPLED)
        await new_taak(server.as_(DESK), server.eenheden["VER"])
    operation, transaction = collector.named("mutation registreerKlantcontact"), collector.named("transaction")
    assert (operation.trace_id, operation.parent_id) == (TRACE, PARENT)
    assert (transaction.trace_id, transaction.parent_id) == (TRACE, operation.span_id)
    assert operation.attributes["overdracht.outcome"] == "ok"
    assert operation.attributes["graphql.operation.type"] == "mutation"
    assert collector.services == {"overdracht"}


async def test_a_fact_is_a_trace_of_its_own_that_is_linked_to_the_operation_that_made_it(
    settings: Settings, template: Template, collector: Collector
) -> None:
    eenheid = template.eenheden["VER"]
    async with serving(traced(settings, collector), template.eenheden) as server:
        inbox = server.as_(VERGUNNINGEN)
        async with inbox.follow(POSTVAK, eenheid=eenheid) as one, inbox.events(POSTVAK, eenheid=eenheid) as other:
            await until(server, subscriptions=2.0, subscriptions_catching_up=0.0)
            await new_taak(server.as_(DESK), eenheid)
            await asyncio.gather(one.next(), other.next())
    fact, operation = collector.named("deliver fact"), collector.named("mutation registreerKlantcontact")
    assert fact.links == [operation.span_id]
    assert fact.parent_id == ""
    assert fact.trace_id != operation.trace_id
    assert fact.attributes == {
        "overdracht.soort": "GEREGISTREERD",
        "overdracht.eenheid": eenheid,
        "overdracht.volgnummer": 1,
        "overdracht.subscribers": 2,
    }
    assert [span.name for span in collector.spans].count("subscription postvak") == 2


async def test_an_operation_on_a_socket_has_the_trace_that_its_client_sends_along_or_one_of_its_own(
    settings: Settings, template: Template, collector: Collector
) -> None:
    async with (
        serving(traced(settings, collector), template.eenheden) as server,
        server.as_(DESK).socket() as ws,
    ):
        for id_, extensions in (("1", SAMPLED), ("2", {})):
            payload = {"query": "{ ik { rollen } kanalen }", "extensions": extensions}
            await ws.send({"id": id_, "type": "subscribe", "payload": payload})
            assert [(await ws.receive())["type"] for _ in range(2)] == ["next", "complete"]
    [sent, own] = [span for span in collector.spans if span.name == "query several"]
    assert (sent.trace_id, sent.parent_id) == (TRACE, PARENT)
    assert own.trace_id != TRACE
    assert own.parent_id == ""


async def test_what_a_client_does_not_want_traced_is_not(
    settings: Settings, template: Template, collector: Collector
) -> None:
    async with serving(traced(settings, collector), template.eenheden) as server:
        server.http.headers.update(NOT_SAMPLED)
        await new_taak(server.as_(DESK), server.eenheden["VER"])
        await server.as_(DESK).data("{ kanalen }")
    assert collector.spans == []


@pytest.mark.database(*KINDS)
async def test_a_span_tells_that_we_broke_and_nothing_that_was_typed(
    settings: Settings, template: Template, collector: Collector
) -> None:
    input = {"onderwerp": "Xyzzy plugh", "interneTaken": [taak(template.eenheden["VER"])]}
    async with (
        serving(traced(settings, collector), template.eenheden) as server,
        refusing(settings.database_url, "BEFORE INSERT", "klantcontact", "1 = 1", "Xyzzy plugh"),
    ):
        assert await server.as_(DESK).codes(REGISTER, input=input) == ["INTERNE_FOUT"]
    operation = collector.named("mutation registreerKlantcontact")
    assert operation.is_error
    assert operation.attributes["overdracht.reason"] == "INTERNE_FOUT"
    for text in (b"Xyzzy", b"plugh", b"Geheim", DESK.naam.encode(), DESK.subject.encode()):
        assert text not in collector.raw


class Held(SpanExporter):
    """A collector that takes nothing until it may."""

    def __init__(self) -> None:
        self.asked, self.may = threading.Event(), threading.Event()
        self.taken: list[str] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.asked.set()
        # Whoever is to let it go on may be waiting for it: then it takes them too early.
        self.may.wait(PATIENCE)
        self.may.set()
        self.taken += [span.name for span in spans]
        return SpanExportResult.SUCCESS


async def test_who_makes_spans_goes_on_while_a_collector_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # How long spans may wait for others with which they are sent, in milliseconds.
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    collector = Held()
    spans = Spans(collector)

    def hand_out() -> None:
        with spans.handing_out([fact(1)], [None], 1, time.perf_counter()):
            pass

    async with spans.running():
        hand_out()
        await waiting.until(collector.asked.is_set)
        for _ in range(10):
            hand_out()
        assert collector.taken == []
        collector.may.set()
    assert collector.taken == ["deliver fact"] * 11


async def test_where_no_collector_is_deeds_are_done_as_with_one(settings: Settings, template: Template) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    away = settings.model_copy(update={"otlp_endpoint": nobody})
    async with serving(away, template.eenheden) as server:
        await new_taak(server.as_(DESK), server.eenheden["VER"])


async def test_whoever_wants_no_traces_does_not_load_what_makes_them() -> None:
    # redis-py loads the metrics of OpenTelemetry by itself where they are installed.
    unwanted = "{'app.monitoring.spans', 'opentelemetry.sdk.trace', 'opentelemetry.exporter'}"
    loads = f"import sys, app.__main__; sys.exit(len({unwanted} & set(sys.modules)))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", loads, cwd=ROOT)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_OTLP_ENDPOINT"):
        Settings.read(otlp_endpoint="collector:4317")


async def test_a_trace_that_begins_here_is_told_alike_wherever_it_is_told(
    settings: Settings, template: Template, collector: Collector
) -> None:
    async with serving(traced(settings, collector), template.eenheden) as server:
        await new_taak(server.as_(DESK), server.eenheden["VER"])
    assert collector.named("mutation registreerKlantcontact").trace_id in await asyncio.to_thread(
        Path(settings.verwerkingenlog).read_text
    )
