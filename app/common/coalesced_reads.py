"""Reads for many callers at once: keys requested while a read is running are read together by the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_AT_ONCE = 500
"""The most keys in one read: every supported database accepts this many parameters in a statement."""


class CoalescedReads(Generic[K, T]):
    """Reads values by key, in batches. A thousand simultaneous callers cost a few reads; one caller costs one.

    A caller always gets a value that was read after their call, so it is as recent as one they read themselves.
    """

    def __init__(self, read: Callable[[Collection[K]], Awaitable[Mapping[K, T]]]) -> None:
        self._read = read
        self._requested: dict[K, asyncio.Future[T | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> T | None:
        """The value of a key; None if the key has none.

        Raises what `read` raises. A failed read fails for every caller who shares it, and also for those who wait
        for the next read: when the database does not answer, a caller waits for one read and not for two.
        """
        result = self._requested.get(key)
        if result is None:
            result = self._requested[key] = asyncio.get_running_loop().create_future()
            # If all callers were cancelled, nobody else retrieves the exception and asyncio would log it.
            result.add_done_callback(lambda done: done.exception())
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_on())
        return await asyncio.shield(result)

    async def _read_on(self) -> None:
        try:
            while self._requested:
                keys = list(self._requested)[:_AT_ONCE]
                await self._answer({key: self._requested.pop(key) for key in keys})
        finally:
            self._reading = None

    async def _answer(self, batch: Mapping[K, asyncio.Future[T | None]]) -> None:
        try:
            values = await self._read(list(batch))
        except BaseException as error:
            waiting, self._requested = self._requested, {}
            for future in (*batch.values(), *waiting.values()):
                future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            for key, future in batch.items():
                future.set_result(values.get(key))
