"""A contact with two tasks, and deeds that employees do, one after the other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from tests.support.arrange import add_taak, deed, registreer, taak
from tests.support.client import JSON
from tests.support.people import BURGERZAKEN, DESK, EENHEDEN, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server

HANDLERS = {"KCC": DESK, "VER": VERGUNNINGEN, "BUR": BURGERZAKEN}
"""The employee who handles the tasks of each department."""

TASKS = ("VER", "BUR")
"""The departments of the contact's two tasks."""

INBOX = "query ($id: ID!) { postvak(organisatorischeEenheidId: $id) { laatsteVolgnummer } }"
TASK = "query ($id: ID!) { interneTaak(id: $id) { versie status organisatorischeEenheid { identificatie } } }"


@dataclass(frozen=True)
class World:
    """A server, and a contact with two tasks. `naam` is a name for the operations in it.

    A source is something to subscribe to: a department, by its identificatie, or one of the tasks, by its index.
    """

    server: Server
    naam: str
    contact: str
    tasks: Sequence[str]

    def id(self, source: str) -> str:
        """The id of a source."""
        return self.server.eenheden[source] if source in EENHEDEN else self.tasks[int(source)]

    async def task(self, which: int) -> JSON:
        """The current state of a task."""
        return (await self.server.as_(TOEZICHTHOUDER).data(TASK, id=self.tasks[which]))["interneTaak"]

    async def end(self, source: str) -> int:
        """The number of the last fact of a source."""
        if source not in EENHEDEN:
            versie: int = (await self.task(int(source)))["versie"]
            return versie
        inbox = await self.server.as_(TOEZICHTHOUDER).data(INBOX, id=self.id(source))
        volgnummer: int = inbox["postvak"]["laatsteVolgnummer"]
        return volgnummer


Deed = Callable[[World], Awaitable[None]]
"""Something that an employee does in a world."""


async def new_world(server: Server, naam: str) -> World:
    """Register a contact by the desk with a task for each of two departments."""
    contact = await registreer(server.as_(DESK), *(taak(server.eenheden[key]) for key in TASKS))
    return World(server, naam, contact["id"], [task["id"] for task in contact["interneTaken"]])


async def register(door: Person, naar: Sequence[str], world: World) -> None:
    """Register another contact with tasks for departments."""
    await registreer(world.server.as_(door), *(taak(world.server.eenheden[key]) for key in naar))


async def add(naar: str, world: World) -> None:
    """Add a task to the contact; not everybody who may read the others may read it."""
    await add_taak(world.server.as_(DESK), world.contact, world.server.eenheden[naar])


async def handle(which: int, mutation: str, world: World) -> None:
    """Do a deed by the department that has the task; nothing happens if its state does not allow it."""
    task = await world.task(which)
    here = task["organisatorischeEenheid"]["identificatie"]
    others = [key for key in HANDLERS if key != here]
    input = {
        "neemInterneTaak": {},
        "wijsInterneTaakToe": {"medewerkerId": HANDLERS[here].subject},
        "wijzigInterneTaakStatus": {"status": "GEDAAN" if task["status"] == "TE_DOEN" else "TE_DOEN"},
        "stuurInterneTaakDoor": {"organisatorischeEenheidId": world.server.eenheden[others[which]]},
        "voegToelichtingToe": {},
    }[mutation]
    if mutation != "neemInterneTaak":
        input["toelichting"] = "Graag voor vijf uur."
    if mutation not in ("neemInterneTaak", "voegToelichtingToe"):
        input["versie"] = task["versie"]
    answer = await deed(world.server.as_(HANDLERS[here]), mutation, id=world.tasks[which], **input)
    assert answer["__typename"] in ("InterneTaakGewijzigd", "OvergangGeweigerd")


async def nothing(world: World) -> None:
    """Do nothing: only the facts from before are read."""
