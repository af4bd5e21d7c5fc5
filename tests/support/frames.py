"""A WebSocket client at the level of frames, which can also send invalid frames."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.support.client import PATIENCE
from tests.support.server import Server

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
"""Opcodes (RFC 6455, section 5.2)."""

_HANDSHAKE = (
    "GET /graphql HTTP/1.1\r\nHost: overdracht\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


def frame(
    opcode: int,
    data: bytes = b"",
    *,
    fin: bool = True,
    masked: bool = True,
    rsv: int = 0,
    length: int | None = None,
) -> bytes:
    """One frame of a client; `length` is a false length for its header."""
    said = len(data) if length is None else length
    head = bytes([fin << 7 | rsv << 4 | opcode])
    mask = masked << 7
    if said < 126:
        head += bytes([mask | said])
    elif said < 65536:
        head += bytes([mask | 126]) + said.to_bytes(2, "big")
    else:
        head += bytes([mask | 127]) + said.to_bytes(8, "big")
    if not masked:
        return head + data
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(data))


@dataclass
class Wire:
    """The connection of a WebSocket after the handshake."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, *frames: bytes) -> None:
        """Send frames so that the server receives them in one read."""
        self.writer.write(b"".join(frames))

    async def receive(self) -> tuple[int, bytes]:
        """The opcode and the data of the next frame, which must be unfragmented and unmasked."""
        async with asyncio.timeout(PATIENCE):
            first, length = await self.reader.readexactly(2)
            assert first & 0xF0 == 0x80
            if length == 126:
                length = int.from_bytes(await self.reader.readexactly(2), "big")
            assert length <= 65535
            return first & 0x0F, await self.reader.readexactly(length)

    async def closed(self) -> int | None:
        """The code of the close frame, which must come next (except for pings) and last; None if it has no code."""
        while (received := await self.receive())[0] == PING:
            pass
        opcode, data = received
        assert opcode == CLOSE, received
        self.send(frame(CLOSE, data[:2]))
        async with asyncio.timeout(PATIENCE):
            assert await self.reader.read() == b""
        return int.from_bytes(data[:2], "big") if data else None


@asynccontextmanager
async def wire(server: Server) -> AsyncIterator[Wire]:
    """A WebSocket right after the handshake."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(_HANDSHAKE.format(key=base64.b64encode(os.urandom(16)).decode()).encode())
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        yield Wire(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()
