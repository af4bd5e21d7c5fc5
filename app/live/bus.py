"""The hint bus: sends every process a hint when facts are committed. Hints may be lost; the relay's poll finds the
facts.

The bus listens to its own messages. When a broker restarts or hangs, its client may get no exception. So the bus
sends heartbeats: if they do not come back, it closes the connection and opens a new one.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from app.common.outage import Outage
from app.domain.model import Hint
from app.live.line import BrokerConnection, opened

log = logging.getLogger(__name__)

Hear = Callable[[Sequence[Hint]], None]
"""A callback that gets the received hints. It must not block: received hints are not queued."""


class Open(Protocol):
    """Opens a connection to the broker."""

    def __call__(self, url: str, *, within_seconds: float) -> AbstractAsyncContextManager[BrokerConnection]:
        """A connection to the broker at a URL. Raises an error if it is not open within the timeout."""


LONGEST_RETRY_SECONDS = 0.75
"""The longest pause before a reconnect: short enough to receive hints within a second after the broker is back."""

MOST_WAITING = 1000
"""The most hints that may wait to be sent; a connection sends one message at a time."""


def retry_pause(failures: int, first_seconds: float) -> float:
    """Seconds to wait before the next connection, after `failures` (1 or more) in a row: doubled at each failure,
    up to LONGEST_RETRY_SECONDS, with random jitter.
    """
    longest = min(first_seconds * 2.0 ** min(failures - 1, 10), LONGEST_RETRY_SECONDS)
    # The jitter keeps processes that lost the broker at the same time from reconnecting at the same time.
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret


class HeartbeatLost(Exception):
    """The bus did not receive its own heartbeats for too long."""


class Bus:
    """One channel of a broker. With the default URL, `memory://`, a process receives its own hints only.

    The public attributes are figures, to be read only: whether the bus receives hints (`hears`), how often that
    stopped (`times_deaf`), the number of reconnects (`times_rebuilt`), and counts of hints and messages.
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
        """Queue hints to be sent, without waiting. Hints are dropped when the queue is full or the broker is away:
        the facts then arrive later, by the poll.
        """
        room = MOST_WAITING - len(self._waiting) if self.hears else 0
        self._waiting.extend(hints[:room])
        self.hints_dropped += len(hints[room:])
        self._send_now.set()

    @asynccontextmanager
    async def running(self, hear: Hear, hears_again: Callable[[], None]) -> AsyncIterator[None]:
        """Send and receive hints while this context is open. It opens after the first attempt to connect, whether
        or not that succeeds.

        `hears_again` is called whenever hints arrive again after some may have been lost.
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
        """Open a connection, and use it until it fails."""
        async with self._open_line(self._url, within_seconds=self._deaf_seconds) as line:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._listen(line, hear, hears_again))
                    tasks.create_task(self._send(line))
                    tasks.create_task(self._watch(hears_again))
            except ExceptionGroup as errors:
                # Recorded before the connection is closed, because closing may take a while.
                self._went_deaf(errors.exceptions[0])

    async def _listen(self, line: BrokerConnection, hear: Hear, hears_again: Callable[[], None]) -> None:
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

    async def _send(self, line: BrokerConnection) -> None:
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
        """Send heartbeats, and raise `HeartbeatLost` when too many in a row did not come back.

        It counts heartbeats and not seconds: a blocked event loop must not look like a broken connection.
        """
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
        raise HeartbeatLost

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
        # Errors of a broker's client may hold parts of the URL, and so of its password.
        trace=False,
    )
