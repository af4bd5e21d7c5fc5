"""Requests: how many inboxes are read, or contacts registered, in a second, how late, and what each costs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from tests.bench.http import Connection
from tests.bench.ledger import Ledger
from tests.bench.load import Load
from tests.bench.machine import Cores, Used
from tests.bench.meter import Meter, quantile
from tests.bench.questions import Inboxes, Questions, Registrations
from tests.bench.results import Figures, Result
from tests.bench.servers import MeasuringFailed, Server, running

INBOX, REGISTER = "inbox", "register"

_CONNECTIONS = {INBOX: 16, REGISTER: 8}
_FILLING = 8
_WARMING_SECONDS = 0.5


@dataclass(frozen=True)
class AskingPlan:
    """What is measured: a workload on some servers, with so many inboxes of so many tasks each."""

    workload: str
    servers: Sequence[str]
    inboxes: int
    tasks: int
    seconds: float
    """The length of a slice."""


async def run(plan: AskingPlan, cores: Cores, report: Callable[[Result], None]) -> list[Result]:
    """Measure on every server, each time a fresh one. What came of it is reported at once."""
    results = []
    for name in plan.servers:
        ledger, figures = Ledger(), Figures()
        try:
            async with running(name, plan.inboxes, cores) as server:
                figures = await _measured(plan, server, ledger)
        except MeasuringFailed as failed:
            ledger.violation("failed", str(failed).encode())
        results.append(Result(_said(plan), name, figures, dict(ledger.violations), ledger.examples))
        report(results[-1])
    return results


def _said(plan: AskingPlan) -> str:
    what = "inbox of 50 tasks" if plan.workload == INBOX else "registration"
    return f"{what}, {_CONNECTIONS[plan.workload]} connections"


async def _measured(plan: AskingPlan, server: Server, ledger: Ledger) -> Figures:
    """Latency over one connection, and requests per second over as many as keep the server busy."""
    load = Load(server.port, ledger, 1)
    connections = [Connection(server.port) for _ in range(max(_CONNECTIONS[plan.workload], _FILLING))]
    alone, together = connections[:1], connections[: _CONNECTIONS[plan.workload]]
    asked = Inboxes if plan.workload == INBOX else Registrations
    questions: Questions = asked(server.inboxes, ledger)
    meter = Meter(server.tree)
    try:
        await load.hello(server.inboxes)
        await _fill(plan, server, ledger, connections[:_FILLING])
        await _ask(together, questions, _until(_WARMING_SECONDS))
        one = await meter.medians(lambda: _ask(alone, questions, _until(plan.seconds)), _requests)
        many = await meter.medians(lambda: _ask(together, questions, _until(plan.seconds)), _requests)
        await questions.check_all(connections[0])
    finally:
        load.close()
        for connection in connections:
            connection.close()
    return many | {f"alone_{name}": one[name] for name in ("p50_ms", "p99_ms")}


async def _fill(plan: AskingPlan, server: Server, ledger: Ledger, connections: Sequence[Connection]) -> None:
    """Have tasks in every inbox, each its employee's."""
    left = plan.tasks * plan.inboxes
    filling = Registrations(server.inboxes, ledger, is_taken=True)

    def goes_on() -> bool:
        nonlocal left
        left -= 1
        return left >= 0

    await _ask(connections, filling, goes_on)


def _until(seconds: float) -> Callable[[], bool]:
    end = perf_counter() + seconds
    return lambda: perf_counter() < end


async def _ask(connections: Sequence[Connection], questions: Questions, goes_on: Callable[[], bool]) -> list[float]:
    """Ask over each connection, the next question when the last one is answered. After how long each was."""
    latencies: list[float] = []

    async def work(connection: Connection) -> None:
        while goes_on():
            asked, body = questions.next()
            began = perf_counter()
            answer = await connection.post(body, asked.token)
            latencies.append(perf_counter() - began)
            questions.check(asked, answer)

    await asyncio.gather(*(work(connection) for connection in connections))
    return latencies


def _requests(latencies: Sequence[float], seconds: float, used: Used) -> Figures:
    return {
        "requests_per_s": len(latencies) / seconds,
        "cpu_us_per_request": used.server / max(1, len(latencies)) * 1_000_000,
        "p50_ms": quantile(latencies, 0.5) * 1000,
        "p99_ms": quantile(latencies, 0.99) * 1000,
    }
