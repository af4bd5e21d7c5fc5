"""Numbering facts in the streams of their departments, and storing them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, Integer, bindparam, insert, or_, update

from app.domain import inbox
from app.domain.facts import Feit, Overgang
from app.domain.inbox import Tellers
from app.domain.model import Gebeurtenis, GebeurtenisSoort
from app.domain.values.ids import new_id
from app.storage.engine.failures import Conflict
from app.storage.engine.transaction import Transaction
from app.storage.read import rows
from app.storage.schema.tables import gebeurtenis, organisatorische_eenheid
from app.storage.sql.prepared import DatabaseKind, Prepared, Template
from app.storage.write.inserting import as_json

_RECEIVES = frozenset({GebeurtenisSoort.GEREGISTREERD, GebeurtenisSoort.ONTVANGEN})

_RAISED = ("laatste_volgnummer", "aantal_te_doen", "aantal_niet_toegewezen", "aantal_klant_aan_de_lijn")
"""The columns of an inbox that facts change."""

_EENHEID = organisatorische_eenheid.c

_RAISE = (
    update(organisatorische_eenheid)
    .where(
        _EENHEID.id == bindparam("eenheid_id"),
        or_(_EENHEID.actief.is_(True), bindparam("also_inactive", type_=Boolean).is_(True)),
    )
    .values({name: _EENHEID[name] + bindparam(f"{name}_more", type_=Integer) for name in _RAISED})
    .returning(_EENHEID.laatste_volgnummer)
)
_RAISE_ALONE = Prepared.of(_RAISE)
_ADD = Prepared.of(insert(gebeurtenis))


def _raise_and_add(_: DatabaseKind) -> Template:
    """For PostgreSQL: raise the numbers of an inbox and insert its facts, in one statement. The facts in the JSON
    are numbered relative to the last one, which is 0.
    """
    raised = Template.of(_RAISE, "postgresql")
    columns = [column.name for column in gebeurtenis.columns]
    values = [f"f.{name}" if name != "volgnummer" else "r.laatste_volgnummer + f.volgnummer" for name in columns]
    facts = "json_populate_recordset(NULL::gebeurtenis, %(facts)s::json)"
    added = f"INSERT INTO gebeurtenis ({', '.join(columns)}) SELECT {', '.join(values)} FROM r, {facts} AS f"  # noqa: S608
    text = f"WITH r AS ({raised.text}), a AS ({added}) SELECT laatste_volgnummer FROM r"  # noqa: S608 - both are our own
    return Template(text, raised.defaults, raised.processors)


_RAISE_AND_ADD = Prepared(_raise_and_add)


async def insert_facts(tx: Transaction, overgangen: Sequence[Overgang], moment: str) -> list[Gebeurtenis]:
    """Number the facts in the streams of their departments, store them, and update the counters of the inboxes.
    Returns the facts in the order of the transitions.

    Departments are locked in the order of their ids, so that two transactions never wait for each other. Raises
    `Conflict` if a department that receives a task was closed in the meantime.
    """
    facts = [_fact(feit, moment) for overgang in overgangen for feit in overgang.feiten]
    per_eenheid: dict[str, list[int]] = defaultdict(list)
    for place, fact in enumerate(facts):
        per_eenheid[fact.eenheid_id].append(place)
    for eenheid_id, tellers in inbox.changes(overgangen).items():
        places = per_eenheid[eenheid_id]
        last = await _raise_postvak(tx, eenheid_id, tellers, [facts[place] for place in places])
        for back, place in enumerate(reversed(places)):
            facts[place] = replace(facts[place], volgnummer=last - back)
    if facts and tx.kind == "sqlite":
        await tx.run_many(_ADD, [rows.values(fact) for fact in facts])
    return facts


async def _raise_postvak(tx: Transaction, eenheid_id: str, tellers: Tellers, facts: Sequence[Gebeurtenis]) -> int:
    """Raise a department's last volgnummer and its counters, and return that volgnummer. The row lock leaves no
    gaps in the numbers. On PostgreSQL the department's facts are stored in the same round trip.
    """
    values: dict[str, Any] = {
        "eenheid_id": eenheid_id,
        "also_inactive": not any(fact.soort in _RECEIVES for fact in facts),
        "laatste_volgnummer_more": len(facts),
        "aantal_te_doen_more": tellers.te_doen,
        "aantal_niet_toegewezen_more": tellers.niet_toegewezen,
        "aantal_klant_aan_de_lijn_more": tellers.klant_aan_de_lijn,
    }
    if tx.kind == "postgresql":
        backwards = (rows.values(fact) | {"volgnummer": place - len(facts)} for place, fact in enumerate(facts, 1))
        result = await tx.run(_RAISE_AND_ADD, **values, facts=as_json(backwards))
    else:
        result = await tx.run(_RAISE_ALONE, **values)
    if not result:
        raise Conflict
    return int(result[0][0])


def _fact(feit: Feit, moment: str) -> Gebeurtenis:
    """A fact that has no volgnummer yet."""
    return Gebeurtenis(
        id=new_id(),
        volgnummer=0,
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
        antwoord=feit.antwoord,
    )
