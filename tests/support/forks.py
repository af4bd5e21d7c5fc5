"""The program in separate processes that start with everything imported.

Importing the program takes fifty times as long as most commands. So one process (the fork server) imports it once
for all tests, and every started process is a fork of it, with its own arguments, environment and outputs.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

from app.__main__ import main


class Fork:
    """A process that runs the program, with the methods of a process of asyncio."""

    def __init__(self, process: Any, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader) -> None:
        self.pid: int = process.pid
        self.stdout, self.stderr = stdout, stderr
        self._process = process
        loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[int] = loop.create_future()
        loop.add_reader(process.sentinel, self._end)

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None if it still runs."""
        code: int | None = self._process.exitcode
        return code

    def send_signal(self, signal: int) -> None:
        """Send a signal; does nothing if it has ended."""
        with suppress(ProcessLookupError):
            if self.returncode is None:
                os.kill(self.pid, signal)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()

    async def wait(self) -> int:
        """Wait until it has ended; the exit code."""
        return await asyncio.shield(self._ended)

    async def communicate(self) -> tuple[bytes, bytes]:
        """Wait until it has ended; everything that it printed on stdout and stderr."""
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._ended.set_result(self._process.exitcode)


async def fork(arguments: Sequence[str], environment: Mapping[str, str], directory: Path) -> Fork:
    """Start the program as `python -m app` would with these arguments."""
    outputs = [os.pipe(), os.pipe()]
    out, err = [Output(writing) for _, writing in outputs]
    process = _imported().Process(target=_started, args=(arguments, dict(environment), directory, out, err))
    try:
        # The first start waits for the import.
        await asyncio.to_thread(process.start)
    finally:
        for _, writing in outputs:
            os.close(writing)
    return Fork(process, *[await _reader(reading) for reading, _ in outputs])


@cache
def _imported() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["app.__main__"])
    return context


class Output:
    """The write end of a pipe, in a form that can be passed to another process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self._descriptor),)


def _received(sent: Any) -> int:
    descriptor: int = sent.detach()
    return descriptor


def _started(arguments: Sequence[str], environment: Mapping[str, str], directory: Path, out: int, err: int) -> None:
    for descriptor, place in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(descriptor, place)
        os.close(descriptor)
    sys.stdin = os.fdopen(0)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["app", *arguments]
    main()


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader
