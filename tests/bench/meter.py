"""The meter: what a slice of a workload came to, and the medians of three that others hardly disturbed."""

import gc
import statistics
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter
from typing import TypeVar

from tests.bench.machine import ProcessTree, Used
from tests.bench.results import Figures

T = TypeVar("T")

Reckon = Callable[[T, float, Used], Figures]
"""The figures of what a slice did, in so many seconds, with what was used meanwhile."""

_SLICES = 3
_QUIET = 0.15
"""The part of a core that others may use during a slice; one that they disturbed more is measured again."""


class Meter:
    """Measures slices of a workload on a server."""

    def __init__(self, tree: ProcessTree) -> None:
        self._tree = tree

    async def medians(self, run: Callable[[], Awaitable[T]], reckon: Reckon[T]) -> Figures:
        """Each figure's median over the three quietest slices; at most twice as many are measured."""
        slices: list[Figures] = []
        while len(slices) < 2 * _SLICES and sum(one["others_busy"] < _QUIET for one in slices) < _SLICES:
            slices.append(await self._slice(run, reckon))
        quietest = sorted(slices, key=lambda one: one["others_busy"])[:_SLICES]
        return {name: statistics.median(one[name] for one in quietest) for name in quietest[0]}

    async def _slice(self, run: Callable[[], Awaitable[T]], reckon: Reckon[T]) -> Figures:
        gc.collect()
        before, began = self._tree.used(), perf_counter()
        done = await run()
        seconds, used = perf_counter() - began, self._tree.used().since(before)
        return reckon(done, seconds, used) | {
            "server_busy": used.server / seconds,
            "driver_busy": used.driver / seconds,
            "others_busy": used.others / seconds,
        }


def quantile(values: Sequence[float], part: float) -> float:
    """The value that this part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
