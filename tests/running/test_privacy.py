"""No text that was registered, no name, no number and no token stands in anything that a serving process tells."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from app.settings import Settings
from tests.support.arrange import deed, done, registreer, taak
from tests.support.client import JSON, Client
from tests.support.databases import refusing
from tests.support.figures import METRICS_TOKEN, figures
from tests.support.people import DESK, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.privacy import TEXTS, found_in
from tests.support.processes import Process, serving_process
from tests.support.redis import RedisServer, running_redis
from tests.support.server import Server
from tests.support.template import Template
from tests.support.tokens import newcomer, signed, socket_closed

REFUSED = "a token was refused"
"""The log says this where it says as much as it can."""

SECRETS = {
    "onderwerp": "Heimelijk onderwerp van mevrouw Jansen",
    "inhoud": "Zij vertelt dat haar buurman schulden heeft.",
    "handeling": "Discreet terugbellen na zessen",
    "toelichting": "Belt u haar zuster op 06-55512345?",
    "deed": "Haar dossier ligt in kast zeventien.",
    "search": "buurman schulden",
    "naam": "Zwaantje Kwakkelstein",
    "organisatie": "Bakkerij Kwikzilver",
    "telefoon": "0698765432",
    "kept": "698765432",
    "e-mail": "zwaantje@kwikzilver.example",
    "omschrijving": "bij de buurvrouw",
    "antwoord": "Zij krijgt vijftig euro terug.",
    "service number": "0900 7654321",
    "refused": "Deze tekst wordt geweigerd omdat zij te lang is. " * 30,
    "control": "Een belletje\x07hoort hier niet",
    "number": "Geen getal maar een geheim",
    "document": "EenVeldMetEenGeheimeNaam",
    "key": "EenSleutelDieNiemandKent",
    "operation": "Bel_mevrouw_Jansen_terug",
    "path": "geheim-in-een-adres",
}

FOLLOW = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid, na: 0) {
    volgnummer toelichting door { naam }
    interneTaak { nummer toelichting ontstaanUitKlantcontact { nummer onderwerp inhoud } }
  }
}
"""

KLANT: JSON = {
    "contactnaam": {"voornaam": "Zwaantje", "achternaam": "Kwakkelstein"},
    "organisatienaam": SECRETS["organisatie"],
    "digitaleAdressen": [
        {
            "soortDigitaalAdres": "TELEFOONNUMMER",
            "adres": "06-98 76 54 32",
            "omschrijving": SECRETS["omschrijving"],
        },
        {"soortDigitaalAdres": "EMAIL", "adres": SECRETS["e-mail"]},
    ],
}

BY_ADDRESS = """
query ($adres: String!) {
  klantcontacten(filter: { digitaalAdres: $adres }) { edges { node { betrokkenen { id organisatienaam } } } }
}
"""

CORRECT = """
mutation ($input: WijzigBetrokkeneInput!) {
  wijzigBetrokkene(input: $input) { __typename ... on OngeldigeInvoer { bericht velden { pad bericht } } }
}
"""

SEARCH = """
query %s($zoektekst: String!) {
  interneTaken(filter: { zoektekst: $zoektekst }) {
    edges { node { nummer ontstaanUitKlantcontact { nummer onderwerp inhoud medewerker { naam } } } }
  }
}
"""


