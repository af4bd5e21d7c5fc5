"""The one place that turns what a login may see into a WHERE.

A task may be seen by the department whose inbox it is in, the one that registered it, and those that `inzage`
names: that it was forwarded from, or that registered its klantcontact. Triggers keep `inzage`; see `triggers`.
"""

from collections.abc import Collection
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
"""Why a department may see a task: it stands in such a column."""

_SEEN = inzage.alias("inzage_van")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: somebody who sees all, or departments. They are one parameter of the statement, by the name
    `parameter`; with `eenheden` the statement can be executed as it stands.
    """

    sees_all: bool
    parameter: str = "eenheden"
    eenheden: Collection[str] | None = None

    def is_own(self, eenheid_id: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether a column names an own department."""
        return is_one_of(eenheid_id, self.parameter, self.eenheden)

    def own(self) -> BindParameter[Collection[str]]:
        """The own departments, given when the statement is executed."""
        return bindparam(self.parameter, type_=Ids)


def viewer(scope: Scope) -> Viewer:
    """Who looks with a scope, with the departments in the statement itself."""
    return Viewer(scope.sees_all, eenheden=sorted(scope.eenheden))


def taak_visible(who: Viewer, taak: FromClause = interne_taak) -> ColumnElement[bool]:
    """A task that is or once was in an own department's inbox, or that an own department registered, or whose
    klantcontact an own department registered.
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
    """A klantcontact that an own department registered, or of a task that may be read."""
    if who.sees_all:
        return true()
    taak = interne_taak.alias()
    return or_(
        who.is_own(contact.c.eenheid_id),
        exists(select(taak.c.id).where(taak.c.klantcontact_id == contact.c.id, taak_visible(who, taak))),
    )


def seen_by(table: Table, who: Viewer) -> CompoundSelect[tuple[str]]:
    """The ids of all tasks or contacts that departments may see, found by the indexes that have the departments."""
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
