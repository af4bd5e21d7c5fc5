"""The source of a subscription: the facts of a stream after a position."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from app.domain.model import Gebeurtenis
from app.domain.streams import Start, Stream
from app.live.hub import Hub


def _nothing(_: object) -> None:
    """A callback that does nothing."""


class FactSource:
    """The facts of a stream after the position where a subscriber begins.

    Callbacks: `begun` when delivery begins, with the name of the subscriber's group; `gone` when the subscriber has
    left, with the position of the last fact; `there` with False when nobody seems to be present any more, and with
    True when somebody is again.
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
        """The stream. Subscribers of the same stream get the same facts."""
        return self._start.stream

    @property
    def after(self) -> int:
        """The position after which the subscriber begins."""
        return self._start.after

    @property
    def end(self) -> int:
        """The position of the stream's last fact when the subscriber arrived."""
        return self._start.end

    def place(self, fact: Gebeurtenis) -> int:
        """The position of a fact: its volgnummer in an inbox, its versie for a task."""
        return self._start.stream.position(fact)

    def events(self, after: int) -> AsyncGenerator[list[Gebeurtenis], None]:
        """Yield every fact after a position, in batches of what is available, at the consumer's pace."""
        return self._hub.follow(Start(self._start.stream, after, max(after, self._start.end)))

    async def __aiter__(self) -> AsyncIterator[Gebeurtenis]:
        """Yield every fact, one by one: graphql-core requires this of what a subscription's resolver
        returns.
        """
        async with aclosing(self.events(self._start.after)) as events:
            async for facts in events:
                for fact in facts:
                    yield fact

    def begin(self, group: str) -> None:
        """Report that delivery begins, to a group of subscribers."""
        self._begun(group)

    def close(self, place: int) -> None:
        """Report that the subscriber has left, after the fact at this position."""
        self._gone(place)
