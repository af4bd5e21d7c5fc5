"""The one place that turns what a login may see into a WHERE."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.sql import FromClause

from app.domain.rights import Scope
from app.storage.arrays import is_one_of
from app.storage.tables import gebeurtenis, interne_taak, klantcontact


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


def viewer(scope: Scope) -> Viewer:
    """Who looks with a scope, with the departments in the statement itself."""
    return Viewer(scope.sees_all, eenheden=sorted(scope.eenheden))


def taak_visible(who: Viewer, taak: FromClause = interne_taak) -> ColumnElement[bool]:
    """A task that is or once was in an own department's inbox, or that an own department registered, or whose
    klantcontact an own department registered.
    """
    if who.sees_all:
        return true()
    contact, fact = klantcontact.alias(), gebeurtenis.alias()
    return or_(
        who.is_own(taak.c.eenheid_id),
        who.is_own(taak.c.geregistreerd_door_eenheid_id),
        exists(
            select(contact.c.id).where(contact.c.id == taak.c.klantcontact_id, who.is_own(contact.c.eenheid_id))
        ),
        # Every arrival in an inbox is a fact there.
        exists(select(fact.c.id).where(fact.c.taak_id == taak.c.id, who.is_own(fact.c.eenheid_id))),
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
