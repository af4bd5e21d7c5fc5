"""Whatever a request is made of, its answer is one of HTTP that says whose mistake it is.

How to try more of them stands in `test_hostile_inputs`.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings
from tests.support.arrange import stored
from tests.support.client import PATIENCE
from tests.support.hostile import ANYTHING, CODES, HUGE, examples, mostly, texts
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.database("sqlite")]

QUERY = "query A($id: ID!) { interneTaak(id: $id) { id } kanalen }"


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(shared: Settings, template: Template) -> AsyncIterator[Server]:
    async with serving(shared, template.eenheden) as running:
        await running.as_(DESK).data("{ kanalen }")
        yield running


def latin_1(text: str) -> bytes:
    """A value of a header: any bytes but control characters, with which it is no HTTP."""
    return bytes(byte for byte in text.encode("latin-1", errors="replace") if byte >= 32 and byte != 127).strip()


BODIES = st.one_of(
    st.fixed_dictionaries(
        {"query": mostly(st.just(QUERY), ANYTHING, HUGE, times=4)},
        optional={
            "variables": mostly(st.fixed_dictionaries({"id": ANYTHING}), ANYTHING, times=4),
            "operationName": mostly(st.just("A"), ANYTHING, times=4),
            "extensions": mostly(st.just({}), ANYTHING, times=4),
            "more": ANYTHING,
        },
    ).map(lambda body: json.dumps(body).encode()),
    ANYTHING.map(lambda body: json.dumps(body).encode()),
    st.binary(max_size=50),
    st.sampled_from(["utf-16", "utf-8-sig", "utf-32"]).map(lambda name: json.dumps({"query": QUERY}).encode(name)),
)

HEADERS = st.fixed_dictionaries(
    {
        "content-type": mostly(
            st.just("application/json"),
            st.sampled_from(
                [
                    "application/json; charset=utf-8",
                    "application/json; charset=onbekend",
                    "multipart/form-data; boundary=x",
                    "application/x-www-form-urlencoded",
                    "application/graphql",
                    "text/plain",
                    "",
                ]
            ),
            texts(),
            times=4,
        )
    },
    optional={
        "accept": st.sampled_from(
            [
                "*/*",
                "text/event-stream",
                "application/graphql-response+json",
                "application/json;q=x",
                "text/html",
                ",",
            ]
        )
        | texts(),
        "authorization": st.sampled_from(["Bearer", "Bearer ", "Bearer a.b.c", "bearer é", "Basic eDp5"]) | texts(),
        "last-event-id": st.sampled_from(["0", "-1", "9" * 50, "x"]) | texts(),
        "origin": texts(),
        "x-request-id": texts(),
        "traceparent": st.sampled_from(["00-0-0-00"]) | texts(),
        "x-forwarded-for": texts(),
        "accept-encoding": st.sampled_from(["gzip", "identity;q=0"]) | texts(),
    },
)

METHODS = mostly(
    st.just("POST"), st.sampled_from(["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "PROPFIND"]), times=4
)


@examples(cost=2)
@given(method=METHODS, body=BODIES, headers=HEADERS, params=st.dictionaries(texts(5), texts(), max_size=2))
async def test_any_request_is_answered_and_stores_nothing(
    server: Server, shared: Settings, method: str, body: bytes, headers: dict[str, str], params: dict[str, str]
) -> None:
    before = stored(shared)
    raw: dict[bytes, bytes] = {b"authorization": f"Bearer {DESK.token()}".encode()}
    raw |= {name.encode(): latin_1(value) for name, value in headers.items()}
    plain = {_sendable(name): _sendable(value) for name, value in params.items()}
    with nothing_wrong_is_logged():
        answer = await server.http.request(
            method, server.graphql, content=body, headers=list(raw.items()), params=plain
        )
    assert answer.status_code < 500, answer.text
    if "json" in answer.headers.get("content-type", ""):
        assert _codes(answer.content) <= CODES
    assert stored(shared) == before


def _sendable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _codes(content: bytes) -> set[str]:
    """The codes of the errors of an answer, or of each of several."""
    parsed: Any = json.loads(content) if content else {}
    answers = parsed if isinstance(parsed, list) else [parsed]
    return {error["extensions"]["code"] for one in answers for error in one.get("errors", [])}


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"POST /graphql HTTP/1.1",
                b"GET /graphql?query=%ff%00 HTTP/1.1",
                b"GET * HTTP/1.1",
                b"GET http://[ HTTP/1.1",
                b"GET /%2e%2e/%00 HTTP/9.9",
                b"Host: x",
                b"Content-Length: 5",
                b"Content-Length: -1",
                b"Content-Length: 99999999999999999999",
                b"Transfer-Encoding: chunked",
                b"Transfer-Encoding: x",
                b"Expect: 100-continue",
                b"Upgrade: websocket",
                b"Connection: Upgrade",
                b"Sec-WebSocket-Version: 13",
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                b"Sec-WebSocket-Protocol: graphql-transport-ws,,\xff",
                b"Sec-WebSocket-Extensions: permessage-deflate; x=\x00",
                b"ffffffffffffffff",
                b"",
            ]
        ),
        st.binary(max_size=30),
    ),
    max_size=12,
)


@examples(cost=2)
@given(lines=LINES)
async def test_any_bytes_on_a_connection_harm_nobody_else(server: Server, lines: list[bytes]) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    # One line, as a warning, says that what came was no HTTP.
    with nothing_wrong_is_logged(logging.ERROR):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"\r\n".join([*lines, b"", b""]))
        writer.write_eof()
        # Whoever sends what is not read may be cut off.
        with suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
    assert await server.as_(DESK).data("{ kanalen }")
