"""Waiting for what must become so."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.support.client import PATIENCE


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask until the answer is yes; a test that waits longer than the patience fails."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0)
