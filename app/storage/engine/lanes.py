"""Thread lanes: threads that run whole pieces of work, so that each costs one switch to the thread and one back."""

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


class AwaitedOutsideLane(RuntimeError):
    """Work in a thread lane awaited something that does not belong to the lane: nothing could wake it there."""


class Link(Protocol):
    """What each thread of a lane owns, such as a connection. That thread alone creates, uses and closes it."""

    def close(self) -> None:
        """Release it."""


L = TypeVar("L", bound=Link)


class Job(Generic[L, T]):
    """A piece of work and its outcome. It runs with the context variables of its caller."""

    def __init__(self, work: Callable[[L], Coroutine[Any, Any, T]], *, alone: bool) -> None:
        self.alone = alone
        self.error: BaseException | None = None
        self.answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.waited: float | None = None
        self._work = work
        self._context = contextvars.copy_context()
        self._requested_at = time.perf_counter()
        self._result: T
        # The thread that pops the only element decides whether the job begins or is dropped: `pop` is atomic.
        self._turn = [None]
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> bool:
        """Mark the job as begun, unless it was dropped; returns whether it begins. Called in the thread."""
        if self._took_turn():
            self.waited = time.perf_counter() - self._requested_at
            return True
        return False

    def drop(self) -> bool:
        """Drop the job, unless it has begun; returns whether it was dropped now. Called in the event loop."""
        return self._took_turn()

    @property
    def is_wanted(self) -> bool:
        """Whether the job has neither begun nor been dropped."""
        return bool(self._turn)

    def give_up_after(self, seconds: float) -> None:
        """Drop the job if it has not begun after so many seconds; its `answer` then raises. Called in the event
        loop.
        """
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
        """Run the work; returns whether it succeeded."""
        try:
            self._result = self._context.run(_run_without_waiting, self._work(link))
        except BaseException as error:
            self.error = error
        return self.error is None

    def tell(self) -> None:
        """Set `answer`, if the caller still waits for it. Called in the event loop."""
        if self.answer.done():
            return
        if self.waited is None and self.error is None:
            self.answer.cancel()
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self._result)


Jobs = Sequence[Job[L, Any]]


class ThreadLane(Generic[L]):
    """A queue of jobs and a limited number of threads that process it, each with a link of its own.

    `serve` is called in a thread with its link and the jobs that wait, at most `together`. All of them are answered
    with one call into the event loop. A thread is started when a job would otherwise have to wait.
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
        self._record_waiting = waited
        self._most = threads
        self._together = together
        self._queue: SimpleQueue[Job[L, Any] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._under_way = 0
        self._closed = False

    def ask(self, work: Callable[[L], Coroutine[Any, Any, T]], *, alone: bool = False) -> "Job[L, T]":
        """Queue the work as a job, whose `answer` is what it returns or raises. Once begun, it runs to its end."""
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
        """Process the queue to its end, and stop the threads."""
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
            # If the event loop is closed, nobody waits for an answer any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell, jobs)
        if link is not None:
            link.close()

    def _next(self) -> list[Job[L, Any]]:
        """The next jobs of the queue, once there is at least one; empty when the lane is closed."""
        jobs: list[Job[L, Any]] = []
        while not jobs or (len(jobs) < self._together and not self._queue.empty()):
            job = self._queue.get()
            if job is None:
                # Put the end marker back for the other threads, and for this thread's next call.
                self._queue.put(None)
                break
            jobs.append(job)
        return jobs

    def _tell(self, jobs: Jobs[L]) -> None:
        self._under_way -= len(jobs)
        for job in jobs:
            if job.waited is not None:
                self._record_waiting(job.waited)
            job.tell()


def _run_without_waiting(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits, and return what it returns."""
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    work.close()
    raise AwaitedOutsideLane("In a transaction one can wait for the transaction's own statements only.")
