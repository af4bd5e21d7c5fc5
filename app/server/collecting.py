"""The collector of cyclic garbage, such that it never holds a serving process up for long.

It looks through all that lives, and meanwhile nothing else goes on: half a microsecond or more for each object. So it
looks at few objects at a time and soon, when most of what a request left is garbage, and at what has lived for long
only as long as that is little. Thousands of connections are not looked through again: nothing that lives as long as
they do ends in a circle, which tests/test_garbage.py watches over, so that it is freed without the collector.
"""

import gc
from typing import Any

_GENERATIONS = (2_000, 5, 5)
"""After how many new objects the collector looks at those; after how many such looks at those that are older, and
after how many of these at all that were not set aside. With Python's own there is a second look after ten.
"""

_MOST = 30_000
"""How many objects are left among those that are looked at; when there are more, all that live are set aside."""


def settle() -> None:
    """Have the collector look at few objects at a time from now on, and never at what stands for good: the schema and
    the libraries. To be called once, when all is there and before it serves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GENERATIONS)
    gc.callbacks.append(_set_aside)


def _set_aside(phase: str, info: dict[str, Any]) -> None:
    """Called by the collector before and after each look."""
    if phase == "stop" and info["generation"] == 2 and len(gc.get_objects(generation=2)) > _MOST:
        gc.freeze()
