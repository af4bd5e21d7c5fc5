"""Delivering events to subscribers: to all who select alike at once, to who cannot keep up at his own pace.

Subscribers of equal source and selection form a group. The group takes each event once, has its payload made once,
and hands it to all its members without waiting for any. Who cannot take it leaves the group, goes on from his own
place by a task of his own, and comes back when he has caught up with the group. So does who begins at an earlier
place than where the group is. Either way he carries his place along, and nothing is given to him twice.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Hashable, Sequence
from contextlib import aclosing
from contextvars import Context
from typing import Any

from app.transport.delivery.receiving import Batch, Receiver
from app.transport.delivery.sharing import Selecting, SharedPayloads, TransientError
from app.transport.ports import EventSource, NoObserver, Observer

_AT_ONCE = 100
"""How many members are served before the loop is left to others: about a millisecond's work."""

_MOST_EVENTS = 16
_MOST_BYTES = 65_536
"""How much is handed on at a time at most, but for one payload that is larger by itself."""


class Deliveries:
    """Every group of this process. What could not be made or read is tried again after `retry_seconds`. For so
    `many` members a group takes one event more at a time: writing to them takes longer than making a payload.

    The figures are for reading only: how many subscriptions there are, how many of them are catching up, and how
    many payloads were made for them.
    """

    def __init__(self, *, retry_seconds: float, many: int = 250, observer: Observer | None = None) -> None:
        self.many = many
        self.observer = observer or NoObserver()
        self._retry_seconds = retry_seconds
        self._shared = SharedPayloads()
        self._groups: dict[Hashable, Group] = {}
        self._secret = secrets.token_bytes(16)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, source: EventSource, selection: Selecting, receiver: Receiver) -> "Delivery":
        """Deliver every event of the source after its beginning, until the delivery is stopped."""
        key = (source.key, selection.key)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(self, key, source, selection)
        return Delivery(group, source, receiver)

    def group_name(self, key: Hashable) -> str:
        """A name that says nothing: the same for equal groups as long as this process runs, another elsewhere."""
        return f"{hash((self._secret, key)) % 2**64:016x}"

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self._groups)

    @property
    def subscriptions(self) -> int:
        """How many subscribers there are."""
        return sum(group.size for group in self._groups.values())

    @property
    def catching_up(self) -> int:
        """How many of them go on at their own pace."""
        return sum(group.size - group.live for group in self._groups.values())

    def forget_payloads(self) -> None:
        """Make every payload anew from now on: what hangs on events was changed without one."""
        self._shared.forget()

    @property
    def payloads_made(self) -> int:
        """How often a selection was executed and serialised."""
        return self._shared.executed

    async def payload(self, selection: Selecting, event: Any) -> bytes:
        """The payload of an event, made once for all who select alike, and again where what failed passes."""
        while True:
            try:
                return await self._shared.payload(selection, event)
            except TransientError:
                await asyncio.sleep(self._retry_seconds)

    def forget(self, group: "Group") -> None:
        """A group has ended: who comes now begins another one."""
        if self._groups.get(group.key) is group:
            del self._groups[group.key]

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A task that `ended` waits for. It works for others than who begins it, and takes nothing of his along."""
        task = asyncio.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def ended(self) -> None:
        """Wait until every task has ended; every delivery was stopped before."""
        while self._tasks:
            await asyncio.wait(self._tasks)


class Delivery:
    """One subscriber; `place` is that of the last event that he was given."""

    __slots__ = ("_catching_up", "_group", "_has_stopped", "_source", "place", "receiver")

    def __init__(self, group: "Group", source: EventSource, receiver: Receiver) -> None:
        self.place = source.after
        self.receiver = receiver
        self._group = group
        self._source = source
        self._catching_up: asyncio.Task[None] | None = None
        self._has_stopped = False
        source.begin(group.name)
        group.add(self)
        if not group.join(self):
            self.catch_up()

    def catch_up(self) -> None:
        """Go on at his own pace until the group is reached."""
        self._catching_up = self._group.spawn(self._guarded())

    def stop(self) -> None:
        """The subscriber has gone: nothing is sent from here on. Whoever says so again says nothing new."""
        if self._has_stopped:
            return
        self._has_stopped = True
        self._group.forget(self)
        self._source.close(self.place)
        # The task has what it broke off with, which has its frames, which have this: no circle.
        catching_up, self._catching_up = self._catching_up, None
        if catching_up is not None:
            catching_up.cancel()

    async def _guarded(self) -> None:
        try:
            await self._catch_up()
        except Exception as error:
            self.receiver.finish(error)

    async def _catch_up(self) -> None:
        try:
            async with aclosing(self._group.batches(self._source, self.place, self.receiver.ready)) as batches:
                async for batch in batches:
                    while not self.receiver.take(batch):
                        await self.receiver.wait_for_room()
                    self.receiver.leave()
                    self.place = batch.places[-1]
                    # Nothing is awaited between comparing the places and joining.
                    if self._group.join(self):
                        return
        finally:
            self.receiver.leave()
        self.receiver.finish(None)


class Group:
    """The subscribers of one source who select alike; `place` is that of the last event handed to its members."""

    def __init__(self, deliveries: Deliveries, key: Hashable, source: EventSource, selection: Selecting) -> None:
        self.key = key
        self.name = deliveries.group_name(key)
        self.place = source.end
        self._deliveries = deliveries
        self._selection = selection
        self._all: set[Delivery] = set()
        self._members: set[Delivery] = set()
        self._is_serving = True
        self.spawn = deliveries.spawn
        self._transport: asyncio.Task[None] | None = self.spawn(self._guarded(source))

    @property
    def size(self) -> int:
        """How many subscribers it has, wherever they are."""
        return len(self._all)

    @property
    def live(self) -> int:
        """How many of them are handed each event at once."""
        return len(self._members)

    def add(self, delivery: Delivery) -> None:
        """Go on as long as he is there, whether as a member or catching up."""
        self._all.add(delivery)

    def join(self, delivery: Delivery) -> bool:
        """Make him a member from now on; False where the group is ahead of him, or hands out nothing any more."""
        if delivery.place < self.place or not self._is_serving:
            return False
        self._members.add(delivery)
        return True

    def forget(self, delivery: Delivery) -> None:
        """He has gone. The group ends with the last one."""
        self._members.discard(delivery)
        self._all.discard(delivery)
        if not self._all:
            self._deliveries.forget(self)
            # No circle either: see `Delivery.stop`.
            transport, self._transport = self._transport, None
            if transport is not None:
                transport.cancel()

    async def batches(
        self, source: EventSource, after: int, ready: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncGenerator[Batch, None]:
        """The payloads of every event after a place, few at a time: none is made long before it is handed on, nor
        before its receiver is `ready`.
        """
        async with aclosing(source.events(after)) as found:
            async for events in found:
                made = 0
                while made < len(events):
                    if ready is not None:
                        await ready()
                    began = time.perf_counter()
                    payloads = await self._payloads(events[made:])
                    handed = events[made : made + len(payloads)]
                    size = sum(map(len, payloads))
                    yield Batch([source.place(event) for event in handed], payloads, size, handed, began)
                    made += len(payloads)

    async def _payloads(self, events: Sequence[Any]) -> list[bytes]:
        """Those of the first of the events that are handed on together."""
        most = min(1 + len(self._members) // self._deliveries.many, _MOST_EVENTS)
        payloads: list[bytes] = []
        size = 0
        for event in events[:most]:
            payloads.append(await self._deliveries.payload(self._selection, event))
            size += len(payloads[-1])
            if size >= _MOST_BYTES:
                break
        return payloads

    async def _guarded(self, source: EventSource) -> None:
        error = None
        try:
            await self._serve(source)
        except Exception as caught:
            error = caught
        # Who is catching up finds by himself whether he can go on.
        self._is_serving = False
        self._deliveries.forget(self)
        for member in list(self._members):
            member.receiver.finish(error)

    async def _serve(self, source: EventSource) -> None:
        async with aclosing(self.batches(source, self.place)) as batches:
            async for batch in batches:
                with self._deliveries.observer.handing_out(batch.events, len(self._members), batch.found):
                    await self._hand_out(batch)

    async def _hand_out(self, batch: Batch) -> None:
        # Who joins from here on has been given these places already.
        self.place = last = batch.places[-1]
        for number, member in enumerate(list(self._members), 1):
            if member.place < last and member in self._members:
                if member.receiver.take(batch.after(member.place)):
                    member.place = last
                else:
                    self._members.discard(member)
                    member.catch_up()
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
