"""Lines of JSON to a place of their own, written by a thread: nobody waits for a slow disk.

What waits is bounded; lines that find no room are lost and counted. A place that cannot be written to is tried
again until the process stops, so that a full disk costs nothing as long as there is room.

Not a handler of `logging`: whoever configures that closes every handler there is.
"""

import asyncio
import errno
import io
import logging
import os
import queue
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

import orjson

log = logging.getLogger(__name__)

STANDARD_OUTPUT = "-"
"""The place that is this process's standard output; any other is a file."""

_STDOUT = 1
_MOST_WAITING = 10_000
_RETRY_SECONDS = 1.0
_STOP_SECONDS = 5.0


class LogLines:
    """Takes lines and has them written to `place`, while it is `running`.

    The figures are for reading only: how many lines were `written`, how many `lost`.
    """

    def __init__(
        self, place: str, *, most_waiting: int = _MOST_WAITING, retry_seconds: float = _RETRY_SECONDS
    ) -> None:
        self.written = 0
        self.lost = 0
        self._place = place
        self._most_waiting = most_waiting
        self._retry_seconds = retry_seconds
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._is_losing = False
        self._is_failing = False

    @property
    def waiting(self) -> int:
        """How many lines wait to be written."""
        return self._queue.qsize()

    def write(self, line: Mapping[str, Any]) -> None:
        """Have a line written, soon; it is lost where too many wait already."""
        if self.waiting < self._most_waiting:
            self._queue.put(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            return
        self.lost += 1
        if not self._is_losing:
            self._is_losing = True
            log.error("too many lines wait for %s: from now on they are lost", self._place)

    def check(self) -> None:
        """Raise an OSError where the place cannot be written to."""
        _opened(self._place).close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write while this is open; at its end what waits is written, if that takes some seconds only."""
        place = _opened(self._place)
        # A daemon: a place that takes nothing must not keep the process from ending.
        thread = threading.Thread(target=self._write_on, args=[place], name="loglines", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self._queue.put(None)
            await asyncio.to_thread(thread.join, _STOP_SECONDS)
            if lost := self.lost + self.waiting:
                log.error("%d lines for %s were lost", lost, self._place)

    def _write_on(self, place: "_Place") -> None:
        while (line := self._queue.get()) is not None:
            while not self._has_written(place, line):
                if self._stopping.is_set():
                    self.lost += 1
                    break
                self._stopping.wait(self._retry_seconds)
        place.close()

    def _has_written(self, place: "_Place", line: bytes) -> bool:
        try:
            place.write(line)
        except OSError as error:
            if not self._is_failing:
                log.error("%s cannot be written: %s; trying on", self._place, error.strerror)
            self._is_failing = True
            return False
        if self._is_failing:
            log.error("%s can be written again", self._place)
        self._is_failing = self._is_losing = False
        self.written += 1
        return True


class _Place(Protocol):
    """Where lines go."""

    def write(self, line: bytes, /) -> object:
        """Write all of a line, or raise an OSError."""

    def close(self) -> None:
        """Let go of it."""


class _Whole(io.FileIO):
    """Writes a line by one call, so that processes that share a file do not mix theirs, and keeps nothing back."""

    _is_cut = False
    """Whether the last line was broken off in its midst."""

    def write(self, line: Any, /) -> int:
        """Write all of it, or raise; behind what was broken off on a line of its own."""
        rest = memoryview(b"\n" + line if self._is_cut else line)
        while rest:
            if (written := super().write(rest)) is None:
                # Whoever reads it takes nothing, and it was opened so as not to wait.
                raise BlockingIOError(errno.EAGAIN, "nobody takes what is written")
            rest = rest[written:]
            self._is_cut = bool(rest)
        return len(line)


class _File:
    """A file that is appended to, and opened anew when it was moved away: whoever rotates it needs tell nobody."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        self._file = _Whole(self._path, "a", opener=_for_few)

    def write(self, line: bytes) -> None:
        """Write all of a line, or raise an OSError."""
        if not self._is_there():
            self._file.close()
            self._open()
        self._file.write(line)

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._file.fileno()))
        except (FileNotFoundError, ValueError):
            # Moved away; or closed, when it could not be opened anew.
            return False

    def close(self) -> None:
        """Close it."""
        self._file.close()


def _for_few(path: str, flags: int) -> int:
    """Who read what is nobody's business but the owner's and his group's."""
    return os.open(path, flags, 0o640)


def _opened(place: str) -> _Place:
    if place != STANDARD_OUTPUT:
        return _File(place)
    return _Whole(os.dup(_STDOUT), "w")
