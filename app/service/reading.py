"""Reading: one snapshot for all that one operation asks, seen with the scope of who asks.

Whatever is read is noted here and in `batches`, for the processing log: nothing above them can forget it.
"""

from collections.abc import Mapping
from typing import TypeVar

from app.domain.filters import Found, KlantcontactFilter, Page, TaakFilter
from app.domain.model import (
    Gebeurtenis,
    InterneTaak,
    Klantcontact,
    Medewerker,
    OrganisatorischeEenheid,
    Postvak,
    Volgorde,
)
from app.domain.refusals import NietBevoegd, NietGevonden
from app.domain.search import matches, read_zoektekst
from app.domain.text import read_uuid
from app.service.batches import Batches
from app.service.verwerking import Verwerking
from app.storage import lists, lookups
from app.storage.database import Database
from app.storage.snapshot import Snapshot

T = TypeVar("T")

NodeRecord = OrganisatorischeEenheid | Postvak | Medewerker | Klantcontact | InterneTaak | Gebeurtenis


class Reading:
    """What one operation reads: everything is of one moment."""

    def __init__(self, database: Database, verwerking: Verwerking) -> None:
        self.scope = verwerking.scope
        self._verwerking = verwerking
        self._snapshot = Snapshot(database)
        self.batches = Batches(self._snapshot, verwerking)

    async def close(self) -> None:
        """Let go of the snapshot."""
        await self._snapshot.close()

    async def klantcontact(self, object_id: str) -> Klantcontact | None:
        """A contact (F8618); None for what is unknown, malformed or not for him."""
        kept = read_uuid(object_id)
        found = await lookups.klantcontacten(self._snapshot, [kept], self.scope) if kept else {}
        return self._looked_up(found, kept)

    async def interne_taak(self, object_id: str) -> InterneTaak | None:
        """A task (F2771); None for what is unknown, malformed or not for him."""
        kept = read_uuid(object_id)
        found = await lookups.taken(self._snapshot, [kept], self.scope) if kept else {}
        return self._looked_up(found, kept)

    async def postvak(self, eenheid_id: str) -> Postvak:
        """A department's inbox; refuses with `NietBevoegd` what is unknown and what is not for him alike."""
        with self._verwerking.asking(eenheid_id):
            kept = read_uuid(eenheid_id)
            if kept is not None and self.scope.may_open_postvak(kept):
                found = await lookups.postvakken(self._snapshot, eenheid_ids=[kept])
                if kept in found:
                    return found[kept]
            raise postvak_geweigerd()

    async def eenheden(self, zoektekst: str | None, actief: bool | None) -> list[OrganisatorischeEenheid]:
        """Departments by naam, those whose naam or identificatie has the words of a search text."""
        zoek = read_zoektekst(zoektekst)
        found = await lookups.all_eenheden(self._snapshot, actief)
        return [eenheid for eenheid in found if matches(zoek, eenheid.naam, eenheid.identificatie)]

    async def taken(self, asked: TaakFilter, volgorde: Volgorde, page: Page) -> Found[InterneTaak]:
        """A page of tasks (F3839)."""
        found = await lists.page_of_taken(self._snapshot, self.scope, asked, volgorde, page)
        self._verwerking.gelezen.add(taak for taak, _ in found.items)
        return found

    async def count_taken(self, asked: TaakFilter) -> int:
        """How many tasks there are under a filter."""
        return await lists.count_taken(self._snapshot, self.scope, asked)

    async def klantcontacten(
        self, asked: KlantcontactFilter, volgorde: Volgorde, page: Page
    ) -> Found[Klantcontact]:
        """A page of contacts (F3896)."""
        found = await lists.page_of_klantcontacten(self._snapshot, self.scope, asked, volgorde, page)
        self._verwerking.gelezen.add(contact for contact, _ in found.items)
        return found

    async def count_klantcontacten(self, asked: KlantcontactFilter) -> int:
        """How many contacts there are under a filter."""
        return await lists.count_klantcontacten(self._snapshot, self.scope, asked)

    async def node(self, object_id: str) -> NodeRecord | None:
        """Any object by its id; None for what is unknown, malformed or not for him."""
        kept = read_uuid(object_id)
        soort = await lookups.soort_of(self._snapshot, kept) if kept else None
        if kept is None or soort is None:
            return self._looked_up({}, kept)
        found: NodeRecord | None
        match soort:
            case "OrganisatorischeEenheid":
                found = (await lookups.eenheden(self._snapshot, [kept])).get(kept)
            case "Medewerker":
                found = (await lookups.medewerkers(self._snapshot, [kept])).get(kept)
            case "Klantcontact":
                found = await self.klantcontact(kept)
            case "InterneTaak":
                found = await self.interne_taak(kept)
            case "Gebeurtenis":
                facts = await lookups.gebeurtenissen(self._snapshot, [kept], self.scope)
                found = self._looked_up(facts, kept)
            case "Postvak":
                inboxes = await lookups.postvakken(self._snapshot, postvak_ids=[kept])
                allowed = {p.id: p for p in inboxes.values() if self.scope.may_open_postvak(p.eenheid_id)}
                found = self._looked_up(allowed, kept)
        return found

    def _looked_up(self, found: Mapping[str, T], kept: str | None) -> T | None:
        """What was looked up, noted as read; or None, noted as not found."""
        if kept is not None and kept in found:
            self._verwerking.gelezen.add([found[kept]])
            return found[kept]
        not_found(self._verwerking, kept)
        return None


def postvak_geweigerd() -> NietBevoegd:
    """The answer to who asks an inbox that is unknown or not for him."""
    return NietBevoegd("Dit postvak is niet voor u te zien.")


def not_found(verwerking: Verwerking, object_id: str | None) -> None:
    """Note that something was looked up that is unknown, malformed (None) or not for him."""
    verwerking.refuse(NietGevonden.__name__, object_id)
