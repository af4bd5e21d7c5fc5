"""A database on which something happens between a reading and who asked it."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from app.storage.engine.database import Database
from app.storage.engine.transaction import Work

T = TypeVar("T")

Meanwhile = Callable[[Any], Awaitable[None]]
"""Is handed what was read."""


class Between(Database):
    """As soon as something was read, and before it is told, `meanwhile` happens. `readings` counts them."""

    readings = 0
    meanwhile: Meanwhile | None = None

    async def reading(self, work: Work[T], *, alone: bool = False) -> T:
        """As every database does it."""
        found = await super().reading(work, alone=alone)
        self.readings += 1
        if self.meanwhile is not None:
            await self.meanwhile(found)
        return found
