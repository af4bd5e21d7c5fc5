"""Work that runs to its end even when its caller has gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """Background tasks. `ended` waits for all of them, for example at shutdown."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run the work in a task of its own. Nobody sees the exceptions that it raises."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ended(self) -> None:
        """Wait until all tasks have ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def shielded(work: Coroutine[Any, Any, T]) -> T:
    """Return what the work returns. The work runs to its end even when the caller is cancelled."""
    task = asyncio.ensure_future(work)
    # If the caller has gone, nobody retrieves the exception; doing it here prevents a warning.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return await asyncio.shield(task)


async def shielded_to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Return what the work returns. A caller that is cancelled, however often, first waits for the work to end."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        # The caller gets the cancellation; retrieving the exception here prevents a warning.
        task.exception()
    raise cancelled
