"""Arranging data: registrations and deeds that a test needs but does not test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.service.organisation import Eenheden, Medewerkers
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from app.storage.engine.database import Database
from tests.support.client import JSON, Client
from tests.support.databases import contents

ONDERWERP = "Voorwaarden vergunningsvrije dakkapel"
INHOUD = "Klant wil weten onder welke voorwaarden er geen vergunning nodig is voor een dakkapel."

_REGISTREER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd {
      klantcontact {
        id nummer geregistreerdOp kanaal onderwerp inhoud
        interneTaken { id nummer versie status gevraagdeHandeling organisatorischeEenheid { id } }
      }
    }
    ... on OngeldigeInvoer { velden { pad code } }
    ... on Weigering { bericht }
  }
}
"""

_ADD = """
mutation ($input: RegistreerInterneTaakInput!) {
  registreerInterneTaak(input: $input) {
    __typename
    ... on InterneTaakGeregistreerd { interneTaak { id nummer versie } }
    ... on Weigering { bericht }
  }
}
"""

_DEED = """
mutation ($input: %sInput!) {
  answer: %s(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { id versie status medewerker { id } } }
    ... on OngeldigeInvoer { velden { pad code } }
    ... on Weigering { bericht }
  }
}
"""


def taak(eenheid_id: str, **more: Any) -> dict[str, Any]:
    """The input of a task for a department; `more` adds fields to it or replaces some."""
    return {"gevraagdeHandeling": "Overname gesprek met klant", "organisatorischeEenheidId": eenheid_id} | more


async def registreer(client: Client, *taken: dict[str, Any], **more: Any) -> JSON:
    """Register a klantcontact with these tasks; `more` adds fields to its input or replaces some."""
    contact = {
        "onderwerp": ONDERWERP,
        "inhoud": INHOUD,
        "interneTaken": list(taken),
    }
    answer = (await client.data(_REGISTREER, input=contact | more))["registreerKlantcontact"]
    assert answer["__typename"] == "KlantcontactGeregistreerd", answer
    return answer["klantcontact"]


async def new_taak(client: Client, eenheid_id: str, **more: Any) -> JSON:
    """Register a task for a department, with a new contact."""
    return (await registreer(client, taak(eenheid_id, **more)))["interneTaken"][0]


async def add_taak(client: Client, klantcontact_id: str, eenheid_id: str, **more: Any) -> JSON:
    """Register a task for a department at an existing contact."""
    input = taak(eenheid_id, klantcontactId=klantcontact_id, **more)
    answer = (await client.data(_ADD, input=input))["registreerInterneTaak"]
    assert answer["__typename"] == "InterneTaakGeregistreerd", answer
    return answer["interneTaak"]


async def deed(client: Client, name: str, **input: Any) -> JSON:
    """Do a deed, by the name of its mutation, and return its result, whatever it is."""
    kind = name[0].upper() + name[1:]
    return (await client.data(_DEED % (kind, name), input=input))["answer"]


async def done(client: Client, name: str, **input: Any) -> JSON:
    """Do a deed that must succeed, and return the task after it."""
    answer = await deed(client, name, **input)
    assert answer["__typename"] == "InterneTaakGewijzigd", answer
    return answer["interneTaak"]


async def ask(client: Client, document: str, mutation: str, **input: Any) -> JSON:
    """The result of a mutation. The document has `answer: MUTATION` for its field, and INPUT for its input type."""
    kind = mutation[0].upper() + mutation[1:]
    named = document.replace("MUTATION", mutation).replace("INPUT", f"{kind}Input")
    return (await client.data(named, input=input))["answer"]


@asynccontextmanager
async def command_line(settings: Settings) -> AsyncIterator[tuple[Eenheden, Medewerkers]]:
    """The use cases of the command line for departments and employees, outside the server's process."""
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    writer = Writer(database, nobody_listens)
    try:
        yield Eenheden(database, writer), Medewerkers(database, writer)
    finally:
        await database.close()


def stored(settings: Settings) -> list[str]:
    """Everything that is stored, so that a test can compare it before and after."""
    return contents(settings.database_url)
