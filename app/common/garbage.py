"""Settings of Python's garbage collector for a process that serves requests.

The collector finds cyclic garbage: unused objects that refer to each other in a cycle. While it runs, the process
does nothing else, for half a microsecond or more per object that it examines. A serving process therefore lets it
run often, over few objects at a time: most garbage of a request is young. Old objects are examined only while there
are few. Objects of thousands of connections are never examined again. So whatever lives as long as a connection
must not be part of a cycle when the connection ends: then reference counting frees it
(tests/running/test_garbage.py).
"""

import gc
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_GENERATIONS = (2_000, 5, 5)
"""The collector's thresholds: it examines the youngest objects after 2,000 new ones, the middle generation at every
5th of these runs, and the oldest generation at every 5th of those.
"""

_MOST = 10_000
"""If more objects are left in the oldest generation after a full collection, all are frozen.
"""


def settle() -> None:
    """Set the collector up for serving: it examines few objects at a time, and never those that exist now, such as
    the schema and the libraries. Call it once per process, before the first request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GENERATIONS)
    gc.callbacks.append(_set_aside)


def _set_aside(phase: str, info: dict[str, Any]) -> None:
    """Called by the collector before and after each collection; freezes old objects if they are too many."""
    if phase == "stop" and info["generation"] == 2 and len(gc.get_objects(generation=2)) > _MOST:
        gc.freeze()


def between_looks(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `work` with the collector disabled, and return its result.

    For work that creates many cycles: when the collector runs afterwards, all of them are garbage. If it ran
    meanwhile, it would move the cycles in use to an older generation.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return work(*args, **kwargs)
    finally:
        if was_enabled:
            gc.enable()
