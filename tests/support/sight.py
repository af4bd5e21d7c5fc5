"""A contact with a betrokkene and tasks that went through several departments, and everybody who may look at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.arrange import add_taak, deed, registreer, taak
from tests.support.client import JSON, Client
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    LEZER,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    Person,
)
from tests.support.server import Server

KLANT: JSON = {
    "contactnaam": {"voornaam": "Zwaantje", "achternaam": "Kwakkelstein"},
    "organisatienaam": "Bakkerij Kwikzilver",
    "digitaleAdressen": [
        {"soortDigitaalAdres": "TELEFOONNUMMER", "adres": "06 98 76 54 32", "omschrijving": "na zessen"},
        {"soortDigitaalAdres": "EMAIL", "adres": "Zwaantje@kwikzilver.nl"},
    ],
}
"""The input of the betrokkene."""

TYPED = ("Zwaantje", "Kwakkelstein", "Kwikzilver", "kwikzilver.nl", "98765432", "98 76 54 32", "na zessen")
"""What stands in it, as it may turn up anywhere."""


def _person(number: int, naam: str, eenheden: Sequence[str], *rollen: str) -> Person:
    return Person(f"f0000000-0000-4000-8000-{number:012}", naam, eenheden, rollen)


SOCIAAL = _person(1, "Sofie Sociaal", ["SOC"], "BEHANDELAAR")
DESK_LEZER = _person(2, "Lia Lezer", ["KCC"], "LEZER")
DESK_BOTH = _person(3, "Koen Beide", ["KCC"], "KCC", "LEZER")
SUPERVISED = _person(4, "Tom Toezicht", ["SOC"], "KCC", "TOEZICHTHOUDER")
TWO = _person(5, "Tim Twee", ["SOC", "BUR"], "BEHANDELAAR")
READING_TWO = _person(6, "Roos Lezer", ["BUR", "VER", "KCC"], "LEZER")


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks, and what they may: read the contact, and see its betrokkene."""

    who: Person
    reads: bool
    sees: bool

    def __str__(self) -> str:
        return self.who.naam


VIEWERS = (
    Viewer(DESK, reads=True, sees=True),
    Viewer(DESK_BOTH, reads=True, sees=True),
    Viewer(DESK_LEZER, reads=True, sees=False),
    # The task of the desk went from vergunningen to burgerzaken.
    Viewer(BURGERZAKEN, reads=True, sees=True),
    Viewer(TWO, reads=True, sees=True),
    Viewer(VERGUNNINGEN, reads=True, sees=False),
    Viewer(LEZER, reads=True, sees=False),
    Viewer(READING_TWO, reads=True, sees=False),
    Viewer(SOCIAAL, reads=False, sees=False),
    Viewer(TOEZICHTHOUDER, reads=True, sees=True),
    Viewer(SUPERVISED, reads=True, sees=True),
)


@dataclass(frozen=True)
class Sight:
    """The ids of the contact, its betrokkene, the task that was forwarded, the task of vergunningen itself and the
    last fact of the first.
    """

    server: Server
    contact: str
    betrokkene: str
    forwarded: str
    own: str
    fact: str

    def as_(self, viewer: Viewer) -> Client:
        """A client of a viewer."""
        return self.server.as_(viewer.who)


BETROKKENE = """
query ($id: ID!, $taak: ID!) {
  klantcontact(id: $id) { betrokkenen { id versie } }
  interneTaak(id: $taak) { laatsteGebeurtenis { id } }
}
"""


async def sight(server: Server) -> Sight:
    """Register the contact: its task goes from vergunningen on to burgerzaken, and vergunningen adds one itself."""
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    contact = await registreer(server.as_(DESK), taak(ver), betrokkene=KLANT)
    [task] = contact["interneTaken"]
    colleague = server.as_(VERGUNNINGEN)
    forward: JSON = {"id": task["id"], "versie": 1, "organisatorischeEenheidId": bur, "toelichting": "Hoort daar."}
    assert (await deed(colleague, "stuurInterneTaakDoor", **forward))["__typename"] == "InterneTaakGewijzigd"
    own = await add_taak(colleague, contact["id"], ver)
    found = await server.as_(DESK).data(BETROKKENE, id=contact["id"], taak=task["id"])
    [betrokkene] = found["klantcontact"]["betrokkenen"]
    fact = found["interneTaak"]["laatsteGebeurtenis"]["id"]
    return Sight(server, contact["id"], betrokkene["id"], task["id"], own["id"], fact)
