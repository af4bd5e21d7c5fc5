"""Reading the whole contents of a database."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from app.domain.finding.filters import KLANTCONTACT_POSITIONS, TAAK_POSITIONS, KlantcontactFilter, TaakFilter
from app.domain.model import (
    Gebeurtenis,
    InterneTaak,
    Klantcontact,
    Medewerker,
    OrganisatorischeEenheid,
    Postvak,
    Volgorde,
)
from app.domain.relations import RELATIONS
from app.domain.rights import Login
from app.graphql.types.cursors import CursorCodec
from app.service.reading import Records
from app.service.rows import Rows
from app.storage.engine.database import Database
from app.storage.engine.transaction import Transaction
from app.storage.read import facts
from tests.support.generated.population import Population
from tests.support.records import Listed, records_of


async def _facts(eenheid_ids: Sequence[str], tx: Transaction) -> list[Gebeurtenis]:
    return [fact for id_ in eenheid_ids for fact in await facts.of_postvak(tx, id_, 0, 1000)]


async def population(database: Database, logins: Sequence[Login], kanalen: Sequence[str]) -> Population:
    """Read everything in the database. `logins` are the possible callers."""
    async with records_of(database) as records:
        eenheden = await records.read(Rows.eenheden, OrganisatorischeEenheid)
        ids = [eenheid.id for eenheid in eenheden]
        taken = await records.page(InterneTaak, Listed(TaakFilter(), Volgorde.LANGST_WACHTEND_EERST))
        contacten = await records.page(Klantcontact, Listed(KlantcontactFilter(), Volgorde.LANGST_WACHTEND_EERST))
        postvakken = {one.eenheid_id: one for one in await records.read(Rows.postvakken, Postvak, eenheid_ids=ids)}
        feiten = await database.reading(partial(_facts, ids))
        door = {fact.door_id for fact in feiten if fact.door_id is not None}
        ids_of_people = sorted(door | {login.medewerker_id for login in logins})
        people = [await records.look_up(Rows.medewerker, Medewerker, id=id_) for id_ in ids_of_people]
        betrokkenen = await _related(records, "Klantcontact", [contact for contact, _ in contacten.items])
        adressen = await _related(records, "Betrokkene", betrokkenen)
        return Population(
            logins=logins,
            eenheden=eenheden,
            postvakken=[postvakken[id_] for id_ in ids],
            medewerkers=[one for one in people if one is not None],
            klantcontacten=[contact for contact, _ in contacten.items],
            betrokkenen=betrokkenen,
            adressen=sorted({adres.adres for adres in adressen}),
            taken=[taak for taak, _ in taken.items],
            feiten=feiten,
            cursors=await _cursors(records, ids),
            kanalen=kanalen,
        )


async def _related(records: Records, kind: str, of: Sequence[Any]) -> list[Any]:
    """Whom contacts were with, or the addresses of these."""
    relation = RELATIONS[kind]["betrokkenen" if kind == "Klantcontact" else "digitale_adressen"]
    found = await records.related(relation, [(one.id,) for one in of], 10_000)
    return [one for listed in found.values() for one in listed or ()]


async def _cursors(records: Records, eenheid_ids: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    filters = {f"postvak:{id_}": TaakFilter(organisatorische_eenheid_id=id_) for id_ in eenheid_ids}
    filters["interneTaken"] = TaakFilter()
    found: dict[tuple[str, str], list[str]] = {}
    for order in Volgorde:
        contacts = await records.page(Klantcontact, Listed(KlantcontactFilter(), order))
        codec = CursorCodec("klantcontacten", order.value, KLANTCONTACT_POSITIONS[order])
        found["klantcontacten", order.value] = [codec.write(position) for _, position in contacts.items]
        for name, asked in filters.items():
            tasks = await records.page(InterneTaak, Listed(asked, order))
            codec = CursorCodec(name, order.value, TAAK_POSITIONS[order])
            found[name, order.value] = [codec.write(position) for _, position in tasks.items]
    return found
