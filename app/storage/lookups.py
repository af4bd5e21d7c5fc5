"""Looking up by id, many at once. What is unknown is left out of the answer.

Those that take a scope find only what it may see; the others are for what hangs on an object that was found.
Lists are `TooLong` that have more than `most` items together.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Literal

from sqlalchemy import ColumnElement, false, func, literal, literal_column, or_, select, tuple_, union_all

from app.domain.folding import fold
from app.domain.model import (
    Gebeurtenis,
    InterneTaak,
    Klantcontact,
    Medewerker,
    OrganisatorischeEenheid,
    Postvak,
)
from app.domain.model import InterneTaakStatus as Status
from app.domain.rights import Scope
from app.plans.allowance import within
from app.storage import rows
from app.storage.snapshot import Reader
from app.storage.tables import (
    RANGEN,
    gebeurtenis,
    interne_taak,
    klantcontact,
    medewerker,
    medewerker_eenheid,
    organisatorische_eenheid,
    registratie,
)
from app.storage.visibility import klantcontact_visible, taak_visible, viewer

Soort = Literal["OrganisatorischeEenheid", "Postvak", "Medewerker", "Klantcontact", "InterneTaak", "Gebeurtenis"]
"""The types of object that have an id."""


async def soort_of(reader: Reader, object_id: str) -> Soort | None:
    """Which type of object has an id; None where nothing has."""
    by_table = {
        "OrganisatorischeEenheid": organisatorische_eenheid.c.id,
        "Postvak": organisatorische_eenheid.c.postvak_id,
        "Medewerker": medewerker.c.id,
        "Klantcontact": klantcontact.c.id,
        "InterneTaak": interne_taak.c.id,
        "Gebeurtenis": gebeurtenis.c.id,
    }
    found = await reader.rows(
        union_all(*(select(literal(soort)).where(column == object_id) for soort, column in by_table.items()))
    )
    return found[0][0] if found else None


async def used_ids(reader: Reader, ids: Collection[str]) -> set[str]:
    """Those of the ids that any object has."""
    columns = (
        registratie.c.id,
        organisatorische_eenheid.c.id,
        organisatorische_eenheid.c.postvak_id,
        medewerker.c.id,
        gebeurtenis.c.id,
    )
    if not ids:
        return set()
    found = await reader.rows(union_all(*(select(column).where(column.in_(ids)) for column in columns)))
    return {row[0] for row in found}


async def eenheden(reader: Reader, ids: Collection[str]) -> dict[str, OrganisatorischeEenheid]:
    """Departments."""
    found = await reader.rows(select(*rows.EENHEID_COLUMNS).where(organisatorische_eenheid.c.id.in_(ids)))
    return {row.id: rows.eenheid(row) for row in found}


async def all_eenheden(reader: Reader, actief: bool | None) -> list[OrganisatorischeEenheid]:
    """Every department, or the active or inactive ones, by naam."""
    statement = select(*rows.EENHEID_COLUMNS)
    if actief is not None:
        statement = statement.where(organisatorische_eenheid.c.actief.is_(actief))
    found = [rows.eenheid(row) for row in await reader.rows(statement)]
    return sorted(found, key=lambda eenheid: (fold(eenheid.naam), eenheid.naam, eenheid.id))


_MEDEWERKER = select(
    medewerker.c.id, medewerker.c.naam, medewerker.c.actief, medewerker_eenheid.c.eenheid_id
).join_from(medewerker, medewerker_eenheid, medewerker_eenheid.c.medewerker_id == medewerker.c.id)


async def medewerkers(reader: Reader, ids: Collection[str]) -> dict[str, Medewerker]:
    """Employees, each with the first of his departments."""
    found = await reader.rows(_MEDEWERKER.where(medewerker.c.id.in_(ids), medewerker_eenheid.c.plaats == 0))
    return {row.id: Medewerker(*row) for row in found}


async def medewerkers_by_eenheid(reader: Reader, ids: Collection[str], most: int) -> dict[str, list[Medewerker]]:
    """The active employees of departments, by naam; a department without any is left out."""
    of_eenheid = medewerker_eenheid.alias()
    found = await reader.rows(
        _MEDEWERKER.add_columns(of_eenheid.c.eenheid_id.label("van"))
        .join(of_eenheid, of_eenheid.c.medewerker_id == medewerker.c.id)
        .where(of_eenheid.c.eenheid_id.in_(ids), medewerker.c.actief.is_(True), medewerker_eenheid.c.plaats == 0)
        .limit(most + 1)
    )
    grouped: dict[str, list[Medewerker]] = defaultdict(list)
    for row in sorted(within(found, most), key=lambda row: (fold(row.naam), row.naam, row.id)):
        grouped[row.van].append(Medewerker(*row[:4]))
    return grouped


async def klantcontacten(
    reader: Reader, ids: Collection[str], scope: Scope | None = None
) -> dict[str, Klantcontact]:
    """Contacts; with a scope only those it may see."""
    statement = select(*rows.KLANTCONTACT_COLUMNS).where(klantcontact.c.id.in_(ids))
    if scope is not None:
        statement = statement.where(klantcontact_visible(viewer(scope)))
    return {row.id: rows.klantcontact(row) for row in await reader.rows(statement)}


async def taken(reader: Reader, ids: Collection[str], scope: Scope | None = None) -> dict[str, InterneTaak]:
    """Tasks; with a scope only those it may see."""
    statement = select(*rows.TAAK_COLUMNS).where(interne_taak.c.id.in_(ids))
    if scope is not None:
        statement = statement.where(taak_visible(viewer(scope)))
    return {row.id: rows.taak(row) for row in await reader.rows(statement)}


async def taken_by_klantcontact(
    reader: Reader, ids: Collection[str], scope: Scope, most: int
) -> dict[str, list[InterneTaak]]:
    """The tasks of contacts that the scope may see, oldest first."""
    found = await reader.rows(
        select(*rows.TAAK_COLUMNS)
        .where(interne_taak.c.klantcontact_id.in_(ids), taak_visible(viewer(scope)))
        .order_by(interne_taak.c.geregistreerd_op, interne_taak.c.plaats, interne_taak.c.id)
        .limit(most + 1)
    )
    grouped: dict[str, list[InterneTaak]] = defaultdict(list)
    for row in within(found, most):
        grouped[row.klantcontact_id].append(rows.taak(row))
    return grouped


async def postvakken(
    reader: Reader, *, eenheid_ids: Collection[str] = (), postvak_ids: Collection[str] = ()
) -> dict[str, Postvak]:
    """Inboxes, by department id: their counters and their place in one statement, so of one moment."""
    eenheid = organisatorische_eenheid.c
    found = await reader.rows(
        select(
            eenheid.postvak_id,
            eenheid.id,
            eenheid.laatste_volgnummer,
            eenheid.aantal_te_doen,
            eenheid.aantal_niet_toegewezen,
            eenheid.aantal_klant_aan_de_lijn,
            longest_waiting(eenheid.id),
        ).where(
            or_(
                eenheid.id.in_(eenheid_ids) if eenheid_ids else false(),
                eenheid.postvak_id.in_(postvak_ids) if postvak_ids else false(),
            )
        )
    )
    return {row.id: Postvak(*row) for row in found}


def longest_waiting(eenheid_id: ColumnElement[str]) -> ColumnElement[str | None]:
    """Since when the longest waiting open task of a department waits: one look into the index of the inbox for each
    rang. The department is a column of the statement around it.
    """
    taak = interne_taak.c
    here = [taak.eenheid_id == eenheid_id, taak.status == literal_column(f"'{Status.TE_DOEN.value}'")]
    firsts = (
        select(func.min(taak.wachtend_sinds).label("sinds")).where(*here, taak.rang == literal_column(str(rang)))
        for rang in RANGEN
    )
    oldest = union_all(*(first.correlate(organisatorische_eenheid) for first in firsts)).subquery()
    return select(func.min(oldest.c.sinds)).scalar_subquery()


async def gebeurtenissen(reader: Reader, ids: Collection[str], scope: Scope) -> dict[str, Gebeurtenis]:
    """Facts of tasks that the scope may see."""
    found = await reader.rows(
        select(*rows.GEBEURTENIS_COLUMNS)
        .join_from(gebeurtenis, interne_taak, interne_taak.c.id == gebeurtenis.c.taak_id)
        .where(gebeurtenis.c.id.in_(ids), taak_visible(viewer(scope)))
    )
    return {row.id: rows.gebeurtenis(row) for row in found}


async def gebeurtenissen_by_versie(
    reader: Reader, keys: Collection[tuple[str, int]]
) -> dict[tuple[str, int], Gebeurtenis]:
    """Facts by task and versie."""
    found = await reader.rows(
        select(*rows.GEBEURTENIS_COLUMNS).where(tuple_(gebeurtenis.c.taak_id, gebeurtenis.c.versie).in_(list(keys)))
    )
    return {(row.taak_id, row.versie): rows.gebeurtenis(row) for row in found}


async def logboeken(reader: Reader, taak_ids: Collection[str], most: int) -> dict[str, list[Gebeurtenis]]:
    """All facts of tasks, by versie."""
    found = await reader.rows(
        select(*rows.GEBEURTENIS_COLUMNS)
        .where(gebeurtenis.c.taak_id.in_(taak_ids))
        .order_by(gebeurtenis.c.taak_id, gebeurtenis.c.versie)
        .limit(most + 1)
    )
    grouped: dict[str, list[Gebeurtenis]] = defaultdict(list)
    for row in within(found, most):
        grouped[row.taak_id].append(rows.gebeurtenis(row))
    return grouped
