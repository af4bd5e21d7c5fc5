"""The clients of the recipes, as they stand there, play the case."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import recipes as clients
from tests.support.client import JSON
from tests.support.people import BURGERZAKEN, DESK, VERGUNNINGEN
from tests.support.players import CACHING, KINDS, playing
from tests.support.server import Server

pytestmark = pytest.mark.database("sqlite")

INBOX = """
query InboxQuery($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    id
    laatsteVolgnummer
    aantalTeDoen
    interneTaken(filter: { status: TE_DOEN }) { edges { node { id status medewerker { id naam } } } }
  }
}
"""

LIVE = """
subscription LiveSubscription($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    id
    volgnummer
    soort
    postvak { id aantalTeDoen }
    interneTaak { id versie status medewerker { id naam } ontstaanUitKlantcontact { id onderwerp geregistreerdOp } }
  }
}
"""

CARD = """
subscription CardSubscription($taak: ID!, $naVersie: Int) {
  interneTaak(id: $taak, naVersie: $naVersie) { id versie soort door { id naam } }
}
"""

REGISTER = """
mutation RegisterMutation($eenheid: ID!) {
  registreerKlantcontact(
    input: {
      onderwerp: "Dakkapel"
      interneTaken: [{ gevraagdeHandeling: "Overname", klantAanDeLijn: true, organisatorischeEenheidId: $eenheid }]
    }
  ) {
    ... on KlantcontactGeregistreerd { klantcontact { id interneTaken { id versie } } }
    ... on Weigering { bericht }
  }
}
"""

TAKE = """
mutation TakeMutation($taak: ID!) {
  neemInterneTaak(input: { id: $taak }) {
    ... on InterneTaakGewijzigd { interneTaak { id versie status medewerker { id naam } } }
    ... on Weigering { bericht }
  }
}
"""

FINISH = """
mutation FinishMutation($taak: ID!, $versie: Int!) {
  wijzigInterneTaakStatus(input: { id: $taak, versie: $versie, status: GEDAAN }) {
    ... on InterneTaakGewijzigd { interneTaak { id versie status } }
    ... on Weigering { bericht }
  }
}
"""


@pytest.fixture(scope="module")
def recipes() -> Iterator[Path]:
    with clients.written([INBOX, LIVE, CARD, REGISTER, TAKE, FINISH]) as directory:
        yield directory


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_plays_the_case_from_the_alert_to_the_row_that_leaves(
    server: Server, recipes: Path, kind: str
) -> None:
    eenheid = server.eenheden["VER"]
    async with (
        playing(kind, recipes, server.url, DESK.token()) as desk,
        playing(kind, recipes, server.url, VERGUNNINGEN.token()) as colleague,
    ):
        inbox = (await colleague.ask(INBOX, eenheid=eenheid))["postvak"]
        live = await colleague.follow(LIVE, eenheid=eenheid, na=inbox["laatsteVolgnummer"])
        registered = (await desk.ask(REGISTER, eenheid=eenheid))["registreerKlantcontact"]
        task = registered["klantcontact"]["interneTaken"][0]
        alert = (await live.next())["postvak"]
        assert alert["interneTaak"]["id"] == task["id"]
        assert alert["interneTaak"]["ontstaanUitKlantcontact"]["onderwerp"] == "Dakkapel"

        card = await desk.follow(CARD, taak=task["id"], naVersie=task["versie"])
        taken = (await colleague.ask(TAKE, taak=task["id"]))["neemInterneTaak"]["interneTaak"]
        seen = (await card.next())["interneTaak"]
        assert (seen["soort"], seen["door"]["naam"]) == ("GENOMEN", VERGUNNINGEN.naam)

        await colleague.ask(FINISH, taak=task["id"], versie=taken["versie"])
        assert [(await live.next())["postvak"]["soort"] for _ in range(2)] == ["GENOMEN", "GEDAAN"]
        assert (await card.next())["interneTaak"]["soort"] == "GEDAAN"
    async with playing(kind, recipes, server.url, VERGUNNINGEN.token()) as colleague:
        assert rows(await colleague.ask(INBOX, eenheid=eenheid)) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_subscription_that_is_refused_says_why_and_is_not_tried_again(
    server: Server, recipes: Path, kind: str
) -> None:
    async with playing(kind, recipes, server.url, BURGERZAKEN.token()) as stranger:
        live = await stranger.follow(LIVE, eenheid=server.eenheden["VER"], na=0)
        assert await live.refused() == ["NIET_BEVOEGD"]
        await stranger.ask(INBOX, eenheid=server.eenheden["BUR"])
        assert live.is_quiet()


@pytest.mark.parametrize("kind", CACHING)
async def test_a_cache_shows_what_a_fact_brings_without_asking_again(
    server: Server, recipes: Path, kind: str
) -> None:
    eenheid = server.eenheden["VER"]
    async with (
        playing(kind, recipes, server.url, DESK.token()) as desk,
        playing(kind, recipes, server.url, VERGUNNINGEN.token()) as colleague,
    ):
        registered = (await desk.ask(REGISTER, eenheid=eenheid))["registreerKlantcontact"]
        task = registered["klantcontact"]["interneTaken"][0]
        shown = await colleague.show(INBOX, eenheid=eenheid)
        assert rows(await shown.next()) == [(task["id"], "TE_DOEN", None)]
        live = await colleague.follow(LIVE, eenheid=eenheid, na=1)
        taken = (await server.as_(VERGUNNINGEN).data(TAKE, taak=task["id"]))["neemInterneTaak"]
        await live.next()
        assert rows(await shown.next()) == [(task["id"], "TE_DOEN", VERGUNNINGEN.naam)]
        await server.as_(VERGUNNINGEN).data(FINISH, taak=task["id"], versie=taken["interneTaak"]["versie"])
        changed = await shown.next()
        assert rows(changed) == [(task["id"], "GEDAAN", VERGUNNINGEN.naam)]
        assert changed["postvak"]["aantalTeDoen"] == 0


def rows(inbox: JSON) -> list[tuple[Any, ...]]:
    nodes = [edge["node"] for edge in inbox["postvak"]["interneTaken"]["edges"]]
    return [(node["id"], node["status"], (node["medewerker"] or {}).get("naam")) for node in nodes]
