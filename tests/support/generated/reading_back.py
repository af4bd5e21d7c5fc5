"""What stands in a database, read back whole."""

from collections.abc import Sequence
from functools import partial

from app.api.pagination import CursorCodec
from app.domain.filters import KLANTCONTACT_POSITIONS, TAAK_POSITIONS, KlantcontactFilter, Page, TaakFilter
from app.domain.model import Gebeurtenis, Rol, Volgorde
from app.domain.rights import Login, Scope
from app.service.reading import Reading
from app.service.verwerking import Verwerking
from app.storage import facts
from app.storage.database import Database
from app.storage.transaction import Transaction
from tests.support.generated.population import Population

_ALL = Page(200)
_EVERYTHING = Scope(frozenset({Rol.TOEZICHTHOUDER}), frozenset())


async def _facts(eenheid_ids: Sequence[str], tx: Transaction) -> list[Gebeurtenis]:
    return [fact for id_ in eenheid_ids for fact in await facts.of_postvak(tx, id_, 0, 1000)]


async def population(database: Database, logins: Sequence[Login], kanalen: Sequence[str]) -> Population:
    """Everything that stands. `logins` are those who ask."""
    reading = Reading(database, Verwerking(_EVERYTHING))
    try:
        eenheden = await reading.eenheden(None, None)
        ids = [eenheid.id for eenheid in eenheden]
        taken = await reading.taken(TaakFilter(), Volgorde.LANGST_WACHTEND_EERST, _ALL)
        contacten = await reading.klantcontacten(KlantcontactFilter(), Volgorde.LANGST_WACHTEND_EERST, _ALL)
        postvakken = await reading.batches.postvakken(ids)
        people = await reading.batches.medewerkers([login.medewerker_id for login in logins])
        feiten = await database.reading(partial(_facts, ids))
        door = {fact.door_id for fact in feiten if fact.door_id is not None}
        people |= await reading.batches.medewerkers(door - set(people))
        return Population(
            logins=logins,
            eenheden=eenheden,
            postvakken=[postvakken[id_] for id_ in ids],
            medewerkers=sorted(people.values(), key=lambda one: one.id),
            klantcontacten=[contact for contact, _ in contacten.items],
            taken=[taak for taak, _ in taken.items],
            feiten=feiten,
            cursors=await _cursors(reading, ids),
            kanalen=kanalen,
        )
    finally:
        await reading.close()


async def _cursors(reading: Reading, eenheid_ids: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    filters = {f"postvak:{id_}": TaakFilter(organisatorische_eenheid_id=id_) for id_ in eenheid_ids}
    filters["interneTaken"] = TaakFilter()
    found: dict[tuple[str, str], list[str]] = {}
    for order in Volgorde:
        contacts = await reading.klantcontacten(KlantcontactFilter(), order, _ALL)
        codec = CursorCodec("klantcontacten", order.value, KLANTCONTACT_POSITIONS[order])
        found["klantcontacten", order.value] = [codec.write(position) for _, position in contacts.items]
        for name, asked in filters.items():
            tasks = await reading.taken(asked, order, _ALL)
            codec = CursorCodec(name, order.value, TAAK_POSITIONS[order])
            found[name, order.value] = [codec.write(position) for _, position in tasks.items]
    return found
