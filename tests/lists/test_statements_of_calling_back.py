"""How many SQL statements calling back costs; each request costs one more for its login."""

from typing import Any

from app.settings import Settings
from tests.support.arrange import ask, registreer, taak
from tests.support.client import JSON
from tests.support.databases import kind
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server
from tests.support.statements import statements

DO = "mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename } }"
WHO = "betrokkenen { versie contactnaam { achternaam } digitaleAdressen { adres } }"
SEEN = f"query {{ klantcontacten {{ edges {{ node {{ nummer {WHO} interneTaken {{ antwoord }} }} }} }} }}"
FOUND = f"""
query ($adres: String!) {{
  klantcontacten(filter: {{ digitaalAdres: $adres }}) {{ totalCount edges {{ node {{ nummer {WHO} }} }} }}
}}
"""
BAKKER: JSON = {"digitaleAdressen": [{"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "06 12345678"}]}


async def cost(server: Server, mutation: str, who: Any = DESK, **input: Any) -> int:
    """The statements of a deed that succeeds."""
    with statements() as ran:
        answer = await ask(server.as_(who), DO, mutation, **input)
    assert answer["__typename"] in ("InterneTaakGewijzigd", "BetrokkeneVastgelegd")
    return len(ran)


async def test_whom_contacts_were_with_costs_no_statement_more_however_many_are_listed(server: Server) -> None:
    desk, ver = server.as_(DESK), server.eenheden["VER"]
    for _ in range(3):
        await registreer(desk, taak(ver), betrokkene=BAKKER)
        with statements() as ran:
            await desk.data(SEEN)
        assert len(ran) == 1 + 1
        with statements() as ran:
            await desk.data(FOUND, adres="0612345678")
        assert len(ran) == 1 + 2


async def test_calling_back_costs_a_fixed_number_of_statements(server: Server, settings: Settings) -> None:
    desk, on_postgresql = server.as_(DESK), kind(settings.database_url) == "postgresql"
    contact = await registreer(desk, taak(server.eenheden["VER"], klantAanDeLijn=True))
    [task] = contact["interneTaken"]
    note = {"klantcontactId": contact["id"], "betrokkene": BAKKER}
    # On PostgreSQL both tables and the facts are written by one statement each, and the caller is locked.
    assert await cost(server, "registreerBetrokkene", **note) == (12 if on_postgresql else 13)
    assert await cost(server, "vraagTerugbellen", id=task["id"], versie=2) == 12
    assert await cost(server, "registreerContactpoging", VERGUNNINGEN, id=task["id"], versie=3) == 6
