"""What hangs on objects is read for many at once, and whatever of it is a contact or a task is noted as read."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.model import Rol
from app.domain.rights import Scope
from app.service.batches import Batches
from app.service.reading import Reading
from app.service.verwerking import Verwerking
from app.settings import Settings
from app.storage.database import Database
from tests.support.arrange import registreer, taak
from tests.support.people import DESK
from tests.support.server import Server


@dataclass(frozen=True)
class Ids:
    """A contact with two tasks, and a department."""

    contact: str
    task: str
    other_task: str
    eenheid: str


Read = Callable[[Batches, Ids], Awaitable[Any]]

# What each batch is asked, and of what it notes then that it was read: C the contact, T the task, O the other one.
BATCHES: dict[str, tuple[Read, str]] = {
    "eenheden": (lambda batches, ids: batches.eenheden([ids.eenheid]), ""),
    "medewerkers": (lambda batches, ids: batches.medewerkers([DESK.subject]), ""),
    "postvakken": (lambda batches, ids: batches.postvakken([ids.eenheid]), ""),
    "medewerkers_of_eenheden": (lambda batches, ids: batches.medewerkers_of_eenheden([ids.eenheid], 100), ""),
    "klantcontacten": (lambda batches, ids: batches.klantcontacten([ids.contact]), "C"),
    "taken": (lambda batches, ids: batches.taken([ids.task]), "T"),
    "feiten": (lambda batches, ids: batches.feiten([(ids.task, 1)]), "T"),
    "logboeken": (lambda batches, ids: batches.logboeken([ids.other_task], 100), "O"),
    "taken_of_klantcontacten": (lambda batches, ids: batches.taken_of_klantcontacten([ids.contact], 100), "TO"),
}


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", BATCHES)
async def test_a_batch_notes_by_itself_which_contacts_and_tasks_it_read(
    server: Server, database: Database, name: str
) -> None:
    eenheid = server.eenheden["VER"]
    contact = await registreer(server.as_(DESK), taak(eenheid), taak(eenheid))
    task, other_task = (one["id"] for one in contact["interneTaken"])
    ids = Ids(contact["id"], task, other_task, eenheid)
    verwerking = Verwerking(Scope(frozenset({Rol.TOEZICHTHOUDER}), frozenset()))
    reading = Reading(database, verwerking)
    read, noted = BATCHES[name]
    assert await read(reading.batches, ids)
    await reading.close()
    names = {ids.contact: "C", ids.task: "T", ids.other_task: "O"}
    gelezen = verwerking.gelezen
    assert {names[id_] for id_ in gelezen.klantcontacten | gelezen.interne_taken} == set(noted)
