"""Reading for many at once: what is asked while a reading is under way is read by the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_AT_ONCE = 500
"""How many keys one reading has at most: a statement takes so many parameters on every database."""


class CoalescedReads(Generic[K, T]):
    """Reads by key. A thousand who ask at the same time cost a few readings, and one who asks alone costs one.

    Everyone gets what was read after he asked, so nothing is older than if he had read it himself.
    """

    def __init__(self, read: Callable[[Collection[K]], Awaitable[Mapping[K, T]]]) -> None:
        self._read = read
        self._asked: dict[K, asyncio.Future[T | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> T | None:
        """What stands under a key; None for nothing. A reading that fails does so for all who shared it, and for
        all who wait for the next one: who asks a database that does not answer waits for one reading, not for two.
        """
        found = self._asked.get(key)
        if found is None:
            found = self._asked[key] = asyncio.get_running_loop().create_future()
            # Where all who asked are gone nobody is left to take its exception.
            found.add_done_callback(lambda done: done.exception())
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_on())
        return await asyncio.shield(found)

    async def _read_on(self) -> None:
        try:
            while self._asked:
                keys = list(self._asked)[:_AT_ONCE]
                await self._answer({key: self._asked.pop(key) for key in keys})
        finally:
            self._reading = None

    async def _answer(self, asked: Mapping[K, asyncio.Future[T | None]]) -> None:
        try:
            found = await self._read(list(asked))
        except BaseException as error:
            waiting, self._asked = self._asked, {}
            for future in (*asked.values(), *waiting.values()):
                future.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            for key, future in asked.items():
                future.set_result(found.get(key))
