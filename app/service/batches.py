"""Reading many objects by their keys, a statement for all: what hangs on objects that were found.

What is unknown is left out of the answer. Only what an object lists is seen with the scope of who asks.
Contacts and tasks are noted for the processing log. Lists are `TooLong` that have more than `most` items together.
"""

from collections.abc import Collection
from itertools import chain

from app.domain.model import Gebeurtenis, InterneTaak, Klantcontact, Medewerker, OrganisatorischeEenheid, Postvak
from app.service.verwerking import Verwerking
from app.storage import lookups, presence
from app.storage.snapshot import Reader


class Batches:
    """The batches of one reading."""

    def __init__(self, snapshot: Reader, verwerking: Verwerking) -> None:
        self._snapshot = snapshot
        self._scope = verwerking.scope
        self._gelezen = verwerking.gelezen

    async def eenheden(self, ids: Collection[str]) -> dict[str, OrganisatorischeEenheid]:
        """Departments."""
        return await lookups.eenheden(self._snapshot, ids)

    async def medewerkers(self, ids: Collection[str]) -> dict[str, Medewerker]:
        """Employees."""
        return await lookups.medewerkers(self._snapshot, ids)

    async def klantcontacten(self, ids: Collection[str]) -> dict[str, Klantcontact]:
        """The contacts of tasks that were found."""
        found = await lookups.klantcontacten(self._snapshot, ids)
        self._gelezen.add(found.values())
        return found

    async def taken(self, ids: Collection[str]) -> dict[str, InterneTaak]:
        """The tasks of facts that were found."""
        found = await lookups.taken(self._snapshot, ids)
        self._gelezen.add(found.values())
        return found

    async def postvakken(self, eenheid_ids: Collection[str]) -> dict[str, Postvak]:
        """Inboxes, by department id."""
        return await lookups.postvakken(self._snapshot, eenheid_ids=eenheid_ids)

    async def feiten(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Gebeurtenis]:
        """Facts by task and versie."""
        found = await lookups.gebeurtenissen_by_versie(self._snapshot, keys)
        self._gelezen.add(found.values())
        return found

    async def medewerkers_of_eenheden(self, ids: Collection[str], most: int) -> dict[str, list[Medewerker]]:
        """The active employees of departments, by naam."""
        return await lookups.medewerkers_by_eenheid(self._snapshot, ids, most)

    async def aantallen_met_postvak_open(self, ids: Collection[str]) -> dict[str, int]:
        """How many of their employees have the inboxes of departments open."""
        return await presence.counts(self._snapshot, ids)

    async def taken_of_klantcontacten(self, ids: Collection[str], most: int) -> dict[str, list[InterneTaak]]:
        """The tasks of contacts that the scope may see, oldest first."""
        found = await lookups.taken_by_klantcontact(self._snapshot, ids, self._scope, most)
        self._gelezen.add(chain.from_iterable(found.values()))
        return found

    async def logboeken(self, taak_ids: Collection[str], most: int) -> dict[str, list[Gebeurtenis]]:
        """All facts of tasks, by versie."""
        found = await lookups.logboeken(self._snapshot, taak_ids, most)
        self._gelezen.add(chain.from_iterable(found.values()))
        return found
