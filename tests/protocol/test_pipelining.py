"""Requests sent behind each other on one connection: an event stream is not disturbed by what waits behind it."""

import asyncio
import json

import pytest

from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.client import PATIENCE, Client
from tests.support.figures import until, with_figures
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

# How requests wait for each other has nothing to do with where they read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = "subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }"

ROLLEN = "{ ik { rollen } }"


async def connected(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = server.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


def request(client: Client, document: str, **variables: str) -> bytes:
    """A request that asks for an event stream, as it goes over the wire."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    headers = {
        "host": "overdracht",
        "accept": "text/event-stream",
        "content-type": "application/json",
        "content-length": str(len(body)),
        "authorization": f"Bearer {client.token}",
    }
    lines = ["POST /graphql HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


async def read_until(reader: asyncio.StreamReader, words: bytes) -> bytes:
    return await asyncio.wait_for(reader.readuntil(words), PATIENCE)


async def test_each_of_two_streamed_queries_gets_its_result(server: Server) -> None:
    client = server.as_(DESK)
    reader, writer = await connected(server)
    writer.write(request(client, ROLLEN) * 2)
    for _ in range(2):
        assert b'{"rollen":["KCC"]}' in await read_until(reader, b"event: complete")
    writer.close()
    await writer.wait_closed()


async def test_who_follows_and_has_a_request_waiting_behind_gets_their_facts_and_is_forgotten_when_they_go(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        eenheid, inbox = server.eenheden["VER"], server.as_(VERGUNNINGEN)
        reader, writer = await connected(server)
        writer.write(request(inbox, POSTVAK, eenheid=eenheid) + request(inbox, ROLLEN))
        await until(server, subscriptions=1.0)
        await new_taak(server.as_(DESK), eenheid)
        assert b"id: 1" in await read_until(reader, b'{"volgnummer":1}')
        writer.transport.abort()
        await until(server, subscriptions=0.0, open_connections=0.0)
