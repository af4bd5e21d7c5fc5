"""Media types: a client is answered in the form that it likes best, or told that it cannot be."""

import pytest

from app.settings import Settings
from app.transport.http.reading import GRAPHQL_JSON, JSON, is_json, taken
from tests.support.arrange import stored
from tests.support.http import codes, send
from tests.support.server import Server

# How an answer is written has nothing to do with where it was read.
pytestmark = pytest.mark.database("sqlite")

KANALEN = "{ kanalen }"

VARIABLE = "query ($id: ID!) { interneTaak(id: $id) { id } }"

REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'

FOLLOW = 'subscription { interneTaak(id: "99999999-9999-4999-8999-999999999999") { versie } }'


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ([], JSON),
        ([""], JSON),
        (["*/*"], JSON),
        (["application/*"], JSON),
        (["application/json"], JSON),
        (["APPLICATION/JSON"], JSON),
        (["application/json; charset=utf-8"], JSON),
        (['application/json;charset="UTF-8"'], JSON),
        (["application/graphql-response+json"], GRAPHQL_JSON),
        (["application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"], GRAPHQL_JSON),
        (["application/graphql-response+json", "application/json"], GRAPHQL_JSON),
        (["application/json, application/graphql-response+json"], JSON),
        (["application/json;q=0.9, application/graphql-response+json"], GRAPHQL_JSON),
        (["application/graphql-response+json;q=0.5, application/json;q=0.7"], JSON),
        (["*/*, application/graphql-response+json"], GRAPHQL_JSON),
        (["application/graphql-response+json;q=0, */*"], JSON),
        (["application/json;q=0, */*"], GRAPHQL_JSON),
        (["application/json;q=0, application/*;q=0.2"], GRAPHQL_JSON),
        (["text/html, application/xhtml+xml, */*;q=0.8"], JSON),
        ([",,application/json,,"], JSON),
        (["application/json;q=0.5;v=1 , nonsense"], JSON),
        (["text/html"], None),
        (["application/json;q=0"], None),
        (["*/*;q=0"], None),
        (["application/json;q=2"], None),
        (["application/json;q=veel"], None),
        (["application/json;charset=iso-8859-1"], None),
        (["application"], None),
        (["text/event-stream"], None),
    ],
)
def test_the_json_type_that_is_liked_best_is_chosen(accept: list[str], expected: str | None) -> None:
    assert taken(accept).json == expected


@pytest.mark.parametrize(
    ("accept", "events", "rather_events"),
    [
        ("text/event-stream", True, True),
        ("text/event-stream, application/json", True, False),
        ("text/event-stream, */*", True, False),
        ("text/event-stream, */*;q=0.1", True, True),
        ("application/json, text/event-stream;q=0.5", True, False),
        ("text/event-stream;q=0", False, False),
        ("*/*", False, False),
        ("text/*", False, False),
    ],
)
def test_events_are_taken_where_they_are_named(accept: str, events: bool, rather_events: bool) -> None:
    found = taken([accept])
    assert (found.events, found.rather_events) == (events, rather_events)


@pytest.mark.parametrize(
    ("content_types", "expected"),
    [
        (["application/json"], True),
        (["Application/JSON"], True),
        (["application/json; charset=utf-8"], True),
        (['application/json;charset="UTF-8"'], True),
        (["application/json; charset=utf-8; odata=verbose"], True),
        (["application/json; charset=iso-8859-1"], False),
        (["application/json; charset=utf-16"], False),
        (["application/jsonp"], False),
        (["text/plain; a=application/json"], False),
        (["application/json", "text/plain"], False),
        ([], False),
    ],
)
def test_a_body_is_json_where_its_one_content_type_says_so(content_types: list[str], expected: bool) -> None:
    assert is_json(content_types) is expected


async def answered(server: Server, accept: str, query: str, **variables: str) -> tuple[int, str, set[str]]:
    """The status and the media type of an answer, and what stands in it."""
    body = {"query": query, "variables": variables}
    response = await send(server, body, headers={"accept": accept})
    return response.status_code, response.headers["content-type"], set(response.json())


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL_JSON])
async def test_what_was_executed_is_200_also_where_a_part_of_it_failed(server: Server, media_type: str) -> None:
    assert await answered(server, media_type, KANALEN) == (200, media_type, {"data"})
    null = '{ postvak(organisatorischeEenheidId: "x") { id } }'
    assert await answered(server, media_type, null) == (200, media_type, {"data", "errors"})


@pytest.mark.parametrize(("media_type", "status"), [(JSON, 200), (GRAPHQL_JSON, 400)])
async def test_what_was_not_executed_is_told_by_status_to_who_can_know_that_it_is_graphql(
    server: Server, media_type: str, status: int
) -> None:
    for document in ("{", "", "{ onbekend }", "query A { kanalen } query B { kanalen }", VARIABLE):
        assert await answered(server, media_type, document) == (status, media_type, {"errors"}), document


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL_JSON])
async def test_what_is_no_request_is_400_in_either_form(server: Server, media_type: str) -> None:
    bodies: list[bytes] = [b"{", b"[]", b"{}", b'{"query": 1}', b'{"query": "{ kanalen }", "variables": []}']
    for body in bodies:
        response = await send(server, body, headers={"accept": media_type})
        assert (response.status_code, codes(response)) == (400, ["DOCUMENT_ONGELDIG"]), body
        assert response.headers["content-type"] == media_type


async def test_who_takes_nothing_that_is_served_gets_406_and_nothing_is_executed(
    server: Server, settings: Settings
) -> None:
    before = stored(settings)
    for accept in ("text/html", "application/json;q=0", "application/json;charset=latin1"):
        response = await send(server, {"query": REGISTER}, headers={"accept": accept})
        assert (response.status_code, codes(response)) == (406, ["DOCUMENT_ONGELDIG"]), accept
    assert stored(settings) == before


@pytest.mark.parametrize("accept", ["*/*", JSON, GRAPHQL_JSON, "text/event-stream;q=0, */*"])
async def test_a_subscription_is_not_executed_for_who_takes_no_events(server: Server, accept: str) -> None:
    for response in (
        await send(server, {"query": FOLLOW}, headers={"accept": accept}),
        await send(server, method="GET", params={"query": FOLLOW}, headers={"accept": accept}),
    ):
        assert (response.status_code, codes(response)) == (400, ["DOCUMENT_ONGELDIG"])


async def test_who_takes_events_only_is_told_by_an_event_that_their_document_is_wrong(server: Server) -> None:
    for document in ("{", "subscription { onbekend }", VARIABLE):
        response = await send(server, {"query": document}, headers={"accept": "text/event-stream"})
        assert (response.status_code, response.headers["content-type"].split(";")[0]) == (200, "text/event-stream")
        assert '"DOCUMENT_ONGELDIG"' in response.text
        assert response.text.endswith("event: complete\ndata:\n\n")


async def test_a_body_that_is_not_json_in_utf_8_is_415_and_nothing_is_executed(
    server: Server, settings: Settings
) -> None:
    before = stored(settings)
    body = {"query": REGISTER}
    for content_type in (
        None,
        "",
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
    ):
        response = await send(server, body, content_type=content_type)
        assert (response.status_code, codes(response)) == (415, ["DOCUMENT_ONGELDIG"]), content_type
    response = await send(server, body, headers={"content-encoding": "gzip"})
    assert (response.status_code, codes(response)) == (415, ["DOCUMENT_ONGELDIG"])
    assert stored(settings) == before
    for content_type in ("Application/JSON", 'application/json; charset="UTF-8"'):
        assert (await send(server, {"query": KANALEN}, content_type=content_type)).status_code == 200
