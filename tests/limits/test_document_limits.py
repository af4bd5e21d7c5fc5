"""How much a document may ask: more is refused before anything is read from the database."""

import re
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import stored
from tests.support.client import JSON
from tests.support.people import DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.server import Server, serving
from tests.support.statements import statements
from tests.support.template import Template

# Documents are refused before anything is read.
pytestmark = pytest.mark.database("sqlite")

LOGIN = 1

REGISTREER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""
POSTVAK = "subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }"
FIRST = """
query ($first: Int!) {
  interneTaken(first: $first) {
    edges { node { ontstaanUitKlantcontact { interneTaken { logboek { interneTaak { nummer versie } } } } } }
  }
}
"""
CHAIN = 20 * "ontstaanUitKlantcontact { interneTaken { "
MEDEWERKERS = "medewerkers { organisatorischeEenheid { naam "
TOO_MANY = 101 * '{ gevraagdeHandeling: "x", organisatorischeEenheidId: "x" } '

ATTACKS = {
    "TOKENS": [
        "{ " + "kanalen " * 1_000 + "}",
        "#\n" * 1_001 + "{ kanalen }",
        "query (" + " ".join(f"$v{number}: Int" for number in range(300)) + ") { kanalen }",
    ],
    "DIEPTE": [
        "{ interneTaken { edges { node { " + CHAIN + "nummer" + 40 * " }" + " } } } }",
        "{ ...A } "
        + " ".join(f"fragment {'A' * n} on Query {{ ...{'A' * (n + 1)} }}" for n in range(1, 3))
        + "fragment AAA on Query { interneTaken { edges { node { "
        + CHAIN
        + "nummer"
        + 40 * " }"
        + " } } } }",
    ],
    "TEKENS": [
        "{ kanalen" + " " * 32_768 + "}",
        '{ interneTaken(filter: { zoektekst: "' + "a" * 32_768 + '" }) { totalCount } }',
    ],
    "REGELS": ["{ kanalen" + "\n" * 2_001 + "}", "{ kanalen" + "\r" * 2_001 + "}"],
    "NAAM": [
        "{ " + "a" * 101 + ": kanalen }",
        "query " + "a" * 101 + " { kanalen }",
        "query ($" + "a" * 101 + ": Int) { kanalen }",
        "{ interneTaken(volgorde: " + "A" * 101 + ") { totalCount } }",
    ],
    "ALIASSEN": ["{ " + " ".join(f"a{number}: kanalen" for number in range(31)) + " }"],
    "DIRECTIVES": [
        "{ " + "kanalen @include(if: true) " * 31 + "}",
        "{ kanalen " + "@skip(if: false) " * 31 + "}",
    ],
    "LIJST": [
        f'mutation {{ registreerKlantcontact(input: {{ onderwerp: "x", interneTaken: [{TOO_MANY}] }}) '
        "{ __typename } }",
    ],
    "VERGELIJKINGEN": ["{ " + "kanalen " * 980 + "}"],
    "KOSTEN": [
        "{ interneTaken(first: 200) { edges { node { logboek { interneTaak { logboek { id } } } } } } }",
        "{ organisatorischeEenheden { " + 2 * MEDEWERKERS + 4 * "}" + " } }",
        "{ interneTaken { ...E } } fragment E on InterneTaakConnection { edges { node { ...T } } } "
        "fragment T on InterneTaak { logboek { interneTaak { logboek { organisatorischeEenheid { medewerkers "
        "{ id } } } } } }",
        "subscription { postvak(organisatorischeEenheidId: 1) { postvak { interneTaken(first: 200) { edges { node "
        "{ logboek { interneTaak { logboek { id } } } } } } } } }",
    ],
}


def errors(answer: JSON) -> list[tuple[str, Any]]:
    return [(error["extensions"]["code"], error["extensions"].get("limiet")) for error in answer["errors"]]


