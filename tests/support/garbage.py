"""What is alive in this process, and what only the collector of cyclic garbage would free."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Meanwhile the collector does not look: freed is only what nobody refers to any more, not even itself."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def alive(*types: type) -> Counter[str]:
    """How many objects of exactly these types there are, used or not."""
    wanted = set(types)
    return Counter(type(one).__name__ for one in gc.get_objects() if type(one) in wanted)
