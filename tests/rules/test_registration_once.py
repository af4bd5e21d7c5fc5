"""A registration whose id the consumer chose registers once, however often it is sent."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from app.settings import Settings
from tests.support.arrange import ask, command_line, done, registreer, stored, taak
from tests.support.client import JSON, Client
from tests.support.inputs import Input, Place, changed
from tests.support.people import DESK, DESK_COLLEGA, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.server import Server, serving
from tests.support.template import Template

REGISTER = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on KlantcontactGeregistreerd {
      klantcontact {
        id nummer geregistreerdOp kanaal initiatiefnemer onderwerp inhoud medewerker { id }
        interneTaken { ...Taak }
      }
    }
    ...Nee
  }
}
"""

ADD = """
mutation ($input: INPUT!) {
  answer: MUTATION(input: $input) {
    __typename
    ... on InterneTaakGeregistreerd { interneTaak { ...Taak } }
    ...Nee
  }
}
"""

FRAGMENTS = """
fragment Taak on InterneTaak {
  id nummer geregistreerdOp versie status medewerker { id } gevraagdeHandeling toelichting klantAanDeLijn
}
fragment Nee on Weigering {
  ... on OngeldigeInvoer { velden { pad code } }
  ... on IdAlInGebruik { gekozenId }
}
"""

CHOSEN = "abcdef00-0000-4000-8000-00000000000c"
CHOSEN_TASK = "abcdef00-0000-4000-8000-00000000000d"
CHOSEN_LATER = "abcdef00-0000-4000-8000-0000000000ff"


async def register(client: Client, input: Input) -> JSON:
    return await ask(client, REGISTER + FRAGMENTS, "registreerKlantcontact", **input)


async def add(client: Client, input: Input) -> JSON:
    return await ask(client, ADD + FRAGMENTS, "registreerInterneTaak", **input)


def contact_input(eenheden: dict[str, str], **more: Any) -> Input:
    """A contact with two tasks, with accents, line ends and ids that can be written in more than one way."""
    taken = [
        taak(
            eenheden["VER"],
            id=CHOSEN_TASK,
            klantAanDeLijn=True,
            gevraagdeHandeling="Café bellen",
            toelichting="Eén\nTwee",
            medewerkerId=VERGUNNINGEN_COLLEGA.subject,
        ),
        taak(eenheden["BUR"]),
    ]
    return {
        "id": CHOSEN,
        "kanaal": "Balie",
        "initiatiefnemer": "GEMEENTE",
        "onderwerp": "Reünie",
        "inhoud": "Eén\nTwee",
        "interneTaken": taken,
    } | more


def written_otherwise(value: Any) -> list[Any]:
    """The same input, with every text and id in another form."""

    def each(change: Callable[[str], str], value: Any = value) -> Any:
        if isinstance(value, dict):
            return {key: each(change, one) for key, one in value.items()}
        if isinstance(value, list):
            return [each(change, one) for one in value]
        # What is in capitals is a value of an enum.
        return change(value) if isinstance(value, str) and not value.isupper() else value

    def is_id(text: str) -> bool:
        return len(text) == 36

    return [
        each(lambda text: text),
        each(lambda text: text.upper() if is_id(text) else text),
        each(lambda text: text if is_id(text) else f" \t\u00a0{text}\r\n\u3000"),
        each(lambda text: unicodedata.normalize("NFD", text)),
        each(lambda text: text.replace("\n", "\r\n").replace(" ", "\t")),
        each(lambda text: text.replace("\n", "\r")),
    ]


async def test_the_same_registration_however_it_is_written_registers_once(
    server: Server, settings: Settings
) -> None:
    desk, asked = server.as_(DESK), contact_input(server.eenheden)
    first = await register(desk, asked)
    assert first["klantcontact"]["interneTaken"][0]["toelichting"] == "Eén\nTwee"
    before = stored(settings)
    assert [await register(desk, again) for again in written_otherwise(asked)] == [first] * 6
    assert stored(settings) == before


async def test_the_same_task_however_it_is_written_is_added_once(server: Server, settings: Settings) -> None:
    desk = server.as_(DESK)
    contact = await registreer(desk)
    asked = contact_input(server.eenheden)["interneTaken"][0] | {"klantcontactId": contact["id"]}
    first = await add(desk, asked)
    assert first["interneTaak"]["id"] == CHOSEN_TASK
    before = stored(settings)
    assert [await add(desk, again) for again in written_otherwise(asked)] == [first] * 6
    assert stored(settings) == before


async def test_what_is_left_out_is_the_same_as_its_default(server: Server, settings: Settings) -> None:
    desk = server.as_(DESK)
    bare = {"id": CHOSEN, "onderwerp": "Reünie"}
    said: Input = {"kanaal": "Telefoon", "initiatiefnemer": "KLANT", "inhoud": None, "interneTaken": []}
    first = await register(desk, bare)
    task = taak(server.eenheden["VER"], id=CHOSEN_TASK, klantcontactId=first["klantcontact"]["id"])
    task_said = {"klantAanDeLijn": False, "toelichting": None, "medewerkerId": None}
    added = await add(desk, task)
    before = stored(settings)

    assert (await register(desk, bare | said))["klantcontact"]["nummer"] == first["klantcontact"]["nummer"]
    for blank in (None, "", " \r\n\t", "\u200b"):
        again = await register(desk, bare | {"inhoud": blank})
        assert again["klantcontact"]["nummer"] == first["klantcontact"]["nummer"]
        assert await add(desk, task | task_said | {"toelichting": blank}) == added
    assert stored(settings) == before