@pytest.mark.parametrize(
    ("limiet", "document"),
    [(limiet, document) for limiet, documents in ATTACKS.items() for document in documents],
    ids=[f"{limiet}-{number}" for limiet, documents in ATTACKS.items() for number in range(len(documents))],
)
async def test_a_document_that_asks_too_much_is_refused_before_anything_is_read(
    server: Server, limiet: str, document: str
) -> None:
    who = server.as_(TOEZICHTHOUDER)
    with statements() as executed:
        answer = await who.answer(document)
    assert errors(answer) == [("LIMIET_OVERSCHREDEN", limiet)], answer
    assert answer["errors"][0]["extensions"]["maximum"] > 0
    assert "data" not in answer
    assert len(executed) == LOGIN


async def test_over_a_socket_it_is_an_error_on_that_operation_alone(server: Server) -> None:
    async with server.as_(DESK).socket() as socket:
        for documents in ATTACKS.values():
            refused = await socket.subscribe(documents[0])
            assert await refused.refused() == ["LIMIET_OVERSCHREDEN"]
        allowed = await socket.subscribe("{ kanalen }")
        assert (await allowed.next())["kanalen"][0] == "Telefoon"


async def test_a_list_in_the_variables_that_is_too_long_stores_nothing(server: Server, settings: Settings) -> None:
    task = {"gevraagdeHandeling": "x", "organisatorischeEenheidId": server.eenheden["VER"]}
    before = stored(settings)
    answer = await server.as_(DESK).answer(REGISTREER, input={"onderwerp": "x", "interneTaken": 101 * [task]})
    assert errors(answer) == [("LIMIET_OVERSCHREDEN", "LIJST")]
    assert stored(settings) == before
    answer = await server.as_(DESK).answer(REGISTREER, input={"onderwerp": "x", "interneTaken": 100 * [task]})
    assert answer["data"]["registreerKlantcontact"] == {"__typename": "KlantcontactGeregistreerd"}


async def test_a_list_that_is_hidden_in_the_variables_is_found(server: Server) -> None:
    hidden = {"a": [{"b": {"c": list(range(101))}}]}
    assert errors(await server.as_(DESK).answer(REGISTREER, input=hidden)) == [("LIMIET_OVERSCHREDEN", "LIJST")]


def nested(deep: int) -> Any:
    value: Any = "x"
    for number in range(deep):
        value = [value] if number % 2 else {"onderwerp": value}
    return value


@pytest.mark.parametrize(
    ("limiet", "variables"),
    [
        ("WAARDEN", {"input": {f"onbekend{number}": 1 for number in range(2_001)}}),
        ("WAARDEN", {"input": {"interneTaken": 100 * [{f"onbekend{number}": 1 for number in range(60)}]}}),
        ("WAARDEN", {"input": {"onderwerp": 100 * [100 * [1]]}}),
        ("WAARDEN", {"input": {"onderwerp": "x"}} | {f"onbekend{number}": 1 for number in range(2_001)}),
        ("NAAM", {"input": {"onderwerp": "x", "a" * 101: 1}}),
        ("NAAM", {"input": {"onderwerp": "x"}, "a" * 101: 1}),
        ("DIEPTE", {"input": nested(16)}),
        ("DIEPTE", {"input": {"onderwerp": "x"}, "onbekend": nested(16)}),
    ],
)
async def test_what_variables_bring_is_bounded_before_it_is_read_by_its_types(
    server: Server, settings: Settings, limiet: str, variables: dict[str, Any]
) -> None:
    before = stored(settings)
    assert errors(await server.as_(DESK).answer(REGISTREER, **variables)) == [("LIMIET_OVERSCHREDEN", limiet)]
    assert stored(settings) == before


