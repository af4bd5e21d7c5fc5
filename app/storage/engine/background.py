"""What is done to its end by itself, since nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """Tasks that are waited for at the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it; it must raise nothing that anybody wants to know."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ended(self) -> None:
        """Wait for all of them."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """What the work returns. It is done to its end also when nobody waits for it any more."""
    task = asyncio.ensure_future(work)
    # Nobody may be left to take its exception.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return await asyncio.shield(task)


async def shielded_to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """What the work returns, once it is done: who is cancelled meanwhile, however often, waits for its end."""
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
        # Whoever was cancelled takes no exception of it.
        task.exception()
    raise cancelled
