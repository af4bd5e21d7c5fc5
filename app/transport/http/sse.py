"""Server-sent events: graphql-sse's distinct connections mode, one operation on one response.

Specifications: PROTOCOL.md of the npm package graphql-sse, and EventSource in the HTML standard. Each event's `id:`
is its place, so that a client that comes back with `Last-Event-ID` goes on behind it.
"""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from graphql import ExecutionResult, GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.transport.connections.pipe import PIPE, CloseCode, Pipe
from app.transport.connections.session_watch import SessionWatch
from app.transport.delivery.receiving import Batch, BudgetedReceiver
from app.transport.delivery.sharing import Selection
from app.transport.execution.operation import Operation, written
from app.transport.http.reading import EVENTS
from app.transport.ports import Call, CallerSession, EventSource
from app.transport.transport import Transport, follow

_HEADERS = {
    "cache-control": "no-cache, no-store",
    # A proxy that gathers what passes would hold the events up.
    "x-accel-buffering": "no",
}
_BEGIN = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription follows, what it takes from each event, and by whom and how it was called."""

    source: EventSource
    selection: Selection
    session: CallerSession
    operation: Operation
    call: Call


class _Stream(Response):
    """A response of server-sent events."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(None, 200, _HEADERS, media_type=EVENTS)
        del self.headers["content-length"]
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until there is no more or the client has gone."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": _BEGIN, "more_body": True})
        await self._stream(scope["extensions"][PIPE], receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _stream(self, pipe: Pipe, receive: Receive) -> None:
        raise NotImplementedError


class ResultStream(_Stream):
    """The one result of an operation as `next`, then `complete`."""

    def __init__(self, transport: Transport, result: bytes) -> None:
        super().__init__(transport)
        self._result = _event(result)

    async def _stream(self, pipe: Pipe, receive: Receive) -> None:
        pipe.write(self._result + _COMPLETE)


class EventStream(_Stream):
    """Every event of a subscription as `next`, until it has ended or its caller may not follow it any more.

    `held` is closed when the response has ended.
    """

    def __init__(self, transport: Transport, followed: Followed, held: ExitStack) -> None:
        super().__init__(transport)
        self._followed = followed
        self._held = held

    async def _stream(self, pipe: Pipe, receive: Receive) -> None:
        followed = self._followed
        receiver = _StreamReceiver(self._transport, pipe, followed)
        self._delivery = self._transport.deliveries.start(followed.source, followed.selection, receiver)
        pipe.is_endless = True
        self._transport.idle_watch.add(pipe)
        session_watch = SessionWatch(followed.session, partial(self._rights_changed, pipe, receiver), pipe.end)
        if pipe.is_stopping:
            # It began when those who follow had been sent away already.
            pipe.end(CloseCode.SERVICE_RESTART)
        gone = asyncio.create_task(_gone(receive))
        settling = asyncio.create_task(self._settle(session_watch, pipe, receiver))
        try:
            await asyncio.wait([gone, receiver.finished], return_when=asyncio.FIRST_COMPLETED)
        finally:
            settling.cancel()
            session_watch.end()
            self._held.close()
            self._transport.idle_watch.remove(pipe)
            pipe.is_endless = False
            self._delivery.stop()

    async def _settle(self, session_watch: SessionWatch, pipe: Pipe, receiver: "_StreamReceiver") -> None:
        """Look once more how the caller stands, before anything is told; where that cannot be looked up the stream
        is broken off.
        """
        try:
            await session_watch.settle()
        except Exception as error:
            self._transport.format_error(GraphQLError("", original_error=error))
            pipe.end(CloseCode.TRY_AGAIN_LATER)
        receiver.settled.set()

    async def _rights_changed(self, pipe: Pipe, receiver: "_StreamReceiver", session: CallerSession) -> None:
        """Follow on from the same place with other rights; where they do not allow it the stream ends with an
        error, and is broken off where that passes.
        """
        followed = self._followed
        self._delivery.stop()
        call = replace(followed.call, last_event_id=str(self._delivery.place))
        begin = partial(self._deliver, receiver)
        try:
            refused = await follow(self._transport, session, followed.operation, call, begin)
            if refused is not None:
                self._transport.refuse_if_decided(refused)
        except Exception as error:
            # Nobody else takes it: the client comes back, and is answered with what is wrong.
            self._transport.format_error(GraphQLError("", original_error=error))
            pipe.end(CloseCode.TRY_AGAIN_LATER)
            return
        if refused is not None:
            receiver.result(refused)

    def _deliver(self, receiver: "_StreamReceiver", source: EventSource, selection: Selection) -> None:
        self._delivery = self._transport.deliveries.start(source, selection, receiver)


def _event(result: bytes) -> bytes:
    """A result as an event."""
    return b"event: next\ndata: %b\n\n" % result


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone, or the response has ended."""
    while (await receive())["type"] != "http.disconnect":
        pass


class _StreamReceiver(BudgetedReceiver):
    """Writes payloads to the response once it is `settled` how its caller stands, as long as no more than so many
    bytes wait there.
    """

    def __init__(self, transport: Transport, pipe: Pipe, followed: Followed) -> None:
        super().__init__(transport.budget, pipe, followed.session.caller, followed.operation)
        self._transport = transport
        self.settled = asyncio.Event()
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self, batch: Batch) -> bool:
        """Send payloads, unless too much waits already, or it is not known yet how the caller stands."""
        return self.settled.is_set() and super().take(batch)

    async def wait_for_room(self) -> None:
        """Wait until it is known how the caller stands, and all that was sent is taken."""
        await self.settled.wait()
        await super().wait_for_room()

    def offer(self, batch: Batch) -> bool:
        """Write payloads, unless too much waits already."""
        events = [
            b"id: %d\ndata: %b" % (place, payload)
            for place, payload in zip(batch.places, batch.payloads, strict=True)
        ]
        return self.pipe.offer(b"event: next\n", events, b"\n\n", self._transport.max_pending)

    def result(self, result: ExecutionResult) -> None:
        """Send a result, and say that there will be no more."""
        self.pipe.write(_event(written(result, self._transport.format_error).body))
        self.finish(None)

    def finish(self, error: Exception | None) -> None:
        """Say that there will be no more, and end the response."""
        if error is not None:
            self.result(ExecutionResult(None, errors=[GraphQLError("", original_error=error)]))
            return
        self.pipe.write(_COMPLETE)
        if not self.finished.done():
            self.finished.set_result(None)
