"""The meter: what a slice of a workload came to, and the medians of three that others hardly disturbed."""

import gc
import statistics
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter

from tests.bench.ledger import Ledger
from tests.bench.machine import CPU_TICK, ProcessTree

Figures = dict[str, float]
"""Figures by name."""

_SLICES = 3
_QUIET = 0.15
"""The part of a core that others may use during a slice; one that they disturbed more is measured again."""


class Meter:
    """Measures slices of a workload on a server."""

    def __init__(self, tree: ProcessTree, ledger: Ledger) -> None:
        self._tree = tree
        self._ledger = ledger

    async def medians(self, run: Callable[[], Awaitable[Sequence[float]]]) -> Figures:
        """Each figure's median over the three quietest slices; at most twice as many are measured.

        `run` is a slice: it returns, for each event, after how many seconds the last subscriber had it.
        """
        slices: list[Figures] = []
        while len(slices) < 2 * _SLICES and sum(one["others_busy"] < _QUIET for one in slices) < _SLICES:
            slices.append(await self._slice(run))
        quietest = sorted(slices, key=lambda one: one["others_busy"])[:_SLICES]
        return {name: statistics.median(one[name] for one in quietest) for name in quietest[0]}

    async def _slice(self, run: Callable[[], Awaitable[Sequence[float]]]) -> Figures:
        latencies = self._ledger.latencies
        del latencies[:]
        gc.collect()
        before, began = self._tree.used(), perf_counter()
        last = await run()
        seconds, used = perf_counter() - began, self._tree.used().since(before)
        if not latencies:
            raise TimeoutError("nothing was delivered")
        return {
            "events": len(last),
            "deliveries_per_s": len(latencies) / seconds,
            "deliveries_per_cpu_s": len(latencies) / max(used.server, CPU_TICK),
            "p50_ms": quantile(latencies, 0.5) * 1000,
            "p99_ms": quantile(latencies, 0.99) * 1000,
            "last_ms": quantile(last, 0.5) * 1000,
            "server_busy": used.server / seconds,
            "driver_busy": used.driver / seconds,
            "others_busy": used.others / seconds,
        }


def quantile(values: Sequence[float], part: float) -> float:
    """The value that this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
