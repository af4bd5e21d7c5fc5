"""Reading: one snapshot for all that one operation asks, seen with the scope of who asks."""

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
from app.domain.refusals import NietBevoegd
from app.domain.rights import Scope
from app.domain.search import matches, read_zoektekst
from app.domain.text import read_uuid
from app.service.batches import Batches
from app.storage import lists, lookups
from app.storage.database import Database
from app.storage.snapshot import Snapshot

NodeRecord = OrganisatorischeEenheid | Postvak | Medewerker | Klantcontact | InterneTaak | Gebeurtenis


class Reading:
    """What one operation reads: everything is of one moment."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self.scope = scope
        self._snapshot = Snapshot(database)
        self.batches = Batches(self._snapshot, scope)

    async def close(self) -> None:
        """Let go of the snapshot."""
        await self._snapshot.close()

    async def klantcontact(self, object_id: str) -> Klantcontact | None:
        """A contact (F8618); None for what is unknown, malformed or not for him."""
        kept = read_uuid(object_id)
        return (await lookups.klantcontacten(self._snapshot, [kept], self.scope)).get(kept) if kept else None

    async def interne_taak(self, object_id: str) -> InterneTaak | None:
        """A task (F2771); None for what is unknown, malformed or not for him."""
        kept = read_uuid(object_id)
        return (await lookups.taken(self._snapshot, [kept], self.scope)).get(kept) if kept else None

    async def postvak(self, eenheid_id: str) -> Postvak:
        """A department's inbox; refuses with `NietBevoegd` what is unknown and what is not for him alike."""
        kept = read_uuid(eenheid_id)
        if kept is not None and self.scope.may_open_postvak(kept):
            found = await lookups.postvakken(self._snapshot, eenheid_ids=[kept])
            if kept in found:
                return found[kept]
        raise NietBevoegd("Dit postvak is niet voor u te zien.")

    async def eenheden(self, zoektekst: str | None, actief: bool | None) -> list[OrganisatorischeEenheid]:
        """Departments by naam, those whose naam or identificatie has the words of a search text."""
        words = read_zoektekst(zoektekst)
        found = await lookups.all_eenheden(self._snapshot, actief)
        return [eenheid for eenheid in found if matches(words, eenheid.naam, eenheid.identificatie)]

    async def taken(self, asked: TaakFilter, volgorde: Volgorde, page: Page) -> Found[InterneTaak]:
        """A page of tasks (F3839)."""
        return await lists.page_of_taken(self._snapshot, self.scope, asked, volgorde, page)

    async def count_taken(self, asked: TaakFilter) -> int:
        """How many tasks there are under a filter."""
        return await lists.count_taken(self._snapshot, self.scope, asked)

    async def klantcontacten(
        self, asked: KlantcontactFilter, volgorde: Volgorde, page: Page
    ) -> Found[Klantcontact]:
        """A page of contacts (F3896)."""
        return await lists.page_of_klantcontacten(self._snapshot, self.scope, asked, volgorde, page)

    async def count_klantcontacten(self, asked: KlantcontactFilter) -> int:
        """How many contacts there are under a filter."""
        return await lists.count_klantcontacten(self._snapshot, self.scope, asked)

    async def node(self, object_id: str) -> NodeRecord | None:
        """Any object by its id; None for what is unknown, malformed or not for him."""
        kept = read_uuid(object_id)
        soort = await lookups.soort_of(self._snapshot, kept) if kept else None
        if kept is None or soort is None:
            return None
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
                found = (await lookups.gebeurtenissen(self._snapshot, [kept], self.scope)).get(kept)
            case "Postvak":
                inboxes = await lookups.postvakken(self._snapshot, postvak_ids=[kept])
                found = next((p for p in inboxes.values() if self.scope.may_open_postvak(p.eenheid_id)), None)
        return found
