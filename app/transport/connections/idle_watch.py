"""Closes connections that show no sign of life for too long, so that their clients reconnect.

One task watches all of them, because a timer for each of thousands of connections would cost too much.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.transport.connections.pipe import CloseCode, Pipe

_ROUNDS = 3
"""How many rounds `silence_seconds` is divided into; each round looks at all connections."""
_AT_ONCE = 100
"""How many connections are looked at before the event loop may run other tasks."""


@dataclass(slots=True)
class _Seen:
    """The state of a connection in the last round.

    `heard` counts the reads from it, `taken` the bytes that the client has read, `pending` the bytes that it has
    not, `silent` the rounds without a sign of life.
    """

    heard: int
    taken: int
    pending: int
    silent: int = 0


class IdleWatch:
    """Closes connections without a sign of life for `silence_seconds`, give or take a third.

    While bytes wait for a client, the only sign of life is that it reads some of them. Otherwise it is anything
    that comes from the client, such as the answer to a ping; an HTTP client, which does not answer, counts as
    alive.
    """

    def __init__(self, *, silence_seconds: float) -> None:
        self._round_seconds = silence_seconds / _ROUNDS
        self._pipes: dict[Pipe, _Seen] = {}

    def add(self, pipe: Pipe) -> None:
        """Start watching a connection."""
        self._pipes[pipe] = _seen(pipe)

    def remove(self, pipe: Pipe) -> None:
        """Stop watching a connection."""
        self._pipes.pop(pipe, None)

    def __len__(self) -> int:
        return len(self._pipes)

    @property
    def sockets(self) -> int:
        """How many of the connections are WebSockets."""
        return sum(pipe.answers for pipe in self._pipes)

    @property
    def pipes(self) -> Collection[Pipe]:
        """All watched connections."""
        return self._pipes

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch the connections while this context is open."""
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
    # Nothing waits now. A client that answers pings must have sent something; any other has read everything.
    return now.heard != before.heard or before.pending > 0 or not pipe.answers
