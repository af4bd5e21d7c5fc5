"""What both servers are asked. The plain one answers the same documents, so that only the way differs."""

import orjson

PATH = "/graphql"

HELLO = orjson.dumps({"query": "{ kanalen }"})
"""Asked once by everybody: it records who logs in, and warms the server up."""

FIELDS = 12
"""How many values a fact is told in."""

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

_REGISTREER = """
mutation Registreer($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd { klantcontact { id } }
  }
}
"""

_INHOUD = (
    "Mevrouw wil aan de achterkant van haar huis een dakkapel plaatsen en vraagt of zij daar een vergunning voor "
    "nodig heeft. Op de site vond zij de voorwaarden, maar niet wat er geldt binnen het beschermd dorpsgezicht. De "
    "aannemer kan over drie weken beginnen en wil het deze week weten. Een eerdere aanvraag is twee jaar geleden "
    "ingetrokken."
)
_TOELICHTING = "De tekeningen heeft zij per e-mail gestuurd. Zij is bereikbaar na 13 uur, ook op vrijdag."


def subscription(eenheid_id: str) -> bytes:
    """The payload that follows a department's inbox from its beginning, as a client does that has just read it."""
    variables = {"eenheid": eenheid_id, "na": 0}
    return orjson.dumps({"query": _LIVE, "operationName": "Live", "variables": variables})


def registration(eenheid_id: str, mark: str) -> bytes:
    """The body that registers a contact and its task for a department, recognisable by a mark."""
    contact = {
        "onderwerp": f"Vergunning voor een dakkapel {mark}",
        "inhoud": _INHOUD,
        "interneTaken": [
            {
                "gevraagdeHandeling": "Terugbellen",
                "toelichting": _TOELICHTING,
                "organisatorischeEenheidId": eenheid_id,
            }
        ],
    }
    return orjson.dumps({"query": _REGISTREER, "operationName": "Registreer", "variables": {"input": contact}})
