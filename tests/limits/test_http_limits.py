"""Limits over HTTP: what is too long, too slow or no HTTP at all is refused before work is done, and costs nobody
else anything.
"""

import asyncio
import json

import pytest

from app.settings import Settings
from tests.support.arrange import stored
from tests.support.client import PATIENCE
from tests.support.http import codes, send
from tests.support.people import DESK
from tests.support.raw import connected, exchanged, request, status
from tests.support.server import Server, serving
from tests.support.template import Template

# Heads and bodies are refused before anything is read.
pytestmark = pytest.mark.database("sqlite")

KANALEN = "{ kanalen }"

REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'

MAX_BODY = 262_144

TOKEN = f"authorization: Bearer {DESK.token()}"

JSON_TYPE = "content-type: application/json"

CHUNKED = "transfer-encoding: chunked"

UPGRADE = (
    "connection: upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol: graphql-transport-ws",
)


def padded(query: str, size: int) -> bytes:
    """A body of so many bytes that asks a document."""
    return json.dumps({"query": query}).encode().ljust(size)


def brief(settings: Settings) -> Settings:
    """The same settings, with a short timeout for slow requests and a long one for idle connections."""
    return settings.model_copy(update={"request_seconds": 0.2, "keep_alive_seconds": 10 * PATIENCE})


async def test_a_body_of_just_the_limit_is_read_and_one_byte_more_is_refused_with_413(
    server: Server, settings: Settings
) -> None:
    before = stored(settings)
    response = await send(server, padded(REGISTER, MAX_BODY + 1))
    assert (response.status_code, codes(response)) == (413, ["LIMIET_OVERSCHREDEN"])
    assert response.headers["connection"] == "close"
    assert stored(settings) == before
    assert codes(await send(server, padded(REGISTER, MAX_BODY))) == []
    assert stored(settings) != before


async def test_a_length_that_is_too_long_is_refused_before_a_byte_of_the_body_came(server: Server) -> None:
    reader, writer = await connected(server)
    writer.write(request("POST", "/graphql", TOKEN, JSON_TYPE, f"content-length: {MAX_BODY + 1}"))
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    assert status(head) == 413
    writer.close()


async def test_a_chunked_body_is_counted_and_refused_when_it_becomes_too_long(server: Server) -> None:
    reader, writer = await connected(server)
    writer.write(request("POST", "/graphql", TOKEN, JSON_TYPE, CHUNKED))
    writer.write((b"10000\r\n" + b" " * 65_536 + b"\r\n") * 5)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    assert status(head) == 413
    assert b"connection: close" in head
    writer.close()


async def test_a_chunked_body_within_the_limit_is_read_and_the_connection_kept(server: Server) -> None:
    for body, expected in ((padded(KANALEN, 100), 200), (b"{", 400)):
        sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        one = request("POST", "/graphql", TOKEN, JSON_TYPE, CHUNKED, body=sent)
        last = request("GET", "/graphql", "connection: close")
        answer = await exchanged(server, one + last)
        assert status(answer) == expected
        assert answer.count(b"HTTP/1.1 ") == 2


async def test_a_limit_is_a_setting(settings: Settings, template: Template) -> None:
    small = settings.model_copy(update={"max_body_bytes": 1024, "max_query_bytes": 256})
    async with serving(small, template.eenheden) as server:
        assert (await send(server, padded(KANALEN, 1025))).status_code == 413
        assert (await send(server, padded(KANALEN, 1024))).status_code == 200
        for letters, expected in ((234, 200), (235, 414)):
            response = await send(server, method="GET", params={"query": "{kanalen}#" + "a" * letters})
            assert (len(response.request.url.query), response.status_code) == (22 + letters, expected)


async def test_a_stranger_is_refused_before_their_body_is_read(server: Server) -> None:
    for length in (10, MAX_BODY + 1):
        reader, writer = await connected(server)
        writer.write(request("POST", "/graphql", JSON_TYPE, f"content-length: {length}", "expect: 100-continue"))
        assert status(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)) == 401
        writer.close()


async def test_a_query_of_a_url_that_is_too_long_is_refused_with_414(server: Server) -> None:
    response = await send(server, method="GET", params={"query": KANALEN + " " * 16_384})
    assert (response.status_code, codes(response)) == (414, ["LIMIET_OVERSCHREDEN"])
    assert codes(await send(server, method="GET", params={"query": KANALEN + " " * 5_000})) == []


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (request("GET", "/graphql", "x: " + "a" * 32_768), 431),
        (request("GET", "/graphql", *[f"x-{number}: a" for number in range(100)]), 431),
        (request("GET", "/graphql", *["a: b"] * 20_000), 431),
        (request("GET", "/" + "a" * 32_768), 414),
        (request("GET", "/graphql", *UPGRADE, "x: " + "a" * 32_768), 431),
        (request("GET", "/graphql?" + "a" * 32_768, *UPGRADE), 414),
        (b"GET /graphql HTTP/1.1\r\nx: " + b"a" * 40_000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /graphql HTTP/1.1\r\nno header\r\n\r\n", 400),
        (request("POST", "/graphql", "content-length: 9" + "9" * 30), 400),
        (request("POST", "/graphql", "content-length: 3", CHUNKED), 400),
        (request("GET", "/graphql", *UPGRADE, "x: " + "a" * 9_000), 400),
        (request("GET", "/graphql", *UPGRADE, "content-length: 2", body=b"{}"), 400),
        (b"GET /graphql HTTP/1.1\r\n\r\n", 400),
        (request("GET", "/graphql", "host: overdracht"), 400),
        (request("GET", "/graphql", *UPGRADE, "host: elders"), 400),
        (request("GET", "/graphql").replace(b"host: overdracht", b"host: over dracht"), 400),
        (request("GET", "http://elders/graphql"), 400),
        (request("GET", "/graphql", TOKEN, TOKEN), 400),
        (request("POST", "/graphql", TOKEN, JSON_TYPE, "content-type: text/plain", "content-length: 0"), 400),
        (request("POST", "/graphql", TOKEN, JSON_TYPE, "transfer-encoding: gzip, chunked"), 501),
        (request("POST", "/graphql", TOKEN, JSON_TYPE, CHUNKED, CHUNKED), 400),
        (request("POST", "/graphql", TOKEN, JSON_TYPE, CHUNKED).replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
    ],
    ids=[
        "a long header",
        "many headers",
        "very many headers",
        "a long path",
        "a long header of a WebSocket",
        "a long URL of a WebSocket",
        "a header without end",
        "TLS",
        "no header",
        "a length that is none",
        "two lengths",
        "a header that the WebSocket library does not read",
        "a WebSocket with a body",
        "no host",
        "two hosts",
        "two hosts of a WebSocket",
        "a host that is none",
        "another host in the target",
        "two authorizations",
        "two types of a body",
        "a coding that is not known",
        "two codings",
        "chunks of HTTP/1.0",
    ],
)
async def test_a_head_that_is_too_long_or_is_none_is_refused_and_the_connection_closed(
    server: Server, head: bytes, expected: int
) -> None:
    answer = await exchanged(server, head)
    assert status(answer) == expected
    assert b"connection: close" in answer


