"""Writing registrations and changes of tasks. Each fact is stored in the same transaction as the change that it
reports.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, literal, select, union_all, update

from app.domain import inbox
from app.domain.facts import Overgang
from app.domain.finding import search
from app.domain.model import InterneTaak, InterneTaakStatus, Klantcontact
from app.domain.rights import Scope
from app.storage.engine.failures import Conflict, ConstraintViolated
from app.storage.engine.transaction import Transaction
from app.storage.read import rows
from app.storage.schema.tables import ID_COLUMNS, interne_taak, klantcontact, registratie
from app.storage.schema.visibility import Viewer, taak_visible
from app.storage.sql.arrays import is_one_of
from app.storage.sql.prepared import Prepared
from app.storage.write.inserting import Inserts

_TAAK = select(*rows.TAAK_COLUMNS)
_ONE_TAAK = {
    sees_all: Prepared.of(
        _TAAK.where(interne_taak.c.id == bindparam("id"), taak_visible(Viewer(sees_all))).with_for_update(
            of=interne_taak
        )
    )
    for sees_all in (True, False)
}
_MEDEWERKER_OF = Prepared.of(select(interne_taak.c.medewerker_id).where(interne_taak.c.id == bindparam("id")))
_TAKEN_OF = Prepared.of(
    _TAAK.where(
        interne_taak.c.medewerker_id == bindparam("medewerker_id"),
        interne_taak.c.status == InterneTaakStatus.TE_DOEN.value,
        is_one_of(interne_taak.c.eenheid_id, "eenheden"),
    )
    .order_by(interne_taak.c.id)
    .with_for_update()
)

_CHANGING = (
    "status",
    "klant_aan_de_lijn",
    "gevraagde_handeling",
    "eenheid_id",
    "medewerker_id",
    "gedaan_op",
    "gedaan_door_id",
    "versie",
    "antwoord",
    "aantal_contactpogingen",
    "rang",
)
"""The columns of a task that change after its registration."""

_UPDATE_TAAK = Prepared.of(
    update(interne_taak)
    .where(interne_taak.c.id == bindparam("taak_id"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_KEEP_HANDELING = Prepared.of(
    update(interne_taak)
    .where(interne_taak.c.id == bindparam("taak_id"), interne_taak.c.geregistreerde_handeling.is_(None))
    .values(geregistreerde_handeling=bindparam("handeling"))
)

_NOBODY = [literal(None, registratie.c.medewerker_id.type), literal(None, registratie.c.vingerafdruk.type)]
_CLAIMED = Prepared.of(
    union_all(
        select(registratie.c.id, registratie.c.medewerker_id, registratie.c.vingerafdruk).where(
            is_one_of(registratie.c.id, "ids")
        ),
        # Contacts and tasks are left out: the SELECT from registratie covers them.
        *(
            select(column, *_NOBODY).where(is_one_of(column, "ids"))
            for kind, column in ID_COLUMNS.items()
            if kind not in ("Klantcontact", "InterneTaak")
        ),
    )
)

_REGISTRATION = Inserts(registratie, klantcontact, interne_taak)
_MORE_TAKEN = Inserts(registratie, interne_taak)

Claim = tuple[str, str, str | None]
"""An id, a number, and the fingerprint of the input."""


async def locked_taak(tx: Transaction, taak_id: str, scope: Scope) -> InterneTaak | None:
    """A task that the scope may see, with its row locked until the transaction ends; None if there is no
    such task.
    """
    found = await tx.run(_ONE_TAAK[scope.sees_all], id=taak_id, eenheden=scope.eenheden)
    if not found and tx.locks_rows:
        # A statement that waits for the row lock still sees the old rows of `inzage`, which may make the task
        # visible to the caller. A second statement sees the new ones.
        found = await tx.run(_ONE_TAAK[scope.sees_all], id=taak_id, eenheden=scope.eenheden)
    return rows.taak(found[0]) if found else None


async def medewerker_of(tx: Transaction, taak_id: str) -> str | None:
    """The id of the employee who has a task at this moment; None if nobody has it or there is no such task."""
    found = await tx.run(_MEDEWERKER_OF, id=taak_id)
    return found[0][0] if found else None


async def locked_taken_of(tx: Transaction, medewerker_id: str, eenheid_ids: Iterable[str]) -> list[InterneTaak]:
    """The open tasks of an employee in the given departments, ordered by id and locked until the
    transaction ends.
    """
    found = await tx.run(_TAKEN_OF, medewerker_id=medewerker_id, eenheden=list(eenheid_ids))
    return [rows.taak(row) for row in found]


async def ids_in_use(tx: Transaction, ids: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    """Which of the ids are in use: by id, the employee who registered the object and the fingerprint of the input,
    or None.
    """
    return {row[0]: (row[1], row[2]) for row in await tx.run(_CLAIMED, ids=ids)} if ids else {}


async def insert_registration(
    tx: Transaction, contact: Klantcontact, print_: str | None, overgangen: Sequence[Overgang]
) -> None:
    """Insert a contact with its new tasks, in order. Raises `Conflict` if an id or a number was taken in the
    meantime.
    """
    claims = [_claim(contact.medewerker_id, (contact.id, contact.nummer, print_)), *_claims(overgangen)]
    words = search.index(contact.onderwerp, contact.inhoud)
    row = _contact_values(contact) | _searched(search.index(contact.nummer) + words)
    try:
        await _REGISTRATION(tx, claims, [row], _taken(contact, words, overgangen))
    except ConstraintViolated as error:
        raise Conflict from error


async def insert_taak(tx: Transaction, contact: Klantcontact, print_: str | None, overgang: Overgang) -> None:
    """Insert a new task of an existing contact. Raises `Conflict` if its id or number was taken in the meantime."""
    na = overgang.na
    claims = [_claim(na.geregistreerd_door_id, (na.id, na.nummer, print_))]
    words = search.index(contact.onderwerp, contact.inhoud)
    try:
        await _MORE_TAKEN(tx, claims, _taken(contact, words, [overgang]))
    except ConstraintViolated as error:
        raise Conflict from error


async def update_taak(tx: Transaction, overgang: Overgang) -> None:
    """Store the new state of a locked task."""
    voor, na = overgang.voor, overgang.na
    if voor is not None and voor.gevraagde_handeling != na.gevraagde_handeling:
        await tx.run(_KEEP_HANDELING, taak_id=na.id, handeling=voor.gevraagde_handeling)
    row = {**rows.values(na), "status": str(na.status), "rang": _rang(na)}
    await tx.run(_UPDATE_TAAK, taak_id=na.id, **{name: row[name] for name in _CHANGING})


def _claims(overgangen: Iterable[Overgang]) -> list[dict[str, str | None]]:
    return [_claim(o.na.geregistreerd_door_id, (o.na.id, o.na.nummer, None)) for o in overgangen]


def _claim(medewerker_id: str, claim: Claim) -> dict[str, str | None]:
    id_, nummer, print_ = claim
    return {"id": id_, "nummer": nummer, "medewerker_id": medewerker_id, "vingerafdruk": print_}


def _taken(contact: Klantcontact, words: str, overgangen: Iterable[Overgang]) -> list[dict[str, object]]:
    """The rows of new tasks, with their search words: their own, and the `words` of their contact."""
    return [
        {
            **rows.values(overgang.na),
            "geregistreerde_handeling": None,
            "contact_geregistreerd_op": contact.geregistreerd_op if _was_earlier(contact) else None,
            "plaats": place,
            "rang": _rang(overgang.na),
            **_searched(
                search.index(
                    overgang.na.nummer,
                    contact.nummer,
                    overgang.na.gevraagde_handeling,
                    overgang.na.toelichting,
                )
                + words
            ),
        }
        for place, overgang in enumerate(overgangen)
    ]


def _contact_values(contact: Klantcontact) -> dict[str, object]:
    """The row of a contact. Only one that took place before it was registered has a moment for that."""
    return {
        **rows.values(contact),
        "plaatsgevonden_op": contact.plaatsgevonden_op if _was_earlier(contact) else None,
    }


def _was_earlier(contact: Klantcontact) -> bool:
    return contact.plaatsgevonden_op != contact.geregistreerd_op


def _searched(words: str) -> dict[str, object]:
    return {"zoekwoorden": words, "zoekversie": search.VERSION}


def _rang(taak: InterneTaak) -> int:
    return 0 if inbox.goes_first(taak) else 1
