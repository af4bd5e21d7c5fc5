"""The one place that turns what a login may see into a WHERE."""

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.sql import FromClause

from app.domain.rights import Scope
from app.storage.tables import gebeurtenis, interne_taak, klantcontact


def taak_visible(scope: Scope, taak: FromClause = interne_taak) -> ColumnElement[bool]:
    """A task that is or once was in an own department's inbox, or that an own department registered, or whose
    klantcontact an own department registered.
    """
    if scope.sees_all:
        return true()
    contact, fact = klantcontact.alias(), gebeurtenis.alias()
    return or_(
        taak.c.eenheid_id.in_(scope.eenheden),
        taak.c.geregistreerd_door_eenheid_id.in_(scope.eenheden),
        exists(
            select(contact.c.id).where(
                contact.c.id == taak.c.klantcontact_id, contact.c.eenheid_id.in_(scope.eenheden)
            )
        ),
        # Every arrival in an inbox is a fact there.
        exists(select(fact.c.id).where(fact.c.taak_id == taak.c.id, fact.c.eenheid_id.in_(scope.eenheden))),
    )


def klantcontact_visible(scope: Scope) -> ColumnElement[bool]:
    """A klantcontact that an own department registered, or of a task that may be read."""
    if scope.sees_all:
        return true()
    taak = interne_taak.alias()
    return or_(
        klantcontact.c.eenheid_id.in_(scope.eenheden),
        exists(select(taak.c.id).where(taak.c.klantcontact_id == klantcontact.c.id, taak_visible(scope, taak))),
    )