@pytest.mark.parametrize("document", [REGISTREER, REGISTREER.replace("mutation", "mutation A")])
async def test_of_wrong_variables_few_errors_are_told_whatever_was_sent(server: Server, document: str) -> None:
    unknown = {f"onderwerpen{number}": 1 for number in range(1_000)}
    answer = await server.as_(DESK).answer(document, input={"onderwerp": "x", **unknown})
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"DOCUMENT_ONGELDIG"}
    assert 1 < len(answer["errors"]) <= 21


async def test_what_a_list_costs_goes_by_the_value_of_its_variable(server: Server) -> None:
    who = server.as_(TOEZICHTHOUDER)
    assert errors(await who.answer(FIRST, first=200)) == [("LIMIET_OVERSCHREDEN", "KOSTEN")]
    assert (await who.data(FIRST, first=20)) == {"interneTaken": {"edges": []}}
    assert errors(await who.answer(FIRST, first=200)) == [("LIMIET_OVERSCHREDEN", "KOSTEN")]


async def test_a_page_that_is_too_long_is_a_wrong_argument_and_not_too_dear(server: Server) -> None:
    document = "query ($first: Int!) { interneTaken(first: $first) { edges { node { id } } } }"
    assert await server.as_(DESK).codes(document, first=2**31 - 1) == ["ONGELDIG_ARGUMENT"]


async def test_the_limits_are_settings(settings: Settings, template: Template) -> None:
    strict = {"max_depth": 5, "max_aliases": 0, "max_directives": 0, "max_tokens": 100, "max_list_items": 1}
    async with serving(settings.model_copy(update=strict), template.eenheden) as server:
        who = server.as_(VERGUNNINGEN)
        assert await who.codes("{ a: kanalen }") == ["LIMIET_OVERSCHREDEN"]
        assert await who.codes("{ kanalen @skip(if: true) }") == ["LIMIET_OVERSCHREDEN"]
        assert await who.codes("{ ik { medewerker { organisatorischeEenheid { medewerkers { naam } } } } }") == []
        deeper = (
            "{ ik { medewerker { organisatorischeEenheid { medewerkers { organisatorischeEenheid { id } } } } } }"
        )
        assert await who.codes(deeper) == ["LIMIET_OVERSCHREDEN"]
        assert await who.codes("{ " + "kanalen " * 99 + "}") == ["LIMIET_OVERSCHREDEN"]
        assert await who.codes("{ " + "kanalen " * 98 + "}") == []


async def test_an_operation_that_takes_too_long_is_broken_off(settings: Settings, template: Template) -> None:
    async with serving(settings.model_copy(update={"max_execution_seconds": 1e-9}), template.eenheden) as server:
        answer = await server.as_(DESK).answer("{ ik { medewerker { naam } } }")
        assert errors(answer) == [("LIMIET_OVERSCHREDEN", "SECONDEN")]
        async with server.as_(DESK).socket() as socket:
            stream = await socket.subscribe("{ ik { medewerker { naam } } }")
            assert await stream.refused() == ["LIMIET_OVERSCHREDEN"]


async def test_a_subscription_that_takes_too_long_to_begin_is_broken_off_as_well(
    settings: Settings, template: Template
) -> None:
    async with serving(settings.model_copy(update={"max_execution_seconds": 1e-9}), template.eenheden) as server:
        vera, eenheid = server.as_(VERGUNNINGEN), server.eenheden["VER"]
        async with vera.follow(POSTVAK, eenheid=eenheid) as stream:
            assert await stream.refused() == ["LIMIET_OVERSCHREDEN"]
        async with vera.events(POSTVAK, eenheid=eenheid) as events:
            assert errors((await events.event()).data) == [("LIMIET_OVERSCHREDEN", "SECONDEN")]


SCHEMA = "{ __schema { types { name } } }"
TYPE = 'query ($name: String = "Query") { __type(name: $name) { name fields { name } } }'
HIDDEN = (
    '{ ...F } fragment F on Query { a: __type(name: "InterneTaak") { ...T } } fragment T on __Type { name kind }'
)


