"""Lines of JSON to a place of their own, written by a thread: nobody waits for a slow disk.

What waits is bounded; lines that find no room are lost and counted. A place that cannot be written to is tried
again until the process stops, so that a full disk costs nothing as long as there is room. What comes shortly after
a line is written with it.

Not a handler of `logging`: whoever configures that closes every handler there is.
"""

import asyncio
import errno
import fcntl
import io
import logging
import os
import queue
import stat
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol

import orjson

from app.common.outage import Outage

log = logging.getLogger(__name__)

STANDARD_OUTPUT = "-"
"""The place that is this process's standard output; any other is a file."""

_STDOUT = 1
_MOST_WAITING = 10_000
_RETRY_SECONDS = 1.0
_STOP_SECONDS = 5.0
_GATHER_SECONDS = 0.005
_MOST_AT_ONCE = 100
"""So long others are waited for that are written with a line, and so many are written at once."""


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
        self._outage = Outage(
            log, f"{place} cannot be written; trying on", f"{place} can be written again", trace=False
        )

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
        while lines := self._waited_for():
            left = self._persistently(lines, place)
            self.lost += len(left)
        place.close()

    def _persistently(self, lines: list[bytes], place: "_Place") -> list[bytes]:
        """Write lines, however often that fails; at the end those are left that could not be written even then."""
        while True:
            # What fails as it is asked to stop is tried once more: there may be room again by then.
            is_last_time = self._stopping.is_set()
            lines = lines[self._written_of(lines, place) :]
            if not lines or is_last_time:
                return lines
            if self._outage.lasts:
                self._stopping.wait(self._retry_seconds)

    def _waited_for(self) -> list[bytes]:
        """The next lines, some at once; none where there will be no more."""
        lines: list[bytes] = []
        line = self._queue.get()
        # Whenever this thread wakes, or calls the system, it holds up the one that serves: seldom is better.
        self._stopping.wait(_GATHER_SECONDS)
        while line is not None:
            lines.append(line)
            if len(lines) == _MOST_AT_ONCE or self._queue.empty():
                return lines
            line = self._queue.get()
        if lines:
            self._queue.put(None)
        return lines

    def _written_of(self, lines: list[bytes], place: "_Place") -> int:
        """Write lines: how many of them were written."""
        try:
            written = place.write(lines)
        except OSError as error:
            self._outage.began(error.strerror or type(error).__name__)
            return 0
        self._outage.over()
        self._is_losing = False
        self.written += written
        return written


class _Place(Protocol):
    """Where lines go."""

    def write(self, lines: Sequence[bytes], /) -> int:
        """Write lines: how many were written, or an OSError where none was."""

    def close(self) -> None:
        """Let go of it."""


class _Whole:
    """Writes whole lines by one call, so that processes that share a place do not mix theirs; keeps nothing back.

    A file takes many lines as a whole, a pipe a short one.
    """

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._is_cut = False
        self._is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        self._most = _MOST_AT_ONCE if self._is_file else 1

    def write(self, lines: Sequence[bytes]) -> int:
        """Write lines: how many were written, or an OSError where none was."""
        written = 0
        try:
            for first in range(0, len(lines), self._most):
                together = lines[first : first + self._most]
                written += self._appended(together) if self._is_file else self._handed_on(together)
        except OSError:
            if not written:
                raise
        return written

    def _appended(self, lines: Sequence[bytes]) -> int:
        """Append lines to the file: how many of them it took. None stands in it by halves: what it does not take to
        the end of its line is taken back, and what somebody else left by halves is ended before.
        """
        descriptor = self.fileno()
        with _alone(descriptor):
            end = os.lseek(descriptor, 0, os.SEEK_END)
            before = b"" if _ends_whole(descriptor, end) else b"\n"
            data = before + b"".join(lines)
            taken = 0
            try:
                while taken < len(data):
                    taken += os.write(descriptor, data[taken:])
            except OSError:
                whole = data.rfind(b"\n", 0, taken) + 1
                os.ftruncate(descriptor, end + whole)
                os.lseek(descriptor, 0, os.SEEK_END)
                if whole <= len(before):
                    raise
                return data.count(b"\n", len(before), whole)
        return len(lines)

    def _handed_on(self, lines: Sequence[bytes]) -> int:
        """Hand lines to whoever reads them: what was broken off before is ended first."""
        rest = (b"\n" if self._is_cut else b"") + b"".join(lines)
        while rest:
            if (taken := self._file.write(rest)) is None:
                # Whoever reads it takes nothing, and it was opened so as not to wait.
                raise BlockingIOError(errno.EAGAIN, "nobody takes what is written")
            piece, rest = rest[:taken], rest[taken:]
            self._is_cut = not piece.endswith(b"\n")
        return len(lines)

    def fileno(self) -> int:
        """The descriptor of the file."""
        return self._file.fileno()

    def close(self) -> None:
        """Close it."""
        self._file.close()


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """No other process that does the same writes to this file meanwhile."""
    fcntl.lockf(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.lockf(descriptor, fcntl.LOCK_UN)


def _ends_whole(descriptor: int, end: int) -> bool:
    """Whether a file that ends there ends with a whole line, as far as it may be read."""
    try:
        return end == 0 or os.pread(descriptor, 1, end - 1) == b"\n"
    except OSError:
        return True


class _File:
    """A file that is appended to, and opened anew when it was moved away: whoever rotates it needs tell nobody."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        self._file = _Whole(io.FileIO(self._path, "a", opener=_for_few))

    def write(self, lines: Sequence[bytes]) -> int:
        """Write lines: how many were written, or an OSError where none was."""
        if not self._is_there():
            self._file.close()
            self._open()
        return self._file.write(lines)

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
    """Who read what is the owner's business and the group's. How it ends is read, where that may be."""
    try:
        return os.open(path, flags & ~os.O_WRONLY | os.O_RDWR, 0o640)
    except PermissionError:
        return os.open(path, flags, 0o640)


def _opened(place: str) -> _Place:
    if place != STANDARD_OUTPUT:
        return _File(place)
    return _Whole(io.FileIO(os.dup(_STDOUT), "w"))
