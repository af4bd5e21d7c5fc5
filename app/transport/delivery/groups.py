"""Delivering events to subscribers, in groups.

Subscribers with an equal source and selection form a group. The group reads each event once, makes its payload
once, and writes it to all its members without waiting for any of them. A subscriber whose connection has no room
leaves the group and goes on alone, in a task of their own, until they have caught up with the group. So does a
subscriber who begins at an earlier place than the group's. Each subscriber's place is stored, so no event comes
twice.
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
"""How many members are served before the event loop may run other tasks: about a millisecond's work."""

_MOST_EVENTS = 16
_MOST_BYTES = 65_536
"""The limits of one batch of events; a single payload may be larger."""


class Deliveries:
    """All groups of this process.

    After a transient error a payload is retried after `retry_seconds`. The batches of a group grow by one event for
    each `many` members, because writing to many members takes longer than making a payload.
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
        """Start delivering every event of the source after its `after`, until the delivery is stopped."""
        key = (source.key, selection.key)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(self, key, source, selection)
        return Delivery(group, source, receiver)

    def group_name(self, key: Hashable) -> str:
        """A pseudonym of a group: the same for an equal key in this process, different in every other process."""
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
        """How many subscribers are catching up with their group."""
        return sum(group.size - group.live for group in self._groups.values())

    def forget_payloads(self) -> None:
        """Clear the cache of payloads. For changes of related records that cause no event, such as names."""
        self._shared.forget()

    @property
    def payloads_made(self) -> int:
        """How often a selection was executed and serialised."""
        return self._shared.executed

    async def payload(self, selection: Selecting, event: Any) -> bytes:
        """The payload of an event, made once for an equal selection. Retries after transient errors."""
        while True:
            try:
                return await self._shared.payload(selection, event)
            except TransientError:
                await asyncio.sleep(self._retry_seconds)

    def forget(self, group: "Group") -> None:
        """Remove a group that has ended: the next subscriber starts a new one."""
        if self._groups.get(group.key) is group:
            del self._groups[group.key]

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a task that `ended` waits for, without context variables, because it serves many
        subscribers.
        """
        task = asyncio.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def ended(self) -> None:
        """Wait until every task has ended; every delivery must have been stopped before."""
        while self._tasks:
            await asyncio.wait(self._tasks)


class Delivery:
    """One subscriber; `place` is that of the last event they received."""

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
        """Deliver at the subscriber's own pace, until they have caught up with the group."""
        self._catching_up = self._group.spawn(self._guarded())

    def stop(self) -> None:
        """Stop delivering; nothing is sent after this. A second call does nothing."""
        if self._has_stopped:
            return
        self._has_stopped = True
        self._group.forget(self)
        self._source.close(self.place)
        # A cancelled task refers to its exception, that to its frames, and those to this: break the reference
        # cycle.
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
                    # `join` compares the places and adds the member without an await in between.
                    if self._group.join(self):
                        return
        finally:
            self.receiver.leave()
        self.receiver.finish(None)


class Group:
    """Subscribers with the same source and selection; `place` is that of the last event its members got."""

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
        self._task: asyncio.Task[None] | None = self.spawn(self._guarded(source))

    @property
    def size(self) -> int:
        """How many subscribers it has, including those that are catching up."""
        return len(self._all)

    @property
    def live(self) -> int:
        """The number of members: subscribers that get each event at once, because they are not catching up."""
        return len(self._members)

    def add(self, delivery: Delivery) -> None:
        """Add a subscriber. The group lives as long as it has any, members or not."""
        self._all.add(delivery)

    def join(self, delivery: Delivery) -> bool:
        """Make a subscriber a member. Returns False if the group is ahead of them, or has ended."""
        if delivery.place < self.place or not self._is_serving:
            return False
        self._members.add(delivery)
        return True

    def forget(self, delivery: Delivery) -> None:
        """Remove a subscriber. The group ends when the last one is removed."""
        self._members.discard(delivery)
        self._all.discard(delivery)
        if not self._all:
            self._deliveries.forget(self)
            # Break the reference cycle: see `Delivery.stop`.
            task, self._task = self._task, None
            if task is not None:
                task.cancel()

    async def batches(
        self, source: EventSource, after: int, ready: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncGenerator[Batch, None]:
        """Yield the payloads of every event after a place, in small batches. A batch is made just before it is
        delivered, and after `ready` (if given) has returned: then its receiver has room.
        """
        async with aclosing(source.events(after)) as available:
            async for events in available:
                done = 0
                while done < len(events):
                    if ready is not None:
                        await ready()
                    began = time.perf_counter()
                    payloads = await self._payloads(events[done:])
                    batch = events[done : done + len(payloads)]
                    size = sum(map(len, payloads))
                    yield Batch([source.place(event) for event in batch], payloads, size, batch, began)
                    done += len(payloads)

    async def _payloads(self, events: Sequence[Any]) -> list[bytes]:
        """The payloads of the first events: as many as fit in one batch."""
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
        # Subscribers who are catching up are not ended: their own task finds out whether they can go on.
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
        # Subscribers who join from here on already have these events.
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