async def test_the_same_registration_answers_with_the_object_as_it_stands_now(
    server: Server, settings: Settings
) -> None:
    desk, asked = server.as_(DESK), contact_input(server.eenheden)
    contact = (await register(desk, asked))["klantcontact"]
    task = contact_input(server.eenheden)["interneTaken"][1] | {
        "id": "abcdef00-0000-4000-8000-00000000000e",
        "klantcontactId": contact["id"],
    }
    await add(desk, task)
    async with command_line(settings) as (eenheden, medewerkers):
        await eenheden.set_actief("BUR", actief=False)
        await medewerkers.set_actief(VERGUNNINGEN_COLLEGA.subject, actief=False)
    # Laid back when its employee was deactivated, and taken by another.
    await done(server.as_(VERGUNNINGEN), "neemInterneTaak", id=CHOSEN_TASK)

    again = (await register(desk, asked))["klantcontact"]
    assert again["nummer"] == contact["nummer"]
    assert (again["interneTaken"][0]["versie"], again["interneTaken"][0]["medewerker"]) == (
        3,
        {"id": VERGUNNINGEN.subject},
    )
    assert [one["id"] for one in again["interneTaken"]][:2] == [one["id"] for one in contact["interneTaken"]]
    assert (await add(desk, task))["interneTaak"]["id"] == task["id"]


async def test_the_same_id_with_anything_else_in_it_is_in_use(server: Server, settings: Settings) -> None:
    desk, asked = server.as_(DESK), contact_input(server.eenheden)
    await register(desk, asked)
    first, second = asked["interneTaken"]
    another: dict[Place, Any] = {
        ("kanaal",): "Telefoon",
        ("initiatiefnemer",): "KLANT",
        ("onderwerp",): "reünie",
        ("inhoud",): "Eén Twee",
        ("interneTaken",): [],
        ("interneTaken", 0, "id"): None,
        ("interneTaken", 0, "klantAanDeLijn"): False,
        ("interneTaken", 0, "gevraagdeHandeling"): "Cafe bellen",
        ("interneTaken", 0, "toelichting"): None,
        ("interneTaken", 0, "medewerkerId"): VERGUNNINGEN.subject,
        ("interneTaken", 1, "organisatorischeEenheidId"): server.eenheden["SOC"],
        ("interneTaken", 1, "id"): "abcdef00-0000-4000-8000-00000000000e",
    }
    others = [changed(asked, place, value) for place, value in another.items()]
    others += [asked | {"interneTaken": taken} for taken in ([second, first], [first], [first, second, second])]
    before = stored(settings)
    in_use = {"__typename": "IdAlInGebruik", "gekozenId": CHOSEN}
    assert [await register(desk, other) for other in others] == [in_use] * len(others)
    assert await register(server.as_(DESK_COLLEGA), asked) == in_use
    assert await register(desk, asked | {"id": None}) == in_use | {"gekozenId": CHOSEN_TASK}
    assert stored(settings) == before


async def test_the_same_id_of_a_task_with_anything_else_in_it_is_in_use(server: Server, settings: Settings) -> None:
    desk = server.as_(DESK)
    contact, elsewhere = await registreer(desk), await registreer(desk)
    asked = contact_input(server.eenheden)["interneTaken"][0] | {"klantcontactId": contact["id"]}
    await add(desk, asked)
    others: list[Input] = [
        {"klantcontactId": elsewhere["id"]},
        {"gevraagdeHandeling": "Cafe bellen"},
        {"klantAanDeLijn": False},
        {"toelichting": "Eén Twee"},
        {"organisatorischeEenheidId": server.eenheden["BUR"], "medewerkerId": None},
        {"medewerkerId": VERGUNNINGEN.subject},
        {"medewerkerId": None},
    ]
    before = stored(settings)
    in_use = {"__typename": "IdAlInGebruik", "gekozenId": CHOSEN_TASK}
    assert [await add(desk, asked | other) for other in others] == [in_use] * len(others)
    assert await add(server.as_(DESK_COLLEGA), asked) == in_use
    assert stored(settings) == before


async def test_an_id_that_was_chosen_for_a_task_is_in_use_for_a_contact_and_the_other_way_round(
    server: Server, settings: Settings
) -> None:
    desk, asked = server.as_(DESK), contact_input(server.eenheden)
    task = asked["interneTaken"][0] | {"klantcontactId": CHOSEN}
    await register(desk, asked)
    await add(desk, task | {"id": CHOSEN_LATER})
    before = stored(settings)
    for chosen in (CHOSEN, CHOSEN_TASK, CHOSEN_LATER):
        answers = [await register(desk, asked | {"id": chosen, "interneTaken": []})]
        answers += [await add(desk, task | {"id": chosen, "klantAanDeLijn": False})]
        assert answers == [{"__typename": "IdAlInGebruik", "gekozenId": chosen}] * 2
    assert stored(settings) == before


@pytest.mark.parametrize("kanaal", ["Balie", "Telefoon", None], ids=["another", "the default", "left out"])
async def test_the_same_registration_is_known_when_its_channel_was_dropped(
    settings: Settings, template: Template, kanaal: str | None
) -> None:
    asked = contact_input(template.eenheden, kanaal=kanaal)
    asked["interneTaken"][0]["medewerkerId"] = None
    async with serving(settings, template.eenheden) as server:
        first = await register(server.as_(DESK), asked)
        assert first["klantcontact"]["kanaal"] == (kanaal or "Telefoon")
    async with serving(settings.model_copy(update={"kanalen": ("Brief", "Chat")}), template.eenheden) as server:
        assert await register(server.as_(DESK), asked) == first
        other = await register(server.as_(DESK), asked | {"kanaal": "Brief"})
        assert other == {"__typename": "IdAlInGebruik", "gekozenId": CHOSEN}
