"""Waiting for conditions."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.support.client import PATIENCE

T = TypeVar("T")

SOON = 15.0
"""The timeout for something from this process or its database, in seconds. It is not a measurement."""

_OFTEN = 200
"""How often a condition is checked without a pause, once per iteration of the event loop."""

_PAUSE_SECONDS = 0.002
"""The pause between checks after that, which leaves the processor to others."""

_ASKING_PAUSE_SECONDS = 0.01
"""The pause between asynchronous checks, which usually request something from a server."""


async def until(condition: Callable[[], object], within: float = PATIENCE) -> None:
    """Check a condition until it is true; raises AssertionError with its source after `within` seconds.

    The condition may be asynchronous.
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
    """Leave the processor to others for a moment, between two attempts."""
    await asyncio.sleep(_ASKING_PAUSE_SECONDS)


async def soon(awaited: Awaitable[T]) -> T:
    """The result of an awaitable; raises TimeoutError after `SOON` seconds."""
    return await asyncio.wait_for(awaited, SOON)


async def turns(many: int) -> None:
    """Let the event loop run `many` iterations."""
    for _ in range(many):
        await asyncio.sleep(0)


def _text(condition: Callable[[], object]) -> str:
    try:
        return inspect.getsource(condition).strip()
    except TypeError:
        return repr(condition)
