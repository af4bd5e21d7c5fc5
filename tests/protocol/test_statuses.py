"""A code that has a status has it on every path, whatever part of a request finds it out."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.settings import Settings
from tests.support.arrange import command_line, new_taak, taak
from tests.support.client import Client
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""
TAKE = "mutation ($id: ID!) { neemInterneTaak(input: { id: $id }) { __typename } }"
TAKE_TWICE = """
mutation ($id: ID!) {
  neemInterneTaak(input: { id: $id }) { __typename }
  nogEens: neemInterneTaak(input: { id: $id }) { __typename }
}
"""
# It is executed by graphql-core, since no plan is made for such a directive.
TAKE_BY_VARIABLE = """
mutation ($id: ID!, $ja: Boolean = true) { neemInterneTaak(input: { id: $id }) { __typename @include(if: $ja) } }
"""

MEDIA_TYPES = ["application/json", "application/graphql-response+json", "text/event-stream", "*/*"]


@pytest.fixture
async def server(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server that believes a login for a while: only a deed finds out meanwhile that it is none any more."""
    async with serving(settings.model_copy(update={"login_seconds": 60}), template.eenheden) as running:
        yield running


async def posted(client: Client, accept: str, body: dict[str, Any]) -> httpx.Response:
    """The response to a request, in a form that the client takes."""
    headers = {"accept": accept} | ({"authorization": f"Bearer {client.token}"} if client.token else {})
    return await client.http.post(client.url, json=body, headers=headers)


def told(response: httpx.Response) -> tuple[int, list[str]]:
    """The status of a response, and the codes of its errors."""
    return response.status_code, [error["extensions"]["code"] for error in response.json()["errors"]]


@pytest.mark.parametrize("accept", MEDIA_TYPES)
async def test_who_is_not_let_in_any_more_is_told_401_by_whatever_finds_it_out(
    server: Server, settings: Settings, accept: str
) -> None:
    eenheid = server.eenheden["VER"]
    vera, nobody = server.as_(VERGUNNINGEN), server.with_token(None)
    task = await new_taak(server.as_(DESK), eenheid)
    assert await vera.data("{ ik { rollen } }")
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(VERGUNNINGEN.subject, actief=False)
    deeds: list[tuple[str, dict[str, Any]]] = [
        *((document, {"id": task["id"]}) for document in (TAKE, TAKE_TWICE, TAKE_BY_VARIABLE)),
        (REGISTER, {"input": {"onderwerp": "Dakkapel", "interneTaken": [taak(eenheid)]}}),
    ]
    for client in (vera, nobody):
        for document, variables in deeds:
            response = await posted(client, accept, {"query": document, "variables": variables})
            assert told(response) == (401, ["NIET_AANGEMELD"]), document
            assert response.headers["www-authenticate"] == "Bearer"
    for document, variables in deeds:
        async with vera.socket() as socket:
            deed = await socket.subscribe(document, **variables)
            assert await deed.refused() == ["NIET_AANGEMELD"]
            assert await socket.closed() == 4401


@pytest.mark.parametrize("query", [None, "", " \n"])
@pytest.mark.parametrize("named", [{"documentId": "x"}, {"extensions": {"persistedQuery": {"sha256Hash": "x"}}}])
async def test_an_id_that_is_not_known_is_unknown_on_every_way_to_ask_by_it(
    server: Server, named: dict[str, Any], query: str | None
) -> None:
    desk = server.as_(DESK)
    asked = named if query is None else named | {"query": query}
    statuses = {"application/graphql-response+json": 400}
    for accept in MEDIA_TYPES[:2]:
        assert told(await posted(desk, accept, asked)) == (statuses.get(accept, 200), ["DOCUMENT_ONBEKEND"])
    parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    got = await desk.http.get(desk.url, params=parameters, headers={"authorization": f"Bearer {desk.token}"})
    assert told(got) == (200, ["DOCUMENT_ONBEKEND"])
    async with desk.socket() as socket:
        await socket.send({"id": "1", "type": "subscribe", "payload": {"query": query or ""} | named})
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "DOCUMENT_ONBEKEND")
    response = await posted(desk, "text/event-stream", asked)
    assert response.status_code == 200
    assert '"code":"DOCUMENT_ONBEKEND"' in response.text
