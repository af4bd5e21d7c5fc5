"""The hint bus: tells every process that facts were committed. Hints may be lost; the poll finds the facts.

It listens to itself. Of a broker that restarted or hangs no client hears anything, an exception included: only
a heartbeat that does not come back tells it. Then the line is thrown away and another one opened.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from app.common.outage import Outage
from app.domain.model import Hint
from app.live.line import Line, opened

log = logging.getLogger(__name__)

Hear = Callable[[Sequence[Hint]], None]
"""Takes hints that were heard. It must not wait for anything: what comes in is never queued here."""


class Open(Protocol):
    """Opens lines."""

    def __call__(self, url: str, *, within_seconds: float) -> AbstractAsyncContextManager[Line]:
        """A line to the broker of a URL. Where it is not open in time that raises."""


LONGEST_RETRY_SECONDS = 0.75
"""The longest wait between two lines: short enough to hear again within a second after the broker came back."""

MOST_WAITING = 1000
"""How many hints may wait to be sent; one line sends one message at a time."""


def retry_pause(failures: int, first_seconds: float) -> float:
    """How long to wait before a line is opened anew after so many failures, from 1: twice as long each time."""
    longest = min(first_seconds * 2.0 ** min(failures - 1, 10), LONGEST_RETRY_SECONDS)
    # Processes that lost the broker together do not come back together.
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret


class Deaf(Exception):
    """The bus did not hear itself for too long."""


class Bus:
    """One channel of a broker, `memory://` by default: one process hears only itself then.

    The figures are for reading only: whether it hears, how often it went deaf, how many lines were opened after
    the first, and what became of hints.
    """

    def __init__(
        self,
        url: str,
        *,
        beat_seconds: float,
        deaf_seconds: float,
        retry_seconds: float,
        open_line: Open = opened,
        pause: Callable[[int, float], float] = retry_pause,
    ) -> None:
        self._url = url
        self._open_line = open_line
        self._pause = pause
        self._beat_seconds = beat_seconds
        self._deaf_seconds = deaf_seconds
        self._retry_seconds = retry_seconds
        self._waiting: list[Hint] = []
        self._send_now = asyncio.Event()
        self._heard_itself = False
        self._tried = asyncio.Event()
        self._failures = 0
        self._outage = _deafness()
        self.hears = False
        self.times_deaf = 0
        self.times_rebuilt = 0
        self.hints_sent = 0
        self.hints_dropped = 0
        self.hints_heard = 0
        self.unreadable = 0

    async def publish(self, hints: Sequence[Hint]) -> None:
        """Have hints sent. It waits for nothing: what cannot be sent is dropped, and costs time but no fact."""
        room = MOST_WAITING - len(self._waiting) if self.hears else 0
        self._waiting.extend(hints[:room])
        self.hints_dropped += len(hints[room:])
        self._send_now.set()

    @asynccontextmanager
    async def running(self, hear: Hear, hears_again: Callable[[], None]) -> AsyncIterator[None]:
        """Hints are sent and heard while this is open. It opens when the bus hears, or as soon as that failed once.

        `hears_again` is called whenever hints may have been lost before and are heard from now on.
        """
        supervising = asyncio.create_task(self._supervise(hear, hears_again))
        try:
            await self._tried.wait()
            yield
        finally:
            supervising.cancel()
            try:
                await asyncio.gather(supervising, return_exceptions=True)
            finally:
                self.hears = False
                self._drop_waiting()

    async def _supervise(self, hear: Hear, hears_again: Callable[[], None]) -> None:
        while True:
            try:
                await self._one_line(hear, hears_again)
            except Exception as error:
                self._went_deaf(error)
            await asyncio.sleep(self._pause(self._failures, self._retry_seconds))
            self.times_rebuilt += 1

    async def _one_line(self, hear: Hear, hears_again: Callable[[], None]) -> None:
        """Open a line, and work with it until it fails."""
        async with self._open_line(self._url, within_seconds=self._deaf_seconds) as line:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._listen(line, hear, hears_again))
                    tasks.create_task(self._send(line))
                    tasks.create_task(self._watch(hears_again))
            except ExceptionGroup as errors:
                # Here already: closing a line may take its time.
                self._went_deaf(errors.exceptions[0])

    async def _listen(self, line: Line, hear: Hear, hears_again: Callable[[], None]) -> None:
        while True:
            message = await line.next()
            if message is None:
                self._could_not_read()
                continue
            if message.line == line.id:
                self._heard_itself = True
                if not self.hears:
                    self._begin_to_hear()
                    hears_again()
            if message.hints:
                self.hints_heard += len(message.hints)
                hear(message.hints)

    async def _send(self, line: Line) -> None:
        while True:
            await self._send_now.wait()
            self._send_now.clear()
            hints, self._waiting = self._waiting, []
            try:
                await line.send(hints)
            except BaseException:
                self.hints_dropped += len(hints)
                raise
            self.hints_sent += len(hints)

    async def _watch(self, hears_again: Callable[[], None]) -> None:
        """Ends by raising `Deaf`. It counts heartbeats, not time: a loop that stood still is not a deaf bus."""
        missed, too_many = 0, max(1, int(self._deaf_seconds / self._beat_seconds) - 1)
        while missed < too_many:
            self._heard_itself = False
            self._send_now.set()
            await asyncio.sleep(self._beat_seconds)
            if not self._heard_itself:
                missed += 1
            elif missed:
                missed = 0
                hears_again()
        raise Deaf

    def _begin_to_hear(self) -> None:
        self.hears = True
        self._outage.over()
        self._tried.set()

    def _went_deaf(self, error: Exception) -> None:
        if self.hears or self._failures == 0:
            self.times_deaf += 1
            self._failures = 0
        self._failures += 1
        self.hears = False
        self._drop_waiting()
        self._outage.failed(error)
        self._tried.set()

    def _drop_waiting(self) -> None:
        self.hints_dropped += len(self._waiting)
        self._waiting = []

    def _could_not_read(self) -> None:
        self.unreadable += 1
        if self.unreadable == 1:
            log.warning("a message on the hint channel could not be read; the next ones are only counted")


def _deafness() -> Outage:
    return Outage(
        log,
        "the hint bus is deaf; the poll carries the facts meanwhile",
        "the hint bus hears again",
        # What the client of a broker raises may hold parts of the URL, and so of its password.
        trace=False,
    )
