"""Arranging: registrations and deeds that a test needs but is not about."""

from typing import Any

from tests.support.client import JSON, Client

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
    """The input of a task: the case's hand-over, for a department."""
    return {"gevraagdeHandeling": "Overname gesprek met klant", "organisatorischeEenheidId": eenheid_id} | more


async def registreer(client: Client, *taken: dict[str, Any], **more: Any) -> JSON:
    """A klantcontact with its tasks, registered; `more` adds to or replaces the case's own texts."""
    contact = {
        "onderwerp": "Voorwaarden vergunningsvrije dakkapel",
        "inhoud": "Klant wil weten onder welke voorwaarden er geen vergunning nodig is voor een dakkapel.",
        "interneTaken": list(taken),
    }
    answer = (await client.data(_REGISTREER, input=contact | more))["registreerKlantcontact"]
    assert answer["__typename"] == "KlantcontactGeregistreerd", answer
    return answer["klantcontact"]


async def new_taak(client: Client, eenheid_id: str, **more: Any) -> JSON:
    """One task for a department, registered with a contact of its own."""
    return (await registreer(client, taak(eenheid_id, **more)))["interneTaken"][0]


async def deed(client: Client, name: str, **input: Any) -> JSON:
    """The answer to a deed by the name of its mutation, whatever it is."""
    kind = name[0].upper() + name[1:]
    return (await client.data(_DEED % (kind, name), input=input))["answer"]


async def done(client: Client, name: str, **input: Any) -> JSON:
    """The task after a deed that must succeed."""
    answer = await deed(client, name, **input)
    assert answer["__typename"] == "InterneTaakGewijzigd", answer
    return answer["interneTaak"]
