"""Figures of what is done: operations by what came of them, facts, connections, logins and limits."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets import ConnectionClosed

from app.settings import Settings
from tests.support import waiting
from tests.support.arrange import deed, done, new_taak
from tests.support.client import PATIENCE
from tests.support.databases import KINDS
from tests.support.figures import figures, until, with_figures
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving, serving_two
from tests.support.template import Template

# What is counted is the same whatever is read.
pytestmark = pytest.mark.database("sqlite")

POSTVAK = """
subscription ($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) { volgnummer }
}
"""
TWO_FIELDS = "{ ik { rollen } kanalen }"
OF_NOBODY = """
query { postvak(organisatorischeEenheidId: "99999999-9999-4999-8999-999999999999") { id } }
"""
NO_OPERATION = "{ geenVeld }"
REFUSED = """
mutation ($id: ID!) {
  neemInterneTaak(input: { id: $id }) { ... on Weigering { bericht } }
}
"""


@pytest.fixture
async def watched(settings: Settings, template: Template) -> AsyncIterator[Server]:
    """A server that shows figures."""
    async with serving(with_figures(settings), template.eenheden) as server:
        yield server


async def operations(server: Server) -> dict[str, float]:
    """How often what was asked ended how: `kind field result reason`."""
    found = {}
    for name, value in (await figures(server)).items():
        if name.startswith("operations_total{"):
            labels = dict(one.split("=") for one in name[len("operations_total{") : -1].split(","))
            key = f"{labels['kind']} {labels['field']} {labels['outcome']} {labels['reason']}"
            found[key.strip()] = value
    return found


async def test_operations_are_counted_by_root_field_and_by_what_came_of_them(watched: Server) -> None:
    desk, ver, colleague = (watched.as_(who) for who in (DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA))
    task = await new_taak(desk, watched.eenheden["VER"])
    await done(ver, "neemInterneTaak", id=task["id"])
    assert (await deed(colleague, "neemInterneTaak", id=task["id"]))["__typename"] == "OvergangGeweigerd"
    await desk.data(TWO_FIELDS)
    assert await desk.codes(OF_NOBODY) == ["NIET_BEVOEGD"]
    assert await desk.codes(NO_OPERATION) == ["DOCUMENT_ONGELDIG"]
    assert await watched.with_token(None).codes(TWO_FIELDS) == ["NIET_AANGEMELD"]
    async with desk.socket() as socket:
        answer = await (await socket.subscribe(OF_NOBODY)).message()
        assert answer["payload"]["errors"][0]["extensions"]["code"] == "NIET_BEVOEGD"

    assert await operations(watched) == {
        "mutation registreerKlantcontact ok": 1.0,
        "mutation neemInterneTaak ok": 1.0,
        "mutation neemInterneTaak refused OvergangGeweigerd": 1.0,
        "query several ok": 1.0,
        "query postvak error NIET_BEVOEGD": 2.0,
        "none none error DOCUMENT_ONGELDIG": 1.0,
        "none none error NIET_AANGEMELD": 1.0,
    }
    found = await figures(watched)
    assert found["operation_seconds_count{field=neemInterneTaak,kind=mutation}"] == 2.0
    assert found["operation_seconds_bucket{field=neemInterneTaak,kind=mutation,le=+Inf}"] == 2.0
    assert found["errors_total{code=NIET_BEVOEGD}"] == 2.0


async def test_a_refusal_counts_as_one_though_its_type_is_not_asked_for(watched: Server) -> None:
    task = await new_taak(watched.as_(DESK), watched.eenheden["VER"])
    await done(watched.as_(VERGUNNINGEN), "neemInterneTaak", id=task["id"])
    await watched.as_(VERGUNNINGEN_COLLEGA).data(REFUSED, id=task["id"])
    assert (await operations(watched))["mutation neemInterneTaak refused OvergangGeweigerd"] == 1.0


async def test_no_label_is_made_of_what_a_client_sent(watched: Server) -> None:
    desk = watched.as_(DESK)
    await desk.data("query Verrader { verrader: ik { verraden: rollen } }")
    await desk.answer("{ verrader }")
    await desk.answer("query Verrader { ik { rollen } } ", verrader="verrader")
    async with desk.socket() as socket:
        await socket.ws.close(4321, "verrader")
    await until(watched, **{"sockets_closed_total{by=client,code=other}": 1.0})
    assert not [name for name in await figures(watched) if "verra" in name.lower() or "4321" in name]


@pytest.mark.parametrize("transport", ["socket", "event stream"])
async def test_a_fact_is_timed_from_its_commit_and_counted_for_each_who_is_handed_it(
    watched: Server, transport: str
) -> None:
    ver, eenheid = watched.as_(VERGUNNINGEN), watched.eenheden["VER"]
    follow = ver.follow if transport == "socket" else ver.events
    async with follow(POSTVAK, eenheid=eenheid) as one, follow(POSTVAK, eenheid=eenheid) as other:
        await until(watched, subscriptions=2.0, subscriptions_catching_up=0.0, groups=1.0)
        sockets, streams = (2.0, 0.0) if transport == "socket" else (0.0, 2.0)
        await until(watched, open_sockets=sockets, open_event_streams=streams, open_connections=2.0)
        for _ in range(3):
            await new_taak(watched.as_(DESK), eenheid)
            await asyncio.gather(one.next(), other.next())
        await until(watched, facts_handed_out_total=6.0, payloads_made_total=3.0)
    found = await figures(watched)
    assert found["facts_written_total{soort=GEREGISTREERD}"] == 3.0
    assert found["facts_written_total{soort=GENOMEN}"] == 0.0
    assert found["fact_delivery_seconds_count{made=here}"] == 3.0
    assert found["fact_delivery_seconds_sum{made=here}"] > 0
    assert found["fact_delivery_seconds_count{made=elsewhere}"] == 0.0


@pytest.mark.database(*KINDS)
async def test_a_fact_of_another_process_is_timed_apart(settings: Settings, template: Template) -> None:
    eenheid = template.eenheden["VER"]
    async with (
        serving_two(with_figures(settings), template.eenheden) as (one, other),
        other.as_(VERGUNNINGEN).follow(POSTVAK, eenheid=eenheid, na=0) as inbox,
    ):
        await until(other, subscriptions_catching_up=0.0, subscriptions=1.0)
        await new_taak(one.as_(DESK), eenheid)
        await inbox.next()
        await until(other, **{"fact_delivery_seconds_count{made=elsewhere}": 1.0})
        await until(other, **{"fact_delivery_seconds_count{made=here}": 0.0})
        assert 0 <= (await figures(other))["fact_delivery_seconds_sum{made=elsewhere}"] < PATIENCE


async def test_sockets_are_counted_by_who_closed_them_and_with_which_code(watched: Server) -> None:
    desk = watched.as_(DESK)
    async with desk.socket():
        pass
    async with desk.socket() as socket:
        await socket.send("no JSON")
        assert await socket.closed() == 4400
    async with desk.socket() as socket:
        socket.ws.transport.abort()
    await until(
        watched,
        **{
            "sockets_closed_total{by=client,code=1000}": 1.0,
            "sockets_closed_total{by=server,code=4400}": 1.0,
            "sockets_closed_total{by=lost,code=1006}": 1.0,
        },
    )


async def test_who_is_not_let_in_is_counted_by_why(watched: Server) -> None:
    for token in (None, "rommel", DESK.token(valid_seconds=-60), DESK.token(rollen=["KONING"])):
        await watched.with_token(token).post(TWO_FIELDS)
    found = await figures(watched)
    assert {name: value for name, value in found.items() if name.startswith("logins_refused_total")} == {
        "logins_refused_total{reason=no bearer token}": 1.0,
        "logins_refused_total{reason=DecodeError}": 1.0,
        "logins_refused_total{reason=ExpiredSignatureError}": 1.0,
        "logins_refused_total{reason=an unknown role}": 1.0,
    }


async def test_what_limits_refuse_is_counted_by_limit(settings: Settings, template: Template) -> None:
    tight = {"max_tokens": 20, "max_connections_of_employee": 1, "max_messages": 10}
    async with serving(with_figures(settings).model_copy(update=tight), template.eenheden) as server:
        desk = server.as_(DESK)
        assert await desk.codes("{ a: __typename " * 20) == ["LIMIET_OVERSCHREDEN"]
        assert (await operations(server)) == {"none none error LIMIET_OVERSCHREDEN": 1.0}
        async with desk.socket() as socket:
            with pytest.raises(ConnectionClosed):
                async with desk.socket():
                    pass
            # What comes behind the one that is too many is not looked at, and counts no more.
            await socket.send_together(*[{"type": "ping"}] * 30)
            assert await socket.closed() == 1008
        await until(
            server,
            **{f"limits_refused_total{{limit={limit}}}": 1.0 for limit in ("TOKENS", "MEDEWERKER", "BERICHTEN")},
        )


@pytest.mark.database(*KINDS)
async def test_waits_for_the_database_and_for_the_loop_are_timed(watched: Server) -> None:
    await new_taak(watched.as_(DESK), watched.eenheden["VER"])
    found = await figures(watched)
    assert found["database_wait_seconds_count{access=read}"] > 0
    assert found["database_wait_seconds_count{access=write}"] > 0

    async def is_measured() -> bool:
        return bool((await figures(watched))["event_loop_lag_seconds_count"])

    await waiting.until(is_measured)
