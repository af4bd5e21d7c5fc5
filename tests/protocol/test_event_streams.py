"""Server-sent events beside WebSocket: graphql-sse's distinct connections mode, a fact's place as its id."""

import json
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import done, new_taak
from tests.support.client import Client, Event
from tests.support.figures import figures, until, with_figures
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.template import Template

# How facts are written has nothing to do with where they are read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer soort interneTaak { id } }
}
"""

TAAK = "subscription ($taak: ID!, $na: Int) { interneTaak(id: $taak, naVersie: $na) { versie soort } }"

EVENTS = {"accept": "text/event-stream"}


async def everything(client: Client, document: str, **variables: Any) -> list[Event]:
    """All events of a stream that ends by itself."""
    events: list[Event] = []
    async with client.events(document, **variables) as stream:
        while not events or events[-1].name != "complete":
            events.append(await stream.event())
        assert await stream.ended()
    return events


async def codes(client: Client, document: str, **variables: Any) -> list[str]:
    """The codes of a subscription that is refused: one `next` with the errors, and the end."""
    refusal, complete = await everything(client, document, **variables)
    assert (refusal.name, refusal.id) == ("next", None)
    assert refusal.data.get("data") is None
    assert (complete.name, complete.data) == ("complete", None)
    return [error["extensions"]["code"] for error in refusal.data["errors"]]


async def test_a_fact_is_an_event_next_with_its_volgnummer_as_id(server: Server) -> None:
    eenheid, desk = server.eenheden["VER"], server.as_(DESK)
    async with server.as_(VERGUNNINGEN).events(POSTVAK, eenheid=eenheid, na=0) as inbox:
        assert inbox.response.status_code == 200
        assert inbox.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert inbox.response.headers["cache-control"] == "no-cache, no-store"
        for number in (1, 2):
            task = await new_taak(desk, eenheid)
            fact = {"volgnummer": number, "soort": "GEREGISTREERD", "interneTaak": {"id": task["id"]}}
            assert await inbox.event() == Event("next", str(number), {"data": {"postvak": fact}})


async def test_a_fact_of_a_task_has_its_versie_as_id(server: Server) -> None:
    desk, colleague = server.as_(DESK), server.as_(VERGUNNINGEN)
    await new_taak(desk, server.eenheden["VER"])
    task = await new_taak(desk, server.eenheden["VER"])
    async with desk.events(TAAK, taak=task["id"]) as card:
        await done(colleague, "neemInterneTaak", id=task["id"])
        assert await card.event() == Event(
            "next", "2", {"data": {"interneTaak": {"versie": 2, "soort": "GENOMEN"}}}
        )


async def test_the_id_of_the_last_event_wins_over_the_place_in_the_variables(server: Server) -> None:
    eenheid, desk, colleague = server.eenheden["VER"], server.as_(DESK), server.as_(VERGUNNINGEN)
    task = [await new_taak(desk, eenheid) for _ in range(4)][-1]
    for na in (0, 4, None):
        async with colleague.events(POSTVAK, last_event_id="2", eenheid=eenheid, na=na) as inbox:
            assert [(await inbox.event()).id for _ in range(2)] == ["3", "4"]
    await done(colleague, "neemInterneTaak", id=task["id"])
    for na in (0, 2, None):
        async with desk.events(TAAK, last_event_id="1", taak=task["id"], na=na) as card:
            assert (await card.next())["interneTaak"]["versie"] == 2


@pytest.mark.parametrize("last", ["", "x", "-1", "1.0", "٣", "1" * 30, "3"])
async def test_a_last_event_that_is_no_place_of_the_stream_is_refused(server: Server, last: str) -> None:
    eenheid = server.eenheden["VER"]
    await new_taak(server.as_(DESK), eenheid)
    document = {"query": POSTVAK, "variables": {"eenheid": eenheid}}
    client = server.as_(VERGUNNINGEN)
    asked = EVENTS | {"authorization": f"Bearer {client.token}", "last-event-id": last}
    headers = [(name.encode(), value.encode()) for name, value in asked.items()]
    response = await server.http.post(server.graphql, json=document, headers=headers)
    refusal = json.loads(response.text.split("data: ")[1].splitlines()[0])
    assert refusal["errors"][0]["extensions"]["code"] == "CURSOR_ONGELDIG"


async def test_a_refused_subscription_is_told_why_and_ends(server: Server) -> None:
    stranger, eenheid = server.as_(BURGERZAKEN), server.eenheden["VER"]
    assert await codes(stranger, POSTVAK, eenheid=eenheid) == ["NIET_BEVOEGD"]
    assert await codes(stranger, POSTVAK, eenheid="nergens") == ["NIET_BEVOEGD"]
    assert await codes(server.as_(VERGUNNINGEN), POSTVAK, eenheid=eenheid, na=1) == ["CURSOR_ONGELDIG"]


async def test_who_is_not_logged_in_gets_no_stream(server: Server) -> None:
    async with server.with_token("geen").events(POSTVAK, eenheid=server.eenheden["VER"]) as stream:
        assert stream.response.status_code == 401
        assert stream.response.headers["content-type"] == "application/json"


async def test_a_subscription_can_be_asked_by_get(server: Server) -> None:
    eenheid, client = server.eenheden["VER"], server.as_(VERGUNNINGEN)
    await new_taak(server.as_(DESK), eenheid)
    asked = {"query": POSTVAK, "variables": json.dumps({"eenheid": eenheid, "na": 0})}
    headers = EVENTS | {"authorization": f"Bearer {client.token}"}
    async with server.http.stream("GET", server.graphql, params=asked, headers=headers) as response:
        lines = response.aiter_lines()
        while await anext(lines) != "event: next":
            pass
        assert await anext(lines) == "id: 1"


async def test_a_query_streams_its_one_result(server: Server) -> None:
    result, complete = await everything(server.as_(DESK), "{ ik { rollen } }")
    assert result == Event("next", None, {"data": {"ik": {"rollen": ["KCC"]}}})
    assert complete == Event("complete", None, None)


async def test_who_takes_json_as_well_gets_a_query_as_json(server: Server) -> None:
    client = server.as_(DESK)
    headers = {"accept": "application/json, text/event-stream", "authorization": f"Bearer {client.token}"}
    response = await server.http.post(server.graphql, json={"query": "{ ik { rollen } }"}, headers=headers)
    assert response.json() == {"data": {"ik": {"rollen": ["KCC"]}}}


async def test_a_quiet_stream_is_kept_alive_by_comments(settings: Settings, template: Template) -> None:
    brief = settings.model_copy(update={"silence_seconds": 0.3})
    async with serving(brief, template.eenheden) as server:
        client = server.as_(VERGUNNINGEN)
        async with client.events(POSTVAK, eenheid=server.eenheden["VER"]) as inbox:
            lines = inbox.response.aiter_lines()
            # More than may pass in silence.
            for _ in range(6):
                assert [await anext(lines), await anext(lines)] == [":", ""]


async def test_a_fact_is_executed_once_for_sockets_and_event_streams_together(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        eenheid, inbox = server.eenheden["VER"], server.as_(VERGUNNINGEN)
        async with (
            inbox.follow(POSTVAK, eenheid=eenheid) as socket,
            inbox.events(POSTVAK, eenheid=eenheid) as events,
        ):
            await until(server, subscriptions=2.0)
            await new_taak(server.as_(DESK), eenheid)
            assert await socket.next() == await events.next()
            assert (await figures(server))["payloads_made_total"] == 1
        await until(server, subscriptions=0.0, open_connections=0.0)


async def test_a_client_that_goes_leaves_nothing(settings: Settings, template: Template) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        for _ in range(3):
            async with server.as_(VERGUNNINGEN).events(POSTVAK, eenheid=server.eenheden["VER"]):
                await until(server, subscriptions=1.0, open_connections=1.0)
            await until(server, subscriptions=0.0, open_connections=0.0)
