"""Many at once, over HTTP against a real server: one wins, nothing is lost, nothing is done by halves."""

import logging
from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from app.settings import Settings
from tests.support.arrange import ask, new_taak, stored, taak
from tests.support.databases import committed_volgnummers, refusing, rows
from tests.support.each import each
from tests.support.inputs import UNKNOWN, Input
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    DESK_COLLEGA,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
)
from tests.support.server import Server, serving
from tests.support.tokens import newcomer, signed

DO = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGewijzigd { interneTaak { ...Taak } }
    ... on VersieVerouderd { interneTaak { ...Taak } }
    ... on OvergangGeweigerd { interneTaak { ...Taak } }
  }
}
fragment Taak on InterneTaak {
  versie status medewerker { id } organisatorischeEenheid { id } logboek { soort versie door { id } }
}
"""

REGISTER = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd {
      klantcontact { id nummer interneTaken { id nummer versie logboek { id volgnummer } } }
    }
    ... on Weigering { bericht }
  }
}
"""

ONLY_REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) { registreerKlantcontact(input: $input) { __typename } }
"""

INBOX = """
query ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer aantalTeDoen
    interneTaken(first: 200) { totalCount edges { node { logboek { volgnummer } } } }
  }
}
"""

LIVE = """
subscription ($eenheid: ID!) {
  postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer interneTaak { gevraagdeHandeling } }
}
"""


@pytest.fixture
async def other_server(server: Server, settings: Settings) -> AsyncIterator[Server]:
    """A second serving process on the same database, for who reaches that one."""
    async with serving(settings, server.eenheden) as other:
        yield other


async def test_of_two_who_take_a_task_at_once_exactly_one_wins_and_the_other_sees_who(
    server: Server, other_server: Server
) -> None:
    vera, victor = (VERGUNNINGEN, server), (VERGUNNINGEN_COLLEGA, server)
    for round_ in range(30):
        if round_ == 15:
            victor = (VERGUNNINGEN_COLLEGA, other_server)
        task = await new_taak(server.as_(DESK), server.eenheden["VER"])
        pair = (vera, victor) if round_ % 2 else (victor, vera)
        answers = await gather(*(ask(at.as_(who), DO, "neemInterneTaak", id=task["id"]) for who, at in pair))
        by_kind = {answer["__typename"]: who for answer, (who, _) in zip(answers, pair, strict=True)}
        assert by_kind.keys() == {"InterneTaakGewijzigd", "OvergangGeweigerd"}
        winner = by_kind["InterneTaakGewijzigd"]
        for answer in each(answers):
            assert answer["interneTaak"]["medewerker"] == {"id": winner.subject}
            assert answer["interneTaak"]["logboek"] == [
                {"soort": "GEREGISTREERD", "versie": 1, "door": {"id": DESK.subject}},
                {"soort": "GENOMEN", "versie": 2, "door": {"id": winner.subject}},
            ]


async def test_of_finishing_and_forwarding_at_once_one_wins_and_the_other_is_stale(server: Server) -> None:
    vera, victor = server.as_(VERGUNNINGEN), server.as_(VERGUNNINGEN_COLLEGA)
    for round_ in range(20):
        task = await new_taak(server.as_(DESK), server.eenheden["VER"])
        known = {"id": task["id"], "versie": 1}
        forwarding = known | {"organisatorischeEenheidId": server.eenheden["BUR"], "toelichting": "Voor jullie."}
        deeds = [
            ask(vera, DO, "wijzigInterneTaakStatus", **known, status="GEDAAN"),
            ask(victor, DO, "stuurInterneTaakDoor", **forwarding),
        ]
        answers = await gather(*deeds[:: 1 if round_ % 2 else -1])
        assert {answer["__typename"] for answer in answers} == {"InterneTaakGewijzigd", "VersieVerouderd"}
        stands = answers[0]["interneTaak"]
        assert stands == answers[1]["interneTaak"]
        told = [fact["soort"] for fact in stands["logboek"][1:]]
        assert (stands["status"], stands["organisatorischeEenheid"]["id"], told) in (
            ("GEDAAN", server.eenheden["VER"], ["GEDAAN"]),
            ("TE_DOEN", server.eenheden["BUR"], ["DOORGESTUURD", "ONTVANGEN"]),
        )


async def test_the_same_registration_ten_times_at_once_registers_once(
    server: Server, other_server: Server, settings: Settings
) -> None:
    input: Input = {"onderwerp": "Dakkapel"}
    input["interneTaken"] = [taak(server.eenheden["VER"]), taak(server.eenheden["BUR"])]
    desks = [server.as_(DESK), other_server.as_(DESK)] * 5
    for round_ in range(1, 9):
        input["id"] = UNKNOWN.replace("4999", f"400{round_}")
        first, *others = await gather(*(ask(desk, REGISTER, "registreerKlantcontact", **input) for desk in desks))
        assert first["klantcontact"]["id"] == input["id"]
        volgnummers = [task["logboek"][0]["volgnummer"] for task in first["klantcontact"]["interneTaken"]]
        assert volgnummers == [round_, round_]
        assert others == [first] * 9
        assert len(rows(settings.database_url, "SELECT id FROM registratie")) == 3 * round_


async def test_all_first_requests_of_a_new_employee_are_let_in_at_once(
    server: Server, other_server: Server
) -> None:
    for _ in range(8):
        token = signed(newcomer("VER"))
        clients = [server.with_token(token), other_server.with_token(token)] * 5
        answers = await gather(*(client.post("{ ik { medewerker { naam } } }") for client in clients))
        assert [answer.status_code for answer in answers] == [200] * 10


async def test_many_registrations_at_once_number_each_departments_facts_densely_in_commit_order(
    server: Server, settings: Settings
) -> None:
    keys = ["VER", "BUR", "SOC", "KCC"]
    # One to four tasks each, beginning at another department, forwards and backwards.
    wanted = [[keys[(n + step) % 4] for step in range(n % 4 + 1)][:: 1 if n % 3 else -1] for n in range(40)]
    counts = {key: sum(some.count(key) for some in wanted) for key in keys}

    async with AsyncExitStack() as stack:
        everything = server.as_(TOEZICHTHOUDER)
        streams = {
            key: await stack.enter_async_context(everything.follow(LIVE, eenheid=server.eenheden[key]))
            for key in keys
        }
        asked = [
            ask(
                server.as_(DESK if place % 2 else DESK_COLLEGA),
                REGISTER,
                "registreerKlantcontact",
                onderwerp="Dakkapel",
                interneTaken=[taak(server.eenheden[key]) for key in some],
            )
            for place, some in enumerate(wanted)
        ]
        answers = await gather(*asked)
        heard = {
            key: [(await stream.next())["postvak"]["volgnummer"] for _ in range(counts[key])]
            for key, stream in streams.items()
        }

    assert {answer["__typename"] for answer in answers} == {"KlantcontactGeregistreerd"}
    for key, count in counts.items():
        dense = list(range(1, count + 1))
        assert heard[key] == dense
        assert committed_volgnummers(settings.database_url, server.eenheden[key]) == dense
        inbox = (await everything.data(INBOX, eenheid=server.eenheden[key]))["postvak"]
        assert inbox["laatsteVolgnummer"] == inbox["aantalTeDoen"] == inbox["interneTaken"]["totalCount"] == count


TYPED = "Xyzzy plugh"


@pytest.mark.parametrize(
    "half_way",
    [
        ("BEFORE INSERT", "interne_taak", f"NEW.gevraagde_handeling = '{TYPED}'"),
        ("AFTER INSERT", "gebeurtenis", "NEW.volgnummer = 1"),
        ("AFTER UPDATE", "organisatorische_eenheid", "NEW.identificatie = 'VER'"),
    ],
    ids=["at a task", "at a fact", "at a number"],
)
async def test_a_registration_that_breaks_half_way_leaves_nothing_and_tells_only_an_id(
    server: Server, settings: Settings, caplog: pytest.LogCaptureFixture, half_way: tuple[str, str, str]
) -> None:
    caplog.set_level(logging.INFO)
    desk, ver, bur = server.as_(DESK), server.eenheden["VER"], server.eenheden["BUR"]
    input: Input = {"id": UNKNOWN, "onderwerp": TYPED, "inhoud": TYPED}
    input["interneTaken"] = [taak(bur), taak(ver, gevraagdeHandeling=TYPED, toelichting=TYPED)]
    before = stored(settings)
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(server.as_(person).follow(LIVE, eenheid=eenheid))
            for person, eenheid in ((VERGUNNINGEN, ver), (BURGERZAKEN, bur))
        ]
        async with refusing(settings.database_url, *half_way, "half-way"):
            answer = await desk.answer(ONLY_REGISTER, input=input)

        [error] = answer["errors"]
        assert (answer["data"], error["extensions"]["code"]) == (None, "INTERNE_FOUT")
        assert error["extensions"]["id"] in caplog.text
        assert "ConstraintViolated" in caplog.text
        for told in (caplog.text, str(answer)):
            assert TYPED not in told
            assert "half-way" not in told
        assert stored(settings) == before

        # The same registration again, now that nothing is in its way: it is the first that anybody hears of.
        assert (await ask(desk, REGISTER, "registreerKlantcontact", **input))["klantcontact"]["id"] == UNKNOWN
        assert [(await stream.next())["postvak"] for stream in streams] == [
            {"volgnummer": 1, "interneTaak": {"gevraagdeHandeling": TYPED}},
            {"volgnummer": 1, "interneTaak": {"gevraagdeHandeling": "Overname gesprek met klant"}},
        ]
