"""Writing whom a contact was with, and reading it with everything locked that a deed on it changes.

The order of the locks is the contact, then its tasks by id, then departments by id.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from app.domain.calling_back.betrokkene import Vastgelegd, compared_form
from app.domain.model import InterneTaak, InterneTaakStatus
from app.storage.engine.transaction import Transaction
from app.storage.read import rows
from app.storage.schema.tables import betrokkene, digitaal_adres, interne_taak, klantcontact
from app.storage.sql.prepared import Prepared
from app.storage.write.inserting import Inserts

_LOCK = Prepared.of(
    select(klantcontact.c.id).where(klantcontact.c.id == bindparam("id")).with_for_update(key_share=True)
)
_OPEN_TAKEN = Prepared.of(
    select(*rows.TAAK_COLUMNS)
    .where(
        interne_taak.c.klantcontact_id == bindparam("klantcontact_id"),
        interne_taak.c.status == InterneTaakStatus.TE_DOEN.value,
    )
    .order_by(interne_taak.c.id)
    .with_for_update()
)
_STANDS = Prepared.of(
    select(*rows.BETROKKENE_COLUMNS).where(betrokkene.c.klantcontact_id == bindparam("klantcontact_id"))
)
_ADRESSEN = Prepared.of(
    select(*rows.DIGITAAL_ADRES_COLUMNS)
    .where(digitaal_adres.c.betrokkene_id == bindparam("betrokkene_id"))
    .order_by(digitaal_adres.c.plaats)
)
_CONTACT_OF = Prepared.of(select(betrokkene.c.klantcontact_id).where(betrokkene.c.id == bindparam("id")))
_CONTACT_OF_TAAK = Prepared.of(select(interne_taak.c.klantcontact_id).where(interne_taak.c.id == bindparam("id")))
_INSERT = Inserts(betrokkene, digitaal_adres)
_ADD_ADRESSEN = Inserts(digitaal_adres)
_CHANGING = (
    "versie",
    "rol",
    "voorletters",
    "voornaam",
    "voorvoegsel_achternaam",
    "achternaam",
    "organisatienaam",
)
_UPDATE = Prepared.of(
    update(betrokkene)
    .where(betrokkene.c.id == bindparam("betrokkene_id"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_DELETE_ADRESSEN = Prepared.of(
    delete(digitaal_adres).where(digitaal_adres.c.betrokkene_id == bindparam("betrokkene_id"))
)
_NOTED_ANEW = Prepared.of(
    update(klantcontact)
    .where(
        klantcontact.c.id == bindparam("klantcontact_id"), klantcontact.c.contactgegevens_verwijderd_op.is_not(None)
    )
    .values(contactgegevens_verwijderd_op=None)
)


async def klantcontact_of(tx: Transaction, betrokkene_id: str) -> str | None:
    """The id of the contact of a betrokkene; None if there is no such betrokkene."""
    found = await tx.run(_CONTACT_OF, id=betrokkene_id)
    return found[0][0] if found else None


async def klantcontact_of_taak(tx: Transaction, taak_id: str) -> str | None:
    """The id of the contact of a task; None if there is no such task."""
    found = await tx.run(_CONTACT_OF_TAAK, id=taak_id)
    return found[0][0] if found else None


async def lock_klantcontact(tx: Transaction, klantcontact_id: str) -> None:
    """Lock a contact until the transaction ends, so that nobody else changes whom it was with."""
    await tx.run(_LOCK, id=klantcontact_id)


async def locked_open_taken(tx: Transaction, klantcontact_id: str) -> list[InterneTaak]:
    """The open tasks of a contact, ordered by id and locked until the transaction ends."""
    return [rows.taak(row) for row in await tx.run(_OPEN_TAKEN, klantcontact_id=klantcontact_id)]


async def vastgelegd(tx: Transaction, klantcontact_id: str) -> Vastgelegd | None:
    """The betrokkene of a contact with their addresses; None if nobody was noted."""
    found = await tx.run(_STANDS, klantcontact_id=klantcontact_id)
    if not found:
        return None
    stands = rows.betrokkene(found[0])
    adressen = await tx.run(_ADRESSEN, betrokkene_id=stands.id)
    return Vastgelegd(stands, tuple(map(rows.digitaal_adres, adressen)))


async def insert_betrokkene(tx: Transaction, new: Vastgelegd) -> None:
    """Insert a betrokkene of a contact that has none."""
    await _INSERT(tx, [rows.values(new.betrokkene)], _adressen(new))
    await tx.run(_NOTED_ANEW, klantcontact_id=new.betrokkene.klantcontact_id)


async def replace_betrokkene(tx: Transaction, new: Vastgelegd) -> None:
    """Replace what stands of a betrokkene; nothing of it is kept."""
    row = rows.values(new.betrokkene)
    await tx.run(_DELETE_ADRESSEN, betrokkene_id=new.betrokkene.id)
    await tx.run(_UPDATE, betrokkene_id=new.betrokkene.id, **{name: row[name] for name in _CHANGING})
    await _ADD_ADRESSEN(tx, _adressen(new))


def _adressen(new: Vastgelegd) -> Sequence[dict[str, Any]]:
    return [
        {**rows.values(adres), "vergeleken": compared_form(adres.soort_digitaal_adres, adres.adres)}
        for adres in new.digitale_adressen
    ]
