"""What hangs on records is read for many at once, and whatever of it is a contact or a task is noted as read."""

from collections.abc import AsyncIterator

import pytest

from app.domain.relations import RELATIONS, Relation
from app.plans.allowance import TooLong
from app.service.verwerking import Verwerking
from app.settings import Settings
from app.storage.engine.database import Database
from tests.support.arrange import registreer, taak
from tests.support.people import DESK
from tests.support.records import SEES_ALL, records_of
from tests.support.server import Server

RELATED = [relation for of_kind in RELATIONS.values() for relation in of_kind.values()]

BETROKKENEN = "query ($id: ID!) { klantcontact(id: $id) { betrokkenen { id } } }"
ADD_ADRES = """
mutation ($id: ID!) {
  wijzigBetrokkene(input: {
    id: $id, versie: 1, betrokkene: { digitaleAdressen: [{ soortDigitaalAdres: EMAIL, adres: "a@b.nl" }] }
  }) { __typename }
}
"""

# What is noted as read of records of a kind: C the contact, T the task. A fact stands for its task.
NOTED = {
    "OrganisatorischeEenheid": "",
    "Medewerker": "",
    "Postvak": "",
    "Klantcontact": "C",
    "Betrokkene": "C",
    "DigitaalAdres": "",
    "InterneTaak": "T",
    "Gebeurtenis": "T",
}


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.mark.parametrize("relation", RELATED, ids=lambda relation: f"{relation.name} {relation.by}")
async def test_what_hangs_on_a_record_is_noted_as_read_where_it_is_a_contact_or_a_task(
    server: Server, database: Database, relation: Relation
) -> None:
    eenheid = server.eenheden["VER"]
    desk = server.as_(DESK)
    contact = await registreer(desk, taak(eenheid), betrokkene={"contactnaam": {"achternaam": "Bakker"}})
    [betrokkene] = (await desk.data(BETROKKENEN, id=contact["id"]))["klantcontact"]["betrokkenen"]
    task = contact["interneTaken"][0]["id"]
    keys = {
        "id": eenheid,
        "eenheden": eenheid,
        "eenheid_id": eenheid,
        "klantcontact_id": contact["id"],
        "taak_id": task,
        "betrokkene_id": betrokkene["id"],
        "medewerkers": DESK.subject,
        "versie": 1,
    }
    if relation.kind == "DigitaalAdres":
        await desk.data(ADD_ADRES, id=betrokkene["id"])
    of_kind = {"Klantcontact": contact["id"], "InterneTaak": task, "Medewerker": DESK.subject}
    key = tuple(of_kind.get(relation.kind, eenheid) if name == "id" else keys[name] for name in relation.to)
    verwerking = Verwerking(SEES_ALL)
    async with records_of(database, verwerking) as records:
        found = await records.related(relation, [key], 100)
    assert found[key]
    names = {contact["id"]: "C", task: "T"}
    gelezen = verwerking.gelezen
    assert "".join(names[id_] for id_ in gelezen.klantcontacten | gelezen.interne_taken) == NOTED[relation.kind]


async def test_what_hangs_on_several_records_is_told_apart_in_their_order(
    server: Server, database: Database
) -> None:
    eenheid = server.eenheden["VER"]
    contacts = [(await registreer(server.as_(DESK), taak(eenheid), taak(eenheid)))["id"] for _ in range(3)]
    relation = RELATIONS["Klantcontact"]["interne_taken"]
    keys = [(contacts[2],), ("00000000-0000-4000-8000-000000000000",), (contacts[0],)]
    async with records_of(database) as records:
        found = await records.related(relation, keys, 4)
        with pytest.raises(TooLong):
            await records.related(relation, keys, 3)
    of_whom = [[taak.klantcontact_id for taak in found[key] or ()] for key in keys]
    assert of_whom == [[contacts[2]] * 2, [], [contacts[0]] * 2]
