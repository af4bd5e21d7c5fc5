"""Who sees whom a contact was with, by every way to read it: each viewer and each way is a cell of a table."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.client import JSON
from tests.support.interpreting import interpreted
from tests.support.scene import shared_settings
from tests.support.server import serving
from tests.support.sight import VIEWERS, Sight, Viewer, sight
from tests.support.template import Template

FIELDS = "betrokkenen { id contactnaam { achternaam } organisatienaam digitaleAdressen { adres } }"
NESTED = f"ontstaanUitKlantcontact {{ {FIELDS} }}"

IN_INBOX = f"interneTaken(first: 5) {{ edges {{ node {{ at: {NESTED} }} }} }}"

WAYS = {
    "klantcontact": f"query ($contact: ID!) {{ at: klantcontact(id: $contact) {{ {FIELDS} }} }}",
    "klantcontacten": f"query {{ klantcontacten {{ edges {{ at: node {{ {FIELDS} }} }} }} }}",
    "interneTaak": f"query ($taak: ID!) {{ interneTaak(id: $taak) {{ at: {NESTED} }} }}",
    "interneTaken": f"query {{ {IN_INBOX} }}",
    "postvakken": f"query {{ postvakken {{ {IN_INBOX} }} }}",
    "ik": f"query {{ ik {{ postvakken {{ {IN_INBOX} }} }} }}",
    "logboek": (
        f"query ($taak: ID!) {{ interneTaak(id: $taak) {{ logboek {{ interneTaak {{ at: {NESTED} }} }} }} }}"
    ),
    "laatsteGebeurtenis": (
        "query ($taak: ID!) { interneTaak(id: $taak) { laatsteGebeurtenis "
        f"{{ interneTaak {{ at: {NESTED} }} }} }} }}"
    ),
    "node of the contact": (
        f"query ($contact: ID!) {{ at: node(id: $contact) {{ ... on Klantcontact {{ {FIELDS} }} }} }}"
    ),
    "node of the fact": (
        f"query ($fact: ID!) {{ node(id: $fact) {{ ... on Gebeurtenis {{ interneTaak {{ at: {NESTED} }} }} }} }}"
    ),
    "aliases": (
        "query ($contact: ID!) { klantcontact(id: $contact) { ... on Klantcontact "
        "{ betrokkenen { nummer: id contactnaam { __typename } digitaleAdressen { op: adres } } } } }"
    ),
}

NODE = (
    "query ($id: ID!) { node(id: $id) { __typename id ... on Betrokkene { versie digitaleAdressen { adres } } } }"
)

FOUND = """
query ($adres: String!) {
  klantcontacten(filter: { digitaalAdres: $adres }) { totalCount edges { node { id } } }
  interneTaken(filter: { digitaalAdres: $adres }) { totalCount edges { node { id } } }
}
"""

pytestmark = pytest.mark.asyncio(loop_scope="module")
each_viewer = pytest.mark.parametrize("viewer", VIEWERS, ids=str)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["by a plan", "by graphql-core"])
async def scene(template: Template, request: pytest.FixtureRequest) -> AsyncIterator[Sight]:
    with shared_settings(template) as settings:
        async with serving(settings, template.eenheden) as server:
            yield await sight(server if request.param == "by a plan" else interpreted(server))


def shown(answer: JSON) -> list[JSON]:
    """The values of `betrokkenen` wherever they are in an answer."""
    match answer:
        case {"betrokkenen": found}:
            return [found]
        case dict():
            return [one for value in answer.values() for one in shown(value)]
        case list():
            return [one for value in answer for one in shown(value)]
    return []


@pytest.mark.parametrize("way", WAYS)
@each_viewer
async def test_betrokkenen_are_shown_to_who_may_see_them_and_null_for_who_only_reads(
    scene: Sight, viewer: Viewer, way: str
) -> None:
    ids = {"contact": scene.contact, "taak": scene.forwarded, "fact": scene.fact}
    given = {name: id_ for name, id_ in ids.items() if f"${name}:" in WAYS[way]}
    found = shown(await scene.as_(viewer).data(WAYS[way], **given))
    kinds = {"null" if one is None else "shown" if one else "empty" for one in found}
    if not viewer.reads or (way in ("ik", "postvakken") and not found):
        assert kinds == set()
    else:
        assert kinds == {"shown" if viewer.sees else "null"}


@each_viewer
async def test_the_id_of_a_betrokkene_gives_them_to_who_may_see_them_and_nothing_to_others(
    scene: Sight, viewer: Viewer
) -> None:
    node = (await scene.as_(viewer).data(NODE, id=scene.betrokkene))["node"]
    assert (node is not None) is viewer.sees
    if node is not None:
        assert (node["__typename"], node["versie"]) == ("Betrokkene", 1)


@pytest.mark.parametrize("adres", ["+31698765432", "06-98765432", "0031 6 98 76 54 32", "ZWAANTJE@kwikzilver.NL"])
@each_viewer
async def test_an_address_finds_and_counts_for_who_may_see_it_and_nothing_for_others(
    scene: Sight, viewer: Viewer, adres: str
) -> None:
    found = await scene.as_(viewer).data(FOUND, adres=adres)
    contacts, tasks = found["klantcontacten"], found["interneTaken"]
    assert contacts["totalCount"] == len(contacts["edges"]) == int(viewer.sees)
    assert tasks["totalCount"] == len(tasks["edges"])
    assert {edge["node"]["id"] for edge in contacts["edges"]} <= {scene.contact}
    assert {edge["node"]["id"] for edge in tasks["edges"]} <= {scene.forwarded, scene.own}
    assert bool(tasks["edges"]) is viewer.sees


@pytest.mark.parametrize(
    "adres", ["", " ", "06", "na zessen", "Kwakkelstein", "%", "06 98 76 54 33", "wantje@kwikzilver.nl"]
)
async def test_anything_but_the_whole_address_finds_nothing(scene: Sight, adres: str) -> None:
    found = await scene.as_(VIEWERS[0]).data(FOUND, adres=adres)
    assert {found[name]["totalCount"] for name in found} == {0}
    assert [found[name]["edges"] for name in found] == [[], []]


@pytest.mark.parametrize("zoektekst", ["Kwakkelstein", "Zwaantje", "Kwikzilver", "0698765432", "+31698765432"])
async def test_a_zoektekst_never_finds_by_name_or_address(scene: Sight, zoektekst: str) -> None:
    document = """
    query ($tekst: String!) {
      klantcontacten(filter: { zoektekst: $tekst }) { totalCount }
      interneTaken(filter: { zoektekst: $tekst }) { totalCount }
    }
    """
    found = await scene.as_(VIEWERS[0]).data(document, tekst=zoektekst)
    assert [found[name]["totalCount"] for name in ("klantcontacten", "interneTaken")] == [0, 0]
