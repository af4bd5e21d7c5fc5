"""A client over HTTP and WebSocket that shows what came over the wire."""

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
"""Whatever the server answered; tests look into it."""

PATIENCE = 40.0
"""How long a test waits for a frame that must come, in seconds; nothing is measured by it."""


@dataclass
class Client:
    """One logged-in user."""

    http: httpx.AsyncClient
    url: str
    ws_url: str
    token: str | None

    async def post(self, document: str, **variables: Any) -> httpx.Response:
        """The HTTP response to a document."""
        # Not by httpx's own JSON, which cannot write a lone surrogate.
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"content-type": "application/json"}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        return await self.http.post(self.url, content=body, headers=headers)

    async def answer(self, document: str, **variables: Any) -> JSON:
        """The whole answer to a document: data, errors or both."""
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
        """The message with which it says who it is."""
        payload = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        return {"type": "connection_init", "payload": payload}

    @asynccontextmanager
    async def opened(self, *offered: str, **options: Any) -> AsyncIterator["Socket"]:
        """A WebSocket on which nothing was said yet; `options` are those of the library's connection."""
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
        """A subscription on a WebSocket of its own."""
        async with self.socket() as socket:
            yield await socket.subscribe(document, **variables)

    @asynccontextmanager
    async def events(
        self, document: str, *, last_event_id: str | None = None, **variables: Any
    ) -> AsyncIterator["Events"]:
        """An operation whose results are streamed as server-sent events."""
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {self.token}"}
        if last_event_id is not None:
            headers["last-event-id"] = last_event_id
        body = {"query": document, "variables": variables}
        async with self.http.stream("POST", self.url, json=body, headers=headers) as response:
            yield Events(response, response.aiter_lines())


@dataclass
class Event:
    """One server-sent event, as it came."""

    name: str
    id: str | None
    data: JSON
    text: str = field(default="", repr=False, compare=False)
    """The data as it came over the wire."""


@dataclass
class Events:
    """A response of server-sent events."""

    response: httpx.Response
    _lines: AsyncIterator[str]

    async def event(self) -> Event:
        """The next event; comments are passed over."""
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
        """Send a message, or a text that is none."""
        await self.ws.send(message if isinstance(message, str) else json.dumps(message))

    async def send_together(self, *messages: JSON) -> None:
        """Send messages so that the server receives them at once; bytes as binary ones."""
        for message in messages:
            if isinstance(message, bytes):
                self.ws.protocol.send_binary(message)
            else:
                text = message if isinstance(message, str) else json.dumps(message)
                self.ws.protocol.send_text(text.encode())
        self.ws.transport.write(b"".join(self.ws.protocol.data_to_send()))

    async def receive(self) -> JSON:
        """The next message; pings of the server are answered on the way."""
        return json.loads(await self.receive_text())

    async def receive_text(self) -> str:
        """The next message as it came over the wire; pings of the server are answered on the way."""
        while True:
            text = str(await asyncio.wait_for(self.ws.recv(), PATIENCE))
            if json.loads(text)["type"] != "ping":
                return text
            await self.send({"type": "pong"})

    async def closed(self) -> int:
        """The code that the server closes the socket with."""
        await asyncio.wait_for(self.ws.wait_closed(), PATIENCE)
        assert self.ws.close_code is not None
        return self.ws.close_code

    async def closing(self) -> tuple[int, str | None]:
        """The code and the reason that the server closes the socket with."""
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
    """One operation on a socket that has no other."""

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
        """Whether nothing of it is on its way: what a ping sent now overtakes is not there."""
        await self.socket.send({"type": "ping"})
        message = await self.socket.receive()
        return bool(message["type"] == "pong")
