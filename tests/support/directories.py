"""Where tests keep what nobody needs when they have ended."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - each is given a directory of its own in it
_ROOM = 4 * 2**30
"""In bytes; all that the tests of some processes keep at a time is a part of it."""


@contextmanager
def passing_directory(name: str) -> Iterator[Path]:
    """An empty directory, which is removed in the end.

    It is in memory where there is room: a database is made for every test, and a disk is slow to make files on.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    directory = tempfile.mkdtemp(prefix=f"overdracht-{name}-", dir=_MEMORY if in_memory else None)
    try:
        yield Path(directory)
    finally:
        shutil.rmtree(directory)
