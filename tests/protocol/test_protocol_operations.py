"""graphql-transport-ws: the life of an operation, from `subscribe` to `complete` or `error`, and its id.

Specification: PROTOCOL.md of the npm package graphql-ws.
"""

import asyncio
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import new_taak, stored
from tests.support.client import Socket
from tests.support.databases import held
from tests.support.each import each
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server

# The protocol has nothing to do with where operations read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""

REGISTER = 'mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel" }) { __typename } }'


def subscribe(query: str, id: str = "een", **variables: Any) -> Any:
    return {"id": id, "type": "subscribe", "payload": {"query": query, "variables": variables}}


COMPLETE = {"id": "een", "type": "complete"}


async def answered(socket: Socket) -> list[Any]:
    """All that was sent before a ping that is sent now was answered."""
    await socket.send({"type": "ping", "payload": {"last": True}})
    messages = []
    while (message := await socket.receive())["type"] != "pong":
        messages.append(message)
    return messages


@pytest.mark.parametrize(
    ("document", "data"),
    [
        ("{ ik { rollen } }", {"ik": {"rollen": ["KCC"]}}),
        (REGISTER, {"registreerKlantcontact": {"__typename": "KlantcontactGeregistreerd"}}),
    ],
    ids=["query", "mutation"],
)
async def test_a_query_and_a_mutation_give_one_next_and_then_complete(
    server: Server, document: str, data: Any
) -> None:
    async with server.as_(DESK).socket() as socket:
        await socket.send(subscribe(document))
        messages = [await socket.receive(), await socket.receive(), *await answered(socket)]
    assert messages == [{"id": "een", "type": "next", "payload": {"data": data}}, COMPLETE]


async def test_an_error_in_a_result_comes_with_next_and_complete_follows(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        await socket.send(subscribe("{ kanalen interneTaken(first: 0) { totalCount } }"))
        first = await socket.receive()
        assert first["type"] == "next"
        assert first["payload"]["data"] is None
        assert [error["extensions"]["code"] for error in first["payload"]["errors"]] == ["ONGELDIG_ARGUMENT"]
        assert await socket.receive() == COMPLETE


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "DOCUMENT_ONGELDIG"),
        ("{", "DOCUMENT_ONGELDIG"),
        ("\ud800", "DOCUMENT_ONGELDIG"),
        ("{ onbekend }", "DOCUMENT_ONGELDIG"),
        ("fragment F on Query { kanalen }", "DOCUMENT_ONGELDIG"),
        ("query A { kanalen } query B { kanalen }", "DOCUMENT_ONGELDIG"),
        ("query ($id: ID!) { interneTaak(id: $id) { id } }", "DOCUMENT_ONGELDIG"),
        ("subscription { a: postvak(organisatorischeEenheidId: 1) { id } b: kanalen }", "DOCUMENT_ONGELDIG"),
        ('subscription { postvak(organisatorischeEenheidId: "x") { id } }', "NIET_BEVOEGD"),
        ('subscription { interneTaak(id: "x") { id } }', "NIET_BEVOEGD"),
    ],
)
async def test_what_one_operation_asks_wrongly_is_an_error_on_it_alone_and_nothing_follows(
    server: Server, document: str, code: str
) -> None:
    eenheid = server.eenheden["VER"]
    async with server.as_(VERGUNNINGEN).socket() as socket:
        sibling = await socket.subscribe(POSTVAK, eenheid=eenheid, na=0)
        await socket.send(subscribe(document))
        error = await socket.receive()
        assert (error["id"], error["type"]) == ("een", "error")
        assert {e["extensions"]["code"] for e in error["payload"]} == {code}
        assert all(isinstance(e["message"], str) for e in each(error["payload"]))
        assert await answered(socket) == []
        await new_taak(server.as_(DESK), eenheid)
        assert (await sibling.next())["postvak"]["volgnummer"] == 1


