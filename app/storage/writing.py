"""Writing registrations and transitions: every fact in the transaction of what it tells."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain import inbox, search
from app.domain.facts import Feit, Overgang
from app.domain.model import Gebeurtenis, GebeurtenisSoort, InterneTaak, InterneTaakStatus, Klantcontact
from app.domain.rights import Scope
from app.domain.text import new_id
from app.storage import rows
from app.storage.failures import Conflict
from app.storage.snapshot import Transaction
from app.storage.tables import gebeurtenis, interne_taak, klantcontact, organisatorische_eenheid, registratie
from app.storage.visibility import taak_visible, viewer

_RECEIVES = frozenset({GebeurtenisSoort.GEREGISTREERD, GebeurtenisSoort.ONTVANGEN})


async def locked_taak(tx: Transaction, taak_id: str, scope: Scope) -> InterneTaak | None:
    """A task that the scope may see, with its row locked until the transaction ends."""
    statement = select(*rows.TAAK_COLUMNS).where(interne_taak.c.id == taak_id, taak_visible(viewer(scope)))
    found = await tx.rows(statement.with_for_update(of=interne_taak))
    return rows.taak(found[0]) if found else None


async def locked_taken_of(tx: Transaction, medewerker_id: str, eenheid_ids: Iterable[str]) -> list[InterneTaak]:
    """An employee's open tasks in departments, in order of id, locked until the transaction ends."""
    found = await tx.rows(
        select(*rows.TAAK_COLUMNS)
        .where(
            interne_taak.c.medewerker_id == medewerker_id,
            interne_taak.c.status == InterneTaakStatus.TE_DOEN.value,
            interne_taak.c.eenheid_id.in_(list(eenheid_ids)),
        )
        .order_by(interne_taak.c.id)
        .with_for_update()
    )
    return [rows.taak(row) for row in found]


async def registered(tx: Transaction, object_id: str) -> tuple[str, str | None] | None:
    """Who registered an id, and the fingerprint of what he registered; None where it is free."""
    found = await tx.rows(
        select(registratie.c.medewerker_id, registratie.c.vingerafdruk).where(registratie.c.id == object_id)
    )
    return (found[0][0], found[0][1]) if found else None


async def insert_registraties(
    tx: Transaction, medewerker_id: str, numbered: Sequence[tuple[str, str, str | None]]
) -> None:
    """Claim ids and numbers: (id, nummer, fingerprint). `Conflict` where one was claimed meanwhile."""
    values = [
        {"id": id_, "nummer": nummer, "medewerker_id": medewerker_id, "vingerafdruk": vingerafdruk}
        for id_, nummer, vingerafdruk in numbered
    ]
    try:
        await tx.connection.execute(insert(registratie), values)
    except IntegrityError as error:
        raise Conflict from error


async def insert_klantcontact(tx: Transaction, contact: Klantcontact) -> None:
    """Store a contact, with its words for searching."""
    words = search.index(contact.nummer, contact.onderwerp, contact.inhoud)
    await tx.connection.execute(insert(klantcontact), {**asdict(contact), "zoekwoorden": words})


async def insert_taken(tx: Transaction, contact: Klantcontact, overgangen: Sequence[Overgang]) -> None:
    """Store the new tasks of a contact in order, with their words for searching."""
    values = [
        {
            **asdict(overgang.na),
            "plaats": place,
            "rang": _rang(overgang.na),
            "zoekwoorden": search.index(
                overgang.na.nummer,
                contact.nummer,
                overgang.na.gevraagde_handeling,
                overgang.na.toelichting,
                contact.onderwerp,
                contact.inhoud,
            ),
        }
        for place, overgang in enumerate(overgangen)
    ]
    await tx.connection.execute(insert(interne_taak), values)


async def update_taak(tx: Transaction, overgang: Overgang) -> None:
    """Store how a locked task stands after a deed."""
    na = overgang.na
    await tx.connection.execute(
        update(interne_taak)
        .where(interne_taak.c.id == na.id)
        .values(
            status=na.status.value,
            eenheid_id=na.eenheid_id,
            medewerker_id=na.medewerker_id,
            gedaan_op=na.gedaan_op,
            gedaan_door_id=na.gedaan_door_id,
            versie=na.versie,
            rang=_rang(na),
        )
    )


async def insert_facts(tx: Transaction, overgangen: Sequence[Overgang], moment: str) -> list[Gebeurtenis]:
    """Number the facts in their departments' streams and store them; the inboxes' counters go along.

    The numbers are taken in order of department id, so that two transactions never wait for each other.
    `Conflict` where a department that receives was closed meanwhile.
    """
    feiten = [feit for overgang in overgangen for feit in overgang.feiten]
    per_eenheid = Counter(feit.eenheid_id for feit in feiten)
    receiving = {feit.eenheid_id for feit in feiten if feit.soort in _RECEIVES}
    next_number = {}
    for eenheid_id, tellers in inbox.changes(overgangen).items():
        count = per_eenheid[eenheid_id]
        last = await _raise_postvak(tx, eenheid_id, count, tellers, active_only=eenheid_id in receiving)
        next_number[eenheid_id] = last - count + 1
    facts = []
    for feit in feiten:
        facts.append(_numbered(feit, next_number[feit.eenheid_id], moment))
        next_number[feit.eenheid_id] += 1
    if facts:
        await tx.connection.execute(insert(gebeurtenis), [asdict(fact) for fact in facts])
    return facts


async def _raise_postvak(
    tx: Transaction, eenheid_id: str, count: int, tellers: inbox.Tellers, *, active_only: bool
) -> int:
    """Raise a department's last volgnummer and its counters; the row lock keeps the numbers dense."""
    eenheid = organisatorische_eenheid.c
    statement = update(organisatorische_eenheid).where(eenheid.id == eenheid_id)
    if active_only:
        statement = statement.where(eenheid.actief.is_(True))
    found = await tx.rows(
        statement.values(
            laatste_volgnummer=eenheid.laatste_volgnummer + count,
            aantal_te_doen=eenheid.aantal_te_doen + tellers.te_doen,
            aantal_niet_toegewezen=eenheid.aantal_niet_toegewezen + tellers.niet_toegewezen,
            aantal_klant_aan_de_lijn=eenheid.aantal_klant_aan_de_lijn + tellers.klant_aan_de_lijn,
        ).returning(eenheid.laatste_volgnummer)
    )
    if not found:
        raise Conflict
    return int(found[0][0])


def _numbered(feit: Feit, volgnummer: int, moment: str) -> Gebeurtenis:
    return Gebeurtenis(
        id=new_id(),
        volgnummer=volgnummer,
        versie=feit.versie,
        soort=feit.soort,
        tijdstip=moment,
        eenheid_id=feit.eenheid_id,
        taak_id=feit.taak_id,
        door_id=feit.door_id,
        status=feit.status,
        medewerker_id=feit.medewerker_id,
        andere_eenheid_id=feit.andere_eenheid_id,
        toelichting=feit.toelichting,
    )


def _rang(taak: InterneTaak) -> int:
    return 0 if inbox.goes_first(taak) else 1
