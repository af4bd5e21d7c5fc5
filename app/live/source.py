"""What a subscription is handed: a stream from one place on, that others may follow with it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from app.domain.model import Gebeurtenis
from app.domain.streams import Start, Stream
from app.live.hub import Hub


def _nothing(_: object) -> None:
    """Nobody wants to know."""


class FactSource:
    """The facts of a stream after the place where a subscriber begins.

    `begun` is called when he is given facts, with the name of his group; `gone` when he has gone, with the place of
    the last one; `there` when it turns out that nobody is there, and when somebody is again.
    """

    __slots__ = ("_begun", "_gone", "_hub", "_start", "there")

    def __init__(
        self,
        hub: Hub,
        start: Start,
        *,
        begun: Callable[[str], None] = _nothing,
        gone: Callable[[int], None] = _nothing,
        there: Callable[[bool], None] | None = None,
    ) -> None:
        self.there = there
        self._hub = hub
        self._start = start
        self._begun = begun
        self._gone = gone

    @property
    def key(self) -> Stream:
        """The stream: who follows the same one is told the same."""
        return self._start.stream

    @property
    def after(self) -> int:
        """The place after which he begins."""
        return self._start.after

    @property
    def end(self) -> int:
        """The place of the last fact when he came."""
        return self._start.end

    def place(self, fact: Gebeurtenis) -> int:
        """The place of a fact: its volgnummer in an inbox, its versie for a task."""
        return self._start.stream.position(fact)

    def events(self, after: int) -> AsyncGenerator[list[Gebeurtenis], None]:
        """Every fact after a place, as many at a time as there are, at the pace of who takes them."""
        return self._hub.follow(Start(self._start.stream, after, max(after, self._start.end)))

    async def __aiter__(self) -> AsyncIterator[Gebeurtenis]:
        """Every fact from the beginning, one by one. graphql-core asks that of what a subscription resolves to."""
        async with aclosing(self.events(self._start.after)) as events:
            async for facts in events:
                for fact in facts:
                    yield fact

    def begin(self, group: str) -> None:
        """He is given facts from now on."""
        self._begun(group)

    def close(self, place: int) -> None:
        """He has gone, after the fact at this place."""
        self._gone(place)
