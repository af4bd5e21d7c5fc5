"""Values in documents and variables that are hard to read: each is understood or refused, and breaks nothing."""

import json
from datetime import datetime, timedelta, timezone

from tests.support.arrange import new_taak
from tests.support.each import each
from tests.support.http import codes, send
from tests.support.people import DESK
from tests.support.server import Server

KANALEN = "{ kanalen }"

SINCE = """
query ($since: DateTime) { interneTaken(filter: { geregistreerdVanaf: $since }) { edges { node { id } } } }
"""

SINCE_LITERAL = "{ interneTaken(filter: { geregistreerdVanaf: %s }) { edges { node { id } } } }"

TAKEN = "{ interneTaken { edges { node { id geregistreerdOp } } } }"

TYPED = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) { __typename ... on Weigering { bericht } }
}
"""

NESTED = "query ($id: ID!) { interneTaak(id: $id) { %s id %s } }"


async def test_a_moment_without_offset_or_that_is_none_is_refused(server: Server) -> None:
    desk = server.as_(DESK)
    texts = [
        "2026-01-31T12:00:00",
        "2026-01-31",
        "2026-01-31 12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00Z",
        "2026-01-31T12:00:00+0100",
        "20260131T120000Z",
        "gisteren",
        "",
        "\u0662026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z\n",
    ]
    for value in [*texts, 5, 1.5, True, {}, [], ["2026-01-31T12:00:00Z"], 10**100]:
        found = codes(await desk.post(SINCE, since=value))
        assert found == ["ONGELDIG_ARGUMENT"], value
        if not isinstance(value, dict):
            found = codes(await desk.post(SINCE_LITERAL % json.dumps(value)))
            assert found == ["ONGELDIG_ARGUMENT"], value
    assert codes(await desk.post(SINCE, since="\ud800")) == ["ONGELDIG_ARGUMENT"]
    assert codes(await desk.post(SINCE_LITERAL % "{ jaar: 2026 }")) == ["ONGELDIG_ARGUMENT"]
    assert codes(await desk.post(SINCE_LITERAL % "NU")) == ["ONGELDIG_ARGUMENT"]


async def test_a_moment_means_the_same_in_every_offset_and_fraction(server: Server) -> None:
    desk = server.as_(DESK)
    await new_taak(desk, server.eenheden["VER"])
    [edge] = (await desk.data(TAKEN))["interneTaken"]["edges"]
    text = edge["node"]["geregistreerdOp"]
    moment = datetime.fromisoformat(text)
    offsets = [timezone(timedelta(minutes=minutes)) for minutes in (0, 60, -630, 345, 23 * 60 + 59)]
    same = [text, text.lower(), text.replace("Z", "000000000-00:00")]
    same += [moment.astimezone(offset).isoformat() for offset in offsets]
    for since in each(same):
        for found in (await desk.data(SINCE, since=since), await desk.data(SINCE_LITERAL % json.dumps(since))):
            assert len(found["interneTaken"]["edges"]) == 1, since
    finer = text.replace("Z", "000001Z")
    assert (await desk.data(SINCE, since=finer))["interneTaken"]["edges"] == []


async def test_a_lone_surrogate_anywhere_is_answered_with_valid_json(server: Server) -> None:
    desk = server.as_(DESK)
    for document in (
        "{ kanalen } # \ud800",
        "{ \ud800 }",
        '{ klantcontact(id: "\ud800") { id } }',
        '{ klantcontact(id: "\\ud800") { id } }',
        '{ klantcontact(id: "\\u{D800}") { id } }',
    ):
        assert codes(await desk.post(document)) == ["DOCUMENT_ONGELDIG"], document
    assert codes(await send(server, {"query": KANALEN, "operationName": "\ud800"})) == ["DOCUMENT_ONGELDIG"]
    assert codes(await desk.post(KANALEN, **{"\ud800": "\ud800"})) == []
    assert codes(
        await desk.post("query ($v: Volgorde) { interneTaken(volgorde: $v) { totalCount } }", v="\ud800")
    ) == ["DOCUMENT_ONGELDIG"]
    assert codes(await desk.post(TYPED, input={"onderwerp": "x", "\ud800": 1})) == ["DOCUMENT_ONGELDIG"]
    for field in ("id", "kanaal", "onderwerp", "inhoud"):
        response = await desk.post(TYPED, input={"onderwerp": "Dakkapel", field: "\ud800"})
        assert codes(response) == [], field
        assert response.json()["data"]["registreerKlantcontact"]["__typename"] == "OngeldigeInvoer", field


async def test_a_number_of_any_length_breaks_nothing(server: Server) -> None:
    desk = server.as_(DESK)
    for digits in (20, 4000, 5000):
        number = "9" * digits
        literal = f"{{ interneTaken(first: {number}) {{ totalCount }} }}"
        assert codes(await desk.post(literal)) == ["DOCUMENT_ONGELDIG"], digits
        literal = f"{{ klantcontact(id: {number}) {{ id }} }}"
        assert (await desk.post(literal)).json() == {"data": {"klantcontact": None}}, digits


async def test_a_document_however_deep_is_answered_or_refused_and_breaks_nothing(server: Server) -> None:
    desk = server.as_(DESK)
    task = await new_taak(desk, server.eenheden["VER"])
    deep = [f"{before * 100_000}{after}" for before, after in (("{ ik ", ""), ("query ($a: [", "Int) { kanalen }"))]
    for depth in (10, 30, 50, 70, 80, 85, 90, 95, 100, 200):
        deeper, back = "ontstaanUitKlantcontact { interneTaken { " * depth, "} } " * depth
        deep.append(NESTED % (deeper, back))
    for document in deep:
        response = await desk.post(document, id=task["id"])
        assert set(codes(response)) <= {"DOCUMENT_ONGELDIG", "LIMIET_OVERSCHREDEN"}, document.count("{")
