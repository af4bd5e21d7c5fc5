"""How late the event loop comes round: whatever holds it up holds up everybody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


@asynccontextmanager
async def probing(late: Callable[[float], None], *, every_seconds: float = 0.25) -> AsyncIterator[None]:
    """Tell again and again by how many seconds the loop was late, while this is open."""
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
