"""Any object by its id alone: `node`, and the look-ups that know their type."""

import pytest

from tests.support.arrange import registreer, taak
from tests.support.client import JSON
from tests.support.each import each
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.server import Server

IDS = """
query ($contact: ID!, $eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) { id }
  klantcontact(id: $contact) { interneTaken { id laatsteGebeurtenis { id } } }
}
"""

NODE = """
query ($id: ID!) {
  node(id: $id) {
    __typename id
    ... on OrganisatorischeEenheid { naam }
    ... on Medewerker { naam }
    ... on Klantcontact { onderwerp }
    ... on InterneTaak { gevraagdeHandeling }
    ... on Gebeurtenis { soort }
    ... on Postvak { aantalTeDoen }
  }
}
"""

LOOK_UPS = "query ($id: ID!) { klantcontact(id: $id) { id } interneTaak(id: $id) { id } node(id: $id) { id } }"

UNKNOWN = "99999999-9999-4999-8999-999999999999"

MALFORMED = {
    "empty": "",
    "a word": "taak",
    "a number": "4711",
    "no hyphens": UNKNOWN.replace("-", ""),
    "braces": f"{{{UNKNOWN}}}",
    "a URN": f"urn:uuid:{UNKNOWN}",
    "too long": UNKNOWN + "9",
    "a line feed": UNKNOWN + "\n",
    "NUL": "\0",
    "a lone surrogate": "\ud800",
    "other digits": UNKNOWN.replace("9", "\uff19"),
    "a wildcard": "%",
}


@pytest.fixture
def server(either_way: Server) -> Server:
    """Both read alike."""
    return either_way


async def ids_of_everything(server: Server) -> dict[str, str]:
    """An object of each type, all of or about one task of VER that KCC registered."""
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    asked = {"contact": contact["id"], "eenheid": server.eenheden["VER"]}
    found = await server.as_(VERGUNNINGEN).data(IDS, **asked)
    [task] = found["klantcontact"]["interneTaken"]
    return {
        "OrganisatorischeEenheid": server.eenheden["VER"],
        "Medewerker": DESK.subject,
        "Klantcontact": contact["id"],
        "InterneTaak": task["id"],
        "Gebeurtenis": task["laatsteGebeurtenis"]["id"],
        "Postvak": found["postvak"]["id"],
    }


async def test_every_type_is_found_by_its_id_in_any_case(server: Server) -> None:
    ids = await ids_of_everything(server)
    shown: dict[str, JSON] = {
        "OrganisatorischeEenheid": {"naam": "Afdeling vergunningen"},
        "Medewerker": {"naam": DESK.naam},
        "Klantcontact": {"onderwerp": "Voorwaarden vergunningsvrije dakkapel"},
        "InterneTaak": {"gevraagdeHandeling": "Overname gesprek met klant"},
        "Gebeurtenis": {"soort": "GEREGISTREERD"},
        "Postvak": {"aantalTeDoen": 1},
    }
    assert len(set(ids.values())) == len(shown)
    for name, object_id in each(ids.items()):
        for given in (object_id, object_id.upper()):
            found = (await server.as_(VERGUNNINGEN).data(NODE, id=given))["node"]
            assert found == {"__typename": name, "id": object_id} | shown[name]


async def test_what_is_not_for_the_caller_is_null_and_departments_and_names_are_for_all(server: Server) -> None:
    ids = await ids_of_everything(server)
    for who, not_his in (
        (BURGERZAKEN, {"Klantcontact", "InterneTaak", "Gebeurtenis", "Postvak"}),
        (DESK, {"Postvak"}),
        (TOEZICHTHOUDER, set()),
    ):
        found = {name: (await server.as_(who).data(NODE, id=ids[name]))["node"] for name in ids}
        assert {name for name, node in found.items() if node is None} == not_his


async def test_a_look_up_by_an_id_of_another_type_finds_nothing(server: Server) -> None:
    ids = await ids_of_everything(server)
    for name, object_id in each(ids.items()):
        found = await server.as_(VERGUNNINGEN).data(LOOK_UPS, id=object_id)
        its_own = {"Klantcontact": "klantcontact", "InterneTaak": "interneTaak"}.get(name)
        assert [field for field, node in found.items() if node] == [*filter(None, [its_own]), "node"]


async def test_an_unknown_or_malformed_id_finds_nothing(server: Server) -> None:
    for kind, object_id in (MALFORMED | {"unknown": UNKNOWN}).items():
        found = await server.as_(TOEZICHTHOUDER).data(LOOK_UPS, id=object_id)
        assert found == {"klantcontact": None, "interneTaak": None, "node": None}, kind
