"""Server-sent events: the distinct connections mode of graphql-sse, with one operation per response.

Specifications: PROTOCOL.md of the npm package graphql-sse, and EventSource in the HTML standard. The `id:` of each
event is its place, so a client that reconnects with `Last-Event-ID` continues after that event.
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
    # Tells nginx not to buffer the response, which would delay the events.
    "x-accel-buffering": "no",
}
_BEGIN = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"


@dataclass(frozen=True, slots=True)
class ReadySubscription:
    """A subscription that is ready to be delivered: its events, its selection, its caller and its call."""

    source: EventSource
    selection: Selection
    session: CallerSession
    operation: Operation
    call: Call


class _Stream(Response):
    """The base of responses with server-sent events."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(None, 200, _HEADERS, media_type=EVENTS)
        del self.headers["content-length"]
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response until its events end or the client disconnects."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": _BEGIN, "more_body": True})
        await self._stream(scope["extensions"][PIPE], receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _stream(self, pipe: Pipe, receive: Receive) -> None:
        raise NotImplementedError


class ResultStream(_Stream):
    """Sends a single result as a `next` event, then `complete`."""

    def __init__(self, transport: Transport, result: bytes) -> None:
        super().__init__(transport)
        self._result = _event(result)

    async def _stream(self, pipe: Pipe, receive: Receive) -> None:
        pipe.write(self._result + _COMPLETE)


class EventStream(_Stream):
    """Sends each event of a subscription as a `next` event, until there are no more or the caller lost access.

    `held` is closed when the response has ended; it holds the counted connections.
    """

    def __init__(self, transport: Transport, followed: ReadySubscription, held: ExitStack) -> None:
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
            # The server began to stop before `is_endless` was set, so it did not close this response.
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
        """Read the caller's rights again before the first event; if that fails, abort the connection."""
        try:
            await session_watch.settle()
        except Exception as error:
            self._transport.format_error(GraphQLError("", original_error=error))
            pipe.end(CloseCode.TRY_AGAIN_LATER)
        receiver.settled.set()

    async def _rights_changed(self, pipe: Pipe, receiver: "_StreamReceiver", session: CallerSession) -> None:
        """Continue from the same place with new rights.

        If these forbid it, the stream ends with an error. After an exception the connection is aborted.
        """
        followed = self._followed
        self._delivery.stop()
        call = replace(followed.call, last_event_id=str(self._delivery.place))
        begin = partial(self._deliver, receiver)
        try:
            refused = await follow(self._transport, session, followed.operation, call, begin)
            if refused is not None:
                self._transport.raise_if_fatal(refused)
        except Exception as error:
            # Recorded here, because no caller handles it. The client reconnects, and then gets the error, if it
            # lasts.
            self._transport.format_error(GraphQLError("", original_error=error))
            pipe.end(CloseCode.TRY_AGAIN_LATER)
            return
        if refused is not None:
            receiver.result(refused)

    def _deliver(self, receiver: "_StreamReceiver", source: EventSource, selection: Selection) -> None:
        self._delivery = self._transport.deliveries.start(source, selection, receiver)


def _event(result: bytes) -> bytes:
    """A result in JSON as a `next` event."""
    return b"event: next\ndata: %b\n\n" % result


async def _gone(receive: Receive) -> None:
    """Wait until the client has disconnected, or the response has ended."""
    while (await receive())["type"] != "http.disconnect":
        pass


class _StreamReceiver(BudgetedReceiver):
    """Writes payloads to the response. It starts when the caller's rights were read again (`settled`)."""

    def __init__(self, transport: Transport, pipe: Pipe, followed: ReadySubscription) -> None:
        super().__init__(transport.budget, pipe, followed.session.caller, followed.operation)
        self._transport = transport
        self.settled = asyncio.Event()
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self, batch: Batch) -> bool:
        """Send a batch; returns False if there is no room for it, or if it is not `settled` yet."""
        return self.settled.is_set() and super().take(batch)

    async def wait_for_room(self) -> None:
        """Wait until the caller's rights were read again (`settled`) and the client has read everything sent to
        it.
        """
        await self.settled.wait()
        await super().wait_for_room()

    def offer(self, batch: Batch) -> bool:
        """Write a batch as events; returns False if too many bytes wait already."""
        events = [
            b"id: %d\ndata: %b" % (place, payload)
            for place, payload in zip(batch.places, batch.payloads, strict=True)
        ]
        return self.pipe.offer(b"event: next\n", events, b"\n\n", self._transport.max_pending)

    def result(self, result: ExecutionResult) -> None:
        """Send a last result, and end the response."""
        self.pipe.write(_event(written(result, self._transport.format_error).body))
        self.finish(None)

    def finish(self, error: Exception | None) -> None:
        """Send the error, if any, then `complete`, and end the response."""
        if error is not None:
            self.result(ExecutionResult(None, errors=[GraphQLError("", original_error=error)]))
            return
        self.pipe.write(_COMPLETE)
        if not self.finished.done():
            self.finished.set_result(None)
