"""Case C0534, played once through the public API by three WebSocket clients."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from gql import Client, gql
from gql.client import AsyncClientSession
from gql.transport.websockets import WebsocketsTransport

from app.demo.people import DESK, VERGUNNINGEN

INBOX = """
query Postvak($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) { laatsteVolgnummer aantalTeDoen }
}
"""

LIVE = """
subscription Postvak($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer soort
    interneTaak { id versie gevraagdeHandeling ontstaanUitKlantcontact { onderwerp } }
  }
}
"""

REGISTER = """
mutation Registreer($eenheid: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Voorwaarden vergunningsvrije dakkapel"
    inhoud: "Klant wil weten onder welke voorwaarden er geen vergunning nodig is voor een dakkapel."
    interneTaken: [{
      gevraagdeHandeling: "Overname gesprek met klant"
      klantAanDeLijn: true
      organisatorischeEenheidId: $eenheid
    }]
  }) {
    ... on KlantcontactGeregistreerd { klantcontact { nummer interneTaken { id versie nummer } } }
    ... on Weigering { bericht }
  }
}
"""

FOLLOW = """
subscription Taak($taak: ID!, $na: Int) {
  interneTaak(id: $taak, naVersie: $na) { versie soort door { naam } }
}
"""

TAKE = """
mutation Neem($taak: ID!) {
  neemInterneTaak(input: { id: $taak }) {
    ... on InterneTaakGewijzigd { interneTaak { versie ontstaanUitKlantcontact { inhoud } } }
    ... on Weigering { bericht }
  }
}
"""

FINISH = """
mutation Gedaan($taak: ID!, $versie: Int!) {
  wijzigInterneTaakStatus(input: { id: $taak, versie: $versie, status: GEDAAN }) {
    ... on InterneTaakGewijzigd { interneTaak { status } }
    ... on Weigering { bericht }
  }
}
"""


class Stopwatch:
    """Prints each step with the milliseconds since the registration was sent."""

    def __init__(self) -> None:
        self._since: float | None = None

    def start(self) -> None:
        """Start counting; call this right before the registration is sent."""
        self._since = time.perf_counter()

    def say(self, step: str) -> None:
        """Print a step that has just happened."""
        passed = "" if self._since is None else f"{(time.perf_counter() - self._since) * 1000:.1f} ms"
        print(f"  {passed:>10}  {step}", flush=True)


async def play(ws: str, tokens: Mapping[str, str], eenheid_id: str) -> None:
    """Play the case: the desk registers a task, an open inbox shows it, a colleague takes the call over and
    finishes.

    `ws` is the WebSocket URL, `tokens` are by the employees' keys.
    """
    watch = Stopwatch()
    async with (
        _client(ws, tokens["desk"]) as desk,
        _client(ws, tokens["vergunningen"]) as colleague,
        _client(ws, tokens["lezer"]) as wall,
    ):
        before = (await _ask(wall, INBOX, eenheid=eenheid_id))["postvak"]
        watch.say(f"Het postvak van Vergunningen staat open op een scherm: {before['aantalTeDoen']} te doen.")
        showing = asyncio.create_task(_show(wall, watch, eenheid_id, before["laatsteVolgnummer"]))
        # A WebSocket keeps its order: when this is answered, the server has received the subscription before it.
        await asyncio.sleep(0)
        await _ask(wall, INBOX, eenheid=eenheid_id)
        watch.start()
        registered = await _ask(desk, REGISTER, eenheid=eenheid_id)
        taak = registered["registreerKlantcontact"]["klantcontact"]["interneTaken"][0]
        watch.say(f"{DESK.naam} (KCC) heeft de bevestiging van taak {taak['nummer']}.")
        await _take_over(desk, colleague, watch, taak)
        await showing


async def _show(wall: AsyncClientSession, watch: Stopwatch, eenheid_id: str, na: int) -> None:
    """The screen on the wall: prints each fact of the case when it arrives."""
    inbox = _follow(wall, LIVE, eenheid=eenheid_id, na=na)
    async with aclosing(inbox):
        async for data in inbox:
            fact = data["postvak"]
            taak = fact["interneTaak"]
            onderwerp = taak["ontstaanUitKlantcontact"]["onderwerp"]
            watch.say(f"Het open postvak toont: {fact['soort']}, {taak['gevraagdeHandeling']} – {onderwerp}.")
            if fact["soort"] == "GEDAAN":
                return


async def _take_over(
    desk: AsyncClientSession, colleague: AsyncClientSession, watch: Stopwatch, taak: Mapping[str, Any]
) -> None:
    card = _follow(desk, FOLLOW, taak=taak["id"], na=taak["versie"])
    async with aclosing(card):
        taken = (await _ask(colleague, TAKE, taak=taak["id"]))["neemInterneTaak"]["interneTaak"]
        watch.say(f"{VERGUNNINGEN.naam} neemt de taak en leest: {taken['ontstaanUitKlantcontact']['inhoud']}")
        seen = (await anext(card))["interneTaak"]
        watch.say(f"{DESK.naam} ziet: {seen['soort']} door {seen['door']['naam']}, en verbindt door.")
        await _ask(colleague, FINISH, taak=taak["id"], versie=taken["versie"])
        watch.say(f"{VERGUNNINGEN.naam} heeft geantwoord en zet de taak op GEDAAN.")


def _client(ws: str, token: str) -> Client:
    transport = WebsocketsTransport(ws, init_payload={"authorization": f"Bearer {token}"})
    return Client(transport=transport)


async def _ask(session: AsyncClientSession, document: str, **variables: Any) -> Any:
    request = gql(document)
    request.variable_values = variables
    return await session.execute(request)


def _follow(session: AsyncClientSession, document: str, **variables: Any) -> AsyncGenerator[Any, None]:
    request = gql(document)
    request.variable_values = variables
    return session.subscribe(request)
