"""A database with a callback between a read and the return of its result."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from app.storage.engine.database import Database
from app.storage.engine.transaction import Work

T = TypeVar("T")

Meanwhile = Callable[[Any], Awaitable[None]]
"""Callback with the result of a read."""


class Between(Database):
    """A database that calls `meanwhile` after each read, before returning its result. `readings` counts them."""

    readings = 0
    meanwhile: Meanwhile | None = None

    async def reading(self, work: Work[T], *, alone: bool = False) -> T:
        """Read, then call `meanwhile`."""
        found = await super().reading(work, alone=alone)
        self.readings += 1
        if self.meanwhile is not None:
            await self.meanwhile(found)
        return found
