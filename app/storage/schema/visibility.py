"""The one place that turns the scope of a login into a WHERE.

A task is visible to the department whose inbox it is in, to the one that registered it, and to those in the table
`inzage`: the departments that it was forwarded from, and the one that registered its klantcontact. Triggers
maintain `inzage`; see `triggers`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Table,
    bindparam,
    exists,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql import FromClause

from app.domain.rights import Scope
from app.storage.schema.tables import interne_taak, inzage, klantcontact
from app.storage.sql.arrays import Ids, is_one_of

REASONS = ((interne_taak, "eenheid_id"), (interne_taak, "geregistreerd_door_eenheid_id"), (inzage, "eenheid_id"))
"""The columns that make a task visible to a department: it may see the task if its id is in one of them."""

_EENHEDEN, _BEHANDELENDE = "eenheden", "behandelende_eenheden"

_SEEN = inzage.alias("inzage_van")


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom a statement reads: someone who may see all, or someone with departments. The departments are
    parameters of the statement, whose names begin with `prefix`; `values_of` has their values.
    """

    sees_all: bool
    prefix: str = ""

    def is_own(self, eenheid_id: ColumnElement[str]) -> ColumnElement[bool]:
        """A condition: a column holds the id of one of the viewer's departments."""
        return is_one_of(eenheid_id, self.prefix + _EENHEDEN)

    def handles(self, eenheid_id: ColumnElement[str]) -> ColumnElement[bool]:
        """A condition: a column holds the id of a department for which the viewer handles tasks."""
        return is_one_of(eenheid_id, self.prefix + _BEHANDELENDE)

    def own(self) -> BindParameter[Collection[str]]:
        """The parameter for the viewer's departments."""
        return bindparam(self.prefix + _EENHEDEN, type_=Ids)


def values_of(scope: Scope) -> dict[str, Sequence[str]]:
    """The values of the parameters of a viewer with a scope, without prefix."""
    return {_EENHEDEN: sorted(scope.eenheden), _BEHANDELENDE: sorted(scope.behandelende_eenheden)}


def taak_visible(who: Viewer, taak: FromClause = interne_taak) -> ColumnElement[bool]:
    """A condition: the task is or was in the inbox of one of the viewer's departments, or one of them registered
    the task or its klantcontact.
    """
    if who.sees_all:
        return true()
    seen = _SEEN
    return or_(
        *(
            who.is_own(taak.c[column])
            if table is interne_taak
            else exists(select(seen.c.taak_id).where(seen.c.taak_id == taak.c.id, who.is_own(seen.c[column])))
            for table, column in REASONS
        )
    )


def klantcontact_visible(who: Viewer, contact: FromClause = klantcontact) -> ColumnElement[bool]:
    """A condition: one of the viewer's departments registered the klantcontact, or the viewer may see one of its
    tasks.
    """
    if who.sees_all:
        return true()
    taak = interne_taak.alias()
    return or_(
        who.is_own(contact.c.eenheid_id),
        exists(select(taak.c.id).where(taak.c.klantcontact_id == contact.c.id, taak_visible(who, taak))),
    )


def betrokkenen_visible(who: Viewer, contact: FromClause = klantcontact) -> ColumnElement[bool]:
    """A condition: the viewer may see whom a klantcontact was with. One of the departments for which they handle
    tasks registered the klantcontact, or has a task of it in its inbox now that another department registered.
    """
    if who.sees_all:
        return true()
    taak = interne_taak.alias("voor_ons")
    sent_to_them = select(taak.c.id).where(
        taak.c.klantcontact_id == contact.c.id,
        who.handles(taak.c.eenheid_id),
        taak.c.geregistreerd_door_eenheid_id != taak.c.eenheid_id,
    )
    return or_(who.handles(contact.c.eenheid_id), exists(sent_to_them))


def seen_by(table: Table, who: Viewer) -> CompoundSelect[tuple[str]]:
    """A SELECT of the ids of all tasks or contacts that the viewer's departments may see, using the indexes that
    begin with the department. An id may occur more than once.
    """
    taken = [
        select(seen.c.klantcontact_id if table is klantcontact else seen.c[_id_in(seen)]).where(
            who.is_own(seen.c[own])
        )
        for seen, own in REASONS
    ]
    own_contacts = select(klantcontact.c.id).where(who.is_own(klantcontact.c.eenheid_id))
    return union_all(*taken, *([own_contacts] if table is klantcontact else []))


def _id_in(table: Table) -> str:
    return "id" if table is interne_taak else "taak_id"
