"""Bounds on waiting for a database: for a place at it, and for its answer."""

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
    """The database is there and says nothing."""
    return DatabaseOnbereikbaar("The database cannot be used: it did not answer in time.")


class Places:
    """So many may use a database at once, in the order in which they came. Who waits for longer than `wait_seconds`
    is told so; who is cancelled meanwhile gives up their place in the queue.
    """

    def __init__(self, number: int, access: str, wait_seconds: float, waited: Waited) -> None:
        self._free = asyncio.Semaphore(number)
        self._access = access
        self._wait_seconds = wait_seconds
        self._waited = waited

    async def take(self) -> None:
        """Wait for a place, which must be left; `DatabaseOnbereikbaar` where none is free in time."""
        began = perf_counter()
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise DatabaseOnbereikbaar("The database cannot be used: nobody made room in time.") from None
        self._waited(self._access, perf_counter() - began)

    def leave(self) -> None:
        """The place is free for the next one."""
        self._free.release()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """A place is taken as long as this is open."""
        await self.take()
        try:
            yield
        finally:
            self.leave()


class Limited(Generic[T]):
    """Work in a task of its own, since its cleaning up waits as well: whoever asked may go, and is told in time,
    but cancels nothing of it. At the moment `until`, by the clock of the loop, `answer` is what `late` returns,
    which makes the work fail if it can; then the task is cancelled.
    """

    def __init__(self, work: Coroutine[Any, Any, T], *, until: float, late: Callable[[], Exception]) -> None:
        self._loop = asyncio.get_running_loop()
        self._late = late
        self._until = until
        self._timer: asyncio.TimerHandle | None = None
        self.answer: asyncio.Future[T] = self._loop.create_future()
        # Whoever asked may be gone, and nobody left to take its exception.
        self.answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        self.task = asyncio.ensure_future(work)
        self.task.add_done_callback(self._ended)
        self._start()

    def last_until(self, moment: float) -> None:
        """Give it until a later moment."""
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
