"""Cyclic garbage: what refers to itself in a circle when nobody uses it any more, which Python's collector seeks.

Meanwhile nothing else goes on, for half a microsecond or more for each object that it looks at. So where a process
serves it looks at few objects at a time, and soon: most of what a request leaves is young. What has lived for long
is looked at only while that is little. Thousands of connections are never looked through again, so what lives as
long as they do must not end in a circle: then it is freed when its last user lets go of it
(tests/running/test_garbage.py).
"""

import gc
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_GENERATIONS = (2_000, 5, 5)
"""After how many new objects the collector looks at those; after how many such looks at those that are older, and
after how many of these at all that were not set aside.
"""

_MOST = 10_000
"""When more objects than these are left of all that were looked at, they are set aside."""


def settle() -> None:
    """Have the collector look at few objects at a time from now on, and never at what stands for good: the schema
    and the libraries. To be called once in a process, when all is there and before it serves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GENERATIONS)
    gc.callbacks.append(_set_aside)


def _set_aside(phase: str, info: dict[str, Any]) -> None:
    """Called by the collector before and after each look."""
    if phase == "stop" and info["generation"] == 2 and len(gc.get_objects(generation=2)) > _MOST:
        gc.freeze()


def between_looks(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a work returns that makes many circles. The collector looks when it is done and all of them are garbage:
    what it finds in use it takes for something that lasts.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return work(*args, **kwargs)
    finally:
        if was_enabled:
            gc.enable()
