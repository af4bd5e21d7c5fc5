"""GraphQL over HTTP: whatever is sent is answered with JSON and a code, and never with an internal error."""

from typing import Any

from app.settings import Settings
from tests.support.arrange import stored
from tests.support.client import JSON
from tests.support.http import codes, send
from tests.support.people import DESK
from tests.support.server import Server

KANALEN = "{ kanalen }"

FIRST = "query ($first: Int!) { interneTaken(first: $first) { totalCount } }"

REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'

FOLLOW = 'subscription { interneTaak(id: "99999999-9999-4999-8999-999999999999") { versie } }'


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


async def test_only_json_is_read(server: Server) -> None:
    body = {"query": KANALEN}
    for content_type in (None, "text/plain", "application/graphql", "multipart/form-data; boundary=x"):
        assert codes(await send(server, body, content_type=content_type)) == ["DOCUMENT_ONGELDIG"], content_type
    for content_type in ("application/json", "application/json; charset=utf-8"):
        assert codes(await send(server, body, content_type=content_type)) == [], content_type


async def test_other_methods_than_get_and_post_are_refused(server: Server) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        response = await send(server, {"query": KANALEN}, method=method)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
        assert codes(response) == ["DOCUMENT_ONGELDIG"]


async def test_a_query_can_be_asked_by_get(server: Server) -> None:
    expected = (await send(server, {"query": FIRST, "variables": {"first": 1}})).json()
    params = {"query": FIRST, "variables": '{"first": 1}'}
    assert (await send(server, method="GET", params=params)).json() == expected
    named = {"query": "query A { kanalen } query B { ik { rollen } }", "operationName": "B"}
    assert (await send(server, method="GET", params=named)).json() == {"data": {"ik": {"rollen": ["KCC"]}}}
    for wrong in (
        {},
        {"query": "{"},
        {"query": KANALEN, "variables": "{"},
        {"query": KANALEN, "variables": "[]"},
        {"query": KANALEN, "variables": "5"},
        {"query": KANALEN, "extensions": '"x"'},
        {"query": KANALEN, "operationName": "A"},
    ):
        assert codes(await send(server, method="GET", params=wrong)) == ["DOCUMENT_ONGELDIG"], wrong


async def test_a_mutation_by_get_is_refused_and_not_executed(server: Server, settings: Settings) -> None:
    before = stored(settings)
    response = await send(server, method="GET", params={"query": REGISTER})
    assert (response.status_code, codes(response)) == (405, ["DOCUMENT_ONGELDIG"])
    two = {"query": f"query A {KANALEN} {REGISTER.replace('mutation', 'mutation B')}", "operationName": "B"}
    assert codes(await send(server, method="GET", params=two)) == ["DOCUMENT_ONGELDIG"]
    assert stored(settings) == before
    assert codes(await send(server, {"query": REGISTER})) == []
    assert stored(settings) != before


async def test_a_subscription_is_not_served_over_http(server: Server) -> None:
    for response in (
        await send(server, {"query": FOLLOW}),
        await send(server, method="GET", params={"query": FOLLOW}),
    ):
        assert codes(response) == ["DOCUMENT_ONGELDIG"]
