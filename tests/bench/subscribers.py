"""Subscribers: thousands of WebSockets that follow inboxes, and look at every frame."""

import asyncio
import uuid
from collections.abc import Sequence
from time import perf_counter

import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from tests.bench.documents import PATH, subscription
from tests.bench.ledger import Inbox, Ledger

_AT_ONCE = 64
"""How many connect at the same time."""

_HANDSHAKE_SECONDS = 120.0


class Subscriber(WSListener):
    """One WebSocket with one operation, its id a UUID as clients make it."""

    def __init__(self, ledger: Ledger, inbox: Inbox) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._operation = str(uuid.uuid4()).encode()
        self._transport: WSTransport | None = None
        self._leaving = False
        self.place: int | None = None
        """The place in the inbox of the event that must come next; None until the first one came."""
        self.acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def leave(self) -> None:
        """Go, without a word, as browsers do."""
        self._leaving = True
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Say who it is."""
        self._transport = transport
        token = self._inbox.token
        payload = {"payload": {"authorization": f"Bearer {token}"}} if token else {}
        self._send(orjson.dumps({"type": "connection_init"} | payload))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Count a socket that the server closed."""
        if not self._leaving:
            self._ledger.violation("closed by the server")
        if not self.acknowledged.done():
            self.acknowledged.set_exception(ConnectionError("closed before connection_ack"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Compare with what must come next; whatever else it is, is looked into."""
        at = perf_counter()
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            text = frame.get_payload_as_bytes()
            events = self._inbox.events
            if self.place is not None and self.place < len(events):
                event = events[self.place]
                if event.frame == text.replace(self._operation, b"", 1):
                    self.place += 1
                    self._ledger.had(event, at)
                    return
            self._look_into(text, at)

    def _look_into(self, text: bytes, at: float) -> None:
        message = orjson.loads(text)
        match message["type"]:
            case "connection_ack":
                payload = subscription(self._inbox.eenheid_id)
                self._send(b'{"id":"%b","type":"subscribe","payload":%b}' % (self._operation, payload))
                self.acknowledged.set_result(None)
            case "ping":
                self._send(b'{"type":"pong"}')
            case "next":
                event = self._ledger.told(self._inbox, text, message, self._operation)
                if event is not None and self._is_next(event.place, text):
                    self.place = event.place + 1
                    self._ledger.had(event, at)
            case _:
                self._ledger.violation(f"unexpected {message['type']}", text)

    def _is_next(self, place: int, text: bytes) -> bool:
        if self.place is None or place == self.place:
            return True
        self._ledger.violation("told twice or late" if place < self.place else "facts left out", text)
        return place > self.place

    def _send(self, text: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, text)


class Audience:
    """All subscribers of a workload."""

    def __init__(self, ledger: Ledger, port: int) -> None:
        self._ledger = ledger
        self._url = f"ws://127.0.0.1:{port}{PATH}"
        self._subscribers: list[tuple[Inbox, Subscriber]] = []

    async def connect(self, inboxes: Sequence[Inbox]) -> None:
        """One subscriber more for each inbox named; when it returns, all have asked for their subscription."""
        turns = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as connecting:
                for inbox in inboxes:
                    connecting.create_task(self._connect(inbox, turns))
        except ExceptionGroup as failed:
            raise ConnectionError(f"not everybody could connect: {failed.exceptions[0]!r}") from failed

    async def _connect(self, inbox: Inbox, turns: asyncio.Semaphore) -> None:
        async with turns:
            subscriber = Subscriber(self._ledger, inbox)
            inbox.subscribers += 1
            self._subscribers.append((inbox, subscriber))
            await ws_connect(
                lambda: subscriber,
                self._url,
                extra_headers={"Sec-WebSocket-Protocol": "graphql-transport-ws"},
                websocket_handshake_timeout=_HANDSHAKE_SECONDS,
                read_buffer_init_size=4096,
            )
            await subscriber.acknowledged

    def count_missing(self) -> None:
        """Count the subscribers who did not get everything in their inbox."""
        for inbox, subscriber in self._subscribers:
            if missing := len(inbox.events) - (subscriber.place or 0):
                self._ledger.violation("not told", times=missing)

    def leave(self) -> None:
        """Everybody goes."""
        for _, subscriber in self._subscribers:
            subscriber.leave()
        self._subscribers.clear()
