"""What both servers are asked. The plain one answers the same documents, so that only the way differs."""

from typing import Any

import orjson

PATH = "/graphql"

HELLO = orjson.dumps({"query": "{ kanalen }"})
"""Asked once by everybody: it records who logs in, and warms the server up."""

FIELDS = 12
"""How many values a fact is told in."""

PAGE = 50
"""How many tasks of an inbox are read at once."""

_INBOX = """
query Inbox($eenheid: ID!, $first: Int!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    interneTaken(filter: { status: TE_DOEN }, first: $first) {
      edges {
        node {
          id
          nummer
          geregistreerdOp
          status
          gevraagdeHandeling
          toelichting
          medewerker { id naam }
          organisatorischeEenheid { id naam }
          ontstaanUitKlantcontact {
            id
            nummer
            geregistreerdOp
            kanaal
            initiatiefnemer
            onderwerp
            inhoud
            medewerker { id naam }
            organisatorischeEenheid { id naam }
          }
        }
      }
    }
  }
}
"""

TASK_FIELDS = 21
"""How many values each task of an inbox has."""

_LIVE = """
subscription Live($eenheid: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $eenheid, na: $na) {
    volgnummer
    soort
    door { naam }
    interneTaak {
      id
      versie
      status
      gevraagdeHandeling
      toelichting
      ontstaanUitKlantcontact { nummer geregistreerdOp onderwerp inhoud }
    }
  }
}
"""

_DIFFERING = """
query Differing {
  postvak(organisatorischeEenheidId: "%(eenheid)s") {
    aantalTeDoen
    interneTaken(filter: { status: TE_DOEN, zoektekst: "dakkapel %(number)s" }, first: 20) {
      edges { cursor node { ...Rij } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
}

fragment Rij on InterneTaak {
  id
  nummer
  versie
  gevraagdeHandeling
  medewerker { id naam }
  ontstaanUitKlantcontact { id nummer onderwerp medewerker { id naam } }
}
"""

_FOLLOWING = """
subscription Following%(number)s {
  postvak(organisatorischeEenheidId: "%(eenheid)s", na: 0) {
    volgnummer
    soort
    door { naam }
    interneTaak { id versie status ontstaanUitKlantcontact { nummer onderwerp } }
  }
}
"""

_REGISTREER = """
mutation Registreer($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd { klantcontact { id nummer interneTaken { id nummer status } } }
  }
}
"""

_STORED = """
query Stored($id: ID!) {
  klantcontact(id: $id) { id nummer onderwerp interneTaken { id nummer status } }
}
"""

_INHOUD = (
    "Mevrouw wil aan de achterkant van haar huis een dakkapel plaatsen en vraagt of zij daar een vergunning voor "
    "nodig heeft. Op de site vond zij de voorwaarden, maar niet wat er geldt binnen het beschermd dorpsgezicht. De "
    "aannemer kan over drie weken beginnen en wil het deze week weten. Een eerdere aanvraag is twee jaar geleden "
    "ingetrokken."
)
_TOELICHTING = "De tekeningen heeft zij per e-mail gestuurd. Zij is bereikbaar na 13 uur, ook op vrijdag."


def inbox(eenheid_id: str) -> bytes:
    """The body that reads the first page of a department's open tasks with everything that a row shows."""
    return _body(_INBOX, "Inbox", {"eenheid": eenheid_id, "first": PAGE})


def subscription(eenheid_id: str) -> bytes:
    """The payload that follows a department's inbox from its beginning, as a client does that has just read it."""
    return _body(_LIVE, "Live", {"eenheid": eenheid_id, "na": 0})


def differing(eenheid_id: str, number: int) -> bytes:
    """The body that asks what no other number asks: the ids and the number stand in the text of the document."""
    return _written(_DIFFERING, eenheid_id, number)


def mistaken(eenheid_id: str, number: int) -> bytes:
    """The same with a mistake: a brace too many, or a field that there is not."""
    text = _DIFFERING + "}" if number % 4 == 1 else _DIFFERING.replace("totalCount", "aantal")
    return _written(text, eenheid_id, number)


def following(eenheid_id: str, number: int) -> bytes:
    """The body that follows a department's inbox from its beginning, by a document that no other number has."""
    return _written(_FOLLOWING, eenheid_id, number)


def registration(eenheid_id: str, mark: str, medewerker_id: str | None = None) -> bytes:
    """The body that registers a contact and its task for a department, recognisable by a mark; for an employee
    where one is named.
    """
    taak = {
        "gevraagdeHandeling": "Terugbellen",
        "toelichting": _TOELICHTING,
        "organisatorischeEenheidId": eenheid_id,
    }
    whose = {} if medewerker_id is None else {"medewerkerId": medewerker_id}
    contact = {
        "onderwerp": f"Vergunning voor een dakkapel {mark}",
        "inhoud": _INHOUD,
        "interneTaken": [taak | whose],
    }
    return _body(_REGISTREER, "Registreer", {"input": contact})


def stored(contact_id: str) -> bytes:
    """The body that reads back what a registration stored."""
    return _body(_STORED, "Stored", {"id": contact_id})


def _written(document: str, eenheid_id: str, number: int) -> bytes:
    return orjson.dumps({"query": document % {"eenheid": eenheid_id, "number": number}})


def _body(query: str, name: str, variables: dict[str, Any]) -> bytes:
    return orjson.dumps({"query": query, "operationName": name, "variables": variables})
