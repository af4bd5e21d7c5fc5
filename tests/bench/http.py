"""A connection over HTTP that is kept: one request at a time, at little cost for the driver."""

import asyncio
from typing import cast

import httptools

from tests.bench.documents import PATH


class Answer:
    """The answer to a request, as it comes in."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.complete: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()


class Connection(asyncio.Protocol):
    """A connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer: Answer | None = None

    async def open(self) -> asyncio.Transport:
        """Connect, unless it is connected: servers close what was silent for some seconds."""
        if self._transport is None or self._transport.is_closing():
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
        assert self._transport is not None
        return self._transport

    def close(self) -> None:
        """Disconnect."""
        if self._transport is not None:
            self._transport.close()

    async def post(self, body: bytes, token: str | None) -> Answer:
        """The answer to a GraphQL request, by whoever has the token."""
        transport = await self.open()
        login = f"authorization: Bearer {token}\r\n" if token else ""
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n{login}"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._answer = Answer()
        self._parser = httptools.HttpResponseParser(self)
        transport.write(head.encode() + body)
        return await self._answer.complete

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # uvloop's own is not of asyncio's class, but does what it does.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Fail what waits for an answer."""
        if self._answer is not None and not self._answer.complete.done():
            self._answer.complete.set_exception(ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Parse a piece of the answer."""
        if self._parser is not None:
            self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Called by the parser: add to the answer."""
        if self._answer is not None:
            self._answer.body += body

    def on_message_complete(self) -> None:
        """Called by the parser: the answer is there."""
        assert self._parser is not None
        if self._answer is not None and not self._answer.complete.done():
            self._answer.status = self._parser.get_status_code()
            self._answer.complete.set_result(self._answer)
