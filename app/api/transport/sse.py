"""Server-sent events: graphql-sse's distinct connections mode, one operation on one response.

Specifications: PROTOCOL.md of the npm package graphql-sse, and EventSource in the HTML standard. Each event's `id:`
is its place, so that a client that comes back with `Last-Event-ID` goes on behind it.
"""

import asyncio
from dataclasses import dataclass

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.api.transport.delivery import Batch
from app.api.transport.negotiation import EVENTS
from app.api.transport.ports import PIPE, EventSource, Pipe
from app.api.transport.results import response_body
from app.api.transport.serving import Serving
from app.api.transport.sharing import Selection

_HEADERS = {
    "cache-control": "no-cache, no-store",
    # A proxy that gathers what passes would hold the events up.
    "x-accel-buffering": "no",
}
_BEGIN = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription follows, and what it takes from each event."""

    source: EventSource
    selection: Selection


class EventStream(Response):
    """A response that streams the outcome of one operation: every result as `next`, then `complete`."""

    def __init__(self, serving: Serving, outcome: Followed | ExecutionResult) -> None:
        super().__init__(None, 200, _HEADERS, media_type=EVENTS)
        del self.headers["content-length"]
        self._serving = serving
        self._outcome = outcome

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the operation has ended or the client has gone."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": _BEGIN, "more_body": True})
        pipe: Pipe = scope["extensions"][PIPE]
        if isinstance(self._outcome, ExecutionResult):
            body = response_body(self._outcome, self._serving.format_error)
            pipe.write(b"event: next\ndata: %b\n\n%b" % (orjson.dumps(body), _COMPLETE))
        else:
            await self._follow(self._outcome, pipe, receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _follow(self, followed: Followed, pipe: Pipe, receive: Receive) -> None:
        receiver = _StreamReceiver(self._serving, pipe)
        delivery = self._serving.deliveries.start(followed.source, followed.selection, receiver)
        pipe.is_endless = True
        self._serving.watch.add(pipe)
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait([gone, receiver.finished], return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            self._serving.watch.remove(pipe)
            pipe.is_endless = False
            delivery.stop()


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


class _StreamReceiver:
    """Writes payloads to the response, as long as no more than so many bytes wait there."""

    def __init__(self, serving: Serving, pipe: Pipe) -> None:
        self._serving = serving
        self._pipe = pipe
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def take(self, batch: Batch) -> bool:
        """Send payloads, unless too much waits already."""
        events = [
            b"id: %d\ndata: %b" % (place, payload)
            for place, payload in zip(batch.places, batch.payloads, strict=True)
        ]
        return self._pipe.offer(b"event: next\n", events, b"\n\n", self._serving.max_pending)

    async def room(self) -> None:
        """Wait until all that was sent is taken."""
        await self._pipe.emptied()

    def finish(self, error: Exception | None) -> None:
        """Say that there will be no more, and end the response."""
        if error is not None:
            body = {"errors": [self._serving.format_error(GraphQLError("", original_error=error))]}
            self._pipe.write(b"event: next\ndata: %b\n\n" % orjson.dumps(body))
        self._pipe.write(_COMPLETE)
        if not self.finished.done():
            self.finished.set_result(None)
