"""Indexing anew, by the rule of searching as it is, what was indexed by an earlier one.

The texts that are searched never change, so that nobody is in the way; and what was found goes on being found.
"""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, column, select, table, update

from app.domain.finding import search
from app.storage.schema.tables import interne_taak, klantcontact

SEARCHED = {"klantcontact": klantcontact, "interne_taak": interne_taak}
"""The tables that are searched, by name."""

SINCE = "0007"
"""The version of the database from which on rows say by which rule they are indexed."""

_AT_ONCE = 1000

_TEXTS: dict[str, Select[Any]] = {
    "klantcontact": select(
        klantcontact.c.id,
        klantcontact.c.zoekwoorden,
        klantcontact.c.nummer,
        klantcontact.c.onderwerp,
        klantcontact.c.inhoud,
    ),
    "interne_taak": select(
        interne_taak.c.id,
        interne_taak.c.zoekwoorden,
        interne_taak.c.nummer,
        klantcontact.c.nummer,
        interne_taak.c.gevraagde_handeling,
        interne_taak.c.toelichting,
        klantcontact.c.onderwerp,
        klantcontact.c.inhoud,
    ).join_from(interne_taak, klantcontact, klantcontact.c.id == interne_taak.c.klantcontact_id),
}
"""The id of each row and its words as they are kept, and in the order of the words the texts that are searched."""


def reindex(connection: Connection, name: str, after: str | int, upto: str | int) -> None:
    """Index the rows of a table anew whose id is above the first and not above the second."""
    id_ = SEARCHED[name].c.id
    _reindex(connection, name, _TEXTS[name].where(id_ > after, id_ <= upto))


def catch_up(connection: Connection) -> int:
    """Index up to a thousand rows of each table that an older program stored: how many there were."""
    caught = 0
    for name, of in SEARCHED.items():
        caught += _reindex(connection, name, _TEXTS[name].where(of.c.zoekversie.is_(None)).limit(_AT_ONCE))
    return caught


def _reindex(connection: Connection, name: str, rows: Select[Any]) -> int:
    of = SEARCHED[name]
    found = connection.execute(rows.where(of.c.zoekversie.is_distinct_from(search.VERSION))).all()
    if not found:
        return 0
    indexed = [(id_, before, search.index(*texts)) for id_, before, *texts in found]
    versioned = update(of).where(of.c.id == bindparam("of_id"))
    versioned = versioned.values(zoekwoorden=bindparam("words"), zoekversie=search.VERSION)
    connection.execute(versioned, [{"of_id": id_, "words": words} for id_, _, words in indexed])
    changed = [{"id": id_} for id_, before, words in indexed if words != before]
    if changed and connection.dialect.name == "sqlite":
        # SQLite's index cannot change what it has: it gets the words under one more number of the row.
        connection.execute(table(f"{name}_zoekregel", column("id")).insert(), changed)
    return len(found)
