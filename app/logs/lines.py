"""JSON lines to a file or to standard output, written by a thread so that no request waits for a slow disk.

The queue is bounded; lines that do not fit are lost and counted. A failed write is retried until the process stops,
so a full disk loses no line as long as the queue has room. Lines that arrive within a few milliseconds are written
together.

This is not a handler of `logging`, because configuring `logging` closes all existing handlers.
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
"""The value of `place` for this process's standard output; any other value is the path of a file."""

_STDOUT = 1
_MOST_WAITING = 10_000
_RETRY_SECONDS = 1.0
_STOP_SECONDS = 5.0
_BATCH_SECONDS = 0.005
_MOST_AT_ONCE = 100
"""A batch: how long to wait for more lines (`_BATCH_SECONDS`), and the most lines in one write."""


class LogLines:
    """Queues lines, and writes them to `place` in a thread while it is `running`.

    `written` and `lost` count lines; they are to be read only.
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
        """Queue a line to be written soon; it is lost if the queue is full."""
        if self.waiting < self._most_waiting:
            self._queue.put(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            return
        self.lost += 1
        if not self._is_losing:
            self._is_losing = True
            log.error("too many lines wait for %s: from now on they are lost", self._place)

    def check(self) -> None:
        """Open and close `place`. Raises OSError if it cannot be opened for writing."""
        _opened(self._place).close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write lines while this context is open; on exit write the queued ones, for at most
        `_STOP_SECONDS`.
        """
        place = _opened(self._place)
        # A daemon thread, so that a blocked write does not keep the process from ending.
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
        while lines := self._next_batch():
            left = self._write_with_retries(lines, place)
            self.lost += len(left)
        place.close()

    def _write_with_retries(self, lines: list[bytes], place: "_Place") -> list[bytes]:
        """Write lines, and retry until all are written or the server stops. Returns those not written."""
        while True:
            # When stopping, one last try: the disk may have room again.
            is_last_time = self._stopping.is_set()
            lines = lines[self._try_to_write(lines, place) :]
            if not lines or is_last_time:
                return lines
            if self._outage.lasts:
                self._stopping.wait(self._retry_seconds)

    def _next_batch(self) -> list[bytes]:
        """Wait for the next batch of lines; it is empty when the server stops."""
        lines: list[bytes] = []
        line = self._queue.get()
        # Each wake-up and system call of this thread delays the thread that serves (the GIL), so a batch saves
        # time.
        self._stopping.wait(_BATCH_SECONDS)
        while line is not None:
            lines.append(line)
            if len(lines) == _MOST_AT_ONCE or self._queue.empty():
                return lines
            line = self._queue.get()
        if lines:
            self._queue.put(None)
        return lines

    def _try_to_write(self, lines: list[bytes], place: "_Place") -> int:
        """Write lines, log a failure, and return how many were written."""
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
    """A file or pipe that lines are written to."""

    def write(self, lines: Sequence[bytes], /) -> int:
        """Write lines. Returns how many were written; raises OSError if none was."""

    def close(self) -> None:
        """Close the descriptor."""


class _Whole:
    """Writes whole lines with one system call, so that the lines of processes that share a file do not mix. No
    buffer.

    A call writes a batch of lines to a file; to a pipe it writes one line, which is atomic only if it is short.
    """

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._is_cut = False
        self._is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        self._most = _MOST_AT_ONCE if self._is_file else 1

    def write(self, lines: Sequence[bytes]) -> int:
        """Write lines. Returns how many were written; raises OSError if none was."""
        written = 0
        try:
            for first in range(0, len(lines), self._most):
                together = lines[first : first + self._most]
                written += self._append_to_file(together) if self._is_file else self._write_to_pipe(together)
        except OSError:
            if not written:
                raise
        return written

    def _append_to_file(self, lines: Sequence[bytes]) -> int:
        """Append lines to the file, and return how many were written.

        The file never ends in a partial line of ours: what a failed write left of a line is truncated. If another
        process left a partial line, a newline is written first.
        """
        descriptor = self.fileno()
        with _locked(descriptor):
            end = os.lseek(descriptor, 0, os.SEEK_END)
            before = b"" if _ends_whole(descriptor, end) else b"\n"
            data = before + b"".join(lines)
            done = 0
            try:
                while done < len(data):
                    done += os.write(descriptor, data[done:])
            except OSError:
                whole = data.rfind(b"\n", 0, done) + 1
                os.ftruncate(descriptor, end + whole)
                os.lseek(descriptor, 0, os.SEEK_END)
                if whole <= len(before):
                    raise
                return data.count(b"\n", len(before), whole)
        return len(lines)

    def _write_to_pipe(self, lines: Sequence[bytes]) -> int:
        """Write lines to a pipe; a newline comes first if the last write broke off within a line."""
        rest = (b"\n" if self._is_cut else b"") + b"".join(lines)
        while rest:
            if (count := self._file.write(rest)) is None:
                # A non-blocking pipe is full, because its reader does not read.
                raise BlockingIOError(errno.EAGAIN, "nobody takes what is written")
            piece, rest = rest[:count], rest[count:]
            self._is_cut = not piece.endswith(b"\n")
        return len(lines)

    def fileno(self) -> int:
        """The file descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        """Close the file descriptor."""
        self._file.close()


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    """Hold an exclusive lock on a file, which the other processes that write lines to it take as well."""
    fcntl.lockf(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.lockf(descriptor, fcntl.LOCK_UN)


def _ends_whole(descriptor: int, end: int) -> bool:
    """Whether a file of `end` bytes is empty or ends with a newline; True if the file cannot be read."""
    try:
        return end == 0 or os.pread(descriptor, 1, end - 1) == b"\n"
    except OSError:
        return True


class _File:
    """A file that lines are appended to. After log rotation (the file was moved or removed) it opens a new one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        self._file = _Whole(io.FileIO(self._path, "a", opener=_open_private))

    def write(self, lines: Sequence[bytes]) -> int:
        """Write lines. Returns how many were written; raises OSError if none was."""
        if not self._is_there():
            self._file.close()
            self._open()
        return self._file.write(lines)

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._file.fileno()))
        except (FileNotFoundError, ValueError):
            # The file was moved (FileNotFoundError), or an earlier try to reopen it failed (ValueError: closed).
            return False

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _open_private(path: str, flags: int) -> int:
    """Open a file with mode 0640: the processing log is private to its owner and group. For reading as well if that
    is permitted, to see whether it ends with a newline.
    """
    try:
        return os.open(path, flags & ~os.O_WRONLY | os.O_RDWR, 0o640)
    except PermissionError:
        return os.open(path, flags, 0o640)


def _opened(place: str) -> _Place:
    if place != STANDARD_OUTPUT:
        return _File(place)
    return _Whole(io.FileIO(os.dup(_STDOUT), "w"))
