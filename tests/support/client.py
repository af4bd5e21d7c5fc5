"""A client over HTTP and WebSocket that shows the received data."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

JSON = Any
"""Any JSON value from the server."""

PATIENCE = 40.0
"""The timeout for something that must come, in seconds. Generous: it is not a measurement."""


@dataclass
class Client:
    """A client of one user; not logged in if `token` is None."""

    http: httpx.AsyncClient
    url: str
    ws_url: str
    token: str | None

    async def post(self, document: str, **variables: Any) -> httpx.Response:
        """Send a document and return the HTTP response."""
        # Not with httpx's own JSON, which cannot encode a lone surrogate.
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"content-type": "application/json"}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        return await self.http.post(self.url, content=body, headers=headers)

    async def answer(self, document: str, **variables: Any) -> JSON:
        """The answer to a document, with data, errors or both."""
        return (await self.post(document, **variables)).json()

    async def data(self, document: str, **variables: Any) -> JSON:
        """The data of a document that must succeed."""
        answer = await self.answer(document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def codes(self, document: str, **variables: Any) -> list[str]:
        """The codes of the errors of a document."""
        answer = await self.answer(document, **variables)
        return [error["extensions"]["code"] for error in answer.get("errors", [])]

    @property
    def init(self) -> JSON:
        """The message connection_init, with the token."""
        payload = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        return {"type": "connection_init", "payload": payload}

    @asynccontextmanager
    async def opened(self, *offered: str, **options: Any) -> AsyncIterator["Socket"]:
        """A WebSocket before connection_init; `options` are those of the library's connection."""
        subprotocols = [websockets.Subprotocol(name) for name in offered]
        options = {"open_timeout": PATIENCE} | options
        async with websockets.connect(self.ws_url, subprotocols=subprotocols or None, **options) as ws:
            yield Socket(ws)

    @asynccontextmanager
    async def socket(self, **options: Any) -> AsyncIterator["Socket"]:
        """An acknowledged WebSocket; `options` are those of the library's connection."""
        async with self.opened("graphql-transport-ws", **options) as socket:
            await socket.send(self.init)
            assert await socket.receive() == {"type": "connection_ack"}
            yield socket

    @asynccontextmanager
    async def follow(self, document: str, **variables: Any) -> AsyncIterator["Stream"]:
        """A subscription on a new WebSocket."""
        async with self.socket() as socket:
            yield await socket.subscribe(document, **variables)

    @asynccontextmanager
    async def events(
        self, document: str, *, last_event_id: str | None = None, **variables: Any
    ) -> AsyncIterator["Events"]:
        """An operation whose results come as server-sent events."""
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {self.token}"}
        if last_event_id is not None:
            headers["last-event-id"] = last_event_id
        body = {"query": document, "variables": variables}
        async with self.http.stream("POST", self.url, json=body, headers=headers) as response:
            yield Events(response, response.aiter_lines())


@dataclass
class Event:
    """One received server-sent event."""

    name: str
    id: str | None
    data: JSON
    text: str = field(default="", repr=False, compare=False)
    """The data as received."""


@dataclass
class Events:
    """A response of server-sent events."""

    response: httpx.Response
    _lines: AsyncIterator[str]

    async def event(self) -> Event:
        """The next event; comments are skipped."""
        fields: dict[str, str] = {}
        while True:
            line = await asyncio.wait_for(anext(self._lines), PATIENCE)
            if line == "" and fields:
                data = fields["data"]
                return Event(fields["event"], fields.get("id"), json.loads(data) if data else None, data)
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")

    async def ended(self) -> bool:
        """Whether the response ends here."""
        return await asyncio.wait_for(anext(self._lines, None), PATIENCE) is None

    async def next(self) -> JSON:
        """The data of the next result, which must come without errors."""
        event = await self.event()
        assert event.name == "next", event
        assert "errors" not in event.data, event
        return event.data["data"]


@dataclass
class Socket:
    """A WebSocket of graphql-transport-ws, message by message."""

    ws: ClientConnection
    _operations: int = field(default=0)

    async def send(self, message: JSON) -> None:
        """Send a message as JSON, or any text."""
        await self.ws.send(message if isinstance(message, str) else json.dumps(message))

    async def send_together(self, *messages: JSON) -> None:
        """Send messages so that the server receives them in one read; bytes as binary messages."""
        for message in messages:
            if isinstance(message, bytes):
                self.ws.protocol.send_binary(message)
            else:
                text = message if isinstance(message, str) else json.dumps(message)
                self.ws.protocol.send_text(text.encode())
        self.ws.transport.write(b"".join(self.ws.protocol.data_to_send()))

    async def receive(self) -> JSON:
        """The next message; pings from the server are answered and skipped."""
        return json.loads(await self.receive_text())

    async def receive_text(self) -> str:
        """The next message as received; pings from the server are answered and skipped."""
        while True:
            text = str(await asyncio.wait_for(self.ws.recv(), PATIENCE))
            if json.loads(text)["type"] != "ping":
                return text
            await self.send({"type": "pong"})

    async def closed(self) -> int:
        """Wait until the server closes the socket; the close code."""
        await asyncio.wait_for(self.ws.wait_closed(), PATIENCE)
        assert self.ws.close_code is not None
        return self.ws.close_code

    async def closing(self) -> tuple[int, str | None]:
        """Wait until the server closes the socket; the close code and reason."""
        return await self.closed(), self.ws.close_reason

    async def subscribe(self, document: str, **variables: Any) -> "Stream":
        """Start an operation."""
        self._operations += 1
        stream = Stream(self, str(self._operations))
        payload = {"query": document, "variables": variables}
        await self.send({"id": stream.id, "type": "subscribe", "payload": payload})
        return stream


@dataclass
class Stream:
    """The only operation on a socket."""

    socket: Socket
    id: str

    async def message(self) -> JSON:
        """The next message of this operation."""
        message = await self.socket.receive()
        assert message["id"] == self.id
        return message

    async def next(self) -> JSON:
        """The data of the next event, which must come without errors."""
        message = await self.message()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def refused(self) -> list[str]:
        """The codes of the one `error` that ends this operation."""
        message = await self.message()
        assert message["type"] == "error", message
        return [error["extensions"]["code"] for error in message["payload"]]

    async def complete(self) -> None:
        """End this operation from the client's side."""
        await self.socket.send({"id": self.id, "type": "complete"})

    async def is_quiet(self) -> bool:
        """Whether no message of this operation is underway: a ping that is sent now is answered first."""
        await self.socket.send({"type": "ping"})
        message = await self.socket.receive()
        return bool(message["type"] == "pong")
