"""Temporary directories for tests."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - each is given a directory of its own in it
_ROOM = 4 * 2**30
"""The free memory that is required, in bytes; the tests of some processes together use only a part of it."""


@contextmanager
def passing_directory(name: str) -> Iterator[Path]:
    """An empty directory, which is removed at the end of the context.

    It is in memory if there is room, because creating a database for every test is slow on disk.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    directory = tempfile.mkdtemp(prefix=f"overdracht-{name}-", dir=_MEMORY if in_memory else None)
    try:
        yield Path(directory)
    finally:
        shutil.rmtree(directory)
