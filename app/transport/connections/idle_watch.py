"""Watching connections: whoever takes nothing and says nothing for long is closed, so that he comes back.

One task for all of them, since a timer for each of thousands costs more than what it finds.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.transport.connections.pipe import CloseCode, Pipe

_ROUNDS = 3
"""In how many rounds the silence that is allowed is told."""
_AT_ONCE = 100


@dataclass(slots=True)
class _Seen:
    """A connection as the last round found it, and for how many rounds it has shown no life."""

    heard: int
    taken: int
    pending: int
    silent: int = 0


class IdleWatch:
    """Ends connections that show no life for `silence_seconds`, give or take a third.

    A peer for which something waits lives when it takes some of it, however slow it is and whatever it sends. Any
    other lives when something came from it: it is asked for an answer.
    """

    def __init__(self, *, silence_seconds: float) -> None:
        self._round_seconds = silence_seconds / _ROUNDS
        self._pipes: dict[Pipe, _Seen] = {}

    def add(self, pipe: Pipe) -> None:
        """Watch a connection."""
        self._pipes[pipe] = _seen(pipe)

    def remove(self, pipe: Pipe) -> None:
        """It has gone."""
        self._pipes.pop(pipe, None)

    def __len__(self) -> int:
        return len(self._pipes)

    @property
    def sockets(self) -> int:
        """How many of them are WebSockets."""
        return sum(pipe.answers for pipe in self._pipes)

    @property
    def pipes(self) -> Collection[Pipe]:
        """All of them."""
        return self._pipes

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch as long as this is open."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._round_seconds)
            for number, pipe in enumerate(list(self._pipes), 1):
                if (before := self._pipes.get(pipe)) is not None:
                    self._look(pipe, before)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    def _look(self, pipe: Pipe, before: _Seen) -> None:
        now = _seen(pipe)
        if not _lives(pipe, before, now):
            now.silent = before.silent + 1
        if now.silent >= _ROUNDS:
            self.remove(pipe)
            pipe.end(CloseCode.TRY_AGAIN_LATER)
            return
        if not now.pending:
            pipe.ping()
        self._pipes[pipe] = now


def _seen(pipe: Pipe) -> _Seen:
    pending = pipe.pending
    return _Seen(pipe.heard, pipe.written - pending, pending)


def _lives(pipe: Pipe, before: _Seen, now: _Seen) -> bool:
    if before.pending and now.pending:
        return now.taken > before.taken
    # Nothing waits: who answers pings should have said something, who does not has taken all there was.
    return now.heard != before.heard or before.pending > 0 or not pipe.answers
