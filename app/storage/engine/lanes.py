"""Lanes: work that is done to its end inside a thread, in one hop there and one back."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from app.storage.engine.failures import DatabaseOnbereikbaar

T = TypeVar("T")


class WaitsForOthers(RuntimeError):
    """Work in a lane awaited something that is not of its lane: nobody there could wake it."""


class Link(Protocol):
    """What a thread of a lane holds as long as it lives. It is made, used and closed by that thread."""

    def close(self) -> None:
        """Let go of it."""


L = TypeVar("L", bound=Link)


class Job(Generic[L, T]):
    """A piece of work, and what became of it. Its context variables are those of who asked it."""

    def __init__(self, work: Callable[[L], Coroutine[Any, Any, T]], *, alone: bool) -> None:
        self.alone = alone
        self.error: BaseException | None = None
        self.answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.waited: float | None = None
        self._work = work
        self._context = contextvars.copy_context()
        self._asked = time.perf_counter()
        self._found: T
        # Whoever takes it decides, in whichever thread: one cannot be taken twice.
        self._turn = [None]
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> bool:
        """Its turn has come, if it was not dropped. In the thread."""
        if self._took_turn():
            self.waited = time.perf_counter() - self._asked
            return True
        return False

    def drop(self) -> bool:
        """Do not do it, if it was not begun: whether it is dropped now. In the event loop."""
        return self._took_turn()

    @property
    def is_wanted(self) -> bool:
        """Whether its turn has not come and it was not dropped."""
        return bool(self._turn)

    def give_up_after(self, seconds: float) -> None:
        """Where its turn has not come by then it is not done, and the answer says so. In the event loop."""
        self._timer = asyncio.get_running_loop().call_later(seconds, self._give_up)
        self.answer.add_done_callback(self._answered)

    def _give_up(self) -> None:
        if self.drop() and not self.answer.done():
            self.answer.set_exception(
                DatabaseOnbereikbaar("The database cannot be used: its turn did not come in time.")
            )

    def _answered(self, _: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _took_turn(self) -> bool:
        try:
            self._turn.pop()
        except IndexError:
            return False
        return True

    def do(self, link: L) -> bool:
        """Do the work; whether it went well."""
        try:
            self._found = self._context.run(_driven, self._work(link))
        except BaseException as error:
            self.error = error
        return self.error is None

    def tell(self) -> None:
        """Tell who asked, if he still waits. In the event loop."""
        if self.answer.done():
            return
        if self.waited is None and self.error is None:
            self.answer.cancel()
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self._found)


Jobs = Sequence[Job[L, Any]]


class ThreadLane(Generic[L]):
    """A queue of jobs and at most so many threads that serve it, each with a link of its own.

    `serve` is called in a thread with a link and as many jobs as wait, at most `together`; all of them are answered
    with one call into the event loop. A thread is started when a job would have to wait.
    """

    def __init__(
        self,
        connect: Callable[[], L],
        serve: Callable[[L, Jobs[L]], None],
        waited: Callable[[float], None],
        *,
        threads: int = 1,
        together: int = 1,
    ) -> None:
        self._connect = connect
        self._serve = serve
        self._tell_waited = waited
        self._most = threads
        self._together = together
        self._queue: SimpleQueue[Job[L, Any] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._under_way = 0
        self._closed = False

    def ask(self, work: Callable[[L], Coroutine[Any, Any, T]], *, alone: bool = False) -> "Job[L, T]":
        """The work as a job, whose `answer` is what it returns or raises. Once begun it is done to its end."""
        if self._closed:
            raise DatabaseOnbereikbaar("The database cannot be used: it was closed.")
        job = Job(work, alone=alone)
        self._queue.put(job)
        self._under_way += 1
        if len(self._threads) < min(self._under_way, self._most):
            thread = threading.Thread(target=self._run, args=[asyncio.get_running_loop()], daemon=True)
            self._threads.append(thread)
            thread.start()
        return job

    async def close(self) -> None:
        """Serve what was asked, and end the threads."""
        self._closed = True
        self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        self._threads.clear()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        link: L | None = None
        while jobs := self._next():
            try:
                link = link or self._connect()
                self._serve(link, jobs)
            except BaseException as error:
                for job in jobs:
                    job.error = job.error or error
            # A loop that has ended has nobody left who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell, jobs)
        if link is not None:
            link.close()

    def _next(self) -> list[Job[L, Any]]:
        """The jobs that wait, when there is one; none at the end."""
        jobs: list[Job[L, Any]] = []
        while not jobs or (len(jobs) < self._together and not self._queue.empty()):
            job = self._queue.get()
            if job is None:
                # For the other threads, and for this one when it comes back.
                self._queue.put(None)
                break
            jobs.append(job)
        return jobs

    def _tell(self, jobs: Jobs[L]) -> None:
        self._under_way -= len(jobs)
        for job in jobs:
            if job.waited is not None:
                self._tell_waited(job.waited)
            job.tell()


def _driven(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that never waits."""
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    work.close()
    raise WaitsForOthers("In a transaction one can wait for the transaction's own statements only.")
