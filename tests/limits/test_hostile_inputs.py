"""Whatever stands in the input of a mutation, the answer is a result or an error that says whose mistake it is.

Hypothesis makes up the inputs from the schema. To try many more of them:
`pytest -n 0 tests/limits/test_hostile_inputs.py --hypothesis-profile thorough`. In CI they are the same every time.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
import pytest_asyncio
from graphql import GraphQLInputObjectType, GraphQLUnionType, build_schema, get_named_type
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings
from tests.support.arrange import registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.commands import ROOT
from tests.support.hostile import CODES, PEOPLE, Known, examples, inputs
from tests.support.logs import nothing_wrong_is_logged
from tests.support.people import DESK, EVERYBODY, TOEZICHTHOUDER, Person
from tests.support.scene import shared_settings
from tests.support.server import Server, serving
from tests.support.template import Template

SCHEMA = build_schema((ROOT / "schema.graphql").read_text())
MUTATIONS = SCHEMA.mutation_type.fields if SCHEMA.mutation_type else {}

ASK = """
mutation ($input: INPUT!) { answer: MUTATION(input: $input) { __typename SELECTIONS } }
fragment Contact on Klantcontact { id nummer kanaal onderwerp inhoud medewerker { naam } }
fragment Taak on InterneTaak {
  id nummer versie status toelichting gevraagdeHandeling medewerker { naam }
  laatsteGebeurtenis { volgnummer soort toelichting }
  ontstaanUitKlantcontact { ...Contact }
}
"""
SELECTED = {
    "KlantcontactGeregistreerd": "klantcontact { ...Contact interneTaken { ...Taak } }",
    "InterneTaakGeregistreerd": "interneTaak { ...Taak }",
    "InterneTaakGewijzigd": "interneTaak { ...Taak }",
    "VersieVerouderd": "bericht interneTaak { ...Taak }",
    "OvergangGeweigerd": "bericht interneTaak { ...Taak }",
    "OngeldigeInvoer": "bericht velden { pad code maximum bericht }",
    "NietGevonden": "bericht gezochtId",
    "NietBevoegd": "bericht",
    "IdAlInGebruik": "bericht gekozenId",
    "BetrokkeneVastgelegd": "betrokkene { id versie digitaleAdressen { adres } }",
    "BetrokkeneVersieVerouderd": "bericht betrokkene { id versie }",
}

DONE = {
    "KlantcontactGeregistreerd",
    "InterneTaakGeregistreerd",
    "InterneTaakGewijzigd",
    "BetrokkeneVastgelegd",
}

VERSIE = "query ($id: ID!) { interneTaak(id: $id) { versie } }"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Register:
    """A register with tasks in two departments, to which somebody sends anything."""

    server: Server
    settings: Settings
    known: Mapping[str, Sequence[str]]
    before: list[str]

    async def filled_in(self, value: Any) -> Any:
        """A value with what is `Known` in it as the server knows it."""
        if isinstance(value, Known):
            return self.known[value.kind][value.number % len(self.known[value.kind])]
        if isinstance(value, list):
            return [await self.filled_in(one) for one in value]
        if not isinstance(value, dict):
            return value
        plain = {key: await self.filled_in(one) for key, one in value.items() if one != Known("versie")}
        versies = dict.fromkeys(value.keys() - plain.keys(), 1)
        if versies and plain.get("id") in self.known["taak"]:
            found = await self.server.as_(TOEZICHTHOUDER).data(VERSIE, id=plain["id"])
            versies = dict.fromkeys(versies, found["interneTaak"]["versie"])
        return plain | versies

    def changed(self) -> bool:
        """Whether anything else is stored than when this was asked before."""
        before, self.before = self.before, stored(self.settings)
        return self.before != before


@pytest.fixture(scope="module")
def shared(template: Template) -> Iterator[Settings]:
    with shared_settings(template) as settings:
        yield settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def register(shared: Settings, template: Template) -> AsyncIterator[Register]:
    async with serving(shared, template.eenheden) as server:
        eenheden = server.eenheden
        contacts = [
            await registreer(server.as_(DESK), *(taak(eenheden[key]) for key in ("VER", "VER", "BUR")))
            for _ in range(2)
        ]
        known = {
            "contact": [contact["id"] for contact in contacts],
            "taak": [task["id"] for contact in contacts for task in contact["interneTaken"]],
            "eenheid": list(eenheden.values()),
            "medewerker": [person.subject for person in EVERYBODY],
        }
        with nothing_wrong_is_logged():
            yield Register(server, shared, known, stored(shared))


def members(mutation: str) -> set[str]:
    """The names of the results that a mutation may have."""
    union = get_named_type(MUTATIONS[mutation].type)
    assert isinstance(union, GraphQLUnionType)
    return {one.name for one in union.types}


def input_type(mutation: str) -> GraphQLInputObjectType:
    """What a mutation is given."""
    kind = get_named_type(MUTATIONS[mutation].args["input"].type)
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


async def answer_to(client: Client, mutation: str, input: Any) -> JSON:
    """The answer to a mutation, which is never one of a server that broke."""
    selections = " ".join(f"... on {name} {{ {SELECTED[name]} }}" for name in sorted(members(mutation)))
    named = ASK.replace("MUTATION", mutation).replace("INPUT", input_type(mutation).name)
    document = named.replace("SELECTIONS", selections)
    response = await client.post(document, input=input)
    assert response.status_code < 500, response.text
    return response.json()


@pytest.mark.parametrize("mutation", MUTATIONS)
@examples(cost=8)
@given(data=st.data(), door=PEOPLE)
async def test_a_mutation_answers_with_a_result_or_a_known_error_and_a_refusal_stores_nothing(
    register: Register, mutation: str, data: st.DataObject, door: Person
) -> None:
    input = await register.filled_in(data.draw(inputs(input_type(mutation)), label="input"))
    answer = await answer_to(register.server.as_(door), mutation, input)
    if "errors" in answer:
        codes = {error["extensions"]["code"] for error in answer["errors"]}
        assert codes <= CODES, answer
        assert answer.get("data") is None
        assert not register.changed(), answer
    else:
        result = answer["data"]["answer"]["__typename"]
        hypothesis.event(f"{mutation}: {result}")
        assert result in members(mutation)
        changed = register.changed()
        assert result in DONE or not changed, answer
