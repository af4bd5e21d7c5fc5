"""The processing log says where names and addresses were shown, and who searched by an address."""

from pathlib import Path

import pytest

from app.settings import Settings
from tests.support.arrange import ask
from tests.support.client import JSON
from tests.support.interpreting import interpreted
from tests.support.people import DESK, LEZER, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import serving
from tests.support.sight import KLANT, TYPED, sight
from tests.support.template import Template
from tests.support.verwerkingen import Log, log_of

WHO = "betrokkenen { rol }"
DO = "mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename SHOWN } }"
BOTH = """
... on BetrokkeneVastgelegd { betrokkene { versie } }
... on BetrokkeneVersieVerouderd { betrokkene { versie } }
"""

# Who asks, what, whether they are shown somebody, and whether they search by an address.
QUERIES: dict[str, tuple[Person, str, bool, bool]] = {
    "shown": (DESK, f"query {{ klantcontacten {{ edges {{ node {{ {WHO} }} }} }} }}", True, False),
    "only that somebody stands": (
        DESK,
        "query { klantcontacten { edges { node { betrokkenen { __typename } } } } }",
        True,
        False,
    ),
    "not selected": (DESK, "query { klantcontacten { edges { node { nummer } } } }", False, False),
    "not theirs": (VERGUNNINGEN, f"query {{ klantcontacten {{ edges {{ node {{ {WHO} }} }} }} }}", False, False),
    "a reader": (LEZER, f"query {{ klantcontacten {{ edges {{ node {{ {WHO} }} }} }} }}", False, False),
    "nobody noted": (
        DESK,
        f'query {{ klantcontacten(filter: {{ nummer: "1" }}) {{ totalCount edges {{ node {{ {WHO} }} }} }} '
        "interneTaken { totalCount edges { cursor } } }",
        False,
        False,
    ),
    "by a task": (
        TOEZICHTHOUDER,
        f"query {{ interneTaken {{ edges {{ node {{ ontstaanUitKlantcontact {{ {WHO} }} }} }} }} }}",
        True,
        False,
    ),
    "found by an address": (
        DESK,
        'query { klantcontacten(filter: { digitaalAdres: "06-98765432" }) { totalCount edges { cursor } } }',
        False,
        True,
    ),
    "nothing found": (
        DESK,
        'query { interneTaken(filter: { digitaalAdres: "06 87651234" }) { totalCount } }',
        False,
        True,
    ),
    "not theirs to find": (
        LEZER,
        'query { interneTaken(filter: { digitaalAdres: "06-98765432" }) { totalCount } }',
        False,
        True,
    ),
}


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Log:
    return log_of(settings, tmp_path)


@pytest.mark.parametrize("way", ["by a plan", "by graphql-core"])
async def test_a_reading_says_whether_it_showed_somebody_and_whether_it_searched_by_an_address(
    log: Log, template: Template, way: str
) -> None:
    async with serving(log.settings, template.eenheden) as server:
        await sight(server)
        through = server if way == "by a plan" else interpreted(server)
        for who, document, _, _ in QUERIES.values():
            await through.as_(who).data(document)
    lines = log.lines(actieNaam="lezen")[-len(QUERIES) :]
    told = [(line["contactgegevens"], line["opDigitaalAdres"]) for line in lines]
    assert dict(zip(QUERIES, told, strict=True)) == {
        name: (shown, by) for name, (_, _, shown, by) in QUERIES.items()
    }
    assert [typed for typed in TYPED if typed in log.path.read_text()] == []
    assert "87651234" not in log.path.read_text()


@pytest.mark.parametrize("selected", [True, False])
async def test_a_deed_says_whether_its_answer_showed_somebody(log: Log, template: Template, selected: bool) -> None:
    document = DO.replace("SHOWN", BOTH if selected else "")
    async with serving(log.settings, template.eenheden) as server:
        scene, desk = await sight(server), server.as_(DESK)
        other: JSON = KLANT | {"organisatienaam": "Bakkerij Kwikzilver en Zn."}
        answers = [
            await ask(desk, document, "wijzigBetrokkene", id=scene.betrokkene, versie=versie, betrokkene=other)
            for versie in (1, 1)
        ]
    names = [answer["__typename"] for answer in answers]
    assert names == ["BetrokkeneVastgelegd", "BetrokkeneVersieVerouderd"]
    done, refused = log.lines(actieNaam="wijzigen")[-2:]
    assert [done["contactgegevens"], refused["contactgegevens"]] == [selected, selected]
    assert done["gewijzigd"]["klantcontacten"] == [scene.contact]
    assert [refusal["reden"] for refusal in refused["weigeringen"]] == ["BetrokkeneVersieVerouderd"]
    assert [typed for typed in TYPED if typed in log.path.read_text()] == []
