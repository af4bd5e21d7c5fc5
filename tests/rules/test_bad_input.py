"""Whatever is wrong with an input gets a clear answer, all of it at once, and changes nothing."""

from typing import Any

from app.settings import Settings
from tests.support.arrange import ask, command_line, done, new_taak, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.each import each
from tests.support.inputs import UNKNOWN, Input, changed, id_places, pad, right_inputs, text_places
from tests.support.people import BURGERZAKEN, DESK, LEZER, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server

ASK = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on Weigering {
      ... on OngeldigeInvoer { velden { pad code maximum } }
      ... on NietGevonden { gezochtId }
      ... on VersieVerouderd { interneTaak { versie status } }
      ... on OvergangGeweigerd { interneTaak { versie status } }
    }
  }
}
"""


def breaches(answer: JSON) -> list[tuple[str, str]]:
    """Where and what, of an answer that must be OngeldigeInvoer."""
    assert answer["__typename"] == "OngeldigeInvoer", answer
    return [(".".join(veld["pad"]), veld["code"]) for veld in answer["velden"]]


async def a_task_and_right_inputs(server: Server) -> tuple[JSON, dict[str, Input]]:
    contact = await registreer(server.as_(DESK), taak(server.eenheden["VER"]))
    [task] = contact["interneTaken"]
    return task, right_inputs(server.eenheden, contact["id"], task)


async def test_every_breach_of_a_registration_comes_at_once_with_its_path_and_code(
    server: Server, settings: Settings
) -> None:
    async with command_line(settings) as (eenheden, medewerkers):
        await eenheden.set_actief("SOC", actief=False)
        await medewerkers.set_actief(VERGUNNINGEN_COLLEGA.subject, actief=False)
    before = stored(settings)
    right = taak(server.eenheden["VER"], id=UNKNOWN)
    answer = await ask(
        server.as_(DESK),
        ASK,
        "registreerKlantcontact",
        id="00000000-0000-0000-0000-000000000000",
        kanaal="Postduif",
        onderwerp=" ",
        inhoud="x" * 1000 + "\x00",
        interneTaken=[
            {"id": "x", "gevraagdeHandeling": "\n", "organisatorischeEenheidId": "y", "medewerkerId": "z"},
            right | {"toelichting": "x" * 1001, "medewerkerId": UNKNOWN},
            right | {"gevraagdeHandeling": "x\ny", "organisatorischeEenheidId": server.eenheden["SOC"]},
            taak(UNKNOWN, medewerkerId=BURGERZAKEN.subject),
            taak(server.eenheden["BUR"], medewerkerId=VERGUNNINGEN_COLLEGA.subject),
        ],
    )
    assert sorted(breaches(answer)) == [
        ("id", "ONGELDIGE_WAARDE"),
        ("inhoud", "ONGELDIG_TEKEN"),
        ("inhoud", "TE_LANG"),
        ("interneTaken.0.gevraagdeHandeling", "VERPLICHT"),
        ("interneTaken.0.id", "ONGELDIGE_WAARDE"),
        ("interneTaken.0.medewerkerId", "ONGELDIGE_WAARDE"),
        ("interneTaken.0.organisatorischeEenheidId", "ONGELDIGE_WAARDE"),
        ("interneTaken.1.medewerkerId", "ONBEKEND"),
        ("interneTaken.1.toelichting", "TE_LANG"),
        ("interneTaken.2.gevraagdeHandeling", "ONGELDIG_TEKEN"),
        ("interneTaken.2.id", "DUBBEL"),
        ("interneTaken.2.organisatorischeEenheidId", "INACTIEF"),
        ("interneTaken.3.organisatorischeEenheidId", "ONBEKEND"),
        ("interneTaken.4.medewerkerId", "ANDERE_EENHEID"),
        ("interneTaken.4.medewerkerId", "INACTIEF"),
        ("kanaal", "ONGELDIGE_WAARDE"),
        ("onderwerp", "VERPLICHT"),
    ]
    assert {veld["maximum"] for veld in answer["velden"] if veld["code"] == "TE_LANG"} == {1000}
    assert {veld["maximum"] for veld in answer["velden"] if veld["code"] != "TE_LANG"} == {None}
    assert stored(settings) == before


async def test_every_breach_of_another_mutation_comes_at_once_with_its_path_and_code(
    server: Server, settings: Settings
) -> None:
    _, inputs = await a_task_and_right_inputs(server)
    before = stored(settings)
    for mutation, right in each(inputs.items()):
        wrong = right
        for number, place in enumerate(id_places(right)):
            wrong = changed(wrong, place, f"x{number}")
        texts = [place for place in text_places(right) if place[-1] != "kanaal"]
        for place in texts:
            wrong = changed(wrong, place, "\x00" * 1001)
        expected = [(".".join(pad(place)), "ONGELDIGE_WAARDE") for place in id_places(right)]
        expected += [(".".join(pad(place)), code) for place in texts for code in ("TE_LANG", "ONGELDIG_TEKEN")]
        answer = await ask(server.as_(VERGUNNINGEN), ASK, mutation, **wrong)
        assert sorted(breaches(answer)) == sorted(expected), mutation
    assert stored(settings) == before


async def test_a_task_that_is_malformed_or_unknown_is_refused_by_every_deed(
    server: Server, settings: Settings
) -> None:
    task, inputs = await a_task_and_right_inputs(server)
    colleague, before = server.as_(VERGUNNINGEN), stored(settings)
    for mutation, right in each(inputs.items()):
        if mutation.startswith("registreer"):
            continue
        for malformed in ("", "x", task["id"].replace("-", ""), f" {task['id']}", f"{task['id']}0", 7):
            answer = await ask(colleague, ASK, mutation, **right | {"id": malformed})
            assert breaches(answer) == [("id", "ONGELDIGE_WAARDE")], (mutation, malformed)
        for unknown in (UNKNOWN, server.eenheden["VER"], VERGUNNINGEN.subject):
            answer = await ask(colleague, ASK, mutation, **right | {"id": unknown.upper()})
            assert (answer["__typename"], answer.get("gezochtId")) == ("NietGevonden", unknown), mutation
    assert stored(settings) == before


async def test_a_department_and_an_employee_that_are_named_can_be_given_the_task(
    server: Server, settings: Settings
) -> None:
    colleague, soc = server.as_(VERGUNNINGEN), server.eenheden["SOC"]
    _, inputs = await a_task_and_right_inputs(server)
    async with command_line(settings) as (eenheden, medewerkers):
        await eenheden.set_actief("SOC", actief=False)
        await medewerkers.set_actief(LEZER.subject, actief=False)
    before = stored(settings)

    async def named(mutation: str, field: str, value: str) -> list[tuple[str, str]]:
        right = inputs[mutation]
        if mutation == "registreerKlantcontact":
            wrong = changed(right, ("interneTaken", 0, field), value)
        else:
            wrong = right | {field: value}
        if field == "organisatorischeEenheidId":
            wrong = without_employee(wrong)
        return [
            (where.split(".")[-1], code) for where, code in breaches(await ask(colleague, ASK, mutation, **wrong))
        ]

    for mutation in ("registreerKlantcontact", "registreerInterneTaak", "stuurInterneTaakDoor"):
        field = "organisatorischeEenheidId"
        assert await named(mutation, field, UNKNOWN) == [(field, "ONBEKEND")], mutation
        assert await named(mutation, field, VERGUNNINGEN.subject) == [(field, "ONBEKEND")], mutation
        assert await named(mutation, field, soc) == [(field, "INACTIEF")], mutation
    for mutation in (
        "registreerKlantcontact",
        "registreerInterneTaak",
        "wijsInterneTaakToe",
        "stuurInterneTaakDoor",
    ):
        elsewhere = VERGUNNINGEN_COLLEGA if mutation == "stuurInterneTaakDoor" else BURGERZAKEN
        field = "medewerkerId"
        assert await named(mutation, field, UNKNOWN) == [(field, "ONBEKEND")], mutation
        assert await named(mutation, field, server.eenheden["VER"]) == [(field, "ONBEKEND")], mutation
        assert await named(mutation, field, elsewhere.subject) == [(field, "ANDERE_EENHEID")], mutation
        both = [(field, "ANDERE_EENHEID")] if mutation == "stuurInterneTaakDoor" else []
        assert await named(mutation, field, LEZER.subject) == [(field, "INACTIEF"), *both], mutation
    assert stored(settings) == before


def without_employee(input: Input) -> Input:
    """The input without the employees that it names."""
    for place in id_places(input):
        if place[-1] == "medewerkerId":
            input = changed(input, place, None)
    return input


async def test_a_channel_is_one_of_the_list_letter_for_letter(server: Server, settings: Settings) -> None:
    before = stored(settings)
    for kanaal in ("Postduif", "telefoon", "Telefoon,Balie", "Sociale  media", "é" * 50, "e\u0301" * 50):
        answer = await ask(server.as_(DESK), ASK, "registreerKlantcontact", onderwerp="Dakkapel", kanaal=kanaal)
        assert breaches(answer) == [("kanaal", "ONGELDIGE_WAARDE")]
    for kanaal in ("é" * 51, "x" * 5000):
        answer = await ask(server.as_(DESK), ASK, "registreerKlantcontact", onderwerp="Dakkapel", kanaal=kanaal)
        assert [(veld["pad"], veld["code"], veld["maximum"]) for veld in answer["velden"]] == [
            (["kanaal"], "TE_LANG", 50)
        ]
    assert stored(settings) == before


async def test_a_deed_that_comes_too_late_changes_nothing_and_shows_the_task_as_it_stands(
    server: Server, settings: Settings
) -> None:
    desk, colleague = server.as_(DESK), server.as_(VERGUNNINGEN)
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    done_task, taken_task = (await new_taak(desk, ver))["id"], (await new_taak(desk, ver))["id"]
    await done(colleague, "wijzigInterneTaakStatus", id=done_task, versie=1, status="GEDAAN")
    await done(colleague, "neemInterneTaak", id=taken_task)
    before = stored(settings)

    async def answer(client: Client, mutation: str, **input: Any) -> tuple[str, JSON]:
        answered = await ask(client, ASK, mutation, **input)
        return answered["__typename"], answered.get("interneTaak")

    status, forward = "wijzigInterneTaakStatus", "stuurInterneTaakDoor"
    finish = {"id": done_task, "status": "GEDAAN"}
    to_bur = {"organisatorischeEenheidId": bur, "toelichting": "Voor jullie."}
    as_done, as_taken = {"versie": 2, "status": "GEDAAN"}, {"versie": 2, "status": "TE_DOEN"}
    for stale in (1, 3, 0, -1, 2**31 - 1, -(2**31)):
        assert await answer(colleague, status, **finish, versie=stale) == ("VersieVerouderd", as_done)
    assert await answer(colleague, status, **finish, versie=2) == ("OvergangGeweigerd", as_done)
    assert await answer(colleague, forward, id=done_task, versie=2, **to_bur) == ("OvergangGeweigerd", as_done)
    same = to_bur | {"organisatorischeEenheidId": ver.upper()}
    assert await answer(colleague, forward, id=taken_task, versie=2, **same) == ("OvergangGeweigerd", as_taken)
    withdraw = {"id": taken_task, "versie": 2, "toelichting": "Opgehangen."}
    assert await answer(desk, "trekInterneTaakIn", **withdraw) == ("OvergangGeweigerd", as_taken)
    assert stored(settings) == before
