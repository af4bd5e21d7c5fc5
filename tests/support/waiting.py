"""Waiting for what must become so."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.support.client import PATIENCE

T = TypeVar("T")

SOON = 15.0
"""How long a test waits for what comes from this process or its database, in seconds; nothing is measured by it."""

_OFTEN = 200
"""How many looks are taken at every turn of the loop."""

_PAUSE_SECONDS = 0.002
"""Between looks after that: whoever is waited for may need the processor."""

_ASKING_PAUSE_SECONDS = 0.01
"""Between looks that are waited for themselves: a server that is asked needs the processor for each of them."""


async def until(condition: Callable[[], object], within: float = PATIENCE) -> None:
    """Look until it is so; a test that waits for longer than so many seconds fails, and says for what.

    A condition may be waited for itself.
    """
    looks = 0
    try:
        async with asyncio.timeout(within) as limit:
            while True:
                found = condition()
                asked = inspect.isawaitable(found)
                if inspect.isawaitable(found):
                    found = await found
                if found:
                    return
                looks += 1
                seconds = 0 if looks < _OFTEN else _PAUSE_SECONDS
                await asyncio.sleep(_ASKING_PAUSE_SECONDS if asked else seconds)
    except TimeoutError:
        if not limit.expired():
            raise
        raise AssertionError(f"not within {within:g} s, at {looks} looks: {_text(condition)}") from None


async def pause() -> None:
    """Leave the processor to others for a moment: to be called between one try and the next."""
    await asyncio.sleep(_ASKING_PAUSE_SECONDS)


async def soon(awaited: Awaitable[T]) -> T:
    """What is awaited; a test that waits for it for longer than `SOON` fails."""
    return await asyncio.wait_for(awaited, SOON)


async def turns(many: int) -> None:
    """Leave so many turns of the loop to others."""
    for _ in range(many):
        await asyncio.sleep(0)


def _text(condition: Callable[[], object]) -> str:
    try:
        return inspect.getsource(condition).strip()
    except TypeError:
        return repr(condition)