@dataclass
class Played:
    """What was played on a server: what must not be told of it, and what refusals said."""

    server: Server
    people: list[Client]
    secrets: set[str] = field(default_factory=lambda: set(SECRETS.values()))
    refusals: list[str] = field(default_factory=list)

    async def story(self) -> None:
        """The case, with texts that nobody else has, over every transport."""
        desk, colleague, overseer = self.people
        eenheid = self.server.eenheden["VER"]
        async with colleague.follow(FOLLOW, eenheid=eenheid) as inbox:
            async with overseer.events(FOLLOW, eenheid=eenheid) as events:
                contact = await registreer(
                    desk,
                    taak(eenheid, gevraagdeHandeling=SECRETS["handeling"], toelichting=SECRETS["toelichting"]),
                    onderwerp=SECRETS["onderwerp"],
                    inhoud=SECRETS["inhoud"],
                    betrokkene=KLANT,
                )
                assert (await inbox.next())["postvak"]["volgnummer"] == 1
                await events.next()
            task = contact["interneTaken"][0]
            self.secrets |= {contact["nummer"], task["nummer"]}
            await done(colleague, "neemInterneTaak", id=task["id"])
            await done(desk, "voegToelichtingToe", id=task["id"], toelichting=SECRETS["deed"])
            await inbox.next()
            await self._called_back(task["id"])
        search = SEARCH % SECRETS["operation"]
        found = await colleague.data(search, zoektekst=SECRETS["search"])
        assert len(found["interneTaken"]["edges"]) == 1
        variables = json.dumps({"zoektekst": SECRETS["search"]})
        await self._get(query=search, variables=variables)
        await self._refused(task["id"])
        await self._malformed()

    async def _called_back(self, task: str) -> None:
        """The address is searched, refused and corrected, and the citizen is answered."""
        desk, colleague, _ = self.people
        for adres in (SECRETS["telefoon"], SECRETS["e-mail"], SECRETS["service number"]):
            await desk.data(BY_ADDRESS, adres=adres)
        found = (await desk.data(BY_ADDRESS, adres=SECRETS["telefoon"]))["klantcontacten"]["edges"]
        [betrokkene] = found[0]["node"]["betrokkenen"]
        wrong = KLANT | {"digitaleAdressen": [{"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "0900 7654321"}]}
        for new in (wrong, KLANT | {"organisatienaam": SECRETS["refused"]}, KLANT | {"rol": "VERTEGENWOORDIGER"}):
            answer = await desk.data(CORRECT, input={"id": betrokkene["id"], "versie": 1, "betrokkene": new})
            self.refusals.append(json.dumps(answer["wijzigBetrokkene"].get("velden"), ensure_ascii=False))
        await desk.answer(CORRECT, input={"id": betrokkene["id"], "versie": 1, "betrokkene": SECRETS["naam"]})
        finish = {"status": "GEDAAN", "antwoord": SECRETS["antwoord"]}
        await done(colleague, "wijzigInterneTaakStatus", id=task, versie=2, **finish)
        reopen = {"status": "TE_DOEN", "toelichting": SECRETS["deed"]}
        await done(colleague, "wijzigInterneTaakStatus", id=task, versie=5, **reopen)

    async def _refused(self, task: str) -> None:
        """What the business and GraphQL refuse."""
        desk, colleague, _ = self.people
        for text in (SECRETS["refused"], SECRETS["control"]):
            refused = await deed(colleague, "voegToelichtingToe", id=task, toelichting=text)
            assert refused["__typename"] == "OngeldigeInvoer"
            self.refusals.append(json.dumps(refused, ensure_ascii=False))
        await colleague.answer(FOLLOW, eenheid={"id": SECRETS["number"]})
        await colleague.answer("query ($n: Int!) { interneTaken(first: $n) { totalCount } }", n=SECRETS["number"])
        for document in ("{ X }", '{ ik "X" }', '{ klantcontacten(after: "X") { totalCount } }'):
            await colleague.answer(document.replace("X", SECRETS["document"]))
        await desk.answer(SEARCH % "", zoektekst=SECRETS["refused"])

    async def _malformed(self) -> None:
        """What is no request at all, and who is nobody."""
        _, colleague, _ = self.people
        for text in (SECRETS["key"], json.dumps({"type": SECRETS["key"]}), json.dumps([SECRETS["key"]])):
            async with colleague.socket() as socket:
                await socket.send(text)
                await socket.closed()
        for body in (SECRETS["key"], json.dumps({SECRETS["key"]: 1}), json.dumps({"query": 1})):
            await self.server.http.post(
                self.server.graphql, content=body, headers={"authorization": f"Bearer {colleague.token}"}
            )
        for token in (signed(newcomer("VER"), exp=1), signed(newcomer("VER"), "another key" * 4), "eyJ.eyJ.geheim"):
            self.secrets |= set(token.split("."))
            await self.server.with_token(token).post("{ kanalen }")
            await socket_closed(self.server, token)
        await self.server.http.get(f"{self.server.url}/{SECRETS['path']}?{SECRETS['path']}")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(self.server.url.rpartition(":")[2]))
        writer.write(f"{SECRETS['path']} \x00 no HTTP\r\n\r\n".encode())
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async def _get(self, **parameters: str) -> None:
        headers = {"authorization": f"Bearer {self.people[1].token}"}
        response = await self.server.http.get(self.server.graphql, params=parameters, headers=headers)
        assert response.status_code == 200


def played_on(server: Server) -> Played:
    """Who plays, on a server: their names and every part of their tokens are secret."""
    people: list[Person] = [DESK, VERGUNNINGEN, TOEZICHTHOUDER]
    played = Played(server, [server.as_(person) for person in people])
    for person, client in zip(people, played.people, strict=True):
        assert client.token is not None
        played.secrets |= {person.naam, *client.token.split(".")}
    return played


@asynccontextmanager
async def hints(redis: RedisServer) -> AsyncIterator[list[str]]:
    """Everything that goes over a Redis meanwhile."""
    heard: list[str] = []

    async def listen(listening: Any) -> None:
        async for message in listening.listen():
            heard.append(str(message))

    async with Redis.from_url(redis.url) as client, client.pubsub() as listening:
        await listening.psubscribe("*")
        task = asyncio.create_task(listen(listening))
        yield heard
        task.cancel()
        await asyncio.wait([task])


def leaks(told: str, secrets: Iterable[str]) -> list[str]:
    return found_in(told, [*secrets, *TEXTS])


async def test_a_server_tells_nothing_of_what_people_wrote_and_who_they_are(
    settings: Settings, template: Template
) -> None:
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(running_redis())
        heard = await stack.enter_async_context(hints(redis))
        process: Process = await stack.enter_async_context(
            serving_process(
                settings,
                template.eenheden,
                log_level="DEBUG",
                broker_url=redis.url,
                metrics_token=METRICS_TOKEN,
            )
        )
        played = played_on(process.server)
        await played.story()
        shown = str(await figures(process.server))
        await process.end(signal.SIGTERM)
        printed = await process.printed
    assert REFUSED in printed, "or else it was not at its most talkative"
    assert '"actieNaam":"wijzigen"' in printed
    assert len(heard) > 3
    assert leaks(printed, played.secrets) == []
    assert leaks(shown, played.secrets) == []
    assert leaks("\n".join(heard), played.secrets) == []
    assert leaks("\n".join(played.refusals), played.secrets) == []


async def test_an_error_of_ours_is_logged_without_what_was_typed(settings: Settings, template: Template) -> None:
    """The database refuses the row, and PostgreSQL quotes it."""
    when = f"NEW.onderwerp = '{SECRETS['onderwerp']}'"
    document = "mutation ($o: String!) { registreerKlantcontact(input: { onderwerp: $o }) { __typename } }"
    async with serving_process(settings, template.eenheden, log_level="DEBUG") as process:
        async with refusing(settings.database_url, "AFTER INSERT", "klantcontact", when, "half-way"):
            codes = await process.server.as_(DESK).codes(document, o=SECRETS["onderwerp"])
        assert codes == ["INTERNE_FOUT"]
        await process.end(signal.SIGTERM)
        printed = await process.printed
    assert "Traceback" in printed
    assert leaks(printed, SECRETS.values()) == []


def test_what_is_looked_for_is_found() -> None:
    """A check that finds nothing whatever is there would be worth nothing."""
    assert found_in("iets met DEWI DE DESK erin en eyJhbGciOiJIUzI1NiJ9") == ["Dewi de Desk", "eyJ"]
