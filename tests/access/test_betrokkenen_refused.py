"""Refusals tell nobody of a betrokkene whom they may not see: not who it is, and not that there is one."""

import json
from typing import Any

import pytest

from tests.support.arrange import add_taak, ask, registreer, taak
from tests.support.client import JSON, Client
from tests.support.people import BURGERZAKEN, DESK, LEZER, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server
from tests.support.sight import KLANT, TYPED, sight

DO = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on Weigering {
      bericht
      ... on BetrokkeneVersieVerouderd { betrokkene { versie digitaleAdressen { adres } } }
      ... on NietBevoegd { reden }
    }
  }
}
"""
NESTED = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { ...Wie } }
    ... on VersieVerouderd { interneTaak { ...Wie } }
    ... on OvergangGeweigerd { interneTaak { ...Wie } }
  }
}
fragment Wie on InterneTaak { ontstaanUitKlantcontact { betrokkenen { contactnaam { achternaam } } } }
"""
OTHER: JSON = {"contactnaam": {"achternaam": "Iemand Anders"}}
REFUSED = {
    VERGUNNINGEN.naam: ("NietBevoegd", "ANDERE_AFDELING"),
    LEZER.naam: ("NietBevoegd", "ROL"),
}


async def do(client: Client, mutation: str, **input: Any) -> JSON:
    return await ask(client, DO, mutation, **input)


@pytest.mark.parametrize("who", [VERGUNNINGEN, LEZER], ids=lambda who: who.naam)
async def test_who_only_reads_is_answered_alike_whether_somebody_was_noted_or_not(
    server: Server, who: Person
) -> None:
    scene = await sight(server)
    bare = await registreer(server.as_(DESK), taak(server.eenheden["BUR"]))
    await add_taak(server.as_(DESK), bare["id"], server.eenheden["VER"])
    client = server.as_(who)
    of_scene = await do(client, "registreerBetrokkene", klantcontactId=scene.contact, betrokkene=OTHER)
    task = {"id": scene.forwarded, "versie": 3, "betrokkene": OTHER}
    asked = await do(client, "vraagTerugbellen", **task)
    assert (of_scene["__typename"], of_scene["reden"]) == REFUSED[who.naam]
    assert (asked["__typename"], asked["reden"]) == REFUSED[who.naam]
    same = await do(client, "registreerBetrokkene", klantcontactId=scene.contact, betrokkene=KLANT)
    assert json.dumps(same) == json.dumps(of_scene)


@pytest.mark.parametrize("who", [VERGUNNINGEN, LEZER], ids=lambda who: who.naam)
async def test_who_may_not_see_a_betrokkene_does_not_find_them_to_correct(server: Server, who: Person) -> None:
    scene = await sight(server)
    unknown = "99999999-9999-4999-8999-999999999999"
    answers = [
        await do(server.as_(who), "wijzigBetrokkene", id=id_, versie=1, betrokkene=OTHER)
        for id_ in (scene.betrokkene, unknown, scene.contact)
    ]
    assert {json.dumps(answer) for answer in answers} == {json.dumps(answers[0])}
    assert answers[0]["__typename"] == "NietGevonden"


async def test_a_supervisor_sees_who_stands_and_changes_nothing(server: Server) -> None:
    scene = await sight(server)
    tess = server.as_(TOEZICHTHOUDER)
    answer = await do(tess, "registreerBetrokkene", klantcontactId=scene.contact, betrokkene=OTHER)
    assert answer["__typename"] == "BetrokkeneVersieVerouderd"
    assert answer["betrokkene"]["digitaleAdressen"][0] == {"adres": "+31698765432"}
    answer = await do(tess, "wijzigBetrokkene", id=scene.betrokkene, versie=1, betrokkene=OTHER)
    assert (answer["__typename"], answer["reden"]) == ("NietBevoegd", "ROL")


async def test_the_id_of_a_betrokkene_cannot_be_chosen_for_anything_else(server: Server) -> None:
    scene = await sight(server)
    answer = await do(server.as_(VERGUNNINGEN), "registreerKlantcontact", id=scene.betrokkene, onderwerp="Dakkapel")
    assert answer["__typename"] == "IdAlInGebruik"


@pytest.mark.parametrize(
    ("who", "sees"), [(BURGERZAKEN, True), (VERGUNNINGEN, False)], ids=lambda one: str(one)[:20]
)
async def test_the_answers_of_deeds_show_a_task_s_betrokkene_to_who_may_see_them(
    server: Server, who: Person, sees: bool
) -> None:
    scene = await sight(server)
    client, id_ = server.as_(who), scene.forwarded if sees else scene.own
    versie = 3 if sees else 1
    finish = {"id": id_, "versie": versie, "status": "GEDAAN"}
    answers = [
        await ask(client, NESTED, "neemInterneTaak", id=id_),
        await ask(client, NESTED, "wijzigInterneTaakStatus", **finish),
        await ask(client, NESTED, "wijzigInterneTaakStatus", **finish | {"versie": versie + 1}),
        await ask(client, NESTED, "neemInterneTaak", id=id_),
    ]
    kinds = [answer["__typename"] for answer in answers]
    assert kinds == ["InterneTaakGewijzigd", "VersieVerouderd", "InterneTaakGewijzigd", "OvergangGeweigerd"]
    shown = [answer["interneTaak"]["ontstaanUitKlantcontact"]["betrokkenen"] for answer in answers]
    assert shown == [[{"contactnaam": {"achternaam": "Kwakkelstein"}}] if sees else None] * 4


@pytest.mark.parametrize("inline", [True, False])
async def test_an_address_in_a_url_is_refused(server: Server, inline: bool) -> None:
    adres = KLANT["digitaleAdressen"][0]["adres"]
    given = f'"{adres}"' if inline else "$adres"
    head = "" if inline else "query ($adres: String)"
    document = f"{head} {{ klantcontacten(filter: {{ digitaalAdres: {given} }}) {{ totalCount }} }}"
    variables = {} if inline else {"variables": json.dumps({"adres": adres})}
    desk = server.as_(DESK)
    response = await server.http.get(
        server.graphql,
        params={"query": document} | variables,
        headers={"authorization": f"Bearer {desk.token}"},
    )
    [error] = response.json()["errors"]
    assert error["extensions"] == {"argument": "digitaalAdres", "code": "ONGELDIG_ARGUMENT"}
    assert [typed for typed in TYPED if typed in json.dumps(error)] == []