async def test_the_schema_is_not_told(server: Server) -> None:
    desk = server.as_(DESK)
    assert await desk.codes(SCHEMA) == ["DOCUMENT_ONGELDIG"]
    # Null, as for any type that there is not: those who audit servers ask it.
    assert await desk.data(TYPE) == {"__type": None}
    assert await desk.data(TYPE, name="InterneTaak") == {"__type": None}
    assert await desk.data(HIDDEN) == {"a": None}


async def test_typenames_are_told(server: Server) -> None:
    assert await server.as_(DESK).data("{ __typename }") == {"__typename": "Query"}


WRONG = {
    "{ kanaln }": "kanalen",
    "{ interneTaken(frst: 1) { totalCount } }": "first",
    "{ interneTaken(volgorde: NIEUWST_EERST) { totalCount } }": "NIEUWSTE_EERST",
    "query ($v: Volgrde) { interneTaken(volgorde: $v) { totalCount } }": "Volgorde",
    "{ interneTaken { ... on InterneTaakConnectio { totalCount } } }": "InterneTaakConnection",
    "{ interneTaken(filter: { statuss: GEDAAN }) { totalCount } }": "status",
    "{ ik }": "ik { ... }",
}
VOLGORDE = "query ($v: Volgorde!) { interneTaken(volgorde: $v) { totalCount } }"


@pytest.mark.parametrize("document", WRONG)
async def test_what_is_wrong_in_a_document_suggests_no_name(server: Server, document: str) -> None:
    [error] = (await server.as_(DESK).answer(document))["errors"]
    assert "did you mean" not in error["message"].lower()


async def test_a_wrong_variable_suggests_no_name(server: Server) -> None:
    [error] = (await server.as_(DESK).answer(VOLGORDE, v="NIEUWST_EERST"))["errors"]
    assert "did you mean" not in error["message"].lower()


async def test_both_are_told_by_a_setting(settings: Settings, template: Template) -> None:
    async with serving(settings.model_copy(update={"introspection": True}), template.eenheden) as server:
        desk = server.as_(DESK)
        assert (await desk.data(SCHEMA))["__schema"]["types"]
        assert (await desk.data(TYPE, name="InterneTaak"))["__type"]["name"] == "InterneTaak"
        assert (await desk.data(HIDDEN))["a"]["kind"] == "OBJECT"
        for document, name in WRONG.items():
            [error] = (await desk.answer(document))["errors"]
            assert re.search(f"Did you mean .*'{name}'", error["message"])
        [error] = (await desk.answer(VOLGORDE, v="NIEUWST_EERST"))["errors"]
        assert "Did you mean" in error["message"]


async def test_what_is_wrong_is_not_quoted_at_length(server: Server) -> None:
    [error] = (await server.as_(DESK).answer("{ interneTaken(first: " + 100_000 * "9" + ") { totalCount } }"))[
        "errors"
    ]
    assert len(error["message"]) < 2_000


async def test_a_size_that_is_written_as_a_fraction_counts_as_a_whole_page(server: Server) -> None:
    assert errors(await server.as_(TOEZICHTHOUDER).answer(FIRST, first=200.0)) == [
        ("LIMIET_OVERSCHREDEN", "KOSTEN")
    ]


async def test_a_very_long_number_as_the_default_of_an_id_is_an_id(server: Server) -> None:
    document = "query ($id: ID! = " + 5_000 * "1" + ") { interneTaak(id: $id) { id } }"
    assert await server.as_(DESK).data(document) == {"interneTaak": None}


async def test_what_is_quoted_is_not_taken_for_a_suggestion(server: Server) -> None:
    document = '{ interneTaken(first: "' + 1_000 * " Did you mean " + '") { totalCount } }'
    [error] = (await server.as_(DESK).answer(document))["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_ONGELDIG"
    assert error["message"].startswith("Int cannot represent")
