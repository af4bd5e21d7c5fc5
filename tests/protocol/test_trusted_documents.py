"""Trusted documents: known beforehand, called by id over every transport, and by a setting nothing else."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.settings import Settings, SettingsWrong
from app.wiring.asgi import create_app
from tests.support.arrange import new_taak
from tests.support.client import Events
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

# Which documents may be called is decided before anything is read.
pytestmark = pytest.mark.database("sqlite")

KANALEN = "query Kanalen { kanalen }"
POSTVAK = """
subscription Live($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer } }
"""
OTHER = "{ gevraagdeHandelingen }"

MANIFESTS = {
    "as codegen and Relay write it": {"k1": KANALEN, "p1": POSTVAK},
    "with the algorithm in the ids": {"sha256:k1": KANALEN, "sha256:p1": POSTVAK},
    "as Apollo writes it": {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            {"id": "k1", "name": "Kanalen", "type": "query", "body": KANALEN},
            {"id": "p1", "name": "Live", "type": "subscription", "body": POSTVAK},
        ],
    },
}


def trusting(settings: Settings, tmp_path: Path, manifest: Any, **more: Any) -> Settings:
    path = tmp_path / "manifest.json"
    path.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
    return settings.model_copy(update={"trusted_documents": path} | more)


async def post(server: Server, body: Any, accept: str = "application/json") -> httpx.Response:
    headers = {"authorization": f"Bearer {DESK.token()}", "accept": accept}
    return await server.http.post(server.graphql, json=body, headers=headers)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=MANIFESTS)
@pytest.mark.parametrize(
    "named",
    [
        {"documentId": "k1"},
        {"documentId": "sha256:k1"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "k1"}}},
        {"query": "", "documentId": "k1", "operationName": "Kanalen"},
    ],
    ids=["documentId", "documentId with its algorithm", "persisted query", "with an empty document"],
)
async def test_a_document_is_called_by_its_id(
    settings: Settings, template: Template, tmp_path: Path, manifest: Any, named: Any
) -> None:
    async with serving(trusting(settings, tmp_path, manifest), template.eenheden) as server:
        answer = await post(server, named)
        assert answer.json()["data"]["kanalen"][0] == "Telefoon"


async def test_by_get_as_well(settings: Settings, template: Template, tmp_path: Path) -> None:
    async with serving(trusting(settings, tmp_path, {"k1": KANALEN}), template.eenheden) as server:
        headers = {"authorization": f"Bearer {DESK.token()}"}
        answer = await server.http.get(server.graphql, params={"documentId": "k1"}, headers=headers)
        assert answer.json()["data"]["kanalen"][0] == "Telefoon"


@pytest.mark.parametrize("only", [False, True], ids=["beside others", "nothing else"])
async def test_a_subscription_is_called_by_its_id_over_a_socket_and_as_an_event_stream(
    settings: Settings, template: Template, tmp_path: Path, only: bool
) -> None:
    trusted = trusting(settings, tmp_path, {"p1": POSTVAK}, only_trusted_documents=only)
    variables = {"eenheid": template.eenheden["VER"]}
    headers = {"authorization": f"Bearer {VERGUNNINGEN.token()}", "accept": "text/event-stream"}
    called = {"documentId": "p1", "variables": variables}
    async with (
        serving(trusted, template.eenheden) as server,
        serving(settings, template.eenheden) as open_one,
        server.as_(VERGUNNINGEN).socket() as socket,
        server.http.stream("POST", server.graphql, json=called, headers=headers) as events,
    ):
        for id_, named in (
            ("1", {"documentId": "p1"}),
            ("2", {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "p1"}}}),
        ):
            payload = {"query": "", "variables": variables} | named
            await socket.send({"id": id_, "type": "subscribe", "payload": payload})
        await new_taak(open_one.as_(DESK), template.eenheden["VER"])
        told = [await socket.receive() for _ in range(2)]
        assert {message["id"]: message["payload"]["data"]["postvak"]["volgnummer"] for message in told} == {
            "1": 1,
            "2": 1,
        }
        assert await Events(events, events.aiter_lines()).next() == {"postvak": {"volgnummer": 1}}


@pytest.mark.parametrize("named", [{"documentId": "x"}, {"extensions": {"persistedQuery": {"sha256Hash": "x"}}}])
async def test_an_id_that_is_not_known_is_refused(server: Server, named: Any) -> None:
    refused = await post(server, named)
    assert codes(refused) == ["DOCUMENT_ONBEKEND"]
    assert (await post(server, named, accept="application/graphql-response+json")).status_code == 400
    with_its_text = await post(server, named | {"query": KANALEN})
    assert codes(with_its_text) == [], "what the client sends along is executed"


async def test_by_a_setting_nothing_else_is_executed(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    only = trusting(settings, tmp_path, {"k1": KANALEN}, only_trusted_documents=True)
    async with serving(only, template.eenheden) as server:
        for body in (
            {"query": OTHER},
            {"query": OTHER, "documentId": "x"},
            {"query": f"{KANALEN} "},
            {"query": "{ nonsens"},
            {"query": ""},
            {"documentId": "k2"},
        ):
            assert codes(await post(server, body)) == ["DOCUMENT_ONBEKEND"], body
        assert codes(await post(server, {"documentId": "k1"})) == []
        assert codes(await post(server, {"query": OTHER, "documentId": "k1"})) == [], "the id goes before the text"
        assert codes(await post(server, {"query": KANALEN})) == [], "its text is as good as its id"
        async with server.as_(DESK).socket() as socket:
            assert await (await socket.subscribe(OTHER)).refused() == ["DOCUMENT_ONBEKEND"]
            assert (await (await socket.subscribe(KANALEN)).next())["kanalen"][0] == "Telefoon"


@pytest.mark.parametrize(
    "manifest",
    [
        "no JSON",
        "[]",
        "{}",
        {"k1": 1},
        {"k1": "{ onbekend }"},
        {"k1": "{ kanalen"},
        {"format": "apollo-persisted-query-manifest", "operations": [{"id": "k1"}]},
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_at_the_start(
    settings: Settings, tmp_path: Path, manifest: Any
) -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_TRUSTED_DOCUMENTS"):
        create_app(trusting(settings, tmp_path, manifest))


def test_nothing_else_but_what_is_refused_without_a_manifest(settings: Settings) -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_TRUSTED_DOCUMENTS"):
        create_app(settings.model_copy(update={"only_trusted_documents": True}))


def test_a_manifest_that_is_not_there_is_refused_at_the_start(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="OVERDRACHT_TRUSTED_DOCUMENTS"):
        create_app(settings.model_copy(update={"trusted_documents": tmp_path / "nothing.json"}))