@pytest.mark.parametrize("name", ["B", "", "a"])
async def test_an_operation_name_that_the_document_does_not_have_is_an_error_on_it_alone(
    server: Server, name: str
) -> None:
    async with server.as_(DESK).socket() as socket:
        payload = {"query": "query A { kanalen }", "operationName": name}
        await socket.send({"id": "een", "type": "subscribe", "payload": payload})
        error = await socket.receive()
        assert error["type"] == "error"
        assert [e["extensions"]["code"] for e in error["payload"]] == ["DOCUMENT_ONGELDIG"]
        assert await answered(socket) == []


@pytest.mark.parametrize("document", ["{ kanalen }", "{ onbekend }", "{", REGISTER])
async def test_an_id_is_free_again_when_the_server_has_ended_its_operation(server: Server, document: str) -> None:
    ends = []
    async with server.as_(DESK).socket() as socket:
        for _ in range(3):
            await socket.send(subscribe(document))
            while (message := await socket.receive())["type"] == "next":
                assert message["id"] == "een"
            ends.append(message["type"])
    assert ends in (["complete"] * 3, ["error"] * 3)


async def test_an_id_is_free_again_when_the_client_has_ended_its_operation(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    async with server.as_(VERGUNNINGEN).socket() as socket:
        for _ in range(3):
            await socket.send_together(subscribe(POSTVAK, eenheid=eenheid, na=0), COMPLETE)
        await socket.send(subscribe(POSTVAK, eenheid=eenheid, na=0))
        assert await answered(socket) == []
        await new_taak(server.as_(DESK), eenheid)
        assert (await socket.receive())["payload"] == {"data": {"postvak": {"volgnummer": 1}}}
        assert await answered(socket) == []


async def test_an_id_that_is_in_use_closes_with_4409(server: Server) -> None:
    async with server.as_(VERGUNNINGEN).socket() as socket:
        await socket.send(subscribe(POSTVAK, eenheid=server.eenheden["VER"]))
        assert await answered(socket) == []
        await socket.send(subscribe("{ kanalen }"))
        assert await socket.closing() == (4409, "Subscriber for een already exists")


@pytest.mark.parametrize("document", [POSTVAK, "{ kanalen }", REGISTER, "{"])
async def test_an_id_that_is_in_use_closes_with_4409_while_its_operation_is_still_prepared(
    server: Server, settings: Settings, document: str
) -> None:
    before = stored(settings)
    async with server.as_(VERGUNNINGEN).socket() as socket:
        await socket.send_together(*(subscribe(document, eenheid=server.eenheden["VER"]) for _ in range(2)))
        assert await socket.closed() == 4409
    assert stored(settings) == before


async def test_an_id_that_is_in_use_by_a_mutation_under_way_closes_with_4409(
    server: Server, settings: Settings
) -> None:
    async with server.as_(DESK).socket() as socket:
        with held(settings.database_url):
            await socket.send(subscribe(REGISTER))
            assert await answered(socket) == []
            await socket.send(subscribe("{ kanalen }"))
            assert await socket.closed() == 4409


@pytest.mark.parametrize("id_", ["x" * 5000, "é" * 100, "😀" * 50])
async def test_a_reason_that_is_too_long_for_a_close_frame_is_cut_off(server: Server, id_: str) -> None:
    with nothing_wrong_is_logged():
        async with server.as_(DESK).socket() as socket:
            await socket.send_together(*(subscribe("{ kanalen }", id_) for _ in range(2)))
            code, reason = await socket.closing()
    assert code == 4409
    assert f"Subscriber for {id_}".startswith(reason or "no reason")
    assert 120 <= len((reason or "").encode()) <= 123


async def test_an_operation_that_its_client_ends_hears_nothing_more(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    async with server.as_(VERGUNNINGEN).socket() as socket:
        await socket.send(subscribe(POSTVAK, eenheid=eenheid, na=0))
        await new_taak(server.as_(DESK), eenheid)
        assert (await socket.receive())["type"] == "next"
        await socket.send(COMPLETE)
        assert await answered(socket) == []
        await new_taak(server.as_(DESK), eenheid)
        stays = await socket.subscribe(POSTVAK, eenheid=eenheid, na=1)
        assert (await stays.next())["postvak"]["volgnummer"] == 2
        assert await answered(socket) == []


async def test_a_result_does_not_come_any_more_when_the_client_ends_its_operation_before(
    server: Server, settings: Settings
) -> None:
    async with server.as_(DESK).socket() as socket:
        with held(settings.database_url):
            await socket.send(subscribe(REGISTER))
            assert await answered(socket) == []
            await socket.send(COMPLETE)
            assert await answered(socket) == []
        await new_taak(server.as_(DESK), server.eenheden["VER"])
        assert await answered(socket) == []


async def test_ending_an_operation_that_is_over_is_ignored(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        for document, end in (("{ kanalen }", "complete"), ("{", "error")):
            await socket.send(subscribe(document))
            while (await socket.receive())["type"] != end:
                pass
            await socket.send_together(COMPLETE, COMPLETE)
        assert await answered(socket) == []


async def test_operations_run_beside_each_other_and_a_ping_overtakes_one_that_waits(
    server: Server, settings: Settings
) -> None:
    async with server.as_(DESK).socket() as socket:
        with held(settings.database_url):
            await socket.send_together(
                subscribe(REGISTER, "waits"), subscribe("{ kanalen }", "overtakes"), {"type": "ping"}
            )
            messages = [await socket.receive() for _ in range(3)]
            assert {message.get("id") for message in messages} == {None, "overtakes"}
        messages = [await socket.receive() for _ in range(2)]
    assert [(message["id"], message["type"]) for message in messages] == [("waits", "next"), ("waits", "complete")]


async def test_ids_are_those_of_one_socket(server: Server) -> None:
    eenheid = server.eenheden["VER"]
    inbox = server.as_(VERGUNNINGEN)
    async with inbox.socket() as one, inbox.socket() as other:
        for socket in (one, other):
            await socket.send(subscribe(POSTVAK, eenheid=eenheid, na=0))
            assert await answered(socket) == []
        await one.send(COMPLETE)
        assert await answered(one) == []
        await new_taak(server.as_(DESK), eenheid)
        assert (await other.receive())["payload"] == {"data": {"postvak": {"volgnummer": 1}}}
        assert await answered(one) == []


async def test_sockets_that_vanish_in_the_midst_of_a_stream_leave_nothing_behind(server: Server) -> None:
    """What is left open is found when the server of this test stops."""
    desk, eenheid = server.as_(DESK), server.eenheden["VER"]

    async def vanish() -> None:
        async with server.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox:
            await inbox.next()
            inbox.socket.ws.transport.abort()

    await new_taak(desk, eenheid)
    with nothing_wrong_is_logged():
        await asyncio.gather(*(vanish() for _ in range(10)), *(new_taak(desk, eenheid) for _ in range(10)))


@pytest.mark.parametrize(
    "payload",
    [
        {"query": "{ kanalen }", "documentId": 5},
        {"query": "{ kanalen }", "extensions": {"persistedQuery": []}},
        {"query": "", "extensions": {"persistedQuery": {"sha256Hash": 5}}},
        {"query": "", "documentId": "a", "extensions": {"persistedQuery": {"sha256Hash": "b"}}},
    ],
)
async def test_an_id_of_a_document_that_is_none_is_an_error_on_that_operation_alone(
    server: Server, payload: Any
) -> None:
    async with server.as_(DESK).socket() as socket:
        with nothing_wrong_is_logged():
            await socket.send({"id": "een", "type": "subscribe", "payload": payload})
            refused = await socket.receive()
        assert (refused["id"], refused["type"]) == ("een", "error")
        assert [error["extensions"]["code"] for error in refused["payload"]] == ["DOCUMENT_ONGELDIG"]
        await socket.send(subscribe("{ kanalen }"))
        assert (await socket.receive())["type"] == "next"