async def test_a_head_within_the_limit_is_read_also_in_small_pieces(server: Server) -> None:
    head = request("GET", "/graphql?query={kanalen}", TOKEN, "x: " + "a" * 30_000, "connection: close")
    assert status(await exchanged(server, head)) == 200
    reader, writer = await connected(server)
    for start in range(0, len(head), 1_000):
        writer.write(head[start : start + 1_000])
        await writer.drain()
        await asyncio.sleep(0)
    assert status(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)) == 200
    writer.close()


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        (b"", None),
        (b"\r\n", None),
        (b"GET /graphql HTTP/1.1\r\nhost: overdr", 408),
        (request("GET", "/graphql", *UPGRADE)[:-2], 408),
        (request("POST", "/graphql", TOKEN, JSON_TYPE, "content-length: 30"), 408),
        (request("POST", "/graphql", TOKEN, JSON_TYPE, CHUNKED, body=b"5\r\n{\r\n"), 408),
        (request("POST", "/graphql", JSON_TYPE, "content-length: 30"), 401),
    ],
    ids=[
        "nothing",
        "an empty line",
        "half a head",
        "half a handshake",
        "no body",
        "half a body",
        "the body of a stranger",
    ],
)
async def test_what_does_not_come_in_time_is_broken_off(
    settings: Settings, template: Template, begun: bytes, expected: int | None
) -> None:
    async with serving(brief(settings), template.eenheden) as server:
        answer = await exchanged(server, begun)
        assert (status(answer) if answer else None) == expected
        # What may still come of a request that was given up is of no other one.
        assert expected != 408 or b"connection: close" in answer


@pytest.mark.parametrize("begun", [b"\r\n", b"GET /graphql HTTP/1.1\r\n"], ids=["an empty line", "half a head"])
async def test_who_begins_another_request_and_does_not_go_on_is_broken_off(
    settings: Settings, template: Template, begun: bytes
) -> None:
    async with serving(brief(settings), template.eenheden) as server:
        reader, writer = await connected(server)
        writer.write(request("GET", "/graphql"))
        await asyncio.wait_for(reader.readuntil(b"}]}"), PATIENCE)
        writer.write(begun)
        await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()


async def test_a_connection_on_which_nothing_is_asked_any_more_is_closed(
    settings: Settings, template: Template
) -> None:
    async with serving(settings.model_copy(update={"keep_alive_seconds": 0.2}), template.eenheden) as server:
        assert status(await exchanged(server, request("GET", "/graphql"))) == 401


@pytest.mark.parametrize(
    "flood",
    [
        request("GET", "/nergens") * 1_000,
        request("POST", "/graphql", JSON_TYPE, CHUNKED, body=b"1\r\n \r\n" * 20_000),
        request("POST", "/graphql", JSON_TYPE, CHUNKED, body=b"0\r\n" + b"a: b\r\n" * 20_000),
    ],
    ids=["requests behind each other", "a body in very small pieces", "headers behind a body"],
)
async def test_what_makes_much_of_little_is_broken_off_and_others_are_answered(
    server: Server, flood: bytes
) -> None:
    assert await exchanged(server, flood) == b""
    assert codes(await send(server, {"query": KANALEN})) == []


async def test_a_header_behind_a_body_is_one_of_no_request(server: Server) -> None:
    body = b'{"query": "{ kanalen }"}'
    sent = b"%x\r\n%b\r\n0\r\n%b\r\n\r\n" % (len(body), body, TOKEN.encode())
    first = request("POST", "/graphql", JSON_TYPE, CHUNKED, body=sent)
    second = request("GET", "/graphql?query={kanalen}", "connection: close")
    for asked in (first, second, first + second):
        reader, writer = await connected(server)
        writer.write(asked)
        assert status(await asyncio.wait_for(reader.readuntil(b"}]}"), PATIENCE)) == 401
        writer.close()


async def test_a_socket_stays_open_for_longer_than_a_request_may_take_to_come(
    settings: Settings, template: Template
) -> None:
    quick = settings.model_copy(update={"request_seconds": 0.1})
    async with serving(quick, template.eenheden) as server, server.as_(DESK).socket() as socket:
        # Connected later than the socket, and closed when it has waited too long for a request.
        assert await exchanged(server, b"") == b""
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}
