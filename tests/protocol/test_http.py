"""GraphQL over HTTP: whatever is sent is answered with JSON and a code, and never with an internal error."""

from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import stored
from tests.support.client import JSON
from tests.support.http import codes, send
from tests.support.people import DESK
from tests.support.server import Server

# How requests and answers are written has nothing to do with where they are read.
pytestmark = pytest.mark.database("sqlite")

KANALEN = "{ kanalen }"

FIRST = "query ($first: Int!) { interneTaken(first: $first) { totalCount } }"

REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'


async def test_a_document_that_is_wrong_is_refused_with_what_is_wrong(server: Server) -> None:
    desk = server.as_(DESK)
    for document in (
        "{",
        "",
        " ",
        "# alleen dit",
        "{ kanalen } }",
        "{ onbekend }",
        "{ kanalen { naam } }",
        "{ ik }",
        "{ interneTaken(eerste: 1) { totalCount } }",
        "query ($since: DateTime) { kanalen }",
        "query A { kanalen } query A { kanalen }",
        "query A { kanalen } query B { kanalen }",
        "fragment F on Query { kanalen }",
        "query @snel { kanalen }",
        "type Query { kanalen: String }",
        "{ interneTaken(first: null) { totalCount } }",
        "{ interneTaken(first: 2147483648) { totalCount } }",
        "{ interneTaken(volgorde: OUDSTE) { totalCount } }",
        '{ interneTaken(volgorde: "NIEUWSTE_EERST") { totalCount } }',
        '{ interneTaken(filter: { statussen: ["GEDAAN"] }) { totalCount } }',
    ):
        found = codes(await desk.post(document))
        assert found, document[:80]
        assert set(found) == {"DOCUMENT_ONGELDIG"}, document[:80]


async def test_variables_that_are_wrong_are_refused(server: Server) -> None:
    desk = server.as_(DESK)
    firsts: list[Any] = [None, "1", 1.5, True, 2**31, 10**100, [], {}]
    for first in firsts:
        assert codes(await desk.post(FIRST, first=first)) == ["DOCUMENT_ONGELDIG"], first
    assert codes(await desk.post(FIRST)) == ["DOCUMENT_ONGELDIG"]
    nullable = "query ($first: Int) { interneTaken(first: $first) { totalCount } }"
    assert codes(await desk.post(nullable, first=None)) == ["DOCUMENT_ONGELDIG"]
    assert codes(await desk.post(nullable)) == []


async def test_an_operation_that_the_document_has_not_is_refused(server: Server) -> None:
    two = "query A { kanalen } query B { ik { rollen } }"
    for name in (None, "C", "", "a"):
        response = await send(server, {"query": two, "operationName": name})
        assert codes(response) == ["DOCUMENT_ONGELDIG"]
    assert codes(await send(server, {"query": KANALEN, "operationName": "A"})) == ["DOCUMENT_ONGELDIG"]
    response = await send(server, {"query": two, "operationName": "B"})
    assert response.json() == {"data": {"ik": {"rollen": ["KCC"]}}}


async def test_a_body_that_is_no_request_is_refused(server: Server) -> None:
    bodies: list[bytes | JSON] = [
        b"",
        b"{",
        b"query { kanalen }",
        b"[" * 100_000,
        b'{"query":' * 20_000,
        b'{"query": "{ kanalen }", "variables": {"n": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ kanalen \xff }"}',
        b'{"query": "{ kanalen }"',
        b"NaN",
        b'{"query": "{ kanalen }", "variables": {"n": NaN}}',
        b'{"query": "{ kanalen }", "variables": {"n": -Infinity}}',
        '{"query": "{ kanalen }"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"query": "{ kanalen }"}',
        b'{"query": "{ kanalen }", "variables": {"n": [' + b"[]," * 80_000 + b"[]]}}",
        [],
        [{"query": KANALEN}],
        None,
        "{ kanalen }",
        5,
        True,
        {},
        {"query": None},
        {"query": 5},
        {"query": [KANALEN]},
        {"query": {"kanalen": True}},
        {"query": KANALEN, "variables": []},
        {"query": KANALEN, "variables": "{}"},
        {"query": KANALEN, "variables": 5},
        {"query": KANALEN, "operationName": 5},
        {"query": KANALEN, "operationName": ["A"]},
        {"query": KANALEN, "extensions": []},
    ]
    for body in bodies:
        response = await send(server, body)
        assert codes(response) == ["DOCUMENT_ONGELDIG"], repr(body)[:80]
        assert response.status_code == 400, repr(body)[:80]


async def test_of_a_name_that_comes_twice_the_last_value_counts(server: Server) -> None:
    response = await send(server, b'{"query": "{", "query": "{ ik { rollen } }"}')
    assert response.json() == {"data": {"ik": {"rollen": ["KCC"]}}}


async def test_other_methods_than_get_and_post_are_refused(server: Server) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "QUERY"):
        response = await send(server, {"query": KANALEN}, method=method)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, POST"), method
        if method != "HEAD":
            assert codes(response) == ["DOCUMENT_ONGELDIG"], method


async def test_a_query_can_be_asked_by_get(server: Server) -> None:
    expected = (await send(server, {"query": FIRST, "variables": {"first": 1}})).json()
    params = {"query": FIRST, "variables": '{"first": 1}'}
    assert (await send(server, method="GET", params=params)).json() == expected
    named = {"query": "query A { kanalen } query B { ik { rollen } }", "operationName": "B"}
    assert (await send(server, method="GET", params=named)).json() == {"data": {"ik": {"rollen": ["KCC"]}}}
    empty = {"query": KANALEN, "operationName": "", "variables": "", "extensions": ""}
    assert codes(await send(server, method="GET", params=empty)) == []
    null = {"query": KANALEN, "variables": "null", "extensions": "null"}
    assert codes(await send(server, method="GET", params=null)) == []
    for wrong in (
        {},
        {"query": ""},
        {"query": "{"},
        {"query": KANALEN, "variables": "{"},
        {"query": KANALEN, "variables": "[]"},
        {"query": KANALEN, "variables": "5"},
        {"query": KANALEN, "extensions": '"x"'},
        {"query": KANALEN, "operationName": "A"},
    ):
        assert codes(await send(server, method="GET", params=wrong)) == ["DOCUMENT_ONGELDIG"], wrong


async def test_a_query_of_a_url_that_is_no_form_data_or_says_a_thing_twice_is_refused(server: Server) -> None:
    headers = {"authorization": f"Bearer {DESK.token()}"}
    for query in ("query=%ff", "query={kanalen}&query={kanalen}", "&".join(f"a{n}=1" for n in range(1_000))):
        response = await server.http.get(f"{server.graphql}?{query}", headers=headers)
        assert (response.status_code, codes(response)) == (400, ["DOCUMENT_ONGELDIG"]), query


async def test_a_mutation_by_get_is_refused_and_not_executed(server: Server, settings: Settings) -> None:
    before = stored(settings)
    response = await send(server, method="GET", params={"query": REGISTER})
    assert (response.status_code, codes(response)) == (405, ["DOCUMENT_ONGELDIG"])
    assert response.headers["allow"] == "POST"
    two = {"query": f"query A {KANALEN} {REGISTER.replace('mutation', 'mutation B')}", "operationName": "B"}
    assert codes(await send(server, method="GET", params=two)) == ["DOCUMENT_ONGELDIG"]
    assert stored(settings) == before
    assert codes(await send(server, {"query": REGISTER})) == []
    assert stored(settings) != before
