"""Time limits on waiting for a database: for a free place, and for an answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from math import inf
from time import perf_counter
from typing import Any, Generic, TypeVar

from app.storage.engine.failures import DatabaseOnbereikbaar
from app.storage.engine.transaction import Waited

T = TypeVar("T")


def no_answer() -> DatabaseOnbereikbaar:
    """The error for a database that accepts connections but does not answer."""
    return DatabaseOnbereikbaar("The database cannot be used: it did not answer in time.")


class ConnectionQueue:
    """Limits how many use a database at once; the others queue in order of arrival. Waiting for longer than
    `wait_seconds` raises an error, and a caller that is cancelled leaves the queue.
    """

    def __init__(self, number: int, access: str, wait_seconds: float, waited: Waited) -> None:
        self._free = asyncio.Semaphore(number)
        self._access = access
        self._wait_seconds = wait_seconds
        self._waited = waited

    async def take(self) -> None:
        """Wait for a free place; the caller must call `leave`. Raises `DatabaseOnbereikbaar` if none is free in
        time.
        """
        began = perf_counter()
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise DatabaseOnbereikbaar("The database cannot be used: nobody made room in time.") from None
        self._waited(self._access, perf_counter() - began)

    def leave(self) -> None:
        """Free the place for the next in the queue."""
        self._free.release()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Hold a place while this context is open."""
        await self.take()
        try:
            yield
        finally:
            self.leave()


class WithDeadline(Generic[T]):
    """Work with a deadline, in a task of its own because its clean-up also waits. Cancelling the caller does not
    cancel the work. At the moment `until`, by the clock of the event loop, `late` is called: it makes the work fail
    if it can, and the exception that it returns becomes that of `answer`. Then the task is cancelled.
    """

    def __init__(self, work: Coroutine[Any, Any, T], *, until: float, late: Callable[[], Exception]) -> None:
        self._loop = asyncio.get_running_loop()
        self._late = late
        self._until = until
        self._timer: asyncio.TimerHandle | None = None
        self.answer: asyncio.Future[T] = self._loop.create_future()
        # If the caller has gone, nobody retrieves the exception; doing it here prevents a warning.
        self.answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        self.task = asyncio.ensure_future(work)
        self.task.add_done_callback(self._ended)
        self._start()

    def extend_deadline(self, moment: float) -> None:
        """Postpone the deadline to a later moment."""
        if moment > self._until and self._timer is not None:
            self._timer.cancel()
            self._until = moment
            self._start()

    def _start(self) -> None:
        if self._until < inf:
            self._timer = self._loop.call_at(self._until, self._is_late)

    def _is_late(self) -> None:
        if self.task.done():
            return
        error = self._late()
        if not self.answer.done():
            self.answer.set_exception(error)
        self.task.cancel()

    def _ended(self, task: asyncio.Task[T]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        error = None if task.cancelled() else task.exception()
        if self.answer.done():
            return
        if task.cancelled():
            self.answer.cancel()
        elif error is not None:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(task.result())
