"""Fan-out: how many subscribers are told of an event, how late, and what each of them costs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from tests.bench.ledger import Inbox, Ledger
from tests.bench.load import Load
from tests.bench.machine import CPU_TICK, Cores, Used
from tests.bench.meter import Meter, quantile
from tests.bench.results import Figures, Result
from tests.bench.servers import PLAIN, MeasuringFailed, Server, running
from tests.bench.subscribers import Audience

ONE, MANY, IDLE = "one", "many", "idle"

_CROWD = 5000
"""From so many subscribers of one inbox on, half as many events are in flight."""

_AT_REST = 0.04
"""A server is at rest when it used less CPU time than this in the time between two looks."""

_LOOK_SECONDS = 0.4
_LOOKS = 60


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    servers: Sequence[str]
    workloads: Sequence[str]
    subscribers: Sequence[int]
    """Of one inbox."""
    plain_up_to: int
    """The plain server is given no more subscribers of one inbox than this."""
    many: int
    """Subscribers over all inboxes together."""
    inboxes: int
    idle: int
    seconds: float
    """The length of a slice."""


@dataclass(frozen=True)
class Workload:
    """So many subscribers over so many inboxes, idle or not."""

    kind: str
    subscribers: int
    inboxes: int

    def __str__(self) -> str:
        if self.kind == ONE:
            return f"{self.subscribers:,} of one inbox"
        return f"{self.subscribers:,} over {self.inboxes:,} inboxes{', idle' if self.kind == IDLE else ''}"


async def run(plan: Plan, cores: Cores, report: Callable[[Result], None]) -> list[Result]:
    """Measure every workload on every server, each time a fresh one. What came of it is reported at once."""
    results = []
    for workload in _workloads(plan):
        for server in plan.servers:
            if server == PLAIN and workload.kind == ONE and workload.subscribers > plan.plain_up_to:
                continue
            result = await _measure(workload, server, plan.seconds, cores)
            report(result)
            results.append(result)
    return results


def _workloads(plan: Plan) -> Iterator[Workload]:
    if ONE in plan.workloads:
        yield from (Workload(ONE, subscribers, 1) for subscribers in plan.subscribers)
    if MANY in plan.workloads:
        yield Workload(MANY, plan.many, plan.inboxes)
    if IDLE in plan.workloads:
        yield Workload(IDLE, plan.idle, plan.inboxes)


async def _measure(workload: Workload, name: str, seconds: float, cores: Cores) -> Result:
    ledger, figures = Ledger(), Figures()
    try:
        async with running(name, workload.inboxes, cores) as server:
            measure = _idle if workload.kind == IDLE else _told
            figures = await measure(workload, server, ledger, seconds)
    except MeasuringFailed as failed:
        ledger.violation("failed", str(failed).encode())
    return Result(str(workload), name, figures, dict(ledger.violations), ledger.examples)


async def _told(workload: Workload, server: Server, ledger: Ledger, seconds: float) -> Figures:
    """Latency with one event in flight, and deliveries per second with as many as keep the server busy."""
    connections, in_flight = (1, 4 if workload.subscribers >= _CROWD else 8) if workload.kind == ONE else (8, 4)
    alone, together = Load(server.port, ledger, 1), Load(server.port, ledger, connections)
    audience, meter = Audience(ledger, server.port), Meter(server.tree)
    try:
        await alone.hello(server.inboxes)
        await audience.connect(_spread(workload.subscribers, server.inboxes))
        followed = [inbox for inbox in server.inboxes if inbox.subscribers]
        for inbox in followed:
            await alone.warm(inbox)
        reckon = partial(_deliveries, ledger)
        latency = await meter.medians(lambda: _begun(ledger, alone.stream(followed, seconds, 1)), reckon)
        volume = await meter.medians(lambda: _begun(ledger, together.stream(followed, seconds, in_flight)), reckon)
        # Whoever is told something twice may be so after everybody was told once.
        await _rest(server)
        audience.count_missing()
    finally:
        audience.leave()
        alone.close()
        together.close()
    in_the_crowd = {f"crowd_{name}": volume[name] for name in _LATENCIES}
    alone_figures = {name: latency[name] for name in _LATENCIES}
    return volume | in_the_crowd | alone_figures | {"frame_bytes": ledger.frame_bytes()}


_LATENCIES = ("p50_ms", "p99_ms", "last_ms")


async def _begun(ledger: Ledger, stream: Awaitable[list[float]]) -> list[float]:
    """What a stream of events returns; only its own deliveries count."""
    del ledger.latencies[:]
    return await stream


def _deliveries(ledger: Ledger, last: Sequence[float], seconds: float, used: Used) -> Figures:
    """`last` says for each event after how many seconds the last subscriber had it."""
    latencies = ledger.latencies
    if not latencies:
        raise TimeoutError("nothing was delivered")
    return {
        "events": len(last),
        "deliveries_per_s": len(latencies) / seconds,
        "deliveries_per_cpu_s": len(latencies) / max(used.server, CPU_TICK),
        "p50_ms": quantile(latencies, 0.5) * 1000,
        "p99_ms": quantile(latencies, 0.99) * 1000,
        "last_ms": quantile(last, 0.5) * 1000,
    }


async def _idle(workload: Workload, server: Server, ledger: Ledger, seconds: float) -> Figures:
    """Memory and CPU time for connections that have subscribed, and are told nothing until that is measured."""
    load, audience = Load(server.port, ledger, 1), Audience(ledger, server.port)
    try:
        await load.hello(server.inboxes)
        await _rest(server)
        memory, before, began = server.tree.resident_kib(), server.tree.used(), perf_counter()
        await audience.connect(_spread(workload.subscribers, server.inboxes))
        took, used = perf_counter() - began, server.tree.used().since(before)
        await _rest(server)
        held = server.tree.resident_kib() - memory
        # They count for nothing unless they are told, now that it disturbs no figure.
        for inbox in server.inboxes:
            if inbox.subscribers:
                await load.warm(inbox)
        audience.count_missing()
    finally:
        audience.leave()
        load.close()
    return {
        "kib_per_connection": held / workload.subscribers,
        "connects_per_cpu_s": workload.subscribers / max(used.server, CPU_TICK),
        "server_busy": used.server / took,
        "driver_busy": used.driver / took,
        "others_busy": used.others / took,
    }


async def _rest(server: Server) -> None:
    """Wait until the server has done what it was asked, and is at rest."""
    used = server.tree.cpu_seconds()
    for _ in range(_LOOKS):
        await asyncio.sleep(_LOOK_SECONDS)
        before, used = used, server.tree.cpu_seconds()
        if used - before < _AT_REST:
            return


def _spread(subscribers: int, inboxes: Sequence[Inbox]) -> list[Inbox]:
    """Which inbox each subscriber follows: as many each."""
    return [inboxes[nth % len(inboxes)] for nth in range(subscribers)]
