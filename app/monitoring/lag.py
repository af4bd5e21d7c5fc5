"""Measures the lag of the event loop: code that blocks the loop delays every request."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def probing(late: Callable[[float], None], *, every_seconds: float = 0.25) -> AsyncIterator[None]:
    """Call `late` with the lag of the event loop in seconds, every `every_seconds` while this context is open."""
    probe = asyncio.create_task(_probe(late, every_seconds))
    try:
        yield
    finally:
        probe.cancel()
        await asyncio.wait([probe])


async def _probe(late: Callable[[float], None], every_seconds: float) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every_seconds
        await asyncio.sleep(every_seconds)
        late(max(0.0, loop.time() - due))
