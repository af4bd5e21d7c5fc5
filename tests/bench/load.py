"""The load: events that are set off on a server, some of them in flight at once."""

import asyncio
from collections import deque
from collections.abc import Sequence
from time import perf_counter

from tests.bench.documents import HELLO, registration
from tests.bench.http import Connection
from tests.bench.ledger import Event, Inbox, Ledger

_WARMINGS = 12
_PATIENCE_SECONDS = 60.0
_AFTER_A_LOSS_SECONDS = 1.0


class Load:
    """Sets off events over so many connections."""

    def __init__(self, port: int, ledger: Ledger, connections: int) -> None:
        self._ledger = ledger
        self._connections = [Connection(port) for _ in range(connections)]
        self._patience = _PATIENCE_SECONDS

    def close(self) -> None:
        """Disconnect."""
        for connection in self._connections:
            connection.close()

    async def hello(self, inboxes: Sequence[Inbox]) -> None:
        """Everybody who will follow an inbox asks something once."""
        for inbox in inboxes:
            answer = await self._connections[0].post(HELLO, inbox.token)
            if answer.status != 200:
                self._ledger.violation("not let in", answer.body)

    async def warm(self, inbox: Inbox) -> None:
        """Set off events until one reached every subscriber: nothing else says that all of them have subscribed."""
        for attempt in range(1, _WARMINGS + 1):
            event = await self._fire(self._connections[0], inbox)
            bound = 3 + inbox.subscribers * attempt / 250
            done, _ = await asyncio.wait([event.everyone], timeout=bound)
            if done:
                return
        raise TimeoutError(f"{event.missing} of {inbox.subscribers} subscribers were never told of an event")

    async def stream(self, inboxes: Sequence[Inbox], seconds: float, in_flight: int) -> list[float]:
        """Set off events for so long: each connection for inboxes of its own in turn, so many of them in flight.

        Returns after how long each event's last subscriber had it.
        """
        end = perf_counter() + seconds
        last: list[float] = []
        count = len(self._connections)

        async def work(connection: Connection, mine: Sequence[Inbox]) -> None:
            pending: deque[Event] = deque()
            turn = 0
            while mine and perf_counter() < end:
                pending.append(await self._fire(connection, mine[turn % len(mine)]))
                turn += 1
                while len(pending) >= in_flight:
                    last.extend(await self._reached(pending.popleft()))
            for event in pending:
                last.extend(await self._reached(event))

        await asyncio.gather(*(work(one, inboxes[nth::count]) for nth, one in enumerate(self._connections)))
        return last

    async def _fire(self, connection: Connection, inbox: Inbox) -> Event:
        event, mark = self._ledger.begin(inbox)
        answer = await connection.post(registration(inbox.eenheid_id, mark), inbox.token)
        self._ledger.registered(answer.status, answer.body)
        return event

    async def _reached(self, event: Event) -> list[float]:
        """The seconds until the last subscriber had it, in a list; empty if somebody did not get it in time."""
        done, _ = await asyncio.wait([event.everyone], timeout=self._patience)
        if done:
            return [event.everyone.result() - event.sent]
        self._ledger.violation("not told in time", times=event.missing)
        self._patience = _AFTER_A_LOSS_SECONDS
        return []
