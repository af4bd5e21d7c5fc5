"""Subscriptions never show whom a contact was with, whoever follows: what they send is shared and kept."""

import json

import pytest

from tests.support.arrange import deed
from tests.support.client import JSON, Client
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, Person
from tests.support.server import Server
from tests.support.sight import KLANT, TYPED, Sight, sight

WHO = "betrokkenen { id contactnaam { achternaam } digitaleAdressen { adres } }"
FACT = f"soort antwoord toelichting interneTaak {{ ontstaanUitKlantcontact {{ onderwerp {WHO} }} }}"
TASK = f"subscription ($id: ID!) {{ fact: interneTaak(id: $id, naVersie: 0) {{ {FACT} }} }}"
INBOX = f"subscription ($id: ID!) {{ fact: postvak(organisatorischeEenheidId: $id, na: 0) {{ {FACT} }} }}"
# A page inside a fact is read by other steps than the fact itself.
PAGED = f"""
subscription ($id: ID!) {{
  fact: postvak(organisatorischeEenheidId: $id, na: 0) {{
    soort postvak {{ interneTaken(first: 3) {{ edges {{ node {{ ontstaanUitKlantcontact {{ {WHO} }} }} }} }} }}
  }}
}}
"""
CORRECT = """
mutation ($id: ID!, $betrokkene: BetrokkeneInput!) {
  wijzigBetrokkene(input: { id: $id, versie: 1, betrokkene: $betrokkene }) { __typename }
}
"""

by_everybody = pytest.mark.parametrize("who", [DESK, BURGERZAKEN, TOEZICHTHOUDER], ids=lambda who: who.naam)


def shown(value: JSON) -> list[JSON]:
    """The values of `betrokkenen` wherever they are."""
    match value:
        case {"betrokkenen": found}:
            return [found]
        case dict():
            return [one for inner in value.values() for one in shown(inner)]
        case list():
            return [one for inner in value for one in shown(inner)]
    return []


def check(fact: JSON) -> None:
    """A fact shows nobody, and nothing of what was typed of them."""
    assert set(map(json.dumps, shown(fact))) == {"null"}
    text = json.dumps(fact, ensure_ascii=False)
    assert [typed for typed in TYPED if typed in text] == []


async def corrected(scene: Sight) -> None:
    """Correct the betrokkene, so that a fact tells of it."""
    other = KLANT | {"organisatienaam": "Bakkerij Kwikzilver en Zn."}
    answer = await scene.server.as_(DESK).data(CORRECT, id=scene.betrokkene, betrokkene=other)
    assert answer["wijzigBetrokkene"]["__typename"] == "BetrokkeneVastgelegd"


async def followed(client: Client, document: str, id_: str, count: int) -> list[JSON]:
    """Facts over a WebSocket, and the same facts as server-sent events."""
    async with client.follow(document, id=id_) as stream:
        by_socket = [(await stream.next())["fact"] for _ in range(count)]
    async with client.events(document, id=id_) as events:
        by_sse = [(await events.next())["fact"] for _ in range(count)]
    assert by_socket == by_sse
    return by_socket


@by_everybody
async def test_who_follows_a_task_is_shown_nobody(server: Server, who: Person) -> None:
    scene = await sight(server)
    await corrected(scene)
    facts = await followed(server.as_(who), TASK, scene.forwarded, 4)
    assert [fact["soort"] for fact in facts][-1] == "CONTACTGEGEVENS_GEWIJZIGD"
    for nth in range(4):
        check(facts[nth])


@pytest.mark.parametrize("document", [INBOX, PAGED], ids=["a fact", "a page in a fact"])
async def test_who_follows_an_inbox_is_shown_nobody(server: Server, document: str) -> None:
    scene = await sight(server)
    await corrected(scene)
    facts = await followed(server.as_(BURGERZAKEN), document, server.eenheden["BUR"], 2)
    assert [fact["soort"] for fact in facts] == ["ONTVANGEN", "CONTACTGEGEVENS_GEWIJZIGD"]
    for nth in range(2):
        check(facts[nth])


async def test_a_live_fact_is_shared_without_them_also_by_who_lost_the_sight(server: Server) -> None:
    scene = await sight(server)
    bo, eenheid = server.as_(BURGERZAKEN), server.eenheden["BUR"]
    async with bo.follow(INBOX, id=eenheid) as before:
        check((await before.next())["fact"])
        onward = {"versie": 3, "organisatorischeEenheidId": server.eenheden["SOC"], "toelichting": "Hoort daar."}
        await deed(bo, "stuurInterneTaakDoor", id=scene.forwarded, **onward)
        gone = (await before.next())["fact"]
        assert gone["soort"] == "DOORGESTUURD"
        check(gone)
