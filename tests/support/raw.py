"""HTTP as raw bytes, for requests that an HTTP client would correct or refuse."""

import asyncio

from tests.support.client import PATIENCE
from tests.support.server import Server


async def connected(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to a server."""
    host, port = server.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """A request with these headers and Host only."""
    lines = [f"{method} {path} HTTP/1.1", "host: overdracht", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def exchanged(server: Server, sent: bytes) -> bytes:
    """Send bytes; everything that the server answers until it closes the connection, which it must."""
    reader, writer = await connected(server)
    try:
        writer.write(sent)
        return await asyncio.wait_for(_everything(reader), PATIENCE)
    finally:
        writer.close()


async def _everything(reader: asyncio.StreamReader) -> bytes:
    said = bytearray()
    try:
        while part := await reader.read(65_536):
            said += part
    except ConnectionResetError:
        # The server closed the connection while it still had unread data.
        pass
    return bytes(said)


def status(answer: bytes) -> int:
    """The status code of the first response in an answer."""
    return int(answer.split(b" ", 2)[1])
